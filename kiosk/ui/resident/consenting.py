"""The pages of consent: one purpose asked at a time, what was agreed to, and taking it back."""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from forms.person import PARTS
from kiosk.domain.agreement import Agreement
from kiosk.domain.events import (
    Confirmed,
    ConsentAnswered,
    Left,
    WentBack,
    WithdrawalAsked,
)
from kiosk.domain.session import Journey
from kiosk.domain.states import Consenting, Surveying, Withdrawing
from kiosk.ui.kit import tokens
from kiosk.ui.kit.button import Look
from kiosk.ui.kit.label import Label
from kiosk.ui.kit.picture import Picture
from kiosk.ui.resident.filling import texts_of
from kiosk.ui.resident.page import Page
from kiosk.ui.resident.tiles import Tiles

_EQUAL = 160


def consent(page: Page, state: Consenting, journey: Journey) -> None:
    """Who gets what, for what, until when; a yes and a no of the same size, neither chosen."""
    case, purposes = state.case, journey.purposes
    several = purposes.of(case.form)
    purpose = purposes.named(state.purpose)
    if purpose is None:
        page.feet(back=True)
        return
    page.step(several.index(purpose) + 1, len(several))
    page.heading("consent.title")
    lead = purposes.say("title", purpose.id, page.texts.language)
    page.body.addWidget(Label(lead, tokens.LEAD, bold=True, colour=tokens.BLUE_900))
    words, form = texts_of(page, journey, case), journey.forms[case.form]
    known = {item.id for item in form.fields}
    fields = [
        words.name(f"field.{each}") if each in known else page.texts(f"fact.{each}")
        for each in purpose.shares
        if each in known or each in PARTS
    ]
    _told(
        page,
        ("who", purposes.say("who", purpose.id, page.texts.language)),
        ("what", page.texts("consent.and").join(dict.fromkeys(fields))),
        ("why", purposes.say("why", purpose.id, page.texts.language)),
        ("until", _day(page, "consent.day", purpose.until(journey.today()))),
    )
    page.body.addStretch(1)
    page.say("consent.free")
    page.say("consent.back")
    page.body.addStretch(1)
    _two(
        page,
        ("answer.yes", ConsentAnswered(purpose.id, agrees=True)),
        ("answer.no", ConsentAnswered(purpose.id, agrees=False)),
    )
    page.feet(back=True)


def survey(page: Page, state: Surveying, journey: Journey) -> None:
    """What stands, each with its way to take it back; and whether that is all there is."""
    page.heading("survey.title")
    if state.slip:
        page.say("survey.done", tokens.GREEN, number=state.slip)
    if not state.whole:
        page.say("survey.away", tokens.ORANGE)
    if state.agreed:
        page.say("survey.choose", size=tokens.LEAD)
        tiles = [
            page.choice(
                journey.purposes.say("title", each.purpose, page.texts.language),
                WithdrawalAsked(each.purpose),
                symbol="check",
                hint=_since(page, journey, each),
            )
            for each in state.agreed
        ]
        page.body.addWidget(Tiles(page, tiles), 1)
    else:
        page.say("survey.nothing", size=tokens.LEAD)
        page.body.addStretch(1)
        page.body.addWidget(Picture("document", 280))
        page.body.addStretch(1)
    page.body.addWidget(page.button("survey.close", Left(), height=140))
    page.feet(leave=False)


def withdraw(page: Page, state: Withdrawing, journey: Journey) -> None:
    """What taking it back does, and what it cannot do any more."""
    page.heading("withdraw.title")
    lead = journey.purposes.say("title", state.purpose, page.texts.language)
    page.body.addWidget(Label(lead, tokens.LEAD, bold=True, colour=tokens.BLUE_900))
    who = journey.purposes.say("who", state.purpose, page.texts.language)
    _told(page, ("who", who))
    page.body.addStretch(1)
    page.say("withdraw.sentence", size=tokens.LEAD)
    page.say("withdraw.gone")
    page.body.addStretch(2)
    _two(page, ("withdraw.yes", Confirmed()), ("withdraw.no", WentBack()))
    page.feet(leave=False)


def working(page: Page, name: str) -> None:
    """The office is asked, or told."""
    page.heading(f"{name}.title")
    page.say("reading.sentence", size=tokens.LEAD)
    page.body.addStretch(1)
    page.body.addWidget(Picture("document", 320))
    page.body.addStretch(2)
    page.feet(leave=False)


def _told(page: Page, *rows: tuple[str, str]) -> None:
    """A name and what it is, row by row."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(tokens.GAP)
    grid.setVerticalSpacing(20 if page.shape.portrait else 10)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 4)
    for row, (key, words) in enumerate(rows):
        name = Label(page.texts(f"consent.{key}"), tokens.SMALLEST, colour=tokens.GRAY_800)
        said = Label(words, tokens.BODY, bold=True)
        for column, label in enumerate((name, said)):
            grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
    page.body.addLayout(grid)


def _two(page: Page, *both: tuple[str, object]) -> None:
    """Two answers of one size and one look: none is nearer than the other."""
    row = QHBoxLayout()
    row.setSpacing(tokens.GAP)
    for key, event in both:
        button = page.button(key, event, Look.SECONDARY, size=tokens.LEAD, height=_EQUAL)
        row.addWidget(button, 1)
    page.body.addLayout(row)


def _since(page: Page, journey: Journey, agreed: Agreement) -> str:
    who = journey.purposes.say("who", agreed.purpose, page.texts.language)
    until = _day(page, "consent.day", agreed.until) if agreed.until else ""
    return page.texts("consent.brief", who=who, until=until)


def _day(page: Page, key: str, day: date) -> str:
    return page.texts(key, year=day.year, month=day.month, day=day.day)
