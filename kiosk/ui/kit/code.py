"""A QR code on the screen, for a phone's camera: black on white, whatever the page looks like."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.ui.kit import tokens

_QUIET = 4


class Code(QWidget):
    """Modules of whole pixels with their quiet zone; `words` tell a screen reader what it is."""

    def __init__(self, text: str, side: int, words: str) -> None:
        super().__init__()
        self._rows = _modules(text)
        self._module = max(side // (len(self._rows) + 2 * _QUIET), 2)
        self.setFixedSize(self.sizeHint())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)

    def sizeHint(self) -> QSize:
        """As large as its modules and the quiet zone."""
        side = self._module * (len(self._rows) + 2 * _QUIET)
        return QSize(side, side)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw every black module."""
        painter, module = QPainter(self), self._module
        painter.fillRect(self.rect(), QColor(tokens.WHITE))
        for down, row in enumerate(self._rows, _QUIET):
            for across, bit in enumerate(row, _QUIET):
                if bit == "1":
                    cell = QRectF(across * module, down * module, module, module)
                    painter.fillRect(cell, QColor("#000000"))


def _modules(text: str) -> Sequence[str]:
    """What makes codes is loaded with the first one: a kiosk at rest shows none."""
    from printing.codes import qr  # noqa: PLC0415

    return qr(text)
