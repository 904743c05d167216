"""Answers to a form, and what is still wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from forms.conditions import asked
from forms.definition import Channel, Field, FormDefinition
from forms.facts import Facts, prefilled
from forms.kinds import Unreadable, parse


@dataclass(frozen=True)
class Problem:
    """A person's mistake: which field, and the key of the reason."""

    field: str
    reason: str


@dataclass(frozen=True)
class Answers:
    """Field id to stored value; answering makes a new set."""

    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def answer(self, field_id: str, value: object) -> "Answers":
        """The same answers with this one given."""
        return Answers(MappingProxyType({**self.values, field_id: value}))


def start(definition: FormDefinition, facts: Facts) -> Answers:
    """The answers before anything is asked: known facts and harmless defaults."""
    values = {f.id: f.default for f in definition.fields if f.default is not None}
    values |= prefilled(((f.id, f.fact) for f in definition.fields), facts)
    return Answers(MappingProxyType(values))


def check(definition: FormDefinition, answers: Answers, channel: Channel) -> tuple[Problem, ...]:
    """What keeps these answers from being submitted; empty when nothing does."""
    problems = [Problem(name, "unknown-field") for name in _strangers(definition, answers)]
    for item in asked(definition, answers.values, channel):
        try:
            value = _read(item, answers)
        except Unreadable as fault:
            problems.append(Problem(item.id, fault.reason))
            continue
        if value is None and item.required:
            problems.append(Problem(item.id, "required"))
    return tuple(problems)


def unusable(definition: FormDefinition, facts: Facts) -> tuple[Problem, ...]:
    """Known facts that this form cannot take; nobody is asked for a fact, so this must be said."""
    problems = []
    for item in definition.fields:
        fact = facts.about(item.fact) if item.fact else None
        if fact is None:
            continue
        try:
            stored = parse(item, fact.value)
        except Unreadable as fault:
            problems.append(Problem(item.id, fault.reason))
            continue
        if item.required and stored == "":
            problems.append(Problem(item.id, "required"))
    return tuple(problems)


def content(definition: FormDefinition, answers: Answers, channel: Channel) -> dict[str, object]:
    """What goes into the envelope: only what was asked, in its stored form."""
    read = ((item.id, _read(item, answers)) for item in asked(definition, answers.values, channel))
    return {name: value for name, value in read if value is not None}


def _read(item: Field, answers: Answers) -> object | None:
    """The answer in its stored form; None where there is none, or only blanks."""
    value = answers.values.get(item.id)
    if value in (None, ""):
        return None
    stored = parse(item, value)
    return None if stored == "" else stored


def _strangers(definition: FormDefinition, answers: Answers) -> list[str]:
    known = {item.id for item in definition.fields}
    return sorted(name for name in answers.values if name not in known)
