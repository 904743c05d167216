"""Formulas: each head a function that works a value out; None where something is missing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from forms import days
from forms.definition import Condition, Formula, Operand, Reached, Rounding
from forms.scope import Occasion, Scope, Test, Unsound, Worth

__all__ = ["FORMULAS", "Making"]


class Making(Protocol):
    """What a formula is made with: conditions and other values, where the formula stands."""

    def test(self, condition: Condition | None) -> Test:
        """Whether the condition holds."""
        ...

    def worth(self, operand: Operand) -> Worth:
        """What the value is."""
        ...

    def day(self, name: str) -> Worth:
        """A date, or None where it is not known to the day."""
        ...

    def rows(self, name: str) -> str:
        """The repeated section of that name, or `Unsound`."""
        ...

    def rows_of(self, field: str) -> str:
        """The repeated section that this field stands in, or `Unsound`."""
        ...

    def within(self, section: str) -> "Making":
        """The same, for what is said of each row of that section."""
        ...


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


def _several(head: str, work: Callable[[list[int]], int]) -> Callable[[Making, Formula], Worth]:
    return lambda maker, formula: _all_known(
        [maker.worth(each) for each in getattr(formula, head)], work
    )


def _share(maker: Making, formula: Formula) -> Worth:
    whole, percent = maker.worth(formula.share_of or 0), maker.worth(formula.percent)

    def work(numbers: list[int]) -> int:
        hundredths, step = numbers[0] * numbers[1], 100 * formula.to
        extra = {Rounding.DOWN: 0, Rounding.UP: step - 1, Rounding.NEAREST: step // 2}
        return (hundredths + extra[formula.rounding]) // step * formula.to

    return _all_known([whole, percent], work)


def _age(maker: Making, formula: Formula) -> Worth:
    birth, on = maker.day(formula.age_of or ""), maker.day(formula.on)
    early = formula.reached is Reached.DAY_BEFORE

    def worth(scope: Scope) -> int | None:
        born, day = birth(scope), on(scope)
        return days.age(born, day, day_before=early) if born and day else None

    return worth


def _days_between(maker: Making, formula: Formula) -> Worth:
    first, last = maker.day(formula.days_from or ""), maker.day(formula.until)

    def worth(scope: Scope) -> int | None:
        start, end = first(scope), last(scope)
        return (end - start).days if start and end else None

    return worth


def _of_day(head: str, work: Callable[[Formula, date, Occasion], object]) -> Any:
    def make(maker: Making, formula: Formula) -> Worth:
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


def _count(maker: Making, formula: Formula) -> Worth:
    name = formula.count or ""
    if formula.where is None:
        get = _list_of(maker, name)
        return lambda scope: len(found) if isinstance(found := get(scope), list | tuple) else 0
    section = maker.rows(name)
    inner = maker.within(section).test(formula.where)
    return lambda scope: sum(inner(scope.within(row)) for row in scope.values.get(section) or ())


def _list_of(maker: Making, name: str) -> Worth:
    try:
        section = maker.rows(name)
    except Unsound:
        return maker.worth(name)
    return lambda scope: scope.values.get(section)


def _total(maker: Making, formula: Formula) -> Worth:
    field = formula.total or ""
    section = maker.rows_of(field)
    inner = maker.within(section).test(formula.where)

    def worth(scope: Scope) -> int:
        rows = scope.values.get(section) or ()
        numbers = (row.get(field) for row in rows if inner(scope.within(row)))
        return sum(number for number in numbers if isinstance(number, int))

    return worth


def _choose(maker: Making, formula: Formula) -> Worth:
    branches = [(maker.test(b.when), maker.worth(b.value)) for b in formula.choose or ()]
    otherwise = _otherwise(maker, formula)

    def worth(scope: Scope) -> Any:
        return next((value(scope) for test, value in branches if test(scope)), otherwise(scope))

    return worth


def _by_date(maker: Making, formula: Formula) -> Worth:
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


def _otherwise(maker: Making, formula: Formula) -> Worth:
    return (lambda _: None) if formula.otherwise is None else maker.worth(formula.otherwise)


FORMULAS: Mapping[str, Callable[[Making, Formula], Worth]] = {
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
