"""同意: who it is, what that person agreed to, and taking it back; all of it with the keys."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from forms.person import PARTS
from forms.purposes import Purposes
from kiosk.domain.consulting import Consulting
from kiosk.domain.counter import Closed, DeskEvent
from kiosk.domain.events import Confirmed, WentBack, WithdrawalAsked
from kiosk.ui.counter.lines import primary
from kiosk.ui.counter.person import PersonFields
from kiosk.ui.texts import Texts

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ConsentsPage(QWidget):
    """First who it is; then the list, Delete to take one back, Return to confirm."""

    def __init__(
        self, say: Callable[[DeskEvent], None], texts: Texts, purposes: Purposes, state: Consulting
    ) -> None:
        super().__init__()
        self._say, self._texts, self._purposes, self._state = say, texts, purposes, state
        self._column = QVBoxLayout(self)
        self._column.setSpacing(12)
        self._line("同意の確認・取り消し", "title")
        if state.fault is not None:
            self._line(texts(f"apology.{state.fault}"), "wrong")
        if state.said is None:
            self._ask()
        elif state.found is None:
            self._line("調べています…", "large")
            self._column.addStretch(1)
        elif state.chosen is not None:
            self._confirm(state.chosen)
        else:
            self._list()
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._back)

    def _ask(self) -> None:
        """The four facts of the card, and that the clerk has seen it."""
        self._line("カードに書いてあるとおりに入れてください。", "plain")
        facts = self._state.facts
        known = {name: facts.value(name) for name in PARTS}
        self.person = PersonFields(
            {name: each for name, each in known.items() if isinstance(each, str)}, self._next
        )
        self.fields, self.checked = self.person.fields, self.person.checked
        self._column.addWidget(self.person)
        self.button = self._primary("調べる　Ctrl+Enter", self._look)
        for key in _ENTER:
            QShortcut(QKeySequence(Qt.Modifier.CTRL | key), self, self._look)
        self.wrong = self._line("", "wrong")
        self._keys("Tab 次の欄　　Ctrl+Enter 調べる　　Esc 一覧にもどる")
        self.setFocusProxy(self.person)

    def _list(self) -> None:
        """What stands, and whether that is all there is."""
        found, say = self._state.found, self._purposes.say
        if self._state.slip:
            self._line(f"取り消しました。受付番号　{self._state.slip}", "number")
        if found is not None and not found.whole:
            self._line("市役所とつながりません。この端末で聞いた同意だけを出しています。", "calm")
        self.list = QListWidget()
        for each in self._state.agreed:
            until = f"{each.until:%Y-%m-%d} まで" if each.until else ""
            words = f"{say('title', each.purpose, 'ja')}　→　{say('who', each.purpose, 'ja')}"
            item = QListWidgetItem(f"{words}　{each.since:%Y-%m-%d} から　{until}")
            item.setData(Qt.ItemDataRole.UserRole, each.purpose)
            self.list.addItem(item)
        if not self._state.agreed:
            self._line("いま同意していることは、ありません。", "large")
            self._column.addStretch(1)
            self._keys("Esc 一覧にもどる")
            return
        self._column.addWidget(self.list, 1)
        self.list.setCurrentRow(0)
        self.button = self._primary("選んだ同意を取り消す　Delete", self._choose)
        QShortcut(QKeySequence(Qt.Key.Key_Delete), self, self._choose)
        self._keys("↑↓ えらぶ　　Delete 取り消す　　Esc 一覧にもどる")
        self.setFocusProxy(self.list)

    def _confirm(self, purpose: str) -> None:
        say = self._purposes.say
        self._line(f"{say('title', purpose, 'ja')}　→　{say('who', purpose, 'ja')}", "number")
        self._line("この同意を取り消しますか", "large")
        self._line("これからは伝えません。まだ送っていないものは消します。", "plain")
        self._line("もう伝わったことは取り消せません。申請はそのままです。", "plain")
        self.button = self._primary("取り消す　Enter", self._withdraw)
        self.button.setEnabled(not self._state.revoking)
        for key in _ENTER:
            QShortcut(QKeySequence(key), self, self._withdraw)
        self._column.addStretch(1)
        self._keys("Enter 取り消す　　Esc 取り消さない")
        self.setFocusProxy(self.button)

    def _line(self, words: str, look: str) -> QLabel:
        line = QLabel(words)
        line.setObjectName(look)
        self._column.addWidget(line)
        return line

    def _keys(self, words: str) -> None:
        if self._state.said is None:
            self._column.addStretch(1)
        self._line(words, "quiet")

    def _primary(self, words: str, act: Callable[[], None]) -> QPushButton:
        button, row = primary(words, act), QHBoxLayout()
        row.addWidget(button)
        row.addStretch(1)
        self._column.addLayout(row)
        return button

    @Slot()
    def _next(self) -> None:
        self.focusNextChild()

    @Slot()
    def _look(self) -> None:
        said = self.person.said()
        if isinstance(said, str):
            self.wrong.setText(said)
        else:
            self._say(said)

    @Slot()
    def _choose(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._say(WithdrawalAsked(item.data(Qt.ItemDataRole.UserRole)))

    @Slot()
    def _withdraw(self) -> None:
        self._say(Confirmed())

    @Slot()
    def _back(self) -> None:
        self._say(WentBack() if self._state.chosen else Closed())
