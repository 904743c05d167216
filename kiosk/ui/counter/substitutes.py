"""A character without its shape here: the clerk looks at what could stand in, and decides."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from kiosk.domain.counter import Closed, DeskEvent, Missing, SubstitutesAgreed, Substituting
from kiosk.ui.counter.names import NameButton, Names
from printing.faults import named

SIZE = 56
_MOST = 9


class ShapeButton(NameButton):
    """One proposal, large enough to be compared with the paper in the clerk's hand."""

    SIZE, PAD = SIZE, 18


class SubstitutesPage(QWidget):
    """Nothing is chosen beforehand: each character is looked at, or the paper is not made."""

    def __init__(self, say: Callable[[DeskEvent], None], names: Names, state: Substituting) -> None:
        super().__init__()
        self._say, self._names, self._missing = say, names, state.missing
        self._chosen: dict[str, str] = {}
        self.proposals: dict[tuple[str, str], QPushButton] = {}
        column = QVBoxLayout(self)
        column.addStretch(1)
        for words, look in (
            ("印刷できない文字があります", "large"),
            ("登録された字体を、この市の文字のファイルでは印刷できません。", "plain"),
            ("本人と確かめて、代わりの字体を選んでください。", "plain"),
            ("選んだ字体は番号とともに記録され、証明書にも記されます。", "plain"),
        ):
            column.addWidget(_line(words, look), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(24)
        grid = QGridLayout()
        grid.setHorizontalSpacing(28)
        grid.setVerticalSpacing(20)
        for each in state.missing:
            self._row(grid, each)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addLayout(grid)
        middle.addStretch(1)
        column.addLayout(middle)
        column.addSpacing(24)
        column.addLayout(self._feet())
        column.addStretch(2)

    def _row(self, grid: QGridLayout, asked: Missing) -> None:
        row = grid.rowCount()
        codes = " ".join(f"U+{ord(c):04X}" for c in asked.character)
        grid.addWidget(_line(f"登録　{codes}", "number"), row, 0)
        proposals = QHBoxLayout()
        for instead in asked.instead[:_MOST]:
            button = ShapeButton(instead, self._names, self)
            button.setObjectName("shape")
            button.setCheckable(True)
            button.setAccessibleName(f"{named(asked.character)} を {named(instead)} で表す")
            button.clicked.connect(partial(self._choose, asked.character, instead))
            self.proposals[asked.character, instead] = button
            proposals.addWidget(button)
        proposals.addStretch(1)
        grid.addLayout(proposals, row, 1)

    def _feet(self) -> QHBoxLayout:
        feet = QHBoxLayout()
        self.agree = QPushButton("この字体で印刷する　Enter")
        self.agree.setObjectName("primary")
        self.agree.setEnabled(False)
        self.agree.clicked.connect(self._agree)
        self.give_up = QPushButton("印刷しない　Esc")
        self.give_up.clicked.connect(self._close)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QShortcut(QKeySequence(key), self, self._agree)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._close)
        feet.addStretch(1)
        feet.addWidget(self.give_up)
        feet.addSpacing(24)
        feet.addWidget(self.agree)
        feet.addStretch(1)
        return feet

    def _choose(self, character: str, instead: str, *_: object) -> None:
        self._chosen[character] = instead
        for (of, proposal), button in self.proposals.items():
            if of == character:
                button.setChecked(proposal == instead)
        self.agree.setEnabled(len(self._chosen) == len(self._missing))

    @Slot()
    def _agree(self) -> None:
        if self.agree.isEnabled():
            self._say(SubstitutesAgreed(tuple(self._chosen.items())))

    @Slot()
    def _close(self) -> None:
        self._say(Closed())


def _line(words: str, look: str) -> QLabel:
    line = QLabel(words)
    line.setObjectName(look)
    return line
