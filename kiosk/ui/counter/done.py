"""What came of it: receipt, certificate, and everything else that has to be done."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from forms.definition import Channel
from forms.verdicts import Next
from kiosk.domain.counter import BegunNew, Closed, DeskEvent, Handled
from kiosk.domain.desk import Desk
from kiosk.ui.counter.side import airy
from kiosk.ui.texts import Texts

_MOST = 9


class DonePage(QWidget):
    """Number keys begin what follows, with everything that this visit knows."""

    def __init__(
        self, say: Callable[[DeskEvent], None], texts: Texts, desk: Desk, state: Handled
    ) -> None:
        super().__init__()
        self._say, self._desk = say, desk
        self.following: list[QPushButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        if not state.next:
            column.addStretch(2)
        for words, name in _told(texts, state):
            line = QLabel(words)
            line.setObjectName(name)
            column.addWidget(line, 0, Qt.AlignmentFlag.AlignHCenter)
        if state.next:
            column.addSpacing(16)
            column.addWidget(self._follow(state.next), 1)
        self.button = QPushButton("一覧にもどる　Enter")
        self.button.setObjectName("primary")
        self.button.setFixedWidth(420)
        self.button.clicked.connect(self._close)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            QShortcut(QKeySequence(key), self, self._close)
        column.addSpacing(12)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        if not state.next:
            column.addStretch(3)
        self.setFocusProxy(self.button)

    def _follow(self, several: tuple[Next, ...]) -> QWidget:
        """What is ours first, with its keys; then what is done elsewhere."""
        ours = [each for each in several if self._ours(each)]
        elsewhere = [each for each in several if not self._ours(each)]
        inner = QWidget()
        inner.setMaximumWidth(1240)
        grid = QGridLayout(inner)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(2, 1)
        _heading(grid, "続けてする手続き（入力した内容はそのまま使います）", ours)
        for number, each in enumerate(ours, 1):
            self._one(grid, each, number)
        _heading(grid, "ほかの窓口・機関でする手続き", elsewhere)
        for each in elsewhere:
            self._one(grid, each, 0)
        grid.setRowStretch(grid.rowCount(), 1)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        return area

    def _ours(self, each: Next) -> bool:
        form = self._desk.forms.get(each.followup.form)
        return form is not None and Channel.COUNTER in form.definition.channels

    def _one(self, grid: QGridLayout, each: Next, number: int) -> None:
        row = grid.rowCount()
        whose = f"（{each.row + 1}人目）" if each.row is not None else ""
        words = f"{each.followup.label}{whose}"
        if number:
            key = str(number) if number <= _MOST else ""
            button = QPushButton(f"{key}　{words}" if key else words)
            button.setObjectName("next")
            begin = partial(self._begin, each.followup.form)
            button.clicked.connect(begin)
            if key:
                QShortcut(QKeySequence(key), self, begin)
            self.following.append(button)
            grid.addWidget(button, row, 0, 1, 2)
        else:
            label = QLabel(words)
            label.setObjectName("elsewhere")
            grid.addWidget(label, row, 0, 1, 2)
        why = QLabel(airy(each.followup.because))
        why.setWordWrap(True)
        grid.addWidget(why, row, 2)
        law = QLabel(each.followup.law or "")
        law.setObjectName("quiet")
        law.setWordWrap(True)
        law.setFixedWidth(330)
        grid.addWidget(law, row, 3)

    def _begin(self, form: str, *_: object) -> None:
        self._say(BegunNew(form))

    @Slot()
    def _close(self) -> None:
        self._say(Closed())


def _told(texts: Texts, state: Handled) -> list[tuple[str, str]]:
    """What happened, its numbers, and what becomes of the application."""
    fine = state.fault is None
    done = "発行しました" if state.number else "受け付けました"
    told = [(done if fine else texts(f"apology.{state.fault}"), "large")]
    if not state.receipt:
        return [*told, ("申請は保存されていません。もう一度お試しください。", "plain")]
    told.append((f"受付番号　{state.receipt}", "number"))
    if state.number:
        told.append((f"証明書番号　{state.number}", "plain"))
    if state.unasked:
        told.append((texts(f"agree.unasked.{state.unasked}"), "plain"))
    if not fine:
        told.append(("申請は端末に保存されています。つながり次第、送ります。", "plain"))
    return told


def _heading(grid: QGridLayout, words: str, several: list[Next]) -> None:
    if several:
        heading = QLabel(words)
        heading.setObjectName("heading")
        grid.addWidget(heading, grid.rowCount(), 0, 1, 4)
