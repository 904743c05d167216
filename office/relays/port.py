"""What every way onward has in common: a parcel goes out, an answer comes back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from office.arrivals import Attached


class Handover(StrEnum):
    """How far one submission is on its way to one target."""

    WAITING = "waiting"
    WRITTEN = "written"  # into a file that is not to be seen yet, or was a moment ago
    FORWARDED = "forwarded"
    ACKNOWLEDGED = "acknowledged"
    QUESTIONED = "questioned"
    REFUSED = "refused"
    STOPPED = "stopped"


UNDONE = (Handover.WAITING, Handover.WRITTEN)
SET_ASIDE = (Handover.QUESTIONED, Handover.REFUSED)


@dataclass(frozen=True)
class Parcel:
    """One submission as a back office gets it: its bytes as they were stored.

    `pieces`: those of a photo or file by its hash, fetched one by one. `may_go`: asked again
    where some time has gone by.
    """

    id: str
    sequence: int
    device: str
    receipt: str
    sha256: str
    body: bytes = field(repr=False)
    envelope: Mapping[str, Any] = field(repr=False)
    attachments: tuple[Attached, ...] = ()
    pieces: Callable[[str], Iterator[bytes]] = field(default=lambda _: iter(()), repr=False)
    may_go: Callable[[], bool] = field(default=lambda: True, repr=False)


@dataclass(frozen=True)
class Taken:
    """It is there; what becomes of it we learn later, or never."""


@dataclass(frozen=True)
class Acknowledged:
    """They have it and say so."""

    words: str = ""


@dataclass(frozen=True)
class Questioned:
    """They, or the layout, cannot take this one: for staff."""

    words: str


@dataclass(frozen=True)
class Later:
    """Not now. `everybody`: nothing else would go to this target either."""

    words: str
    seconds: float | None = None
    everybody: bool = False


@dataclass(frozen=True)
class Refused:
    """Something is wrong between them and us, and trying again makes it worse."""

    words: str


Answer = Taken | Acknowledged | Questioned | Later | Refused


class Relay(Protocol):
    """Hands over one at a time and has an answer at once."""

    def hand_over(self, parcel: Parcel) -> Answer:
        """Safe to call again with the same parcel, whatever became of the last call."""


@dataclass(frozen=True)
class Reply:
    """What came back about a file, or about one row of it, under the name it came by."""

    name: str
    answer: Acknowledged | Questioned
    batch: str | None = None
    receipt: str | None = None


class NotWhole(Exception):
    """A photo or file of this parcel is not all here, or not any more; the words name no person."""


def plain(said: str) -> str:
    """What the other side says, as one line that every database holds and no screen obeys."""
    return " ".join("".join(c if c.isprintable() else " " for c in said).split())


class TargetAway(Exception):
    """The target's folder or server cannot be used now; nothing of this target goes."""

    def __init__(self, words: str, seconds: float | None = None) -> None:
        super().__init__(words)
        self.seconds = seconds
