"""People's own words on the clerk's pages: on buttons, in tables."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QStyleOptionViewItem,
    QStylePainter,
    QWidget,
)

from kiosk.ui.counter.cells import Inscribed
from kiosk.ui.kit import tokens as t
from kiosk.ui.kit.lettering import Lettering
from kiosk.ui.kit.name_label import NameBlock, Style, set_name, told_missing

SMALL = 15
_LEFT = Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True)
class Names:
    """What it takes to show a name at this desk."""

    letters: Lettering
    sentence: str

    def block(self, text: str, size: int, width: int) -> NameBlock:
        """The text in that width."""
        return set_name(text, self.letters, Style(size, self.sentence, SMALL), max(width, size))

    def told(self, texts: list[str]) -> str:
        """What is said of characters that cannot be shown."""
        return told_missing("\n".join(texts), self.letters, self.sentence)


class NameButton(QPushButton):
    """A button that says somebody's words, on as many lines as they need."""

    SIZE, PAD = 16, 10

    def __init__(self, text: str, names: Names, parent: QWidget) -> None:
        super().__init__(text, parent)
        self._names = names
        self.setAccessibleName(text)

    def tall(self, width: int) -> int:
        """The height the words need in that width."""
        return int(self._block(width).height) + self.PAD

    def _block(self, width: int) -> NameBlock:
        return self._names.block(self.text(), self.SIZE, width - 2 * self.PAD)

    def paintEvent(self, _: QPaintEvent) -> None:
        """The style draws the button, we draw the words."""
        painter, option = QStylePainter(self), QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        block, area = self._block(self.width()), QRectF(self.rect())
        wide = min(block.width, self.width() - 2 * self.PAD)
        left, top = (area.width() - wide) / 2, block.top_in(area)
        place = QRectF(left, top, wide + 1, block.height)
        block.draw(painter, place, t.GRAY_900, _LEFT)


class NameCells(Inscribed):
    """The names of a list: whole, however long they are."""

    SIZE, SIDE = 18, 11

    def __init__(self, names: Names, parent: QWidget) -> None:
        super().__init__(parent)
        self._names = names

    def tall(self, text: str, width: int) -> int:
        """The height a name needs in a column of that width."""
        return int(self._block(text, width).height) + 12

    def _block(self, text: str, width: int) -> NameBlock:
        return self._names.block(text, self.SIZE, width - 2 * self.SIDE)

    def inscribe(self, painter: QPainter, cell: QStyleOptionViewItem, text: str) -> None:
        """In the middle of the cell's height."""
        area = QRectF(cell.rect).adjusted(self.SIDE, 0, -self.SIDE, 0)
        block = self._block(text, cell.rect.width())
        area.setTop(block.top_in(area))
        block.draw(painter, area, t.GRAY_900, _LEFT)
