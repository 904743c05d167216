"""The papers as plain data, before anybody thinks of ink."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import asdict


@dataclass(frozen=True)
class Receipt:
    """What a resident takes home; `waiting` while the office has not got it yet.

    `spare` are codes that hold the application itself, should its terminal burn: without its
    photos if `no_photos`; `no_spare` where it is too long for them.
    """

    number: str
    city: str
    office_name: str
    at: datetime
    procedure: str
    fee: int
    lines: tuple[tuple[str, str], ...]
    waiting: bool
    status_url: str | None
    how_to_ask: str
    specimen: bool
    spare: tuple[str, ...] = ()
    no_photos: bool = False
    no_spare: bool = False


@dataclass(frozen=True)
class Ticket:
    """A place in the queue; `code` is what scanners read, `waiting` how many are before it."""

    number: str
    city: str
    office_name: str
    at: datetime
    procedure: str
    waiting: int
    code: str
    url: str | None
    note: str
    specimen: bool


@dataclass(frozen=True)
class FeeGroup:
    """Fees that belong together, in yen; nothing is 無料."""

    title: str
    lines: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class FeeList:
    """What the office's papers cost on a day."""

    city: str
    office_name: str
    day: date
    groups: tuple[FeeGroup, ...]
    url: str | None
    note: str
    specimen: bool


@dataclass(frozen=True)
class IssueLine:
    """One issue number: printed, spoiled, abandoned, or unaccounted; `yen` is what was kept."""

    number: str
    at: datetime
    type: str
    outcome: str
    yen: int
    remark: str = ""


@dataclass(frozen=True)
class DailySheet:
    """Every number a device was given in a day; `tills` is what its tills say they took."""

    city: str
    office_name: str
    device: str
    day: date
    made: datetime
    lines: tuple[IssueLine, ...]
    tills: tuple[tuple[str, int], ...]
    specimen: bool


@dataclass(frozen=True)
class DrillScene:
    """One kind of trouble that was played, and what became of the applications in it."""

    title: str
    played: str
    kept: int
    arrived: int
    lost: int
    doubled: int
    leaked: int
    words: str = ""

    @property
    def holds(self) -> bool:
        """Everything that was promised is there, once, and nowhere else."""
        return not (self.lost or self.doubled or self.leaked or self.words)


@dataclass(frozen=True)
class DrillReport:
    """What an outage drill found on one terminal."""

    city: str
    office_name: str
    device: str
    made: datetime
    seconds: int
    scenes: tuple[DrillScene, ...]
    journal: str


def texts(part: object) -> Iterator[str]:
    """Every line of text of a paper, so that no field can be forgotten at the gate."""
    if isinstance(part, str):
        yield from part.splitlines()
    elif isinstance(part, tuple):
        for piece in part:
            yield from texts(piece)
    elif isinstance(part, Struct):
        for piece in asdict(part).values():
            yield from texts(piece)
    elif is_dataclass(part):
        for field in fields(part):
            yield from texts(getattr(part, field.name))
