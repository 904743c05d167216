"""Keys of a scanner that types: seen before any button sees them."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from devices.scanners.wedge import FASTEST_HAND

Take = Callable[[str, float], bool]


class KeyWatch(QObject):
    """Shows every key to the scanner; the one that ends a code goes no further.

    Shortcuts come before keys in Qt: what follows quicker than a hand is none, or a code would
    choose and confirm whatever a page asks.
    """

    def __init__(self, take: Take) -> None:
        super().__init__()
        self._take, self._last = take, 0.0
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Only the window system's own events count: each key comes by once."""
        if not (isinstance(event, QKeyEvent) and watched.isWindowType() and event.text()):
            return False
        now = time.monotonic()
        if event.type() == QEvent.Type.KeyPress:
            self._last = now
            return self._take(event.text(), now)
        if event.type() == QEvent.Type.ShortcutOverride and now - self._last <= FASTEST_HAND:
            event.accept()
            return True
        return False
