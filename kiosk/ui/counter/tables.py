"""Tables of whole rows, moved through with the arrows."""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont, QPainter, QPalette, QTextDocument
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QWidget,
)

from kiosk.ui.counter.side import airy
from kiosk.ui.kit import tokens as t

ROW = 42
KEY = Qt.ItemDataRole.UserRole


class Lines(QStyledItemDelegate):
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

    def _set(self, text: str, width: int, font: QFont, colour: str = t.GRAY_900) -> QTextDocument:
        page = QTextDocument()
        page.setDocumentMargin(0)
        page.setDefaultFont(font)
        page.setHtml(f"<div style='color:{colour}'>{airy(text)}</div>")
        page.setTextWidth(width - 2 * self.SIDE)
        return page

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The style draws the ground, we set the words."""
        item = QStyleOptionViewItem(option)
        self.initStyleOption(item, index)
        text, item.text = item.text, ""
        style, area = item.widget.style(), item.rect
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, item, painter, item.widget)
        colour = item.palette.color(QPalette.ColorRole.Text).name()
        page = self._set(text, area.width(), item.font, colour)
        above = (area.height() - page.size().height()) / 2
        painter.save()
        painter.translate(area.left() + self.SIDE, area.top() + above)
        page.drawContents(painter)
        painter.restore()


def whole_rows(columns: Mapping[str, int]) -> QTableWidget:
    """An empty one; a column without a width takes what is left."""
    table = QTableWidget(0, len(columns))
    table.setHorizontalHeaderLabels(list(columns))
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for place, wide in enumerate(columns.values()):
        fixed = QHeaderView.ResizeMode.Fixed
        header.setSectionResizeMode(place, fixed if wide else QHeaderView.ResizeMode.Stretch)
        if wide:
            header.resizeSection(place, wide)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(ROW)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    return table


def chosen(table: QTableWidget) -> str | None:
    """What the current row stands for."""
    item = table.item(table.currentRow(), 0)
    return item.data(KEY) if item else None
