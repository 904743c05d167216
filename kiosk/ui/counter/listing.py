"""Today's applications, and from here the choice of a new one."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from kiosk.domain.arrivals import Listing
from kiosk.domain.counter import BegunNew, ConsentsOpened, DeskEvent, Opened, QueueOpened, SignedOff
from kiosk.domain.desk import Desk
from kiosk.ui.counter.choose import ChoosePage
from kiosk.ui.counter.names import NameCells, Names
from kiosk.ui.counter.news import News
from kiosk.ui.counter.tables import KEY, ROW, chosen, whole_rows
from kiosk.ui.counter.told import Told

_COLUMNS = {"受付番号": 190, "時刻": 90, "手続き": 0, "氏名": 0, "受付場所": 130, "状態": 130}
_NAME = list(_COLUMNS).index("氏名")
AWAY = (
    "ただいま市役所とつながっていません。申請はお預かりし、つながりしだい自動で送ります。"
    "証明書は出せません。一覧は前のものです。"
)
_CHANNELS = {"kiosk": "窓口端末", "counter": "窓口", "web": "ウェブ"}
_STATES = {"received": "受付済み", "acknowledged": "処理中", "done": "完了"}


class ListPage(QWidget):
    """Refreshed by itself, opened with Return; F2 chooses a procedure."""

    def __init__(
        self,
        say: Callable[[DeskEvent], None],
        desk: Desk,
        readings: Mapping[str, str],
        names: Names,
    ) -> None:
        super().__init__()
        self._say, self._desk, self._readings = say, desk, readings
        self.choose: ChoosePage | None = None
        self._rooms = QStackedWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._rooms)
        today = QWidget()
        column = QVBoxLayout(today)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(self._head())
        self.away = QLabel(AWAY)
        self.away.setObjectName("calm")
        self.away.hide()
        column.addWidget(self.away)
        self.news = News()
        column.addWidget(self.news)
        self.table = whole_rows(_COLUMNS)
        self.table.itemActivated.connect(self._open)
        self._names = NameCells(names, self.table)
        self.table.setItemDelegateForColumn(_NAME, self._names)
        self.table.horizontalHeader().sectionResized.connect(self._measure)
        self.stack = QStackedWidget()
        self.stack.addWidget(
            Told("まだ申請はありません", "届くと、ここに出ます。F2 で新しい申請を始められます。")
        )
        self.stack.addWidget(self.table)
        column.addWidget(self.stack, 1)
        keys = QLabel(
            "↑↓ えらぶ　　Enter 開く　　F2 新しい申請　　F6 同意　　"
            "F7 送信の状況　　F12 サインアウト"
        )
        keys.setObjectName("quiet")
        column.addWidget(keys)
        self._rooms.addWidget(today)
        QShortcut(QKeySequence(Qt.Key.Key_F2), self, self._begin)
        QShortcut(QKeySequence(Qt.Key.Key_F6), self, self._consents)
        QShortcut(QKeySequence(Qt.Key.Key_F7), self, self._queue)
        QShortcut(QKeySequence(Qt.Key.Key_F12), self, self._leave)
        self.setFocusProxy(self.new)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        title = QLabel("今日の申請")
        title.setObjectName("title")
        self.new = QPushButton("新しい申請　F2")
        self.consents = QPushButton("同意　F6")
        self.consents.clicked.connect(self._consents)
        self.queue = QPushButton("送信の状況　F7")
        self.queue.clicked.connect(self._queue)
        self.asking = QLabel()
        self.asking.setObjectName("asking")
        self.leave = QPushButton("サインアウト　F12")
        self.new.clicked.connect(self._begin)
        self.leave.clicked.connect(self._leave)
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.new)
        head.addWidget(self.consents)
        head.addWidget(self.asking)
        head.addWidget(self.queue)
        head.addWidget(self.leave)
        return head

    def fill(self, state: Listing) -> None:
        """Show the list of the state; the chosen row stays chosen."""
        self.away.setVisible(state.away)
        self.asking.setText(f"要確認 {state.asking}")
        self.asking.setVisible(state.asking > 0)
        kept = chosen(self.table)
        self.stack.setCurrentIndex(1 if state.arrivals else 0)
        self.table.setRowCount(len(state.arrivals))
        for row, arrival in enumerate(state.arrivals):
            known = self._desk.forms.get(arrival.form)
            words = (
                arrival.receipt,
                arrival.received[11:16],
                known.label if known else arrival.form,
                arrival.name,
                _CHANNELS.get(arrival.channel, arrival.channel),
                _STATES.get(arrival.state, arrival.state),
            )
            for place, text in enumerate(words):
                item = QTableWidgetItem(text)
                item.setData(KEY, arrival.id)
                self.table.setItem(row, place, item)
            if arrival.id == kept:
                self.table.selectRow(row)
        self._measure()
        if kept is None and state.arrivals:
            self.table.selectRow(0)
            self.setFocusProxy(self.table)
            if self.new.hasFocus():
                self.table.setFocus()

    @Slot()
    def _measure(self) -> None:
        """A long name gets the lines it needs."""
        wide = self.table.columnWidth(_NAME)
        for row in range(self.table.rowCount()):
            item = self.table.item(row, _NAME)
            tall = max(self._names.tall(item.text(), wide) if item else 0, ROW)
            if self.table.rowHeight(row) != tall:
                self.table.setRowHeight(row, tall)

    @Slot(QTableWidgetItem)
    def _open(self, item: QTableWidgetItem) -> None:
        self._say(Opened(item.data(KEY)))

    @Slot()
    def _begin(self) -> None:
        if self.choose is None:
            self.choose = ChoosePage(self._desk.forms, self._readings)
            self.choose.chosen.connect(self._new)
            self.choose.left.connect(self._today)
            self._rooms.addWidget(self.choose)
        self._rooms.setCurrentWidget(self.choose)
        self.choose.begin()

    @Slot(str)
    def _new(self, form: str) -> None:
        self._say(BegunNew(form))

    @Slot()
    def _today(self) -> None:
        self._rooms.setCurrentIndex(0)
        self.setFocus()

    @Slot()
    def _consents(self) -> None:
        self._say(ConsentsOpened(chosen(self.table)))

    @Slot()
    def _queue(self) -> None:
        self._say(QueueOpened())

    @Slot()
    def _leave(self) -> None:
        self._say(SignedOff())
