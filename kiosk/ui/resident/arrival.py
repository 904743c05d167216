"""The pages from the start to the card: start, language, procedure, card, PIN."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from forms.words import LANGUAGES
from kiosk.domain.events import (
    ConsentsWanted,
    LanguageChosen,
    LastTryAgreed,
    Left,
    PinEntered,
    ProcedureChosen,
    Started,
)
from kiosk.domain.notices import Kind, Notice
from kiosk.domain.pin import Pin
from kiosk.domain.session import Journey
from kiosk.domain.states import Choosing, EnteringPin, Greeting, Identifying, Idle, Reading
from kiosk.ui.kit import tokens
from kiosk.ui.kit.button import Look
from kiosk.ui.kit.keypad import Keypad
from kiosk.ui.kit.label import Label
from kiosk.ui.kit.picture import Picture
from kiosk.ui.kit.words import plain
from kiosk.ui.resident.news import MOST, told
from kiosk.ui.resident.page import Page
from kiosk.ui.resident.strip import Strip, Tone
from kiosk.ui.texts import FormTexts, Texts

PIN_LENGTH = 4

_FEW = 3


def start(page: Page, _: Idle, journey: Journey, notices: Sequence[Notice] = ()) -> None:
    """No trace of anyone: one thing to touch, and over it what everybody should know."""
    strips = ([] if journey.up else [_line_down(page)]) + told(page.texts, notices[:MOST])
    for strip in strips[:MOST]:
        page.body.addWidget(strip)
    page.body.addStretch(1)
    if page.shape.portrait or not strips:
        page.body.addWidget(Picture("house", 200))
    page.body.addWidget(Label(page.texts("start.title"), tokens.DISPLAY, bold=True, centred=True))
    tight = not page.shape.portrait and len(strips) >= MOST
    if not tight:
        page.body.addWidget(Label(page.texts("start.sentence"), tokens.HEADING, centred=True))
    page.body.addStretch(1)
    tall = 150 if tight else 220
    touch = page.button("start.touch", Started(), size=tokens.HEADING, height=tall)
    page.body.addWidget(touch)
    for line in ("やさしい日本語", "English"):
        page.body.addWidget(Label(line, tokens.LEAD, colour=tokens.GRAY_800, centred=True))
    page.body.addStretch(1)
    page.feet(leave=False)


def language(page: Page, _: Greeting, every: dict[str, Texts]) -> None:
    """Each language in its own name."""
    page.body.addWidget(Label(page.texts("language.title"), tokens.HEADING, bold=True))
    page.body.addWidget(Label("Choose your language", tokens.LEAD, colour=tokens.GRAY_800))
    for code in LANGUAGES:
        page.body.addWidget(
            page.choice(
                every[code]("language"), LanguageChosen(code), symbol="language", height=180
            )
        )
    page.body.addStretch(1)
    page.feet()


def choose(page: Page, state: Choosing, journey: Journey, notices: Sequence[Notice] = ()) -> None:
    """The procedures that residents may choose here, two beside each other where there are many."""
    page.heading("choose.title")
    urgent = told(page.texts, [each for each in notices if each.kind is Kind.ALERT][:1])
    if journey.up and urgent:
        page.body.addWidget(urgent[0])
    elif journey.up:
        page.say("choose.sentence")
    else:
        page.body.addWidget(_line_down(page, state.away and _title(page, journey, state.away)))
    forms = journey.offered()
    few = len(forms) <= _FEW
    columns = 1 if few and page.shape.portrait else 2
    tall = (220 if few else 180) if page.shape.portrait else 150 if few else 120
    grid = QGridLayout()
    grid.setSpacing(tokens.GAP if few or page.shape.portrait else tokens.GAP // 2)
    for column in range(columns):
        grid.setColumnStretch(column, 1)
    for place, form in enumerate(forms):
        cannot, words = journey.cannot(form), FormTexts(journey.words[form], page.texts)
        not_now = page.texts("line.not-now") if cannot else ""
        tile = page.choice(
            words.title(),
            ProcedureChosen(form),
            symbol="offline" if cannot else "document",
            hint=(not_now or words.hint()) if few else "",
            height=tall,
            look=Look.AWAY if cannot else Look.TILE,
        )
        if cannot:
            tile.setAccessibleDescription(plain(not_now))
        if not few:
            tile.size_ = tokens.BODY
        grid.addWidget(tile, place // columns, place % columns)
    page.body.addLayout(grid)
    page.body.addStretch(1)
    if journey.purposes.every:
        quiet = tokens.SMALLEST + 2
        wanted = page.button("choose.consents", ConsentsWanted(), Look.QUIET, size=quiet)
        (page.body if page.shape.portrait else page.rail).addWidget(wanted)
    page.feet(back=True)


def _line_down(page: Page, away: str | None = None) -> Strip:
    """The office is away; what was asked for and cannot be had is told with what to do instead."""
    if away:
        return Strip(
            Tone.NOTICE,
            "offline",
            page.texts("line.away", procedure=away),
            page.texts("line.away.do"),
        )
    return Strip(Tone.CALM, "offline", page.texts("line.down"), page.texts("line.down.sentence"))


def _title(page: Page, journey: Journey, form: str) -> str:
    return FormTexts(journey.words[form], page.texts).title()


def identify(page: Page, state: Identifying) -> None:
    """A card on the reader, or a code from home; of several symbols, how many were read."""
    if state.of:
        page.heading("identify.part", have=state.have, of=state.of)
        page.say("identify.next-part", size=tokens.LEAD)
        page.body.addStretch(1)
        page.body.addWidget(Picture("phone-code", 420))
        page.body.addStretch(2)
        page.feet(back=True)
        return
    page.heading("identify.title")
    page.say("identify.sentence", size=tokens.LEAD)
    tall = 420 if page.shape.portrait else 300
    page.body.addStretch(1)
    page.body.addWidget(Picture("place-card", tall))
    page.body.addStretch(1)
    if state.form is None:
        page.say("identify.consents")
        page.body.addStretch(1)
        page.feet(back=True)
        return
    row = QHBoxLayout()
    row.setSpacing(tokens.GAP)
    code = Picture("phone-code", 150)
    code.setFixedWidth(250)
    row.addWidget(code)
    row.addWidget(Label(page.texts("identify.code"), tokens.BODY), 1)
    page.body.addLayout(row)
    page.body.addStretch(1)
    page.feet(back=True)


def _ask_first(page: Page) -> None:
    """The last try needs a yes, for nobody wants a locked card by surprise."""
    page.heading("pin.ask.title")
    page.body.addStretch(1)
    page.body.addWidget(Picture("warning", 280, tokens.ORANGE))
    page.body.addStretch(1)
    page.say("pin.ask.sentence", size=tokens.LEAD)
    row = QVBoxLayout() if page.shape.portrait else QHBoxLayout()
    row.setSpacing(tokens.GAP)
    row.addWidget(page.button("pin.ask.no", Left(), height=160))
    row.addWidget(page.button("pin.ask.yes", LastTryAgreed(), Look.SECONDARY, height=160))
    page.body.addLayout(row)
    page.feet(leave=False)


def enter_pin(page: Page, state: EnteringPin) -> None:
    """How many tries are left is said before the first digit."""
    if state.asks_first:
        _ask_first(page)
        return
    left, right = _halves(page)
    heading = tokens.HEADING if page.shape.portrait else tokens.HEADING - 6
    left.addWidget(Label(page.texts("pin.title"), heading, bold=True))
    left.addWidget(Label(page.texts("pin.sentence"), tokens.BODY, colour=tokens.GRAY_800))
    if state.refused:
        left.addWidget(Label(page.texts("pin.refused"), tokens.BODY, bold=True, colour=tokens.RED))
    words = "pin.last" if state.attempts_left == 1 else "pin.left"
    alarm = tokens.RED if state.attempts_left == 1 else tokens.GRAY_900
    left.addWidget(
        Label(page.texts(words, count=state.attempts_left), tokens.BODY, bold=True, colour=alarm)
    )
    left.addStretch(1)
    right.addWidget(PinPad(page), 0, Qt.AlignmentFlag.AlignHCenter)
    right.addStretch(1)
    page.feet()


def reading(page: Page, _: Reading) -> None:
    """The card must stay."""
    page.heading("reading.title")
    page.say("reading.sentence", size=tokens.LEAD)
    page.body.addStretch(1)
    page.body.addWidget(Picture("place-card", 360))
    page.body.addStretch(2)
    page.feet(leave=False)


def _halves(page: Page) -> tuple[QVBoxLayout, QVBoxLayout]:
    """Two columns in landscape; one below the other in portrait."""
    if page.shape.portrait:
        return page.body, page.body
    row = QHBoxLayout()
    row.setSpacing(page.shape.margin)
    left, right = QVBoxLayout(), QVBoxLayout()
    left.setSpacing(tokens.GAP)
    row.addLayout(left, 1)
    row.addLayout(right, 1)
    page.body.addLayout(row, 1)
    return left, right


class PinPad(QWidget):
    """Collects four digits, shows only how many, and wipes them when it goes."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self._digits = bytearray()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.GAP)
        self.dots = Label(self._shown(), tokens.DISPLAY, bold=True, centred=True)
        column.addWidget(self.dots)
        tall = 150 if page.shape.portrait else 128
        self.pad = Keypad(page.texts("pin.clear"), page.texts("pin.done"), tall)
        self.pad.pressed.connect(self._digit)
        self.pad.cleared.connect(self._clear)
        self.pad.entered.connect(self._enter)
        self.pad.enter_key.setEnabled(False)
        column.addWidget(self.pad)
        self.setFixedWidth(760 if page.shape.portrait else 680)

    def _shown(self) -> str:
        return " ".join("●" if place < len(self._digits) else "○" for place in range(PIN_LENGTH))

    @Slot(str)
    def _digit(self, digit: str) -> None:
        if len(self._digits) < PIN_LENGTH:
            self._digits += digit.encode()
        self._refresh()

    @Slot()
    def _clear(self) -> None:
        self._wipe()
        self._refresh()

    @Slot()
    def _enter(self) -> None:
        if len(self._digits) == PIN_LENGTH:
            pin = Pin(self._digits)
            self._wipe()
            self._page.happened.emit(PinEntered(pin))

    def _wipe(self) -> None:
        for place in range(len(self._digits)):
            self._digits[place] = 0
        self._digits.clear()

    def _refresh(self) -> None:
        self.dots.words = self._shown()
        self.dots.setAccessibleName(f"{len(self._digits)} / {PIN_LENGTH}")
        self.dots.update()
        self.pad.enter_key.setEnabled(len(self._digits) == PIN_LENGTH)
