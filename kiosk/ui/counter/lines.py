"""What side pages are made of: lines of words as tall as they need, and the one thing to do."""

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout

from kiosk.ui.counter.side import airy


class Words(QLabel):
    """Takes the height that its words need at the width it was given."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.setWordWrap(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Layouts within layouts guess too little."""
        super().resizeEvent(event)
        self.setMinimumHeight(max(self.heightForWidth(self.width()), 0))


def line(column: QVBoxLayout, words: str, look: str) -> QLabel:
    """One more line under the others."""
    made = Words(airy(words) if look == "plain" else words)
    made.setObjectName(look)
    column.addWidget(made)
    return made


def primary(words: str, act: Callable[[], None]) -> QPushButton:
    """The one thing that a page is there for."""
    button = QPushButton(words)
    button.setObjectName("primary")
    button.setFixedWidth(420)
    button.clicked.connect(act)
    return button
