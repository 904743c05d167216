"""The pages of a form: what is known, then one question a page."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from forms.definition import Field
from forms.kinds import Unreadable, parse, show
from kiosk.domain.events import Answered, FactsConfirmed
from kiosk.domain.session import Journey
from kiosk.domain.states import Filling, Identity
from kiosk.ui.kit import tokens
from kiosk.ui.kit.button import Button, Look
from kiosk.ui.kit.keypad import Keypad
from kiosk.ui.kit.label import Label
from kiosk.ui.resident.page import Page
from kiosk.ui.texts import Texts

_SYMBOLS = {"household": "family", "person": "person", True: "check", False: "no"}


def fill(page: Page, state: Filling, journey: Journey) -> None:
    """The page for where the resident stands in the form."""
    if state.question is None:
        _known(page, state, journey)
        return
    questions = journey.questions(state.case)
    field = journey.forms[state.case.form].field(state.question)
    page.step(questions.index(field.id) + 1 if field.id in questions else 1, len(questions))
    page.heading(f"ask.{field.id}")
    page.say(f"why.{field.id}")
    asker = {"choice": _choice, "yes-no": _yes_no, "count": _count, "phone": _phone}[field.kind]
    asker(page, state, field)
    page.feet(back=True)


def answer_words(texts: Texts, field: Field, value: object) -> str:
    """An answer in the resident's language, as the pages show it."""
    if field.kind == "choice":
        return texts(f"option.{field.id}.{value}")
    if field.kind == "yes-no":
        return texts("answer.yes" if value else "answer.no")
    if field.kind == "count":
        return texts(f"unit.{field.id}", count=value)
    if field.id == "sex":
        return texts(f"sex.{value}")
    return show(field, value)


def _known(page: Page, state: Filling, journey: Journey) -> None:
    """Facts of the card, to be agreed with, not typed."""
    page.heading("known.title")
    card = state.case.identity is Identity.CARD
    page.say("known.card" if card else "known.prefill")
    page.body.addSpacing(tokens.GAP)
    form = journey.forms[state.case.form]
    for field in form.fields:
        fact = state.case.facts.about(field.fact) if field.fact else None
        if fact is not None:
            page.body.addWidget(
                Label(
                    page.texts(f"field.{field.id}")
                    if f"field.{field.id}" in page.texts
                    else field.label,
                    tokens.SMALLEST,
                    colour=tokens.GRAY_600,
                )
            )
            page.body.addWidget(Label(show(field, fact.value), tokens.LEAD, bold=True))
    page.body.addStretch(1)
    yes = page.button("known.yes", FactsConfirmed(), symbol="check", height=140)
    page.body.addWidget(yes)
    page.feet()


