"""At the desk: what waits on its way to the office, and papers that somebody has to look for."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from kiosk.domain.arrivals import Listing
from kiosk.domain.events import WentBack
from kiosk.domain.sheets import FINAL, Fate


@dataclass(frozen=True)
class Outgoing:
    """One application on its way, as a clerk may know it; nothing personal.

    `asks`: it goes no further until somebody decides. `stoppable`: it can be held back now.
    """

    id: str
    receipt: str
    kept: datetime | None
    form: str | None
    purpose: str | None
    words: str
    answer: str
    attempts: int
    tried: datetime | None
    asks: bool
    stoppable: bool


@dataclass(frozen=True)
class Pending:
    """Everything that is not settled at one moment: applications, and numbers of papers."""

    rows: tuple[Outgoing, ...] = ()
    papers: tuple[str, ...] = ()

    @property
    def asking(self) -> int:
        """How many of them wait for somebody."""
        return sum(each.asks for each in self.rows) + len(self.papers)

    @property
    def waiting(self) -> tuple[Outgoing, ...]:
        """What goes by itself."""
        return tuple(each for each in self.rows if not each.asks)

    @property
    def oldest(self) -> datetime | None:
        """Since when the oldest of these waits."""
        return min((each.kept for each in self.waiting if each.kept), default=None)

    def row(self, one: str | None) -> Outgoing | None:
        """One of them, while it is not settled."""
        return next((each for each in self.rows if each.id == one), None)


@dataclass(frozen=True)
class Looked:
    """How it stands now; None where our own store did not say."""

    pending: Pending | None
    away: bool = False


@dataclass(frozen=True)
class RowOpened:
    """A clerk wants to know more of one."""

    id: str


@dataclass(frozen=True)
class RetryAsked:
    """It is to go once more."""

    id: str


@dataclass(frozen=True)
class StopAsked:
    """It is to be held back."""

    id: str


@dataclass(frozen=True)
class FateAsked:
    """Somebody looked for this paper, and says what became of it."""

    number: str
    fate: Fate


@dataclass(frozen=True)
class Decided:
    """Yes, do that; a clerk who holds something back says why."""

    why: str = field(default="", repr=False)


@dataclass(frozen=True)
class Tended:
    """It was done, or it stood otherwise by then; and how everything stands now."""

    done: bool
    pending: Pending


Act = RetryAsked | StopAsked | FateAsked
TendEvent = Looked | RowOpened | Act | Decided | Tended


@dataclass(frozen=True)
class Tending:
    """What is pending, which of it is open, and what is about to be done.

    `name` is the number that is open or acted upon; `told` what was done to it, `missed` that it
    stood otherwise by then. `blind`: our own store does not say how it stands.
    """

    clerk: str
    pending: Pending | None = None
    away: bool = False
    blind: bool = False
    opened: str | None = None
    act: Act | None = None
    why: str = field(default="", repr=False)
    doing: bool = False
    name: str = ""
    told: Act | None = None
    missed: bool = False
    fault: str | None = None
    before: Listing | None = field(default=None, repr=False)


def tend(state: Tending, event: object) -> Tending:
    """Where it stands after the event; nothing is done without one more yes."""
    match state, event:
        case _, Looked(None, away):
            return replace(state, blind=True, away=away)
        case _, Looked(Pending() as pending, away):
            return _still(replace(state, pending=pending, away=away, blind=False), pending)
        case Tending(
            pending=Pending() as pending, act=None
        ), RowOpened() | RetryAsked() | StopAsked():
            row = pending.row(event.id)
            return state if row is None else _turn_to(state, row, event)
        case Tending(pending=Pending(papers=papers), act=None), FateAsked(number, fate):
            known = number in papers and fate in FINAL
            return replace(_fresh(state, number), act=event) if known else state
        case Tending(act=None), WentBack():
            return replace(state, opened=None)
        case Tending(doing=False), WentBack():
            return replace(state, act=None, fault=None)
        case Tending(act=StopAsked()), Decided(why) if not why.strip():
            return state
        case Tending(act=RetryAsked() | StopAsked() | FateAsked(), doing=False), Decided(why):
            return replace(state, doing=True, why=why.strip(), fault=None)
        case Tending(doing=True), Tended(done, pending):
            after = replace(state, pending=pending, act=None, opened=None, why="", doing=False)
            return replace(after, told=state.act if done else None, missed=not done)
    return state


def _turn_to(state: Tending, row: Outgoing, event: RowOpened | RetryAsked | StopAsked) -> Tending:
    """It is looked at or asked about, if it stands so that it can be."""
    fresh = _fresh(state, row.receipt)
    if isinstance(event, RowOpened):
        return replace(fresh, opened=event.id)
    possible = row.asks if isinstance(event, RetryAsked) else row.stoppable
    return replace(fresh, act=event) if possible else state


def _fresh(state: Tending, name: str) -> Tending:
    """What was said of the last thing is not said of the next."""
    return replace(state, name=name, told=None, missed=False, fault=None)


def _still(state: Tending, pending: Pending) -> Tending:
    """What left by itself meanwhile is neither shown nor decided upon, and that is said."""
    match state:
        case Tending(doing=True):
            return state
        case Tending(act=FateAsked(number)):
            here = number in pending.papers
        case Tending(act=RetryAsked(one) | StopAsked(one)) | Tending(opened=str(one)):
            here = pending.row(one) is not None
        case _:
            here = True
    return state if here else replace(state, act=None, opened=None, fault=None, missed=True)
