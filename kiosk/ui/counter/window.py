"""The counter's window: sign-in, today's list, one dense form, done."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from forms.definition import FormDefinition
from kiosk.domain.desk import (
    BegunNew,
    Closed,
    DeskEvent,
    DeskState,
    Editing,
    Handled,
    Handling,
    Listing,
    Opened,
    SignedOff,
    SignedOut,
)
from kiosk.ui.counter.form import FormSheet
from kiosk.ui.counter.style import STYLE
from kiosk.ui.texts import Texts

REFRESH_MS = 2000
_COLUMNS = ("受付番号", "受付時刻", "手続き", "氏名", "受付場所", "状態")
_CHANNELS = {"kiosk": "窓口端末", "counter": "窓口", "web": "ウェブ"}
_STATES = {"received": "受付済み", "acknowledged": "処理中", "done": "完了"}


class CounterWindow(QWidget):
    """Shows the page of a desk's state; pages decide nothing."""

    happened = Signal(object)
    signing_in = Signal(str, str)
    refresh_wanted = Signal()

    def __init__(self, texts: Texts, forms: dict[str, FormDefinition], city: str) -> None:
        super().__init__()
        self._texts, self._forms = texts, forms
        self.setStyleSheet(STYLE)
        self.setWindowTitle(f"窓口　{city}")
        self.resize(1920, 1080)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._band = QLabel(f"{city}　窓口")
        self._band.setObjectName("band")
        column.addWidget(self._band)
        self._room = QVBoxLayout()
        self._room.setContentsMargins(48, 16, 48, 24)
        column.addLayout(self._room, 1)
        self.page: QWidget | None = None
        self._city = city
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh_wanted)
        self._timer.start()

    def show_state(self, state: DeskState) -> None:
        """The page of the state; a list that only refreshed keeps its place."""
        if isinstance(state, Listing) and isinstance(self.page, ListPage):
            self.page.fill(state)
            return
        if isinstance(state, Editing) and isinstance(self.page, FormSheet):
            self.page.refresh(state)
            return
        if self.page is not None:
            self._room.removeWidget(self.page)
            self.page.hide()
            self.page.deleteLater()
        self.page = self._build(state)
        self._room.addWidget(self.page, 1)
        clerk = getattr(state, "clerk", "")
        self._band.setText(f"{self._city}　窓口" + (f"　　担当　{clerk}" if clerk else ""))

    def _build(self, state: DeskState) -> QWidget:
        match state:
            case SignedOut(refused):
                return SignInPage(self.signing_in.emit, refused=refused)
            case Listing():
                page = ListPage(self._say, self._texts)
                page.fill(state)
                return page
            case Editing():
                return FormSheet(self._say, self._forms[state.form], state)
            case Handling():
                return _told("処理しています…", "そのままお待ちください。")
            case Handled():
                return DonePage(self._say, self._texts, state)

    def _say(self, event: DeskEvent) -> None:
        self.happened.emit(event)


class SignInPage(QWidget):
    """Name and password; what was wrong is not told apart."""

    def __init__(self, sign_in: Callable[[str, str], None], *, refused: bool) -> None:
        super().__init__()
        self._sign_in = sign_in
        column = QVBoxLayout(self)
        column.addStretch(1)
        title = QLabel("職員の方はサインインしてください")
        title.setObjectName("title")
        column.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        box = QWidget()
        box.setFixedWidth(640)
        form = QFormLayout(box)
        form.setVerticalSpacing(20)
        self.clerk, self.secret = QLineEdit(), QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        form.addRow("職員番号(&U)", self.clerk)
        form.addRow("パスワード(&P)", self.secret)
        column.addWidget(box, 0, Qt.AlignmentFlag.AlignHCenter)
        if refused:
            wrong = QLabel("職員番号かパスワードがちがいます。")
            wrong.setObjectName("wrong")
            column.addWidget(wrong, 0, Qt.AlignmentFlag.AlignHCenter)
        self.button = QPushButton("サインイン")
        self.button.setObjectName("primary")
        self.button.setFixedWidth(640)
        self.button.clicked.connect(self._go)
        self.clerk.returnPressed.connect(self.secret.setFocus)
        self.secret.returnPressed.connect(self._go)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self.clerk.setFocus()

    @Slot()
    def _go(self) -> None:
        self._sign_in(self.clerk.text(), self.secret.text())
        self.secret.clear()


