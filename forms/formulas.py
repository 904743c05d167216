"""Conditions and formulas, made into functions once so that every answer is judged at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from forms import days
from forms.definition import Channel, Condition, Formula, Operand, Reached, Rounding
from forms.kinds.places import bank_kana

Row = Mapping[str, Any]
TODAY = "today"


@dataclass(frozen=True)
class Occasion:
    """When and where a form is being filled in: what the answers alone do not say."""

    today: date
    channel: Channel
    closed: days.Closed = days.city_hall_closed


@dataclass(slots=True)
class Scope:
    """What a judgement may look at: answers that stand, the row in hand, the occasion."""

    values: Mapping[str, Any]
    row: Row
    occasion: Occasion
    today: str

    def within(self, row: Row) -> "Scope":
        """The same, with this row in hand."""
        return Scope(self.values, row, self.occasion, self.today)


Test = Callable[[Scope], bool]
Worth = Callable[[Scope], Any]


class Unsound(Exception):
    """A condition or formula that can mean nothing."""


class Names(Protocol):
    """What a condition may name, where it stands."""

    def value(self, name: str, row_of: str | None) -> tuple[bool, str | None]:
        """Whether the name is of the row in hand, and the part it names, or `Unsound`."""
        ...

    def compare(self, name: str) -> None:
        """`Unsound` where more and less mean nothing."""
        ...

    def rows(self, name: str) -> str:
        """The repeated section of that name, or `Unsound`."""
        ...

    def rows_of(self, field: str) -> str:
        """The repeated section that this field stands in, or `Unsound`."""
        ...

    def allow(self, name: str, literal: object) -> None:
        """`Unsound` where that answer can never be given."""
        ...


@dataclass(frozen=True)
class Maker:
    """Makes functions of conditions and formulas that stand in one place of a form."""

    names: Names
    row_of: str | None = None

    def test(self, condition: Condition | None) -> Test:
        """A function that says whether the condition holds."""
        if condition is None:
            return _always
        heads = [name for name in _HEADS if getattr(condition, name) is not None]
        if len(heads) != 1:
            raise Unsound(f"needs exactly one of {', '.join(h.rstrip('_') for h in _HEADS)}")
        head = heads[0]
        if (condition.where is not None) != (head in ("some", "every")):
            raise Unsound("`where` goes with `some` and `every`, and with nothing else")
        tests = [name for name in _TESTS if getattr(condition, name) is not None]
        if (len(tests) != 1) if head == "field" else tests:
            names = ", ".join(test.rstrip("_") for test in _TESTS)
            raise Unsound(f"`field` needs exactly one of {names}")
        if head == "field":
            return self._field(condition, tests[0])
        if head in ("some", "every"):
            return self._rows(condition, head)
        if head == "channel":
            channels = condition.channel or ()
            return lambda scope: scope.occasion.channel in channels
        inner = [self.test(each) for each in getattr(condition, head)]
        return _COMBINED[head](inner)

    def worth(self, operand: Operand) -> Worth:
        """A function that works the value out; None where something is missing."""
        if isinstance(operand, int):
            return lambda _: operand
        if isinstance(operand, str):
            return self._reference(operand)
        heads = [name for name in _FORMULAS if getattr(operand, name) is not None]
        if len(heads) != 1:
            raise Unsound(f"needs exactly one of {', '.join(_FORMULAS)}")
        return _FORMULAS[heads[0]](self, operand)

    def _field(self, condition: Condition, test: str) -> Test:
        name = condition.field or ""
        get = self._reference(name)
        wanted: Any = getattr(condition, test)
        if test == "answered":
            return lambda scope: (get(scope) not in (None, [])) is wanted
        if test in ("is_", "is_not"):
            return self._among(name, get, wanted, wanted_in=test == "is_")
        if test == "same_as":
            return _same(get, self._reference(wanted), as_bank=_BANK in f"{name} {wanted}")
        self.names.compare(name)
        bound = self.worth(wanted) if not _is_day(wanted) else lambda _: wanted
        if test == "at_least":
            return lambda scope: _at_least(get(scope), bound(scope))
        return lambda scope: _at_least(bound(scope), get(scope))

    def _among(self, name: str, get: Worth, wanted: Any, *, wanted_in: bool) -> Test:
        literals = wanted if isinstance(wanted, tuple) else (wanted,)
        for literal in literals:
            self.names.allow(name, literal)

        def test(scope: Scope) -> bool:
            value = get(scope)
            if value is None:
                return False
            several = value if isinstance(value, list) else [value]
            found = any(type(e) is type(x) and e == x for e in several for x in literals)
            return found is wanted_in

        return test

    def _rows(self, condition: Condition, head: str) -> Test:
        section = self.names.rows(condition.some or condition.every or "")
        inner = replace(self, row_of=section).test(condition.where)
        every = head == "every"

        def test(scope: Scope) -> bool:
            rows: Sequence[Row] = scope.values.get(section) or ()
            found = (inner(scope.within(row)) for row in rows)
            return (bool(rows) and all(found)) if every else any(found)

        return test

    def _reference(self, name: str) -> Worth:
        if name == TODAY:
            return lambda scope: scope.today
        in_row, part = self.names.value(name, self.row_of)
        plain = name.partition(".")[0]
        if part:
            if in_row:
                return lambda scope: _part(scope.row.get(plain), part)
            return lambda scope: _part(scope.values.get(plain), part)
        if in_row:
            return lambda scope: scope.row.get(plain)
        return lambda scope: scope.values.get(plain)

    def day(self, name: str) -> Worth:
        """A date, or None where it is not known to the day."""
        get = self._reference(name)

        def worth(scope: Scope) -> date | None:
            value = get(scope)
            return date.fromisoformat(value) if _is_day(value) else None

        return worth


_HEADS = ("field", "all_", "any_", "none", "some", "every", "channel")
_TESTS = ("is_", "is_not", "answered", "at_least", "at_most", "same_as")
_BANK = ".holder"
_DAY = re.compile(r"[12]\d{3}-\d\d-\d\d")


def _always(_: Scope) -> bool:
    return True


def _all(tests: Sequence[Test]) -> Test:
    return lambda scope: all(test(scope) for test in tests)


def _any(tests: Sequence[Test]) -> Test:
    return lambda scope: any(test(scope) for test in tests)


def _none(tests: Sequence[Test]) -> Test:
    return lambda scope: not any(test(scope) for test in tests)


_COMBINED: Mapping[str, Callable[[Sequence[Test]], Test]] = {
    "all_": _all,
    "any_": _any,
    "none": _none,
}


def _is_day(value: object) -> bool:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    with suppress(ValueError):
        return bool(date.fromisoformat(value))
    return False


def _same(get: Worth, other: Worth, *, as_bank: bool) -> Test:
    """Whether two answers are the same; a bank writes readings without gaps or small kana."""

    def test(scope: Scope) -> bool:
        one, two = get(scope), other(scope)
        if as_bank and isinstance(one, str) and isinstance(two, str):
            return bank_kana(one) == bank_kana(two)
        return one is not None and one == two

    return test


def _at_least(larger: object, smaller: object) -> bool:
    if isinstance(larger, str) and isinstance(smaller, str):
        return larger >= smaller  # a date known in part counts as its first day
    if isinstance(larger, int) and isinstance(smaller, int):
        return larger >= smaller
    return False


def _part(value: object, part: str) -> object:
    return value.get(part) if isinstance(value, Mapping) else None


def _all_known(worths: Sequence[Worth], work: Callable[[list[int]], int]) -> Worth:
    def worth(scope: Scope) -> int | None:
        found = [each(scope) for each in worths]
        return work(found) if all(isinstance(each, int) for each in found) else None

    return worth


def _product(numbers: list[int]) -> int:
    whole = 1
    for number in numbers:
        whole *= number
    return whole


def _several(head: str, work: Callable[[list[int]], int]) -> Callable[[Maker, Formula], Worth]:
    return lambda maker, formula: _all_known(
        [maker.worth(each) for each in getattr(formula, head)], work
    )


def _share(maker: Maker, formula: Formula) -> Worth:
    whole, percent = maker.worth(formula.share_of or 0), maker.worth(formula.percent)

    def work(numbers: list[int]) -> int:
        hundredths, step = numbers[0] * numbers[1], 100 * formula.to
        extra = {Rounding.DOWN: 0, Rounding.UP: step - 1, Rounding.NEAREST: step // 2}
        return (hundredths + extra[formula.rounding]) // step * formula.to

    return _all_known([whole, percent], work)


def _age(maker: Maker, formula: Formula) -> Worth:
    birth, on = maker.day(formula.age_of or ""), maker.day(formula.on)
    early = formula.reached is Reached.DAY_BEFORE

    def worth(scope: Scope) -> int | None:
        born, day = birth(scope), on(scope)
        return days.age(born, day, day_before=early) if born and day else None

    return worth


def _days_between(maker: Maker, formula: Formula) -> Worth:
    first, last = maker.day(formula.days_from or ""), maker.day(formula.until)

    def worth(scope: Scope) -> int | None:
        start, end = first(scope), last(scope)
        return (end - start).days if start and end else None

    return worth


def _of_day(head: str, work: Callable[[Formula, date, Occasion], object]) -> Any:
    def make(maker: Maker, formula: Formula) -> Worth:
        get = maker.day(getattr(formula, head))

        def worth(scope: Scope) -> object:
            day = get(scope)
            try:
                found = work(formula, day, scope.occasion) if day else None
            except (ValueError, OverflowError):  # beyond the calendar
                return None
            return found.isoformat() if isinstance(found, date) else found

        return worth

    return make


def _moved(formula: Formula, day: date, occasion: Occasion) -> date:
    steps = {"months": formula.plus_months, "years": formula.plus_years}
    found = days.moved(day, days=formula.plus_days, **steps)
    return days.next_open(found, occasion.closed) if formula.if_closed else found


def _count(maker: Maker, formula: Formula) -> Worth:
    name = formula.count or ""
    if formula.where is None:
        get = _list_of(maker, name)
        return lambda scope: len(found) if isinstance(found := get(scope), list | tuple) else 0
    section = maker.names.rows(name)
    inner = replace(maker, row_of=section).test(formula.where)
    return lambda scope: sum(inner(scope.within(row)) for row in scope.values.get(section) or ())


def _list_of(maker: Maker, name: str) -> Worth:
    try:
        section = maker.names.rows(name)
    except Unsound:
        return maker.worth(name)
    return lambda scope: scope.values.get(section)


def _total(maker: Maker, formula: Formula) -> Worth:
    field = formula.total or ""
    section = maker.names.rows_of(field)
    inner = replace(maker, row_of=section).test(formula.where)

    def worth(scope: Scope) -> int:
        rows = scope.values.get(section) or ()
        numbers = (row.get(field) for row in rows if inner(scope.within(row)))
        return sum(number for number in numbers if isinstance(number, int))

    return worth


def _choose(maker: Maker, formula: Formula) -> Worth:
    branches = [(maker.test(b.when), maker.worth(b.value)) for b in formula.choose or ()]
    otherwise = _otherwise(maker, formula)

    def worth(scope: Scope) -> Any:
        return next((value(scope) for test, value in branches if test(scope)), otherwise(scope))

    return worth


def _by_date(maker: Maker, formula: Formula) -> Worth:
    on = maker.day(formula.on)
    steps = sorted(formula.by_date or (), key=lambda dated: dated.from_, reverse=True)
    dated = [(step.from_, maker.worth(step.value)) for step in steps]
    otherwise = _otherwise(maker, formula)

    def worth(scope: Scope) -> Any:
        day = on(scope)
        if day is None:
            return None
        return next((value(scope) for start, value in dated if day >= start), otherwise(scope))

    return worth


def _otherwise(maker: Maker, formula: Formula) -> Worth:
    return (lambda _: None) if formula.otherwise is None else maker.worth(formula.otherwise)


_FORMULAS: Mapping[str, Callable[[Maker, Formula], Worth]] = {
    "sum": _several("sum", sum),
    "product": _several("product", _product),
    "difference": _several("difference", lambda pair: pair[0] - pair[1]),
    "largest": _several("largest", max),
    "smallest": _several("smallest", min),
    "share_of": _share,
    "age_of": _age,
    "days_from": _days_between,
    "day": _of_day("day", _moved),
    "month_end": _of_day("month_end", lambda _, day, __: days.month_end(day)),
    "school_year_end": _of_day(
        "school_year_end", lambda formula, day, _: days.school_year_end(day, formula.age)
    ),
    "fiscal_year_of": _of_day(
        "fiscal_year_of", lambda formula, day, _: days.fiscal_year(day, formula.begins)
    ),
    "count": _count,
    "total": _total,
    "choose": _choose,
    "by_date": _by_date,
}
