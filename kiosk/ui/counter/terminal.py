"""A desk on its feet: window, lanes, and the desk's state."""

import gc
import sys
from collections.abc import Callable
from threading import Event as Stop

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication

from kiosk.domain.counter import DeskEvent, DeskState, SignedOut
from kiosk.domain.desk import Desk
from kiosk.errors import SetupFault
from kiosk.ports.lanes import Lane
from kiosk.ui.counter.window import CounterWindow
from kiosk.ui.lanes import QtLanes
from kiosk.usecases.report import Report
from kiosk.usecases.serve import DeskCrew, Serve

CANNOT_START = 2


class DeskTerminal(QObject):
    """Shows the sign-in at once; everything heavy is assembled behind it."""

    changed = Signal(object)

    def __init__(self, window: CounterWindow, desk: Desk, assemble: Callable[[], DeskCrew]) -> None:
        super().__init__()
        self.window, self._desk = window, desk
        self.lanes = QtLanes()
        self.serve: Serve | None = None
        self._report: Report | None = None
        self.fault: Exception | None = None
        window.happened.connect(self._happened)
        window.signing_in.connect(self._sign_in)
        window.refresh_wanted.connect(self._refresh)
        window.scan_wanted.connect(self._scan)
        window.show_state(SignedOut())
        self.lanes.run(Lane.STORE, assemble, self._ready, self._failed, Stop())

    def close(self) -> None:
        """End every lane."""
        self.lanes.close()
        if self.serve is not None:
            self.serve.close()

    def _ready(self, crew: DeskCrew) -> None:
        gc.freeze()
        gc.enable()
        self.serve = Serve(self._desk, crew, self.lanes, self._shown)
        if crew.reporter is not None:
            self._report = Report(crew.reporter, self.lanes, self.window.tell)

    @Slot(object)
    def _happened(self, event: DeskEvent) -> None:
        if self.serve is not None:
            self.serve.handle(event)

    @Slot(str, str)
    def _sign_in(self, clerk: str, secret: str) -> None:
        if self.serve is not None:
            self.serve.sign_in(clerk, secret)

    @Slot()
    def _refresh(self) -> None:
        if self.serve is not None:
            self.serve.refresh()
        if self._report is not None:
            self._report.tick(busy=False)  # whether a clerk is busy is nobody's concern

    @Slot()
    def _scan(self) -> None:
        if self.serve is not None:
            self.serve.scan()

    def _shown(self, state: DeskState) -> None:
        self.window.show_state(state)
        self.changed.emit(state)

    def _failed(self, fault: Exception) -> None:
        self.fault = fault
        if not isinstance(fault, SetupFault):
            raise fault
        print(f"kakanai: {fault}", file=sys.stderr)
        application = QApplication.instance()
        if application is not None:
            application.exit(CANNOT_START)