class ListPage(QWidget):
    """Today's applications, refreshed by themselves, opened with Return."""

    def __init__(self, say: Callable[[DeskEvent], None], texts: Texts) -> None:
        super().__init__()
        self._say, self._texts = say, texts
        column = QVBoxLayout(self)
        column.setSpacing(20)
        head = QHBoxLayout()
        title = QLabel("今日の申請")
        title.setObjectName("title")
        self._away = QLabel("")
        self._away.setObjectName("wrong")
        self.new = QPushButton("新しい申請　F2")
        self.leave = QPushButton("サインアウト　F12")
        self.new.clicked.connect(self._begin)
        self.leave.clicked.connect(self._leave)
        QShortcut(QKeySequence(Qt.Key.Key_F2), self, self._begin)
        QShortcut(QKeySequence(Qt.Key.Key_F12), self, self._leave)
        head.addWidget(title)
        head.addWidget(self._away)
        head.addStretch(1)
        head.addWidget(self.new)
        head.addWidget(self.leave)
        column.addLayout(head)
        self.stack = QStackedWidget()
        self.table = QTableWidget(0, len(_COLUMNS))
        self.table.setHorizontalHeaderLabels(_COLUMNS)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(52)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.itemActivated.connect(self._open)
        empty = _told(
            "まだ申請はありません", "届くと、ここに出ます。F2 で新しい申請を始められます。"
        )
        self.stack.addWidget(empty)
        self.stack.addWidget(self.table)
        column.addWidget(self.stack, 1)
        column.addWidget(QLabel("↑↓ えらぶ　　Enter 開く　　F2 新しい申請　　F12 サインアウト"))
        self.table.setFocus()

    def fill(self, state: Listing) -> None:
        """Show the list of the state; the chosen row stays chosen."""
        self._away.setText(
            "　市役所とつながりません。前の一覧を表示しています。" if state.away else ""
        )
        chosen = self._chosen()
        self.stack.setCurrentIndex(1 if state.arrivals else 0)
        self.table.setRowCount(len(state.arrivals))
        for row, arrival in enumerate(state.arrivals):
            form = (
                self._texts(f"form.{arrival.form}")
                if f"form.{arrival.form}" in self._texts
                else arrival.form
            )
            words = (
                arrival.receipt,
                arrival.received[11:16],
                form,
                arrival.name,
                _CHANNELS.get(arrival.channel, arrival.channel),
                _STATES.get(arrival.state, arrival.state),
            )
            for place, word in enumerate(words):
                item = QTableWidgetItem(word)
                item.setData(Qt.ItemDataRole.UserRole, arrival.id)
                self.table.setItem(row, place, item)
            if arrival.id == chosen:
                self.table.selectRow(row)
        if chosen is None and state.arrivals:
            self.table.selectRow(0)

    def _chosen(self) -> str | None:
        item = self.table.item(self.table.currentRow(), 0)
        return item.data(Qt.ItemDataRole.UserRole) if item else None

    @Slot(QTableWidgetItem)
    def _open(self, item: QTableWidgetItem) -> None:
        self._say(Opened(item.data(Qt.ItemDataRole.UserRole)))

    @Slot()
    def _begin(self) -> None:
        self._say(BegunNew("juminhyo"))

    @Slot()
    def _leave(self) -> None:
        self._say(SignedOff())


class DonePage(QWidget):
    """The receipt and the certificate's number, or what to do instead."""

    def __init__(self, say: Callable[[DeskEvent], None], texts: Texts, state: Handled) -> None:
        super().__init__()
        self._say = say
        column = QVBoxLayout(self)
        column.addStretch(1)
        fine = state.fault is None
        words = "発行しました" if fine else texts(f"apology.{state.fault}")
        sub = (
            f"証明書番号　{state.number}"
            if state.number
            else "申請は端末に保存されています。つながり次第、送ります。"
        )
        if not state.receipt:
            sub = "申請は保存されていません。もう一度お試しください。"
        column.addWidget(_told(words, sub), 0, Qt.AlignmentFlag.AlignHCenter)
        if state.receipt:
            receipt = QLabel(f"受付番号　{state.receipt}")
            receipt.setObjectName("title")
            column.addWidget(receipt, 0, Qt.AlignmentFlag.AlignHCenter)
        self.button = QPushButton("一覧にもどる　Enter")
        self.button.setObjectName("primary")
        self.button.setFixedWidth(480)
        self.button.setDefault(True)
        self.button.clicked.connect(self._close)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QShortcut(QKeySequence(key), self, self._close)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self.button.setFocus()

    @Slot()
    def _close(self) -> None:
        self._say(Closed())


def _told(words: str, sub: str) -> QWidget:
    """A heading and a sentence."""
    told = QWidget()
    column = QVBoxLayout(told)
    title, sentence = QLabel(words), QLabel(sub)
    title.setObjectName("title")
    column.addStretch(1)
    column.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
    column.addWidget(sentence, 0, Qt.AlignmentFlag.AlignHCenter)
    column.addStretch(1)
    return told
