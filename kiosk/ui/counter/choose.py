"""どの手続きですか: every procedure of this counter, found by typing a part of its name."""

import re
import unicodedata
from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from forms.definition import Channel
from forms.form import Form

CATEGORIES = {
    "certificate": "証明書",
    "move": "引っ越し・くらし",
    "family": "子育て",
    "insurance": "健康保険",
    "care": "介護",
    "tax": "税",
    "disaster": "災害",
    "facility": "施設",
    "voice": "声・相談",
    "other": "そのほか",
}
_RUBY = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")
_COLUMNS = 3
_KEYS = "文字でさがす　　↑↓←→ えらぶ　　Enter 始める　　Esc 一覧にもどる"
_STEPS: Mapping[int, tuple[int, int]] = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


def plain(text: str) -> str:
    """Words as they are compared: one width, hiragana, small letters, no gaps."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    kana = (chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in folded)
    return re.sub(r"[\s・（）()]", "", "".join(kana))


def reading(marked: str) -> str:
    """Words with their readings marked, [漢字|かんじ], as they are read."""
    return plain(_RUBY.sub(r"\2", marked))


class Choice(QPushButton):
    """One procedure."""

    def __init__(self, form: Form, read: str) -> None:
        super().__init__(form.label)
        self.form = form
        self.category = CATEGORIES.get(form.definition.category, CATEGORIES["other"])
        self._words = (plain(form.label), plain(self.category), reading(read), plain(form.id))
        self.setObjectName("procedure")
        self.setToolTip(f"{form.label}\n{form.definition.law}")

    def matches(self, typed: str) -> bool:
        """Whether every word typed is part of its name, kana or category."""
        parts = [plain(part) for part in re.split(r"[\s\u3000]+", typed)]
        return all(any(part in words for words in self._words) for part in parts)


class Search(QLineEdit):
    """What is typed; the arrows are for the choices."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """An arrow goes to the page."""
        if event.key() in _STEPS:
            event.ignore()
        else:
            super().keyPressEvent(event)


class ChoosePage(QWidget):
    """Typing narrows the choice, arrows move, Return begins, Escape goes back."""

    chosen = Signal(str)
    left = Signal()

    def __init__(self, forms: Mapping[str, Form], readings: Mapping[str, str]) -> None:
        super().__init__()
        offered = [f for f in forms.values() if Channel.COUNTER in f.definition.channels]
        order = list(CATEGORIES)
        offered.sort(key=lambda f: (_place(order, f.definition.category), f.label))
        self.choices = [Choice(form, readings.get(form.id, "")) for form in offered]
        self.shown: list[list[Choice]] = []
        self.current: Choice | None = None
        self.search = Search()
        self.search.setObjectName("search")
        self.search.setPlaceholderText("名前かよみの一部（例　じゅうみん、転入、ほけん）")
        self.search.setAccessibleName("手続きをさがす")
        self.search.textChanged.connect(self._narrow)
        self.search.returnPressed.connect(self._begin)
        self.nothing = QLabel("この名前の手続きはありません。")
        self.nothing.setObjectName("wrong")
        for choice in self.choices:
            choice.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            choice.clicked.connect(self._clicked)
        self._lay_out()
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.left.emit)
        self._narrow("")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        title = QLabel("どの手続きですか")
        title.setObjectName("title")
        column.addWidget(title)
        column.addWidget(self.search)
        self.nothing.hide()
        column.addWidget(self.nothing)
        inner = QWidget()
        self._grid = QGridLayout(inner)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._headings: dict[str, QLabel] = {}
        for name in dict.fromkeys(choice.category for choice in self.choices):
            heading = QLabel(name, inner)
            heading.setObjectName("category")
            self._headings[name] = heading
        for choice in self.choices:
            choice.setParent(inner)
        self._area = area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.addWidget(area, 1)
        keys = QLabel(_KEYS)
        keys.setObjectName("quiet")
        column.addWidget(keys)

    def begin(self) -> None:
        """Ready to type."""
        self.search.clear()
        self.search.setFocus()

    @Slot(str)
    def _narrow(self, typed: str) -> None:
        """Only what matches, category by category."""
        while self._grid.takeAt(0) is not None:
            pass
        self.shown, row = [], 0
        for name, heading in self._headings.items():
            found = [c for c in self.choices if c.category == name and c.matches(typed)]
            heading.setVisible(bool(found))
            if found:
                self._grid.addWidget(heading, row, 0, Qt.AlignmentFlag.AlignTop)
            for place in range(0, len(found), _COLUMNS):
                line = found[place : place + _COLUMNS]
                for column, choice in enumerate(line, 1):
                    self._grid.addWidget(choice, row, column)
                self.shown.append(line)
                row += 1
        every = [choice for line in self.shown for choice in line]
        for choice in self.choices:
            choice.setVisible(choice in every)
        for column in range(1, _COLUMNS + 1):
            self._grid.setColumnStretch(column, 1)
        self._grid.setRowStretch(99, 1)
        self.nothing.setVisible(not every)
        self._move_to(every[0] if every else None)

    def _move_to(self, choice: Choice | None) -> None:
        for each in (self.current, choice):
            if each is not None:
                each.setProperty("current", each is choice)
                each.style().unpolish(each)
                each.style().polish(each)
        self.current = choice
        if choice is not None:
            self._area.ensureWidgetVisible(choice, 0, 20)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move through what is shown."""
        step = _STEPS.get(event.key())
        if step is None or self.current is None:
            super().keyPressEvent(event)
            return
        row = next(n for n, line in enumerate(self.shown) if self.current in line)
        column = self.shown[row].index(self.current)
        line = self.shown[max(0, min(row + step[0], len(self.shown) - 1))]
        self._move_to(line[max(0, min(column + step[1], len(line) - 1))])

    @Slot()
    def _begin(self) -> None:
        if self.current is not None:
            self.chosen.emit(self.current.form.id)

    @Slot()
    def _clicked(self) -> None:
        choice = self.sender()
        if isinstance(choice, Choice):
            self.chosen.emit(choice.form.id)


def _place(order: list[str], category: str) -> int:
    return order.index(category) if category in order else len(order)
