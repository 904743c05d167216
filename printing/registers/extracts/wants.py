"""What was asked for, read strictly: what is no clear wish is none, what cannot be, is refused."""

import re
from collections.abc import Mapping
from typing import Any

from printing.registers.register import NotIssuable

MOST = 10  # sheet sets of one paper, as the forms allow
_GAPS = re.compile(r"[\s\u3000]+")


class Wants:
    """The answers of a form, by the names of its fields."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = options

    def yes(self, name: str) -> bool:
        """Asked for in so many words: anything but a plain yes shows nothing."""
        return self._options.get(name) is True

    def text(self, name: str) -> str:
        """A word or a choice; empty where nothing was said."""
        value = self._options.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise NotIssuable(f"{name}: not a text")
        return value

    def several(self, name: str) -> tuple[str, ...]:
        """Some of several choices."""
        value = self._options.get(name) or ()
        if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
            raise NotIssuable(f"{name}: not choices")
        return tuple(value)

    def rows(self, name: str) -> tuple["Wants", ...]:
        """What was asked for row by row."""
        value = self._options.get(name) or ()
        if not isinstance(value, list | tuple) or not all(isinstance(r, Mapping) for r in value):
            raise NotIssuable(f"{name}: not rows")
        return tuple(Wants(row) for row in value)

    def copies(self, name: str = "copies") -> int:
        """How many of one paper: one where nothing was said."""
        value = self._options.get(name)
        value = 1 if value is None else value
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST:
            raise NotIssuable(f"{name}: not 1 to {MOST}")
        return value

    def any(self, names: frozenset[str]) -> bool:
        """Was any of these asked for at all?"""
        return any(self._options.get(name) for name in names)


def same(mine: str, typed: str) -> bool:
    """Two writings of one name or place that differ in their gaps at most."""
    return _GAPS.sub("", mine) == _GAPS.sub("", typed)
