"""Tables of whole rows, moved through with the arrows."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget

ROW = 42
KEY = Qt.ItemDataRole.UserRole


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
