"""The two lists of 送信の状況: applications on their way, and papers that somebody looks for."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QBrush, QColor, QFont, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from kiosk.domain.counter import DeskEvent
from kiosk.domain.desk import Desk
from kiosk.domain.sheets import Fate
from kiosk.domain.tending import FateAsked, Outgoing, RetryAsked, RowOpened, StopAsked
from kiosk.ui.counter.cells import Lines
from kiosk.ui.counter.tables import KEY, ROW, chosen, whole_rows
from kiosk.ui.kit import tokens as t

FATES = {Fate.PRINTED: "渡した", Fate.SPOILED: "書損", Fate.ABANDONED: "出ていない"}
_COLUMNS = {
    "": 84, "受付番号": 214, "受け付け": 136, "手続き": 210, "いまの状況": 0,
    "市役所の答え・止めた理由": 0, "回数": 78,
}  # fmt: skip
_LONG = (2, 3, 4, 5)  # columns whose words may take several lines
_ANSWER, _PAPERS_SHOWN = 44, 3
Say = Callable[[DeskEvent], None]


@dataclass(frozen=True)
class Wording:
    """How times and procedures are said at this desk."""

    desk: Desk

    def moment(self, moment: datetime | None) -> str:
        """Today the hour alone, before that with the day."""
        if moment is None:
            return "－"
        now = self.desk.now()
        here = moment.astimezone(now.tzinfo)
        day = "" if here.date() == now.date() else f"{here.month}/{here.day} "
        return f"{day}{here:%H:%M}"

    def procedure(self, row: Outgoing) -> str:
        """What was applied for; of a share, what it goes for."""
        known = self.desk.forms.get(row.form or "")
        label = known.label if known else row.form or "－"
        if row.purpose is None:
            return label
        return f"{label}（{self.desk.purposes.say('title', row.purpose, 'ja')}）"


class Applications(QWidget):
    """What is on its way; what asks for somebody stands on top and is marked in words."""

    def __init__(self, say: Say, wording: Wording) -> None:
        super().__init__()
        self._say, self._wording = say, wording
        self._rows: Mapping[str, Outgoing] = {}
        self.table = whole_rows(_COLUMNS)
        self.table.setObjectName("pending")
        self._lines = Lines(self.table)
        self.table.setItemDelegate(self._lines)
        self.table.itemActivated.connect(self._open)
        self.table.itemSelectionChanged.connect(self._offer)
        self._measuring = QTimer(self)  # once the columns stand, however often they move
        self._measuring.setSingleShot(True)
        self._measuring.timeout.connect(self._measure)
        self.table.horizontalHeader().sectionResized.connect(self._resized)
        self.open = _button(self, "くわしく　Enter", self._open)
        self.retry = _button(self, "もう一度送る　R", self._retry, Qt.Key.Key_R)
        self.stop = _button(self, "止めておく　Q", self._stop, Qt.Key.Key_Q)
        column = _column(self)
        column.addWidget(self.table, 1)
        column.addLayout(_side_by_side(self.open, self.retry, self.stop))

    def fill(self, rows: tuple[Outgoing, ...]) -> None:
        """These; whatever was chosen stays chosen."""
        self._rows = {each.id: each for each in rows}
        with _same_choice(self.table):
            self.table.setRowCount(len(rows))
            for place, each in enumerate(rows):
                self._lay(place, each)
        self._resized()
        self._offer()

    def _lay(self, place: int, row: Outgoing) -> None:
        words = (
            "要確認" if row.asks else "",
            row.receipt,
            self._wording.moment(row.kept),
            self._wording.procedure(row),
            row.words,
            row.answer[:_ANSWER] + ("…" if len(row.answer) > _ANSWER else ""),
            f"{row.attempts}",
        )
        for column, text in enumerate(words):
            item = QTableWidgetItem(text)
            item.setData(KEY, row.id)
            if row.asks:
                item.setBackground(QBrush(QColor(t.YELLOW_50)))
            if row.asks and column == 0:
                item.setForeground(QBrush(QColor(t.ORANGE)))
                bold = QFont(self.table.font())
                bold.setBold(True)
                item.setFont(bold)
            self.table.setItem(place, column, item)

    @Slot()
    def _resized(self) -> None:
        self._measuring.start(0)

    @Slot()
    def _measure(self) -> None:
        """A row is as tall as its longest words need."""
        font, widths = self.table.font(), {c: self.table.columnWidth(c) for c in _LONG}
        for row in range(self.table.rowCount()):
            items = ((self.table.item(row, column), wide) for column, wide in widths.items())
            needed = (self._lines.tall(i.text(), wide, font) for i, wide in items if i)
            self.table.setRowHeight(row, max(ROW, *needed))

    @Slot()
    def _offer(self) -> None:
        row = self._rows.get(chosen(self.table) or "")
        self.open.setEnabled(row is not None)
        self.retry.setEnabled(row is not None and row.asks)
        self.stop.setEnabled(row is not None and row.stoppable)

    @Slot()
    def _open(self) -> None:
        self._say(RowOpened(chosen(self.table) or ""))

    @Slot()
    def _retry(self) -> None:
        self._say(RetryAsked(chosen(self.table) or ""))

    @Slot()
    def _stop(self) -> None:
        self._say(StopAsked(chosen(self.table) or ""))


class Papers(QWidget):
    """Numbers whose paper may lie in the tray: three answers, each with a digit."""

    def __init__(self, say: Say) -> None:
        super().__init__()
        self._say = say
        column = _column(self)
        heading = QLabel("確かめる紙")
        heading.setObjectName("number")
        column.addWidget(heading)
        column.addWidget(
            QLabel("印刷の途中で止まった紙です。トレイを見て、どうなったかを選んでください。")
        )
        self.table = whole_rows({"番号": 0})
        self.table.setObjectName("pending")
        self.table.horizontalHeader().hide()
        column.addWidget(self.table)
        self.answers = [
            _button(self, f"{words}　{digit}", partial(self._answer, fate), key)
            for digit, key, (fate, words) in zip(
                "123", (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3), FATES.items(), strict=True
            )
        ]
        column.addLayout(_side_by_side(*self.answers))

    def fill(self, papers: tuple[str, ...]) -> None:
        """These; nothing at all while there are none."""
        self.setVisible(bool(papers))
        with _same_choice(self.table):
            self.table.setRowCount(len(papers))
            for place, number in enumerate(papers):
                item = QTableWidgetItem(number)
                item.setData(KEY, number)
                self.table.setItem(place, 0, item)
        shown = min(len(papers), _PAPERS_SHOWN)
        self.table.setFixedHeight(shown * self.table.rowHeight(0) + 6)

    def _answer(self, fate: Fate, *_: object) -> None:
        self._say(FateAsked(chosen(self.table) or "", fate))


@contextmanager
def _same_choice(table: QTableWidget) -> Iterator[None]:
    """The row that was chosen stays so; where it left, the next one is chosen."""
    place, kept = max(table.currentRow(), 0), chosen(table)
    table.blockSignals(True)
    yield
    for row in range(table.rowCount()):
        item = table.item(row, 0)
        if item is not None and item.data(KEY) == kept:
            place = row
    table.selectRow(min(place, table.rowCount() - 1))
    table.blockSignals(False)


def _button(
    page: QWidget, words: str, act: Callable[..., None], key: Qt.Key | None = None
) -> QPushButton:
    button = QPushButton(words)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # every one of them has a key
    button.clicked.connect(act)
    if key is not None:
        QShortcut(QKeySequence(key), page, button.click)
    return button


def _column(page: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    return column


def _side_by_side(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row
