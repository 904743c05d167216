"""A kiosk on its feet: window, lanes, clock and the turn, whatever stands behind them."""

import logging
import sys
from collections.abc import Callable
from threading import Event as Stop

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication

from kiosk.domain.events import Event
from kiosk.domain.session import Journey
from kiosk.domain.states import Idle, State
from kiosk.errors import SetupFault
from kiosk.ports import Lane
from kiosk.ui.clock import Clock
from kiosk.ui.lanes import QtLanes
from kiosk.ui.resident.window import KioskWindow
from kiosk.usecases.attend import Attend, Crew

log = logging.getLogger(__name__)
CANNOT_START = 2


class Terminal(QObject):
    """Shows the start page at once; everything heavy is assembled behind it."""

    changed = Signal(object)
    help_called = Signal()

    def __init__(self, window: KioskWindow, journey: Journey, assemble: Callable[[], Crew]) -> None:
        super().__init__()
        self.window, self._journey = window, journey
        self.lanes = QtLanes()
        self.attend: Attend | None = None
        self._clock: Clock | None = None
        self._early: list[Event] = []
        self.fault: Exception | None = None
        window.listen(self._happened)
        window.show_state(Idle())
        self.lanes.run(Lane.STORE, assemble, self._ready, self._failed, Stop())

    def close(self) -> None:
        """End the clock and every lane."""
        if self._clock is not None:
            self._clock.stop()
        self.lanes.close()

    def _ready(self, crew: Crew) -> None:
        self.attend = Attend(self._journey, crew, self.lanes, self._shown)
        self._clock = Clock(self.attend, self.window.counted)
        self._clock.start()
        early, self._early = self._early, []
        for event in early:
            self.attend.handle(event)

    def _happened(self, event: Event) -> None:
        if self.attend is None:
            self._early.append(event)
        else:
            self.attend.handle(event)

    def _shown(self, state: State) -> None:
        self.window.show_state(state)
        self.changed.emit(state)

    @Slot()
    def _failed(self, fault: Exception) -> None:
        self.fault = fault
        if not isinstance(fault, SetupFault):
            raise fault
        print(f"kakanai: {fault}", file=sys.stderr)
        application = QApplication.instance()
        if application is not None:
            application.exit(CANNOT_START)
