"""Keys of a scanner that types: seen before any button sees them."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

Take = Callable[[str, float], bool]


class KeyWatch(QObject):
    """Shows every key to the scanner; the one that ends a code goes no further."""

    def __init__(self, take: Take) -> None:
        super().__init__()
        self._take = take
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Only the window system's own events count: each key comes by once."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and watched.isWindowType()
            and event.text()
        ):
            return self._take(event.text(), time.monotonic())
        return False
