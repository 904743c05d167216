"""Cells of a table whose words we set ourselves: as many lines as they need, or a name's shapes."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QFont, QPainter, QPalette, QTextDocument
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from kiosk.ui.counter.side import airy
from kiosk.ui.kit import tokens as t


class Inscribed(QStyledItemDelegate):
    """The style draws the ground, we inscribe it."""

    def inscribe(self, painter: QPainter, cell: QStyleOptionViewItem, text: str) -> None:
        """Set the words into the cell."""
        raise NotImplementedError

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The cell without its words, then the words."""
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        text, cell.text = cell.text, ""
        part = QStyle.ControlElement.CE_ItemViewItem
        cell.widget.style().drawControl(part, cell, painter, cell.widget)
        painter.save()
        self.inscribe(painter, cell, text)
        painter.restore()


class Lines(Inscribed):
    """Words on as many lines as they need, with room between the lines."""

    SIDE, ABOVE = 10, 7

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._measured: dict[tuple[str, int], int] = {}

    def tall(self, text: str, width: int, font: QFont) -> int:
        """The height a cell needs in a column of that width."""
        known = self._measured.get((text, width))
        if known is None:
            known = int(self._set(text, width, font).size().height()) + 2 * self.ABOVE
            self._measured[text, width] = known
        return known

    def inscribe(self, painter: QPainter, cell: QStyleOptionViewItem, text: str) -> None:
        """In the middle of the cell's height."""
        area, colour = cell.rect, cell.palette.color(QPalette.ColorRole.Text).name()
        page = self._set(text, area.width(), cell.font, colour)
        above = (area.height() - page.size().height()) / 2
        painter.translate(area.left() + self.SIDE, area.top() + above)
        page.drawContents(painter)

    def _set(self, text: str, width: int, font: QFont, colour: str = t.GRAY_900) -> QTextDocument:
        page = QTextDocument()
        page.setDocumentMargin(0)
        page.setDefaultFont(font)
        page.setHtml(f"<div style='color:{colour}'>{airy(text)}</div>")
        page.setTextWidth(width - 2 * self.SIDE)
        return page
