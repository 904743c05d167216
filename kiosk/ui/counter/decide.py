"""One thing of 送信の状況 by itself: what is known of it, and the one question before a deed."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kiosk.domain.sheets import Fate
from kiosk.domain.tending import (
    Act,
    Decided,
    FateAsked,
    Outgoing,
    RetryAsked,
    StopAsked,
    Tending,
)
from kiosk.ui.counter.lines import Words, line
from kiosk.ui.counter.pending import FATES, Say, Wording
from kiosk.ui.counter.side import airy

_LONGEST = 200
_WIDE, _NARROW = 900, 420
_FATE = {
    Fate.PRINTED: "本人に渡した紙です。この番号の証明書は有効です。",
    Fate.SPOILED: "この紙は渡さないでください。この番号の証明書は無効になります。",
    Fate.ABANDONED: "プリンターにもトレイにもない紙です。この番号の証明書は無効になります。",
}
_UNWRITTEN = "この端末に記録できませんでした。もう一度ためしてください。"


class Details(QWidget):
    """What is known of one application: its receipt and procedure, and nothing of the person."""

    def __init__(self, say: Say, wording: Wording, row: Outgoing) -> None:
        super().__init__()
        self._say, self._row = say, row
        column = _column(self)
        line(column, row.receipt, "large")
        facts = QFormLayout()
        facts.setHorizontalSpacing(28)
        facts.setVerticalSpacing(16)
        for label, words in (
            ("手続き", wording.procedure(row)),
            ("受け付け", wording.moment(row.kept)),
            ("いまの状況", row.words),
            ("市役所の答え・止めた理由", row.answer or "－"),
            ("送った回数", f"{row.attempts}回"),
            ("最後に送った時刻", wording.moment(row.tried)),
            ("申請のID", row.id),
        ):
            value = Words(airy(words))
            value.setFixedWidth(_WIDE)
            name = QLabel(label)
            name.setObjectName("quiet")
            facts.addRow(name, value)
        column.addLayout(facts)
        column.addSpacing(16)
        self.retry, self.stop = QPushButton("もう一度送る　R"), QPushButton("止めておく　Q")
        buttons = QHBoxLayout()
        for button, possible, act, key in (
            (self.retry, row.asks, RetryAsked(row.id), Qt.Key.Key_R),
            (self.stop, row.stoppable, StopAsked(row.id), Qt.Key.Key_Q),
        ):
            button.setEnabled(possible)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(self._asking(act))
            QShortcut(QKeySequence(key), self, button.click)
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addStretch(1)
        line(column, "R もう一度送る　　Q 止めておく　　Esc もどる", "quiet")

    def _asking(self, act: RetryAsked | StopAsked) -> Callable[[], None]:
        return lambda: self._say(act)


class Confirm(QWidget):
    """What would be done and what comes of it; Return does it, once."""

    def __init__(self, say: Say, wording: Wording, state: Tending, act: Act) -> None:
        super().__init__()
        self._say = say
        row = state.pending.row(getattr(act, "id", None)) if state.pending else None
        column = _column(self)
        line(column, state.name, "large")
        if row is not None:
            line(column, wording.procedure(row), "plain")
        question, sentences, deed = _asked(act, row)
        column.addSpacing(12)
        line(column, question, "number")
        for sentence in sentences:
            line(column, sentence, "plain")
        self.why = QLineEdit()
        self.why.setMaxLength(_LONGEST)
        self.why.setFixedSize(_WIDE, 44)
        self.why.setPlaceholderText("例：書類の確認待ち（氏名などは書かないでください）")
        column.addWidget(self.why)
        if not isinstance(act, StopAsked):
            self.why.hide()
        self.wrong = line(column, "", "wrong")
        self.button = QPushButton(f"{deed}　Enter")
        self.button.setObjectName("primary")
        self.button.setFixedWidth(_NARROW)
        self.button.clicked.connect(self._decide)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QShortcut(QKeySequence(key), self, self._decide)
        column.addWidget(self.button)
        column.addStretch(1)
        line(column, f"Enter {deed}　　Esc やめる", "quiet")
        self.setFocusProxy(self.why if isinstance(act, StopAsked) else self.button)
        self.tell(state)

    def tell(self, state: Tending) -> None:
        """It is being done, or it could not be."""
        self.button.setEnabled(not state.doing)
        self.why.setReadOnly(state.doing)
        self.wrong.setText(_UNWRITTEN if state.fault else "")

    @Slot()
    def _decide(self) -> None:
        if not self.why.isHidden() and not self.why.text().strip():
            self.wrong.setText("止める理由を入れてください。")
        elif self.button.isEnabled():
            self._say(Decided(self.why.text()))


def _asked(act: Act, row: Outgoing | None) -> tuple[str, tuple[str, ...], str]:
    """The question, what comes of it, and the deed in a word."""
    match act:
        case RetryAsked():
            said = f"前の答え・理由：{row.answer}" if row and row.answer else ""
            warned = "中身を直したわけではないので、また同じ答えになることがあります。"
            return "もう一度送りますか", tuple(filter(None, (said, warned))), "もう一度送る"
        case StopAsked():
            stays = "もう一度送るまで、市役所には届きません。この端末には残ります。"
            return "送るのを止めておきますか", (stays, "止める理由"), "止めておく"
        case FateAsked(_, fate):
            words = FATES[fate]
            return f"この紙は「{words}」でよろしいですか", (_FATE[fate],), f"「{words}」と記録する"


def _column(page: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 8, 0, 0)
    column.setSpacing(10)
    return column
