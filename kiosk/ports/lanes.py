"""Where slow work goes, who keeps a turn going, and what time it is."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from threading import Event
from typing import Protocol, TypeVar

from kiosk.domain.events import Event as TurnEvent
from kiosk.domain.session import Journey
from kiosk.domain.states import State

T = TypeVar("T")


class Lane(StrEnum):
    """One slow thing each, one thread each."""

    CARD = "card"
    SCANNER = "scanner"
    PRINTER = "printer"
    TILL = "till"
    STORE = "store"
    OFFICE = "office"
    LINE = "line"
    REPORT = "report"


class Lanes(Protocol):
    """Work goes out here and its answer comes back on the caller's own thread."""

    def run(
        self,
        lane: Lane,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        stop: Event,
    ) -> None:
        """Do the work on its lane; drop the answer if `stop` was set meanwhile."""
        ...


class Turn(Protocol):
    """What keeps one resident after another going; `Attend` is the one there is."""

    @property
    def journey(self) -> Journey:
        """What this turn may know besides its state."""
        ...

    @property
    def state(self) -> State:
        """Where the turn stands."""
        ...

    def handle(self, event: TurnEvent) -> None:
        """Something happened."""
        ...

    def tick(self) -> None:
        """Look at the devices."""
        ...

    def drain(self) -> None:
        """Send what waits."""
        ...

    def close(self) -> None:
        """Leave nothing behind; the lanes have ended."""
        ...


class Report(Protocol):
    """What tells the office how this terminal is, and hears what the city tells everybody."""

    def tick(self, *, busy: bool) -> None:
        """Tell it, if it is time to."""
        ...


class Clock(Protocol):
    """What time it is here."""

    def now(self) -> datetime:
        """The moment it is, with its zone."""
        ...