def _choice(page: Page, _: Filling, field: Field) -> None:
    few = len(field.options) <= 3
    grid = QGridLayout()
    grid.setSpacing(tokens.GAP)
    columns = 1 if few and page.shape.portrait else 2
    for column in range(columns):
        grid.setColumnStretch(column, 1)
    for place, option in enumerate(field.options):
        tile = page.choice(
            page.texts(f"option.{field.id}.{option.value}"),
            Answered(field.id, option.value),
            symbol=_SYMBOLS.get(option.value),
            height=220 if few else 170,
        )
        grid.addWidget(tile, place // columns, place % columns)
    page.body.addLayout(grid)
    page.body.addStretch(1)


def _yes_no(page: Page, _: Filling, field: Field) -> None:
    row = QVBoxLayout() if page.shape.portrait else QHBoxLayout()
    row.setSpacing(tokens.GAP)
    for value, words in ((True, "answer.yes"), (False, "answer.no")):
        tile = page.choice(
            page.texts(words), Answered(field.id, value), symbol=_SYMBOLS[value], height=220
        )
        row.addWidget(tile, 0 if page.shape.portrait else 1)
    page.body.addLayout(row)
    page.body.addStretch(1)


def _count(page: Page, state: Filling, field: Field) -> None:
    page.body.addStretch(1)
    page.body.addWidget(Stepper(page, field, state.case.answers.values.get(field.id)))
    page.body.addStretch(2)


def _phone(page: Page, state: Filling, field: Field) -> None:
    page.body.addWidget(
        PhonePad(page, field, str(state.case.answers.values.get(field.id) or "")),
        0,
        Qt.AlignmentFlag.AlignHCenter,
    )
    page.body.addStretch(1)


class Stepper(QWidget):
    """A number with less and more beside it."""

    def __init__(self, page: Page, field: Field, value: object) -> None:
        super().__init__()
        self._page, self._field = page, field
        self._value = value if isinstance(value, int) else field.minimum
        column = QVBoxLayout(self)
        column.setSpacing(48)
        row = QHBoxLayout()
        row.setSpacing(48)
        self._less = Button("−", Look.SECONDARY, size=tokens.DISPLAY, height=180)
        self._more = Button("+", Look.SECONDARY, size=tokens.DISPLAY, height=180)
        self._less.setFixedWidth(220)
        self._more.setFixedWidth(220)
        self._less.clicked.connect(self._fewer)
        self._more.clicked.connect(self._further)
        self._number = Label("", tokens.DISPLAY, bold=True, centred=True)
        row.addWidget(self._less)
        row.addWidget(self._number, 1)
        row.addWidget(self._more)
        column.addLayout(row)
        self.next_button = Button(page.texts("fill.next"), height=140)
        self.next_button.clicked.connect(self._go)
        column.addWidget(self.next_button)
        self._refresh()

    @Slot()
    def _fewer(self) -> None:
        self._value = max(self._field.minimum, self._value - 1)
        self._refresh()

    @Slot()
    def _further(self) -> None:
        self._value = min(self._field.maximum, self._value + 1)
        self._refresh()

    @Slot()
    def _go(self) -> None:
        self._page.happened.emit(Answered(self._field.id, self._value))

    def _refresh(self) -> None:
        self._number.words = self._page.texts(f"unit.{self._field.id}", count=self._value)
        self._number.setAccessibleName(self._number.words)
        self._number.update()
        self._less.setEnabled(self._value > self._field.minimum)
        self._more.setEnabled(self._value < self._field.maximum)


class PhonePad(QWidget):
    """A telephone number, typed on a keypad; what is wrong is said at once, in words."""

    def __init__(self, page: Page, field: Field, digits: str) -> None:
        super().__init__()
        self._page, self._field, self._digits = page, field, digits
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._shown = Label("", tokens.HEADING, bold=True, centred=True)
        self._wrong = Label(" ", tokens.SMALLEST, colour=tokens.RED, centred=True)
        column.addWidget(self._shown)
        column.addWidget(self._wrong)
        tall = 140 if page.shape.portrait else 104
        self.pad = Keypad(page.texts("pin.clear"), page.texts("fill.next"), tall)
        self.pad.pressed.connect(self._digit)
        self.pad.cleared.connect(self._clear)
        self.pad.entered.connect(self._enter)
        column.addWidget(self.pad)
        self.setFixedWidth(800)
        self._refresh()

    @Slot(str)
    def _digit(self, digit: str) -> None:
        if len(self._digits) < 11:
            self._digits += digit
        self._refresh()

    @Slot()
    def _clear(self) -> None:
        self._digits = self._digits[:-1]
        self._refresh()

    @Slot()
    def _enter(self) -> None:
        try:
            value = parse(self._field, self._digits)
        except Unreadable as fault:
            self._refresh(self._page.texts(f"reason.{fault.reason}"))
            return
        if value:
            self._page.happened.emit(Answered(self._field.id, value))

    def _refresh(self, wrong: str = " ") -> None:
        self._shown.words = self._digits or "0"
        self._shown.colour = tokens.GRAY_900 if self._digits else tokens.GRAY_420
        self._shown.setAccessibleName(" ".join(self._digits))
        self._wrong.words = wrong
        self._wrong.setAccessibleName(wrong)
        self._shown.update()
        self._wrong.update()
