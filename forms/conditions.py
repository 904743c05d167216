"""Conditions, made into functions once so that every answer is judged at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from forms.definition import Condition, Operand
from forms.formulas import FORMULAS
from forms.kinds.places import bank_kana
from forms.scope import TODAY, Row, Scope, Test, Unsound, Worth, is_day


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
        heads = [name for name in FORMULAS if getattr(operand, name) is not None]
        if len(heads) != 1:
            raise Unsound(f"needs exactly one of {', '.join(FORMULAS)}")
        return FORMULAS[heads[0]](self, operand)

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
        bound = self.worth(wanted) if not is_day(wanted) else lambda _: wanted
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
        section = self.rows(condition.some or condition.every or "")
        inner = self.within(section).test(condition.where)
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

    def rows(self, name: str) -> str:
        """The repeated section of that name, or `Unsound`."""
        return self.names.rows(name)

    def rows_of(self, field: str) -> str:
        """The repeated section that this field stands in, or `Unsound`."""
        return self.names.rows_of(field)

    def within(self, section: str) -> "Maker":
        """The same, for what is said of each row of that section."""
        return replace(self, row_of=section)

    def day(self, name: str) -> Worth:
        """A date, or None where it is not known to the day."""
        get = self._reference(name)

        def worth(scope: Scope) -> date | None:
            value = get(scope)
            return date.fromisoformat(value) if is_day(value) else None

        return worth


_HEADS = ("field", "all_", "any_", "none", "some", "every", "channel")
_TESTS = ("is_", "is_not", "answered", "at_least", "at_most", "same_as")
_BANK = ".holder"


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
