"""Widgets that collect one answer: each emits it from its page, and forgets it with the page."""

import re
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from forms.kinds import Unreadable, parse
from kiosk.domain.events import Answered
from kiosk.ui.kit import tokens
from kiosk.ui.kit.button import Button, Look
from kiosk.ui.kit.keypad import Keypad
from kiosk.ui.kit.words import plain
from kiosk.ui.resident.asked import Asking, Centred, Message, Shown, skip_button
from kiosk.ui.resident.page import Page

_MOST = {"phone": 11, "money": 9, "count": 9}


class Pad(QWidget):
    """A keypad, with what it writes above or beside it; digits may come from a keyboard too."""

    def __init__(self, page: Page, asking: Asking) -> None:
        super().__init__()
        self.page, self.asking, self.field = page, asking, asking.question.field
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.setAccessibleName(plain(asking.words.question(self.field)))
        self.message = Message(page.texts, *self.may_say())
        tall = 120 if page.shape.portrait else 116
        self.pad = Keypad(page.texts("pin.clear"), page.texts("fill.next"), tall)
        for key in (*self.pad.keys.values(), self.pad.clear_key, self.pad.enter_key):
            key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.pad.pressed.connect(self.type)
        self.pad.cleared.connect(self.erase)
        self.pad.entered.connect(self.enter)
        self._arrange()
        page.keyboard_first(self)

    def _arrange(self) -> None:
        """What is typed on top; the rest above the keypad in portrait, beside it in landscape."""
        portrait = self.page.shape.portrait
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(tokens.GAP)
        for part in self.tops():
            whole.addWidget(part)
        halves = QVBoxLayout() if portrait else QHBoxLayout()
        halves.setSpacing(tokens.GAP if portrait else self.page.shape.margin)
        column, keys = QVBoxLayout(), QVBoxLayout()
        column.setSpacing(12)
        for part in (*self.sides(), self.message):
            column.addWidget(part)
        keys.addWidget(self.pad)
        self.pad.setMaximumWidth(10_000)
        end = keys if portrait else column
        end.addStretch(1)
        end.addLayout(self._quiet())
        halves.addLayout(column, 0 if portrait else 1)
        halves.addLayout(keys, 1)
        whole.addLayout(halves, 1)

    def tops(self) -> list[QWidget]:
        """What stands over everything."""
        return []

    def sides(self) -> list[QWidget]:
        """What stands above the message."""
        return []

    def may_say(self) -> list[str]:
        """What the message may say besides reasons."""
        return []

    def others(self) -> list[Button]:
        """Ways on besides typing."""
        return []

    def _quiet(self) -> QHBoxLayout:
        row, others = QHBoxLayout(), self.others()
        skip = skip_button(self.page, self.asking, short=bool(others))
        row.setSpacing(tokens.GAP)
        for button in (*others, *([skip] if skip else [])):
            row.addWidget(button)
        return row

    @Slot(str)
    def type(self, digit: str) -> None:
        """A digit was pressed."""

    @Slot()
    def erase(self) -> None:
        """The last digit goes."""

    @Slot()
    def enter(self) -> None:
        """Next was pressed."""

    def answer(self, given: str) -> None:
        """Emit what was typed, or say why it cannot be taken."""
        try:
            value = parse(self.field, given)
        except Unreadable as fault:
            self.message.refuse(fault.reason)
            return
        if value == "":
            self.message.refuse("required")
            return
        self.page.happened.emit(Answered(self.asking.question.path, value))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A keyboard types as fingers do."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.enter()
        elif event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.erase()
        elif event.text() and event.text() in "0123456789":
            self.type(event.text())
        else:
            super().keyPressEvent(event)


class DigitPad(Pad):
    """A telephone number, an amount, or digits that are a name."""

    def __init__(self, page: Page, asking: Asking) -> None:
        field = asking.question.field
        self._digits = "" if asking.value is None else str(asking.value)
        self._most = field.length or _MOST.get(field.kind) or field.maximum or 30
        self._shown = Shown(tokens.HEADING + 12 if self._most <= 16 else tokens.LEAD)
        super().__init__(page, asking)
        self._refresh()

    def tops(self) -> list[QWidget]:
        """The digits, large."""
        return [self._shown]

    @Slot(str)
    def type(self, digit: str) -> None:
        """As many as there can be."""
        if len(self._digits) < self._most:
            self._digits += digit
        self._refresh()

    @Slot()
    def erase(self) -> None:
        """The last digit goes."""
        self._digits = self._digits[:-1]
        self._refresh()

    @Slot()
    def enter(self) -> None:
        """A number needs a digit."""
        self.answer(self._digits) if self._digits else self.message.refuse("required")

    def _refresh(self) -> None:
        self._shown.show_words(self._readable(), " ".join(self._digits))
        self.message.say("")

    def _readable(self) -> str:
        """As such numbers are written on paper."""
        digits = self._digits
        if self.field.kind in ("count", "money") and digits:
            words = "money.shown" if self.field.kind == "money" else "unit"
            return self.page.texts(words, count=f"{int(digits):,}")
        if self.field.kind == "phone" and re.match("0[5-9]0", digits):
            return "-".join(part for part in (digits[:3], digits[3:7], digits[7:]) if part)
        return digits


class Stepper(QWidget):
    """A small number with less and more beside it."""

    def __init__(self, page: Page, asking: Asking) -> None:
        super().__init__()
        self._page, self._asking, self._path = page, asking, asking.question.path
        field, value = asking.question.field, asking.value
        self._least = 0 if field.minimum is None else field.minimum
        self._most = 99 if field.maximum is None else field.maximum
        count = len(value) if isinstance(value, list) else value
        self._value = count if isinstance(count, int) else max(self._least, min(1, self._most))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(plain(asking.words.question(field)))
        self._number = Centred(tokens.DISPLAY)
        self._less = self._sign("−", -1)
        self._more = self._sign("+", 1)
        self.next_button = Button(page.texts("fill.next"), height=140)
        self.next_button.clicked.connect(self._go)
        self._arrange()
        self._refresh()
        page.keyboard_first(self)

    def _sign(self, sign: str, step: int) -> Button:
        made = Button(sign, Look.SECONDARY, size=tokens.DISPLAY, height=180)
        made.setFixedWidth(220)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.clicked.connect(partial(self._step, step))
        return made

    def _arrange(self) -> None:
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(48)
        row.setSpacing(48)
        row.addWidget(self._less)
        row.addWidget(self._number, 1)
        row.addWidget(self._more)
        column.addLayout(row)
        column.addWidget(self.next_button)
        if (skip := skip_button(self._page, self._asking)) is not None:
            column.addWidget(skip)

    def _step(self, step: int, *_: object) -> None:
        self._value = min(max(self._value + step, self._least), self._most)
        self._refresh()

    @Slot()
    def _go(self) -> None:
        self._page.happened.emit(Answered(self._path, self._value))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows count, a digit is the number, Enter goes on."""
        more = (Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Plus)
        less = (Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Minus)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go()
        elif event.key() in (*more, *less):
            self._step(1 if event.key() in more else -1)
        elif event.text() and event.text() in "0123456789":
            self._step(int(event.text()) - self._value)
        else:
            super().keyPressEvent(event)

    def _refresh(self) -> None:
        words = self._asking.words.counted(self._asking.question.field, self._value)
        self._number.show_words(words)
        self._less.setEnabled(self._value > self._least)
        self._more.setEnabled(self._value < self._most)
