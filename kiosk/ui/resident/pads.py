"""Widgets that collect one answer: each emits it from its page, and forgets it with the page."""

import re
from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from forms.definition import Option
from forms.era import ERAS, parse_known, show_known
from forms.facts import Fact
from forms.kinds import Unreadable, parse
from forms.questions import Question
from kiosk.domain.events import Answered
from kiosk.ui.kit import tokens
from kiosk.ui.kit.button import Button, Look
from kiosk.ui.kit.kanaboard import draw_centred
from kiosk.ui.kit.keypad import Keypad
from kiosk.ui.kit.label import Label
from kiosk.ui.kit.words import lay_out, plain
from kiosk.ui.resident.page import Page
from kiosk.ui.texts import FormTexts, Texts

_WEST = "west"
_LETTERS = {letter: name for name, letter, _ in ERAS} | {"W": _WEST}
_MOST = {"phone": 11, "money": 9, "count": 9}


@dataclass(frozen=True)
class Asking:
    """One question as a page asks it."""

    question: Question
    options: tuple[Option, ...]
    value: object
    words: FormTexts
    disputed: tuple[Fact, ...] = ()


class Message(Label):
    """What is wrong, in words; its place is kept for the longest, so that nothing jumps."""

    def __init__(self, texts: Texts, *others: str) -> None:
        super().__init__("", tokens.SMALLEST, bold=True, colour=tokens.RED)
        reasons = (texts(key) for key in sorted(texts.keys()) if key.startswith("reason."))
        self._ever = (*reasons, *others)
        self._texts = texts

    def heightForWidth(self, width: int) -> int:
        """The height of the longest that may be said here."""
        blocks = (lay_out(words, self.size_, width, bold=True) for words in self._ever)
        return int(max(block.height for block in blocks)) + 2

    def say(self, words: str, colour: str = tokens.RED) -> None:
        """These words now, for eyes and for readers."""
        self.words, self.colour = words, colour
        self.setAccessibleName(plain(words))
        self.update()

    def refuse(self, reason: str) -> None:
        """Why this answer cannot be taken."""
        self.say(self._texts(f"reason.{reason}"))


def skip_button(page: Page, asking: Asking, *, short: bool = False) -> Button | None:
    """The quiet way past a question that need not be answered."""
    if asking.question.required:
        return None
    words = page.texts("board.skip" if short else "fill.skip")
    made = Button(words, Look.QUIET, size=tokens.SMALLEST)
    made.setObjectName("fill.skip")
    made.setAccessibleName(plain(page.texts("fill.skip")))
    answer = Answered(asking.question.path, None)
    made.clicked.connect(lambda: page.happened.emit(answer))
    return made


class Centred(Label):
    """One line in the middle of the place it has."""

    def __init__(self, size: int) -> None:
        super().__init__("", size, bold=True, centred=True)

    def show_words(self, words: str, name: str = "") -> None:
        """These words now, for eyes and for readers."""
        self.words = words
        self.setAccessibleName(name or plain(words))
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """The words, as far from the top as from the bottom."""
        draw_centred(QPainter(self), QRectF(self.rect()), self.block(), self.colour)


class Shown(Centred):
    """What has been typed, large, in a frame."""

    def heightForWidth(self, width: int) -> int:
        """One line, with room for the frame."""
        return super().heightForWidth(width) + 56

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame, then the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.BLUE_900), 4))
        painter.setBrush(QColor(tokens.WHITE))
        box = QRectF(self.rect()).adjusted(8, 8, -8, -8)
        painter.drawRoundedRect(box, tokens.RADIUS, tokens.RADIUS)
        painter.end()
        super().paintEvent(event)


class Switch(Button):
    """One of several that is on: white on blue, so that it is seen without colours too."""

    def __init__(self, words: str, height: int) -> None:
        super().__init__(words, Look.SECONDARY, size=tokens.BODY, height=height)
        self.setCheckable(True)
        self.setMinimumHeight(height)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def turn(self, *, on: bool) -> None:
        """On or off."""
        self.setChecked(on)
        self._look = Look.PRIMARY if on else Look.SECONDARY
        self.update()


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


