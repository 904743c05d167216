"""A picture where one would rather look than read."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.ui.kit import tokens
from kiosk.ui.kit.icons import icon


class Picture(QWidget):
    """One of our drawings, centred; it repeats what the words say, so it is silent to readers."""

    def __init__(self, name: str, height: int, colour: str = tokens.BLUE_900) -> None:
        super().__init__()
        self._picture = icon(name, height, colour)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As large as the drawing."""
        return self._picture.size()

    def minimumSizeHint(self) -> QSize:
        """The drawing is never cut."""
        return self._picture.size()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw it in the middle."""
        painter = QPainter(self)
        painter.drawPixmap((self.width() - self._picture.width()) // 2, 0, self._picture)
