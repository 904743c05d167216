"""A line of words that takes the height it needs, however narrow its page is."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout

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
