"""Any form, dense: every question that stands on one sheet, in the order of the form."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from forms.definition import Channel, Then
from forms.kinds.attached import Attachment
from kiosk.domain.counter import (
    Brought,
    Closed,
    DeskEvent,
    Editing,
    HandedIn,
    IdentityChecked,
    Settled,
    Typed,
)
from kiosk.domain.desk import Desk
from kiosk.ui.counter.canvas import Canvas
from kiosk.ui.counter.editors import Postcodes
from kiosk.ui.counter.problems import sentences
from kiosk.ui.counter.rows import Rows
from kiosk.ui.counter.side import Side
from kiosk.ui.kit.lettering import Lettering
from kiosk.ui.texts import Texts

_KEYS = (
    "＊ 必須　　Enter・Tab 次へ　　数字・頭文字 えらぶ　　Y・N はい・いいえ"
    "　　Alt+A 追加　　Alt+D 行の削除　　Ctrl+Z 元に戻す　　F8 次の誤り"
)
_SIDE_SHARE, _SIDE_LEAST, _SIDE_MOST = 0.2, 280, 360


class FormSheet(QWidget):
    """Questions on the left, what follows from them on the right; all by keyboard."""

    def __init__(
        self,
        say: Callable[[DeskEvent], None],
        texts: Texts,
        desk: Desk,
        state: Editing,
        postcodes: Postcodes,
        letters: Lettering,
    ) -> None:
        super().__init__()
        self._say, self._desk, self._form = say, desk, desk.forms[state.form]
        self._texts = texts
        self._state, self._submitting, self._touched = state, False, False
        self.rows = Rows(self._typed)
        self.canvas = Canvas(
            self._form, texts, postcodes, self._typed, self._settled, self.rows, letters
        )
        self.canvas.brought = self._brought
        costs = any(Channel.COUNTER in fee.channels for fee in self._form.definition.fees)
        self.side = Side(asks_identity=desk.asks_identity(self._form), costs=costs)
        self.side.identity.setChecked(state.identity_checked)
        self.side.connect_to(self._identity, self._submit, self._back)
        self._lay_out()
        self._keys()
        self.refresh(state)
        self._first = self.canvas.first() or self.stops()[0]
        self.setFocusProxy(self._first)

    def _lay_out(self) -> None:
        title = QLabel(self._form.label)
        title.setObjectName("title")
        law = QLabel(self._form.definition.law)
        law.setObjectName("quiet")
        head = QHBoxLayout()
        head.setSpacing(20)
        head.addWidget(title)
        head.addWidget(law, 1, Qt.AlignmentFlag.AlignBottom)
        self._area = QScrollArea()
        self._area.setWidget(self.canvas)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addLayout(head)
        left.addWidget(self._area, 1)
        keys = QLabel(_KEYS)
        keys.setObjectName("quiet")
        left.addWidget(keys)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        row.addLayout(left, 1)
        row.addWidget(self.side)

    def _keys(self) -> None:
        for key, act in (
            ("F9", self._submit),
            ("Esc", self._back),
            ("F8", self._next_problem),
            ("Alt+A", self._add),
            ("Alt+D", self._remove),
            ("Ctrl+Z", self._undo),
        ):
            QShortcut(QKeySequence(key), self, act)

    @property
    def fields(self) -> dict[str, QWidget]:
        """The editor of every field that stands, by its path."""
        return {cell.path: cell.editor.widget for cell in self.canvas.standing}

    @property
    def submit(self) -> QPushButton:
        """Hands the form in."""
        return self.side.submit

    @property
    def identity(self) -> QCheckBox:
        """Who it is was seen, where the form itself does not ask for it."""
        return self.side.identity

    def shows(self, state: Editing) -> bool:
        """Whether this is the sheet of that state's form."""
        return state.form == self._state.form and state.parent == self._state.parent

    def refresh(self, state: Editing) -> None:
        """Fields, reasons and what follows, as the answers stand now; the focus stays."""
        self._state = state
        standing = self._form.stand(state.answers.values, self._desk.occasion())
        self.canvas.refresh(state, standing)
        verdicts = self._form.verdicts
        self.side.tell(
            verdicts.quote(standing),
            verdicts.blocked(standing),
            verdicts.found(standing, Then.NOTICE),
            verdicts.papers(standing),
            sentences(self._form, state.problems, self._texts),
        )
        missing = any(problem.field == "identity" for problem in state.problems)
        self.side.identity_reason.setVisible(missing and not self.side.identity.isHidden())
        if self._submitting and state.problems:
            self._submitting = False
            self._go(self.canvas.wrong()[:1])

    def stops(self) -> list[QWidget]:
        """Where the focus stops: the form's own order, then the way out."""
        return [*self.canvas.stops(), *self.side.stops()]

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 (Qt's shape)
        """The focus follows the form, whenever its fields were made."""
        stops = self.stops()
        here = QApplication.focusWidget()
        place = stops.index(here) if here in stops else -1 if forward else 0
        self._go([stops[(place + (1 if forward else -1)) % len(stops)]])
        return True

    def _go(self, to: list[QWidget]) -> None:
        for widget in to:
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            if self.canvas.isAncestorOf(widget):
                self._area.ensureWidgetVisible(widget, 0, 90)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return goes on, presses a button, or does what the field does with it."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        here = QApplication.focusWidget()
        if isinstance(here, QPushButton):
            here.click()
        elif not self.canvas.enter(here):
            self.focusNextPrevChild(True)

    def showEvent(self, event: QShowEvent) -> None:
        """Where to begin must be in sight, however long the form is."""
        super().showEvent(event)
        self._go([self._first])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The side takes a fifth."""
        super().resizeEvent(event)
        side = max(_SIDE_LEAST, min(_SIDE_MOST, int(self.width() * _SIDE_SHARE)))
        self.side.setFixedWidth(side)

    def _typed(self, path: str, value: Any) -> None:
        self._touched = True
        self.side.leaving.hide()
        self._say(Typed(path, value))

    def _brought(self, attachment: Attachment) -> None:
        self._say(Brought(attachment))

    def _settled(self, fact: Any) -> None:
        self._say(Settled(fact))

    def _identity(self, checked: bool) -> None:  # noqa: FBT001 (Qt calls it)
        self._say(IdentityChecked(checked))

    @Slot()
    def _submit(self) -> None:
        self._submitting = True
        self._say(HandedIn())

    @Slot()
    def _back(self) -> None:
        """Back at once if nothing was typed here; else the second time."""
        if self._touched and self.side.leaving.isHidden():
            self.side.leaving.show()
        else:
            self._say(Closed())

    @Slot()
    def _next_problem(self) -> None:
        """On to the next field that has to be mended."""
        wrong = self.canvas.wrong()
        stops = self.stops()
        here = QApplication.focusWidget()
        place = stops.index(here) if here in stops else -1
        after = [each for each in wrong if stops.index(each) > place]
        self._go((after or wrong)[:1])

    @Slot()
    def _add(self) -> None:
        """Another row where the focus is, or in the next section that has rows."""
        box = self.canvas.rows_at(QApplication.focusWidget())
        if box is not None and box.add.isEnabled():
            self.rows.add(box.section.id)
            row = box.rows[box.shown - 1]
            self._go([stop for cell in row.cells for stop in cell.stops()][:1])

    @Slot()
    def _remove(self) -> None:
        """The row that the focus is in."""
        here = QApplication.focusWidget()
        box = self.canvas.rows_at(here)
        if here is None or box is None:
            return
        for row in [row for row in box.rows[: box.shown] if row.isAncestorOf(here)]:
            row.remove.click()

    @Slot()
    def _undo(self) -> None:
        self.rows.undo()