class PartsPad(Pad):
    """Several short numbers, one after another: touch one to change it."""

    names: tuple[str, ...]
    most: tuple[int, ...]
    enough: int

    def __init__(self, page: Page, asking: Asking, digits: list[str]) -> None:
        self._digits, self._at, self._fresh = digits, 0, True
        self._unknown = len(digits)
        self._boxes = [
            Button("", Look.KEY, size=tokens.HEADING, hint=_under(page, name), height=124)
            for name in self.names
        ]
        super().__init__(page, asking)
        for place, box in enumerate(self._boxes):
            box.setCheckable(True)
            box.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            box.clicked.connect(partial(self._go, place))
        self._refresh()

    def tops(self) -> list[QWidget]:
        """The parts in a row."""
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        for box, wide in zip(self._boxes, (5, 4, 4), strict=False):
            line.addWidget(box, wide)
        return [row]

    def longest(self, place: int) -> int:
        """How many digits a part has at the most."""
        return 2 if place >= 0 else 0

    @Slot(str)
    def type(self, digit: str) -> None:
        """The next digit of this part; a part that can take no more gives way to the next."""
        at = self._at
        before = "" if self._fresh else self._digits[at]
        self._unknown, self._fresh = len(self._digits), False
        if len(before) < self.longest(at):
            self._digits[at] = before + digit
        done = len(self._digits[at]) == self.longest(at)
        done = done or (bool(self.most[at]) and int(self._digits[at]) * 10 > self.most[at])
        if done and at + 1 < len(self._digits):
            self._go(at + 1)
        else:
            self._refresh()

    @Slot()
    def erase(self) -> None:
        """The last digit goes; from an empty part, that of the part before."""
        self._unknown = len(self._digits)
        if not self._digits[self._at] and self._at:
            self._at -= 1
        self._digits[self._at] = self._digits[self._at][:-1]
        self._fresh = False
        self._refresh()

    @Slot()
    def enter(self) -> None:
        """On to the first part that is empty; with none left, the answer."""
        empty = next((at for at, given in enumerate(self._digits) if not given), None)
        if empty is None or empty >= self._unknown:
            self.answer(self.given())
        elif self._digits[self._at]:
            self._go(empty)
        elif empty >= self.enough:
            self.answer(self.given())
        else:
            self._go(empty)
            self.message.refuse("required")

    def given(self) -> str:
        """The parts as their kind reads them."""
        return ""

    def worded(self, place: int, digits: str) -> str:
        """A part with its unit."""
        return self.page.texts(self.names[place], digits=digits)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go from part to part."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._go(min(max(self._at + step, 0), len(self._digits) - 1))

    def _go(self, place: int, *_: object) -> None:
        self._at, self._fresh = place, True
        self._refresh()

    def _refresh(self) -> None:
        for place, (box, name) in enumerate(zip(self._boxes, self.names, strict=True)):
            digits = "－" if place >= self._unknown else self._digits[place]
            box.words = self.worded(place, digits)
            box.setChecked(place == self._at)
            box.setAccessibleName(f"{plain(self.page.texts(f'{name}.name'))} {digits}")
            box.update()
        self.message.say("")


class TimePad(PartsPad):
    """Hours and minutes."""

    names = ("time.hour", "time.minute")
    most = (23, 59)
    enough = 1

    def __init__(self, page: Page, asking: Asking) -> None:
        hour, _, minute = str(asking.value or ":").partition(":")
        super().__init__(page, asking, [hour, minute])

    def given(self) -> str:
        """09:30; no minutes are none."""
        return f"{self._digits[0]}:{self._digits[1].zfill(2)}"


