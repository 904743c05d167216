"""送信の状況: what waits here, what asks for somebody, and what staff do about it, by keys."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from kiosk.domain.counter import Closed, ReseedOpened
from kiosk.domain.desk import Desk
from kiosk.domain.events import WentBack
from kiosk.domain.tending import FateAsked, Pending, RetryAsked, StopAsked, Tending
from kiosk.ui.counter.decide import Confirm, Details
from kiosk.ui.counter.pending import FATES, Applications, Papers, Say, Wording
from kiosk.ui.counter.told import Told

_BLIND = "この端末の記録を読めません。続くときは、端末の担当者に知らせてください。"


class TendPage(QWidget):
    """Refreshes by itself; what is chosen or being typed stays where it is."""

    def __init__(self, say: Say, desk: Desk, state: Tending) -> None:
        super().__init__()
        self._say, self._wording, self._state = say, Wording(desk), state
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(self._head())
        self.line, self.said = QLabel(), QLabel()
        self.line.setObjectName("calm")
        self.said.setObjectName("number")
        for each in (self.line, self.said):
            each.setWordWrap(True)
            column.addWidget(each)
        self._rooms = QStackedWidget()
        column.addWidget(self._rooms, 1)
        self.applications, self.papers = Applications(say, self._wording), Papers(say)
        self.none = Told(
            "送信待ちの申請はありません", "受け付けた申請は、すべて市役所に届いています。"
        )
        self._rooms.addWidget(self._overview())
        self.card: Details | Confirm | None = None
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._back)
        self._lay(state)

    def _head(self) -> QHBoxLayout:
        title = QLabel("送信の状況")
        title.setObjectName("title")
        self.reseed = QPushButton("預かり票から戻す　F8")
        self.reseed.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it has a key
        self.reseed.clicked.connect(self._reseed)
        QShortcut(QKeySequence(Qt.Key.Key_F8), self, self.reseed.click)
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.reseed)
        return head

    def _overview(self) -> QWidget:
        lists = QWidget()
        column = QVBoxLayout(lists)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.none, 1)
        column.addWidget(self.applications, 1)
        column.addWidget(self.papers)
        self.keys = QLabel()
        self.keys.setObjectName("quiet")
        column.addWidget(self.keys)
        return lists

    def fill(self, state: Tending) -> None:
        """Show the state; a question stays as it stands, with whatever was typed into it."""
        before, self._state = self._state, state
        if (state.opened, state.act) != (before.opened, before.act) or self._card_is_old(before):
            self._lay(state)
            self.setFocus()
            return
        self._tell(state)

    def _card_is_old(self, before: Tending) -> bool:
        """What is shown of an open one has changed."""
        now, then = self._state.pending or Pending(), before.pending or Pending()
        details = isinstance(self.card, Details)
        return details and now.row(before.opened) != then.row(before.opened)

    def _lay(self, state: Tending) -> None:
        """The lists, or the card of the one that is open or asked about."""
        if self.card is not None:
            self._rooms.removeWidget(self.card)
            self.card.hide()
            self.card.deleteLater()
            self.card = None
        row = state.pending.row(state.opened) if state.pending else None
        if state.act is not None:
            self.card = Confirm(self._say, self._wording, state, state.act)
        elif row is not None:
            self.card = Details(self._say, self._wording, row)
        if self.card is not None:
            self._rooms.addWidget(self.card)
            self._rooms.setCurrentWidget(self.card)
        else:
            self._rooms.setCurrentIndex(0)
        self._tell(state)

    def _tell(self, state: Tending) -> None:
        self.line.setText(self._line_of(state))
        self.reseed.setVisible(state.act is None)
        self.said.setText(_said(state))
        self.said.setVisible(bool(self.said.text()))
        if isinstance(self.card, Confirm):
            self.card.tell(state)
        if state.pending is not None:
            self._fill_lists(state.pending)

    def _fill_lists(self, pending: Pending) -> None:
        self.none.setVisible(not pending.rows)
        self.applications.setVisible(bool(pending.rows))
        self.applications.fill(pending.rows)
        self.papers.fill(pending.papers)
        both = "Tab 紙と申請をうつる　　" if pending.rows and pending.papers else ""
        moves = "↑↓ えらぶ　　" if pending.rows or pending.papers else ""
        self.keys.setText(f"{moves}{both}F8 預かり票から戻す　　Esc 一覧にもどる")
        first = self.applications.table if pending.rows else self.papers.table
        self.setFocusProxy(self.card or first)
        if self.card is None and not self._focused():
            first.setFocus()

    def _focused(self) -> bool:
        return self.applications.table.hasFocus() or self.papers.table.hasFocus()

    def _line_of(self, state: Tending) -> str:
        if state.blind:
            return _BLIND
        if state.pending is None:
            return "調べています…"
        line = "市役所とつながっていません" if state.away else "市役所とつながっています"
        waiting, oldest = state.pending.waiting, state.pending.oldest
        if not waiting:
            return f"{line}・送信待ちはありません"
        since = f"・いちばん古いもの {self._wording.moment(oldest)} から" if oldest else ""
        return f"{line}・送信待ち {len(waiting)}件{since}"

    @Slot()
    def _reseed(self) -> None:
        self._say(ReseedOpened())

    @Slot()
    def _back(self) -> None:
        inside = self._state.act is not None or self._state.opened is not None
        self._say(WentBack() if inside else Closed())


def _said(state: Tending) -> str:
    """What was done last, or why nothing was."""
    match state.told:
        case RetryAsked():
            return f"{state.name} を送信にもどしました。"
        case StopAsked():
            return f"{state.name} を止めました。"
        case FateAsked(_, fate):
            return f"{state.name} を「{FATES[fate]}」と記録しました。"
    return f"{state.name} は、そのあいだに状況が変わりました。" if state.missed else ""
