"""A tile that answers with a person's own words."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter

from kiosk.ui.kit import tokens
from kiosk.ui.kit.button import Button, Look
from kiosk.ui.kit.name_label import NameBlock, set_name
from kiosk.ui.kit.words import lay_out
from kiosk.ui.resident.page import Page


class NameTile(Button):
    """A name or an address to choose, every character in its registered shape."""

    def __init__(self, page: Page, words: str, event: object, hint: str) -> None:
        self._letters, self._style = page.letters, page.name_style(tokens.LEAD)
        super().__init__(words, Look.TILE, hint=hint, size=tokens.LEAD, height=140)
        self.setAccessibleName(words)
        self.clicked.connect(lambda: page.happened.emit(event))

    def _block(self, width: int) -> NameBlock:
        return set_name(self.words, self._letters, self._style, width)

    def _hint_height(self, width: int) -> float:
        return lay_out(self.hint, tokens.SMALLEST, width).height if self.hint else 0

    def _words_height(self, width: int) -> float:
        inner = self._words_width(width)
        return self._block(inner).height + self._hint_height(inner)

    def sizeHint(self) -> QSize:
        """As wide as the words on one line."""
        wide = int(self._block(9999).width) + 4 * tokens.GAP
        return QSize(wide, self.heightForWidth(wide))

    def fits(self) -> bool:
        """Whether every word is inside the tile."""
        inner = self._words_width(self.width())
        widest = self._block(inner).width
        return widest <= inner + 1 and self._words_height(self.width()) <= self.height()

    def _draw_words(self, painter: QPainter, box: QRectF, ink: str) -> None:
        inner, left = self._words_width(self.width()), box.left() + tokens.GAP
        block, under = self._block(inner), self._hint_height(inner)
        top = box.top() + (box.height() - block.height - under) / 2
        align = Qt.AlignmentFlag.AlignLeft
        block.draw(painter, QRectF(left, top, inner, block.height), ink, align)
        if self.hint:
            hint = lay_out(self.hint, tokens.SMALLEST, inner)
            area = QRectF(left, top + block.height, inner, under)
            hint.draw(painter, area, tokens.GRAY_800, align)
