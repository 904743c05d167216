"""What the city tells everybody: words by language, from when to when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any

LONGEST, MOST = 400, 50


class Kind(StrEnum):
    """The strongest first."""

    ALERT = "alert"
    CLOSURE = "closure"
    NOTICE = "notice"


@dataclass(frozen=True)
class Said:
    """A title, and perhaps more."""

    title: str
    text: str = ""


@dataclass(frozen=True)
class Notice:
    """One of them."""

    kind: Kind
    words: Mapping[str, Said] = field(default_factory=dict)
    begins: datetime | None = None
    ends: datetime | None = None

    def said(self, language: str) -> Said:
        """In this language, else in Japanese, else in whichever it has."""
        return self.words.get(language) or self.words.get("ja") or next(iter(self.words.values()))

    def holds(self, now: datetime) -> bool:
        """Whether it is said now; a closure is said from the moment it is known."""
        begun = self.kind is Kind.CLOSURE or self.begins is None or self.begins <= now
        return begun and (self.ends is None or now < self.ends)


def in_force(notices: Iterable[Notice], now: datetime) -> tuple[Notice, ...]:
    """What is to be said now, the strongest first, and of equal ones the latest begun."""
    order = list(Kind)
    held = [each for each in notices if each.holds(now)]
    return tuple(
        sorted(held, key=lambda n: (order.index(n.kind), -n.begins.timestamp() if n.begins else 0))
    )


def notices_from(raw: object) -> tuple[Notice, ...]:
    """The notices in the office's JSON; what is none of them is left out."""
    if not isinstance(raw, list):
        return ()
    found = (_notice(each) for each in raw if isinstance(each, Mapping))
    return tuple(islice((each for each in found if each is not None), MOST))


def _notice(raw: Mapping[str, Any]) -> Notice | None:
    try:
        words = {
            str(language): Said(str(each["title"])[:LONGEST], str(each.get("text", ""))[:LONGEST])
            for language, each in islice(raw["words"].items(), MOST)
            if each["title"]
        }
        made = Notice(
            Kind(raw["kind"]), words, _moment(raw.get("begins")), _moment(raw.get("ends"))
        )
    except (LookupError, TypeError, ValueError, AttributeError):
        return None
    return made if words else None


def _moment(raw: object) -> datetime | None:
    if raw is None:
        return None
    found = datetime.fromisoformat(str(raw))
    if found.tzinfo is None:
        raise ValueError
    return found
