"""Answers to a form, and what is still wrong with them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from forms.definition import Field, Then
from forms.facts import Fact, Facts, Source
from forms.form import Form
from forms.kinds import Unreadable, parse
from forms.questions import NOTHING, ROWS, Question, Standing
from forms.scope import Occasion

MOST_ROWS = 50
_AMONG = {"children": "household"}
_ROW = re.compile(r"(?P<section>[a-z0-9_]+)\[(?P<row>\d{1,3})\]\.(?P<field>[a-z0-9_]+)")


@dataclass(frozen=True)
class Problem:
    """A person's mistake: which field, and the key of the reason."""

    field: str
    reason: str


@dataclass(frozen=True)
class Answers:
    """Path to stored value; answering makes a new set. Rows are lists under their section."""

    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def at(self, path: str) -> Any:
        """The answer at a path; None where there is none."""
        if not (found := _ROW.fullmatch(path)):
            return self.values.get(path)
        rows, number = self.values.get(found["section"]), int(found["row"])
        row = rows[number] if isinstance(rows, list | tuple) and number < len(rows) else None
        return row.get(found["field"]) if isinstance(row, Mapping) else None

    def answer(self, path: str, value: object) -> "Answers":
        """The same answers with this one given."""
        if not (found := _ROW.fullmatch(path)):
            return Answers(MappingProxyType({**self.values, path: value}))
        rows = list(self.values.get(found["section"]) or ())
        number = int(found["row"])
        rows += [{} for _ in range(number + 1 - len(rows))]
        rows[number] = {**rows[number], found["field"]: value}
        return Answers(MappingProxyType({**self.values, found["section"]: rows}))

    def resize(self, section: str, count: int, fresh: Mapping[str, Any]) -> "Answers":
        """The same answers with so many rows; those that stay keep what was said."""
        rows = list(self.values.get(section) or ())[:count]
        rows += [dict(fresh) for _ in range(count - len(rows))]
        return Answers(MappingProxyType({**self.values, section: rows}))


def start(form: Form, facts: Facts, occasion: Occasion) -> Answers:
    """The answers before anything is asked: known facts and harmless defaults."""
    values: dict[str, Any] = {}
    for section in form.definition.sections:
        if section.repeat is None:
            values |= _known(section.fields, facts)
        elif section.fact and isinstance(rows := _rows(facts, section.fact), list | tuple):
            taken = [_row(section.fields, row) for row in rows if isinstance(row, Mapping)]
            about = [r for r in taken if form.questions.concerns(section.id, r, occasion)]
            values[section.id] = about[: section.repeat.maximum]
    return Answers(MappingProxyType({name: value for name, value in values.items() if value != []}))


def begun(form: Form, given: Answers, occasion: Occasion) -> Answers:
    """These answers over what a form begins with; rows begin with defaults too."""
    values = {**start(form, Facts(), occasion).values, **given.values}
    for section in form.questions.repeated():
        fresh = fresh_row(form, section.id)
        if fresh and values.get(section.id):
            values[section.id] = [{**fresh, **row} for row in values[section.id]]
    return Answers(MappingProxyType(values))


def fresh_row(form: Form, section: str) -> dict[str, Any]:
    """What a new row begins with."""
    return _defaults(form.questions.row_fields(section))


def take(form: Form, raw: Mapping[str, Any]) -> tuple[Answers, tuple[Problem, ...]]:
    """Answers from outside in their stored form, and what of them cannot be taken."""
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    repeated = {section.id: section for section in form.questions.repeated()}
    for name, value in raw.items():
        if not _answerable(form, name):
            problems.append(Problem(str(name)[:MOST_ROWS], "unknown-field"))
        elif name in repeated:
            values[name] = _take_rows(form, name, value, problems)
        else:
            values[name] = _take(form, name, value, problems)
    return Answers(MappingProxyType({n: v for n, v in values.items() if v is not None})), tuple(
        problems
    )


def check(form: Form, answers: Answers, occasion: Occasion) -> tuple[Problem, ...]:
    """What keeps these answers from being submitted; empty when nothing does."""
    standing = form.stand(answers.values, occasion)
    strangers = [name for name in answers.values if not _answerable(form, name)]
    return (
        *(Problem(name, "unknown-field") for name in sorted(strangers)),
        *faults(form, answers, standing),
    )


def faults(form: Form, answers: Answers, standing: Standing) -> Iterator[Problem]:
    """What is wrong with answers to questions that are asked, and between them."""
    for question in standing.questions:
        if reason := fault(form, question, answers.at(question.path), standing):
            yield Problem(question.path, reason)
    for found in form.verdicts.found(standing, Then.PROBLEM):
        yield Problem(found.path or "", found.rule.id)


def fault(form: Form, question: Question, value: Any, standing: Standing) -> str | None:
    """What is wrong with one answer, if anything."""
    if question.field.kind == ROWS:
        return _rows_fault(question, value)
    try:
        stored = None if value is None else parse(question.field, value)
    except Unreadable as unreadable:
        return unreadable.reason
    if stored is None or stored in NOTHING:
        return "required" if question.required else None
    return _choice_fault(form, question, stored, standing) if question.field.options else None


