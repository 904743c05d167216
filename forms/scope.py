"""What a judgement may look at, and what judgements are made of."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms import days
from forms.definition import Channel

Row = Mapping[str, Any]
TODAY = "today"
_DAY = re.compile(r"[12]\d{3}-\d\d-\d\d")


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


def is_day(value: object) -> bool:
    """Whether it is a date that is known to the day."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    with suppress(ValueError):
        return bool(date.fromisoformat(value))
    return False
