"""A strip over a page: what everybody should know, said once, and calm as far as it may be."""

from dataclasses import replace
from enum import Enum

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kiosk.ui.kit import tokens
from kiosk.ui.kit.icons import icon
from kiosk.ui.kit.label import Label
from kiosk.ui.kit.words import Block, lay_out, plain

_BAR, _SYMBOL, _MOST_LINES = 16, 72, 2


class Tone(Enum):
    """How strongly it is said: ground, bar, words, sign."""

    CALM = (tokens.BLUE_50, tokens.BLUE_900, tokens.GRAY_900, tokens.BLUE_900)
    NOTICE = (tokens.YELLOW_50, tokens.YELLOW_300, tokens.GRAY_900, tokens.GRAY_900)
    WARNING = (tokens.RED, tokens.RED, tokens.WHITE, tokens.WHITE)


class Strip(QWidget):
    """A sign, a title, and at most two lines under it; words that are longer end in `…`."""

    def __init__(self, tone: Tone, symbol: str, title: str, *lines: str) -> None:
        super().__init__()
        self.tone, self._symbol = tone, symbol
        ink = tone.value[2]
        row = QHBoxLayout(self)
        row.setContentsMargins(_BAR + tokens.GAP, 20, tokens.GAP + 8, 20)
        row.setSpacing(0)
        row.addSpacing(_SYMBOL + tokens.GAP + 8)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(_Short(title, tokens.BODY, _MOST_LINES, ink, bold=True))
        told = [line for line in lines if line][:_MOST_LINES]
        for line in told:
            column.addWidget(_Short(line, tokens.SMALLEST, _MOST_LINES // len(told), ink))
        row.addLayout(column, 1)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(plain(" ".join((title, *lines))))

    def paintEvent(self, _: QPaintEvent) -> None:
        """The ground, the bar at its edge, and the sign beside the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, bar, _words, sign = self.tone.value
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), tokens.RADIUS, tokens.RADIUS)
        painter.fillPath(shape, QColor(ground))
        painter.save()
        painter.setClipRect(0, 0, _BAR, self.height())
        painter.fillPath(shape, QColor(bar))
        painter.restore()
        top = (self.height() - _SYMBOL) // 2
        painter.drawPixmap(_BAR + tokens.GAP, top, icon(self._symbol, _SYMBOL, sign))


class _Short(Label):
    """Words of so many lines at most; a screen reader hears them whole."""

    def __init__(self, words: str, size: int, most: int, ink: str, *, bold: bool = False) -> None:
        self._most = most
        super().__init__(words, size, bold=bold, colour=ink)

    def block(self, width: int | None = None) -> Block:
        """As many of the words as there is room for."""
        whole = super().block(width)
        if len(whole.lines) <= self._most:
            return whole
        (mark,) = lay_out("…", self.size_, 9999, bold=self.bold).lines[0]
        wide = (width or max(self.width(), 1)) - mark.width
        *full, last = (list(line) for line in whole.lines[: self._most])
        while sum(piece.width for piece in last) > wide:
            last.pop()
        return replace(whole, lines=(*map(tuple, full), (*last, mark)))
