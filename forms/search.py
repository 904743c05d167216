"""Looks for answers with which something holds: those worth trying, tried in order."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import product
from math import prod
from typing import Any

import msgspec

from forms import days
from forms.candidates import Clues, candidates, clues
from forms.definition import Channel, Condition, Formula, Then
from forms.form import Form
from forms.questions import Standing
from forms.scope import TODAY, Occasion

Goal = Callable[[Standing], bool]
_ENOUGH = 3000
_MANY_DAYS = 24


def names_in(part: object) -> set[str]:
    """Every field and section that a condition or formula looks at."""
    found: set[str] = set()
    if isinstance(part, Condition | Formula):
        raw = msgspec.to_builtins(part)
        for key, value in _keyed(raw):
            if isinstance(value, str) and key not in ("is", "is_not", "reached", "rounding"):
                found.add(value.partition(".")[0])
    elif isinstance(part, str):
        found.add(part.partition(".")[0])
    return found - {TODAY}


class Search:
    """Finds answers of one form that lead where somebody wants to go."""

    def __init__(self, form: Form, today: date) -> None:
        self._form, self._today = form, today
        self._random = random.Random(form.id)  # noqa: S311 (the same every time)
        self._home = {
            item.id: section for section in form.definition.sections for item in section.fields
        }
        self._sections = {
            section.id: section for section in form.definition.sections if section.repeat
        }
        self._fields = {item.id: item for item in form.fields}
        rules = form.definition.rules
        self._everything = [rule.when for rule in rules if rule.then is Then.PROBLEM]
        self._deciding = {name: self._cone([name])[1] for name in self._fields}

    def find(
        self, parts: Sequence[object], goal: Goal, channels: Sequence[Channel]
    ) -> tuple[dict[str, Any], Occasion] | None:
        """Answers and an occasion with which the goal is reached, if there are any.

        The parts are what the goal depends on: conditions, formulas, names of fields.
        """
        cone, deciding = self._cone(parts)
        found = clues(deciding)
        for occasion in self._occasions(channels, found):
            for values in self._walk(cone, occasion, found, parts):
                if goal(self._form.stand(values, occasion)):
                    return values, occasion
        return None

    def _occasions(self, channels: Sequence[Channel], found: Clues) -> Iterator[Occasion]:
        """Today on each channel, then the days on which something begins or ends."""
        step = timedelta(days=1)
        ends = {end for day in found.dates for end in (day, day - step, day + step)}
        near = sorted(ends, key=lambda day: abs((day - self._today).days))
        months = (days.month_end(self._today) + step * ahead for ahead in (5, 75, 135, 200))
        for today in (self._today, *near[:_MANY_DAYS], *months):
            for channel in channels:
                yield Occasion(today, channel)

    def clues_of(self, path: str) -> Clues:
        """What the answer to this question may be compared with, anywhere in the form."""
        name = path.rpartition(".")[2]
        return clues([*self._deciding.get(name, ()), *self._everything])

    def _cone(self, parts: Sequence[object]) -> tuple[list[str], list[object]]:
        """The fields that decide, with those that decide whether they are asked; in order."""
        wanted: set[str] = set()
        deciding = [part for part in parts if not isinstance(part, str)]
        todo = [name for part in parts for name in names_in(part)]
        while todo:
            name = todo.pop()
            if name in wanted:
                continue
            wanted.add(name)
            for part in self._parts_of(name):
                deciding.append(part)
                todo += names_in(part)
            section = self._home.get(name)
            if section is not None and section.repeat:
                todo.append(section.id)
        known = [name for name in (*self._sections, *self._fields) if name in wanted]
        return known, deciding

    def _parts_of(self, name: str) -> list[Condition | Formula | str]:
        """What decides whether this is asked, or what it is worth."""
        if name in self._sections:
            found: list[object] = [self._sections[name].when]
        elif name in self._fields:
            item = self._fields[name]
            options = (option.when for option in item.options)
            found = [item.when, item.value, self._home[name].when, *options]
        else:
            found = []
        return [part for part in found if isinstance(part, Condition | Formula | str)]

    def _walk(
        self, cone: list[str], occasion: Occasion, found: Clues, parts: Sequence[object]
    ) -> Iterator[dict[str, Any]]:
        """Answers to the fields of the cone: every combination, or many towards the goal."""
        yield {}
        rows: dict[str, list[str]] = {}
        plain: dict[str, list[Any]] = {}
        for name in cone:
            if name in self._sections:
                rows.setdefault(name, [])
                continue
            item, section = self._fields[name], self._home[name]
            if item.value is not None:
                continue
            domain = [*candidates(item, occasion.today, found), None]
            if section.repeat:
                rows.setdefault(section.id, []).append(name)
            plain[name] = domain
        if not rows and prod(len(domain) for domain in plain.values()) <= _ENOUGH:
            for choice in product(*plain.values()):
                yield _given(plain, choice)
            return
        for number in range(_ENOUGH):
            wishes = self._wishes(parts) if number % 5 else {}
            fit = {name: self._fit(name, plain[name], wishes, occasion) for name in plain}
            inner = {name for names in rows.values() for name in names}
            values = {
                name: value
                for name, domain in fit.items()
                if name not in inner and (value := self._random.choice(domain)) is not None
            }
            for repeated, names in rows.items():
                values[repeated] = self._rows(repeated, names, fit, plain)
            yield values

    def _wishes(self, parts: Sequence[object]) -> dict[str, list[Condition]]:
        """Tests of single fields that, held all at once, go towards the goal."""
        wishes: dict[str, list[Condition]] = {}
        todo = [*parts]
        seen: set[str] = set()
        while todo:
            part = todo.pop()
            if isinstance(part, Condition):
                if part.field is not None:
                    wishes.setdefault(part.field, []).append(part)
                todo += part.all_ or ()
                todo += [self._random.choice(part.any_)] if part.any_ else []
                todo += [part.where] if part.where else []
            for name in names_in(part) if not isinstance(part, Condition) else _tested(part):
                if name not in seen:
                    seen.add(name)
                    item = self._fields.get(name)
                    section = self._sections.get(name) or self._home.get(name)
                    todo += [section.when] if section and section.when else []
                    todo += [each for each in (item.when, item.value) if each] if item else []
        return wishes

    def _fit(
        self,
        name: str,
        domain: list[Any],
        wishes: Mapping[str, list[Condition]],
        occasion: Occasion,
    ) -> list[Any]:
        tests = wishes.get(name, ())
        today = occasion.today.isoformat()
        return [v for v in domain if all(_fits(test, v, today) for test in tests)] or domain

    def _rows(
        self,
        section: str,
        names: list[str],
        fit: Mapping[str, list[Any]],
        plain: Mapping[str, list[Any]],
    ) -> list[dict[str, Any]]:
        """Some rows towards the goal, alike or each its own, and perhaps one of another kind."""
        repeat = self._sections[section].repeat
        most = min(repeat.maximum if repeat else 1, 5)
        count = self._random.randint(1, most)

        def row(domains: Mapping[str, list[Any]]) -> dict[str, Any]:
            chosen = {name: self._random.choice(domains[name]) for name in names}
            return {name: value for name, value in chosen.items() if value is not None}

        rows = (
            [row(fit)] * count if self._random.random() < 0.5 else [row(fit) for _ in range(count)]
        )
        if count < most and self._random.random() < 0.4:
            rows.append(row(plain))
        return rows


def _given(names: Iterable[str], choice: Iterable[Any]) -> dict[str, Any]:
    return {n: value for n, value in zip(names, choice, strict=True) if value is not None}


def _tested(condition: Condition) -> set[str]:
    """The fields and sections that this one test looks at, not those inside `all` or `any`."""
    names = (condition.field, condition.some, condition.every, condition.same_as)
    return {name.partition(".")[0] for name in names if name} - {TODAY}


def _fits(test: Condition, value: Any, today: str) -> bool:
    """Whether the value passes, as far as that can be told of one value alone."""
    if test.answered is not None:
        return (value is not None) is test.answered
    if value is None:
        return False
    if test.is_ is not None or test.is_not is not None:
        wanted = test.is_ if test.is_ is not None else test.is_not
        among = wanted if isinstance(wanted, tuple) else (wanted,)
        has = any(each in among for each in (value if isinstance(value, list) else [value]))
        return has is (test.is_ is not None)
    for bound, at_least in ((test.at_least, True), (test.at_most, False)):
        limit: Any = today if bound == TODAY else bound
        if limit is not None and type(limit) is type(value):
            return bool(value >= limit if at_least else value <= limit)
    return True


def _keyed(raw: object, key: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(raw, dict):
        for name, value in raw.items():
            yield from _keyed(value, name)
    elif isinstance(raw, list | tuple):
        for value in raw:
            yield from _keyed(value, key)
    else:
        yield key, raw
