"""同意を聞く: who it is, then one purpose after another, read out or turned to the resident."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from forms.person import PARTS
from kiosk.domain.agreement import Word
from kiosk.domain.counter import Agreeing, AskingSkipped, DeskEvent, PurposeAnswered
from kiosk.domain.desk import Desk
from kiosk.domain.events import WentBack
from kiosk.ui.counter.lines import Words, line, primary
from kiosk.ui.counter.person import PersonFields
from kiosk.ui.texts import Texts

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ANSWERS = (("はい", Word.GIVEN), ("いいえ", Word.REFUSED), ("聞いていない", None))
_EQUAL = (260, 64)


class AgreePage(QWidget):
    """Nothing is chosen beforehand, and three answers of one size; a digit and Return."""

    def __init__(
        self, say: Callable[[DeskEvent], None], texts: Texts, desk: Desk, state: Agreeing
    ) -> None:
        super().__init__()
        self._say, self._texts, self._desk, self._state = say, texts, desk, state
        self.answers: list[QPushButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 0, 0)
        self._column.setSpacing(10)
        number, of = len(state.said) + 1, len(state.purposes)
        step = f"　{number}／{of}" if state.seen is not None else ""
        self._line(f"{desk.forms[state.editing.form].label}　同意を聞く{step}", "title")
        if state.seen is None:
            self._who(of)
        else:
            self._ask()
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._back)

    def _who(self, of: int) -> None:
        """As the card says it: the same marks a person bears at every terminal."""
        self._line(f"情報を伝えてよいか、本人に{of}つ聞きます。", "plain")
        self._line("カードに書いてあるとおりか見て、ちがうところを直してください。", "plain")
        self.person = PersonFields(self._state.known, self._next)
        self._column.addWidget(self.person)
        words = self._texts("agree.stranger") if self._state.stranger else ""
        self.button = primary("聞きはじめる　Ctrl+Enter", self._begin)
        self.skip = QPushButton("聞かないで申請する　F4")
        self.skip.clicked.connect(self._skip)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addWidget(self.skip)
        row.addStretch(1)
        self._column.addLayout(row)
        self.wrong = self._line(words, "wrong")
        for key in _ENTER:
            QShortcut(QKeySequence(Qt.Modifier.CTRL | key), self, self._begin)
        QShortcut(QKeySequence(Qt.Key.Key_F4), self, self._skip)
        self._column.addStretch(1)
        self._line(
            "Tab 次の欄　　Ctrl+Enter 聞きはじめる　　F4 カードがないので聞かない　　"
            "Esc 申請にもどる",
            "quiet",
        )
        self.setFocusProxy(self.person)

    def _ask(self) -> None:
        """Who gets what, for what, until when; in the words of the kiosk's page."""
        self._line(self._texts("consent.title"), "large")
        self._line(self._desk.purposes.say("title", self._state.purpose.id, "ja"), "lead")
        self._column.addLayout(self._told())
        self._column.addSpacing(8)
        for key in ("consent.free", "agree.back"):
            self._line(self._texts(key), "plain")
        self._column.addSpacing(16)
        row = QHBoxLayout()
        row.setSpacing(16)
        for number, (words, _) in enumerate(_ANSWERS, 1):
            answer = QPushButton(f"{number}　{words}")
            answer.setObjectName("answer")
            answer.setCheckable(True)
            answer.setFixedSize(*_EQUAL)
            answer.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # every one of them has a key
            choose = partial(self._choose, number - 1)
            answer.clicked.connect(choose)
            QShortcut(QKeySequence(str(number)), self, choose)
            self.answers.append(answer)
            row.addWidget(answer)
        row.addStretch(1)
        self._column.addLayout(row)
        self.wrong = self._line("", "wrong")
        last = len(self._state.said) + 1 == len(self._state.purposes)
        deed = "申請する" if last else "次を聞く"
        self.button = primary(f"{deed}　Enter", self._answer)
        self._column.addWidget(self.button)
        self._column.addStretch(1)
        for enter in _ENTER:
            QShortcut(QKeySequence(enter), self, self._answer)
        self._line(
            f"1 はい　　2 いいえ　　3 聞いていない（伝えません）　　Enter {deed}　　Esc もどる",
            "quiet",
        )

    def _told(self) -> QGridLayout:
        purpose, say = self._state.purpose, self._desk.purposes.say
        until = purpose.until(self._desk.now().date())
        day = {"year": until.year, "month": until.month, "day": until.day}
        grid = QGridLayout()
        grid.setHorizontalSpacing(28)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(1, 1)
        for row, (key, words) in enumerate(
            (
                ("who", say("who", purpose.id, "ja")),
                ("what", self._texts("consent.and").join(self._fields())),
                ("why", say("why", purpose.id, "ja")),
                ("until", self._texts("consent.day", **day)),
            )
        ):
            name, said = QLabel(self._texts(f"consent.{key}")), Words(words)
            said.setObjectName("number")
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(said, row, 1)
        return grid

    def _fields(self) -> list[str]:
        """In the form's own words, so that no less is promised than is given."""
        form = self._desk.forms[self._state.editing.form]
        labels = {item.id: item.label for item in form.fields}
        named = [
            labels.get(each) or self._texts(f"fact.{each}")
            for each in self._state.purpose.shares
            if each in labels or each in PARTS
        ]
        return list(dict.fromkeys(named))

    def _line(self, words: str, look: str) -> QLabel:
        return line(self._column, words, look)

    def _choose(self, place: int, *_: object) -> None:
        for number, answer in enumerate(self.answers):
            answer.setChecked(number == place)
        self.wrong.setText("")

    @Slot()
    def _answer(self) -> None:
        chosen = [place for place, each in enumerate(self.answers) if each.isChecked()]
        if chosen:
            self._say(PurposeAnswered(self._state.purpose.id, _ANSWERS[chosen[0]][1]))
        else:
            self.wrong.setText("1・2・3 のどれかを選んでください。")

    @Slot()
    def _next(self) -> None:
        self.focusNextChild()

    @Slot()
    def _begin(self) -> None:
        said = self.person.said()
        if isinstance(said, str):
            self.wrong.setText(said)
        else:
            self._say(said)

    @Slot()
    def _skip(self) -> None:
        self._say(AskingSkipped())

    @Slot()
    def _back(self) -> None:
        self._say(WentBack())