class DatePad(PartsPad):
    """A day in an era or the Western calendar; where the form allows it, not all of it known."""

    names = ("date.year", "date.month", "date.day")
    most = (0, 12, 31)
    enough = 3

    def __init__(self, page: Page, asking: Asking) -> None:
        known = str(asking.value or "")
        self._era, digits = _split(known, western=page.texts.language == "en")
        self._eras: dict[str, Switch] = {}
        super().__init__(page, asking, [*digits, "", "", ""][:3])
        if known:
            self._unknown = len(digits)
        self._refresh()

    def sides(self) -> list[QWidget]:
        """The eras."""
        texts = self.page.texts
        names = [name for name, _, _ in ERAS]
        order = [_WEST, *names] if texts.language == "en" else [*names, _WEST]
        grid = QGridLayout()
        grid.setSpacing(0)
        for place, name in enumerate(order):
            made = Switch(texts(f"era.{name}"), 88)
            made.clicked.connect(partial(self._choose, name))
            self._eras[name] = made
            grid.addWidget(made, place // 3, place % 3)
        whole = QWidget()
        whole.setLayout(grid)
        grid.setContentsMargins(0, 0, 0, 0)
        return [whole]

    def others(self) -> list[Button]:
        """What is not known, where that is an answer."""
        if not self.field.partial:
            return []
        made = Button(self.page.texts("date.unknown"), Look.QUIET, size=tokens.SMALLEST)
        made.setObjectName("date.unknown")
        made.clicked.connect(self._forget)
        return [made]

    def may_say(self) -> list[str]:
        """The same day as the other calendar has it."""
        texts = self.page.texts
        return [texts("date.era"), texts("date.also", date=self._other("1988-12-31"))]

    def longest(self, place: int) -> int:
        """Western years have four digits."""
        return 4 if place == 0 and self._era == _WEST else 2

    @Slot(str)
    def type(self, digit: str) -> None:
        """A year without an era is a Western one."""
        if not self._era:
            self._choose(_WEST)
        super().type(digit)

    def given(self) -> str:
        """昭和19年5月3日, or what is known of it."""
        year, month, day = self._digits
        known = [f"{month}月", f"{day}日"][: max(self._unknown - 1, 0)]
        return ("" if self._era == _WEST else self._era) + f"{year}年" + "".join(known)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """An era by its letter: S19."""
        if (letter := event.text().upper()) in _LETTERS:
            self._choose(_LETTERS[letter])
        else:
            super().keyPressEvent(event)

    def _choose(self, era: str, *_: object) -> None:
        western, self._era = self._era == _WEST, era
        if (era == _WEST) != western:
            self._digits[0] = ""
        self._go(next((at for at, digits in enumerate(self._digits) if not digits), 0))

    @Slot()
    def _forget(self) -> None:
        """From this part on nothing is known; the year must be."""
        empty = next((at for at in (0, 1, 2) if not self._digits[at]), 2)
        if not empty:
            self._go(0)
            self.message.refuse("required")
            return
        self._unknown = min(self._at or empty, empty)
        self._digits[self._unknown :] = [""] * (3 - self._unknown)
        self._refresh()

    def _refresh(self) -> None:
        super()._refresh()
        for name, button in self._eras.items():
            button.turn(on=name == self._era)
        texts = self.page.texts
        if not self._era:
            self.message.say(texts("date.era"), tokens.GRAY_800)
        elif all(self._digits[: self._unknown]) and (known := parse_known(self.given())):
            self.message.say(texts("date.also", date=self._other(known)), tokens.GRAY_800)

    def worded(self, place: int, digits: str) -> str:
        """The year with its era: 昭和19年."""
        named = not place and self._era not in ("", _WEST)
        era = self.page.texts(f"era.{self._era}") if named else ""
        gap = " " if era.isascii() and era else ""
        return era + gap + super().worded(place, digits)

    def _other(self, known: str) -> str:
        """The date in the calendar that was not chosen."""
        western = self._era == _WEST
        if _under(self.page, self.names[0]):
            return show_known(known) if western else known
        era, parts = _split(known, western=not western)
        words = [PartsPad.worded(self, place, part) for place, part in enumerate(parts)]
        return (self.page.texts(f"era.{era}") if era != _WEST else "") + "".join(words)


def _split(known: str, *, western: bool) -> tuple[str, list[str]]:
    """The era and the parts of a stored date, as this reader writes them."""
    if not known:
        return (_WEST if western else ""), []
    year, *rest = (int(part) for part in known.split("-"))
    first = date(year, *[*rest, 1, 1][:2])
    era, began = next(((n, d) for n, _, d in ERAS if d <= first and not western), (_WEST, None))
    year = year - began.year + 1 if began else year
    return era, [str(part) for part in (year, *rest)]


def _under(page: Page, name: str) -> str:
    """The name of a part under it, where the language has no unit that follows the digits."""
    return "" if page.texts(name, digits="") else page.texts(f"{name}.name")


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