def unusable(form: Form, facts: Facts) -> tuple[Problem, ...]:
    """Known facts that this form cannot take; nobody is asked for a fact, so this must be said."""
    problems = []
    for item in form.fields:
        known = facts.about(item.fact) if item.fact else None
        if known is None or form.questions.rows_of(item.id):
            continue
        try:
            stored = parse(item, known.value)
        except Unreadable as unreadable:
            problems.append(Problem(item.id, unreadable.reason))
            continue
        if item.required is True and stored in NOTHING:
            problems.append(Problem(item.id, "required"))
    return tuple(problems)


def content(form: Form, answers: Answers, occasion: Occasion) -> dict[str, Any]:
    """What goes into the envelope: only what stands, in its stored form."""
    standing = form.stand(answers.values, occasion)
    kept: dict[str, Any] = {}
    for name, value in standing.values.items():
        if isinstance(rows := value, list) and form.field(name).kind == ROWS:
            found: Any = [_stored(form, row) for row in rows]
        else:
            found = _read(form, name, value)
        if found not in NOTHING:
            kept[name] = found
    return kept


def taught(
    form: Form, answers: Answers, occasion: Occasion, source: Source, at: datetime
) -> tuple[Fact, ...]:
    """What these answers say about the person, for the next form of the visit."""
    kept = content(form, answers, occasion)
    facts = [
        Fact(item.fact, kept[item.id], source, at)
        for item in form.fields
        if item.fact and item.id in kept and form.questions.rows_of(item.id) is None
    ]
    for section in form.questions.repeated():
        if section.fact and kept.get(section.id):
            names = {item.id: item.fact for item in section.fields if item.fact}
            rows = [{names[n]: v for n, v in row.items() if n in names} for row in kept[section.id]]
            facts.append(Fact(section.fact, rows, source, at))
    return tuple(facts)


def _stored(form: Form, row: Mapping[str, Any]) -> dict[str, Any]:
    read = {name: _read(form, name, value) for name, value in row.items()}
    return {name: value for name, value in read.items() if value not in NOTHING}


def _read(form: Form, name: str, value: Any) -> Any:
    """A given answer in its stored form; what was worked out is in it, whatever it came to."""
    item = form.field(name)
    return parse(item, value) if item.value is None else value


def _defaults(fields: Iterable[Field]) -> dict[str, Any]:
    return {item.id: item.default for item in fields if item.default is not None}


def _known(fields: Sequence[Field], facts: Facts) -> dict[str, Any]:
    values = _defaults(fields)
    for item in fields:
        value = facts.value(item.fact) if item.fact else None
        if value is not None and value not in NOTHING:
            values[item.id] = _fitting(item, value)
    return values


def _rows(facts: Facts, name: str) -> Any:
    """The rows known under this name, or those among which they are."""
    rows = facts.value(name)
    return facts.value(_AMONG[name]) if rows is None and name in _AMONG else rows


def _row(fields: Sequence[Field], row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of this form out of a known one; what it cannot take has to be asked."""
    values = _defaults(fields)
    for item in fields:
        known = row.get(item.fact) if item.fact else None
        with suppress(Unreadable):
            if known is not None and (stored := parse(item, known)) not in NOTHING:
                values[item.id] = stored
    return values


def _fitting(item: Field, value: Any) -> Any:
    """The value as this field has it: a register says 妻 where a form has an option for it."""
    return next((option.value for option in item.options if option.label == value), value)


def _answerable(form: Form, name: object) -> bool:
    """Whether an answer may carry this name: a worked-out value is never given."""
    if not isinstance(name, str) or not form.questions.knows(name):
        return False
    item = form.field(name)
    return item.kind == ROWS or item.value is None


def _take_rows(form: Form, section: str, value: Any, problems: list[Problem]) -> Any:
    if not isinstance(value, list | tuple) or len(value) > MOST_ROWS:
        problems.append(Problem(section, "not-rows"))
        return None
    fields = {item.id for item in form.questions.row_fields(section) if item.value is None}
    rows = []
    for number, row in enumerate(value):
        if not isinstance(row, Mapping):
            problems.append(Problem(f"{section}[{number}]", "not-rows"))
            continue
        found: dict[str, Any] = {}
        for name, each in row.items():
            path = f"{section}[{number}].{str(name)[:MOST_ROWS]}"
            if name in fields:
                found[name] = _take(form, path, each, problems)
            else:
                problems.append(Problem(path, "unknown-field"))
        rows.append({name: each for name, each in found.items() if each is not None})
    return rows


def _take(form: Form, path: str, value: Any, problems: list[Problem]) -> Any:
    if value is None:
        return None
    try:
        stored = parse(form.field(path), value)
    except Unreadable as unreadable:
        problems.append(Problem(path, unreadable.reason))
        return None
    return None if stored in NOTHING else stored


def _rows_fault(question: Question, value: Any) -> str | None:
    rows = () if value is None else value
    if not isinstance(rows, list | tuple):
        return "not-rows"
    if len(rows) < (question.field.minimum or 0):
        return "required" if not rows else "too-few"
    return "too-many" if len(rows) > (question.field.maximum or MOST_ROWS) else None


def _choice_fault(form: Form, question: Question, stored: Any, standing: Standing) -> str | None:
    allowed = {option.value for option in form.questions.options(question, standing)}
    chosen = stored if isinstance(stored, list) else [stored]
    return None if allowed.issuperset(chosen) else "not-a-choice"
