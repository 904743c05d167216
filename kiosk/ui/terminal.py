"""A kiosk on its feet: window, lanes, clock and the turn, whatever stands behind them."""

import gc
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event as Stop

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication

from kiosk.domain.events import Event
from kiosk.domain.notices import Notice
from kiosk.domain.session import Journey
from kiosk.domain.states import Idle, State
from kiosk.errors import SetupFault
from kiosk.ports.lanes import Lane, Lanes, Report, Turn
from kiosk.ui.clock import Clock
from kiosk.ui.lanes import QtLanes
from kiosk.ui.resident.window import KioskWindow, Pages

log = logging.getLogger(__name__)
CANNOT_START = 2


@dataclass(frozen=True)
class Assembled:
    """What stands ready behind the first frame: procedures, pages, and who attends to turns."""

    journey: Journey
    pages: Pages
    attend: Callable[[Lanes, Callable[[State], None]], Turn]
    report: Callable[[Lanes, Callable[[tuple[Notice, ...]], None]], Report] | None = None


class Terminal(QObject):
    """Shows the start page at once; everything heavy is assembled behind it."""

    changed = Signal(object)
    help_called = Signal()

    def __init__(self, window: KioskWindow, assemble: Callable[[], Assembled]) -> None:
        super().__init__()
        self.window = window
        self.lanes = QtLanes()
        self.attend: Turn | None = None
        self._clock: Clock | None = None
        self._early: list[Event] = []
        self.fault: Exception | None = None
        window.listen(self._happened)
        window.show_state(Idle())
        self._assemble = assemble
        window.painted.connect(self._begin, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def _begin(self) -> None:
        gc.freeze()
        gc.enable()
        self.lanes.run(Lane.STORE, self._assemble, self._ready, self._failed, Stop())

    def close(self) -> None:
        """End the clock and every lane."""
        if self._clock is not None:
            self._clock.stop()
        self.lanes.close()
        if self.attend is not None:
            self.attend.close()

    def _ready(self, assembled: Assembled) -> None:
        self.window.know(assembled.journey, assembled.pages)
        self.attend = assembled.attend(self.lanes, self._shown)
        report = assembled.report(self.lanes, self._told) if assembled.report else None
        self._clock = Clock(self.attend, self.window.counted, report)
        self._clock.start()
        if not isinstance(self.attend.state, Idle):
            self._shown(self.attend.state)
        early, self._early = self._early, []
        for event in early:
            self.attend.handle(event)

    def _happened(self, event: Event) -> None:
        if self.attend is None:
            self._early.append(event)
        else:
            self.attend.handle(event)

    def _shown(self, state: State) -> None:
        if self.attend is not None:
            self.window.know(self.attend.journey)
        self.window.show_state(state)
        self.changed.emit(state)

    def _told(self, notices: tuple[Notice, ...]) -> None:
        self.window.tell(notices)
        if self.attend is not None and isinstance(self.attend.state, Idle):
            self.window.show_state(self.attend.state)

    @Slot()
    def _failed(self, fault: Exception) -> None:
        self.fault = fault
        if not isinstance(fault, SetupFault):
            raise fault
        print(f"kakanai: {fault}", file=sys.stderr)
        application = QApplication.instance()
        if application is not None:
            application.exit(CANNOT_START)
