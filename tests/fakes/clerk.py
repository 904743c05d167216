"""A clerk's hands at a counter on its feet: keys that are pressed, states that are waited for."""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.config import read_settings
from kiosk.desk import Counter, add_clerk, open_counter
from kiosk.domain.arrivals import Listing
from kiosk.domain.counter import DeskEvent, DeskState, SignedOut
from kiosk.tour.album import settle

PATIENCE = 30.0


class ClerkAtWork:
    """Signed in from the start; `close` at the end."""

    def __init__(self, home: Path) -> None:
        add_clerk(home, "mamoru", "文字　守", "hi-mi-tsu")
        self.home = home
        self.counter: Counter = open_counter(read_settings(home), home)
        self.window = self.counter.window
        self.window.show()
        self.until(lambda: self.counter.desk.serve is not None)
        self.window.signing_in.emit("mamoru", "hi-mi-tsu")
        self.stands(Listing)

    @property
    def state(self) -> DeskState:
        serve = self.counter.desk.serve
        return serve.state if serve else SignedOut()

    def until(self, reached: Callable[[], object]) -> None:
        limit = time.monotonic() + PATIENCE
        while not reached():
            QApplication.processEvents()
            time.sleep(0.005)
            assert self.counter.desk.fault is None
            assert time.monotonic() < limit, self.state
        settle()

    def stands(self, *kinds: type[DeskState]) -> None:
        self.until(lambda: isinstance(self.state, kinds))

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            here = QApplication.focusWidget()
            inside = here is not None and self.window.isAncestorOf(here)
            QTest.keyClick(here if inside else self.window.page, key)
            settle()

    def say(self, *events: DeskEvent) -> None:
        for event in events:
            self.window.happened.emit(event)
        settle()

    def close(self) -> None:
        self.window.close()
        self.counter.close()
