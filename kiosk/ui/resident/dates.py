"""Dates and times, part by part: each shown large as it grows."""

from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from forms.era import ERAS, parse_known, show_known
from kiosk.ui.kit import tokens
from kiosk.ui.kit.button import Button, Look
from kiosk.ui.kit.words import plain
from kiosk.ui.resident.asked import Asking, Switch
from kiosk.ui.resident.pads import Pad
from kiosk.ui.resident.page import Page

_WEST = "west"


_LETTERS = {letter: name for name, letter, _ in ERAS} | {"W": _WEST}


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
