"""The pages from the answers to the way out: check, fee, work, papers, apologies, leaving."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from forms.definition import Field
from forms.questions import ROWS
from kiosk.domain.events import (
    ChangeAsked,
    Confirmed,
    Continued,
    Left,
    LeftWithUs,
    PayPressed,
)
from kiosk.domain.leaving import WARNING_SECONDS
from kiosk.domain.session import Journey
from kiosk.domain.states import (
    Apologising,
    Deferring,
    Ending,
    Hesitating,
    Issuing,
    Parting,
    Paying,
    Reviewing,
    Submitting,
)
from kiosk.ui.kit import tokens
from kiosk.ui.kit.button import Look
from kiosk.ui.kit.code import Code
from kiosk.ui.kit.label import Label
from kiosk.ui.kit.picture import Picture
from kiosk.ui.kit.words import plain
from kiosk.ui.resident.filling import answer_label, texts_of
from kiosk.ui.resident.page import Page

_CODE = 240


def review(page: Page, state: Reviewing, journey: Journey) -> None:
    """Every answer, each with its own way back."""
    page.heading("review.title")
    if not page.shape.portrait:
        page.body.setSpacing(12)
    form, words = journey.forms[state.case.form], texts_of(page, journey, state.case)
    asked = journey.questions(state.case)
    grid = QGridLayout()
    grid.setHorizontalSpacing(tokens.GAP)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 3)
    grid.setColumnStretch(0, 2)
    known = [f.id for f in form.fields if f.fact and state.case.facts.about(f.fact)]
    for row, path in enumerate([*known[:1], *asked]):
        field, value = form.field(path), state.case.answers.at(path)
        grid.addWidget(
            Label(words.name(_key(field)), tokens.SMALLEST, colour=tokens.GRAY_800),
            row,
            0,
            Qt.AlignmentFlag.AlignVCenter,
        )
        grid.addWidget(
            answer_label(page, words, field, value, tokens.BODY),
            row,
            1,
            1,
            1 if path in asked else 2,
            Qt.AlignmentFlag.AlignVCenter,
        )
        if path in asked:
            change = page.button(
                "review.change",
                ChangeAsked(path),
                Look.SECONDARY,
                size=tokens.SMALLEST,
                height=84,
            )
            change.setFixedSize(260, 84)  # rows that a long name may take from
            grid.addWidget(change, row, 2)
    page.body.addLayout(grid)
    page.body.addStretch(1)
    tall = 140 if page.shape.portrait else tokens.TARGET
    confirm = page.button("review.confirm", Confirmed(), symbol="check", height=tall)
    confirm.setFixedHeight(tall)
    page.body.addWidget(confirm)
    page.feet(back=True)


def pay(page: Page, state: Paying) -> None:
    """The fee; money is taken only once all is ready."""
    yen = state.quote.total
    page.heading("pay.title", yen=yen)
    for line in state.quote.lines:
        page.body.addWidget(Label(f"{line.label}　{line.unit}円 × {line.count}", tokens.LEAD))
    page.say("pay.free")
    page.body.addStretch(1)
    page.body.addWidget(Picture("yen", 240))
    page.body.addStretch(1)
    if state.taking:
        page.say("pay.taking", size=tokens.LEAD)
        page.feet(leave=False)
        return
    page.say("pay.ready" if state.ready else "pay.checking", size=tokens.LEAD)
    button = page.button("pay.button", PayPressed(), height=160, yen=yen)
    button.setEnabled(state.ready)
    page.body.addWidget(button)
    page.feet(back=True)


def defer(page: Page, _: Deferring) -> None:
    """The office is away; the application need not be."""
    page.heading("defer.title")
    page.body.addStretch(1)
    page.body.addWidget(Picture("away", 320, tokens.ORANGE))
    page.body.addStretch(1)
    page.say("defer.sentence", size=tokens.LEAD)
    page.body.addWidget(page.button("defer.leave", LeftWithUs(), height=160))
    page.feet(back=True)


def submit(page: Page, _: Submitting) -> None:
    """Durable first, then on its way."""
    _work(page, "submit", "document")


def issue(page: Page, _: Issuing) -> None:
    """The papers are being made."""
    _work(page, "issue", "document")


def part(page: Page, state: Parting) -> None:
    """What to take along; nothing of the person is left."""
    page.heading(f"part.{state.ending}")
    papers = state.receipt is not None
    if papers or state.card_inside:
        both = (
            "part.take"
            if papers and state.card_inside
            else "part.take.card"
            if state.card_inside
            else "part.take.papers"
        )
        page.body.addWidget(Label(page.texts(both), tokens.LEAD, bold=True, colour=tokens.BLUE_900))
        if state.copies:
            page.say("part.papers", size=tokens.LEAD, copies=state.copies)
        page.body.addStretch(1)
        side = 380 if page.shape.portrait else 140 if state.copies or state.status else 280
        page.body.addWidget(Picture(_things(state), side))
    page.body.addStretch(1)
    if state.receipt:
        page.body.addLayout(_receipt(page, state.receipt, state.status))
    if state.ending in (Ending.HANDED_IN, Ending.KEPT_WAITING, Ending.WITHDRAWN):
        page.say(f"part.{state.ending}.sentence")
    page.say("part.sentence")
    page.body.addWidget(page.button("part.done", Left(), height=140))
    page.feet(leave=False)


def _receipt(page: Page, number: str, status: str | None) -> QVBoxLayout | QHBoxLayout:
    """The number, and the page that tells what became of it, for whoever has a phone at hand."""
    both = QVBoxLayout() if page.shape.portrait else QHBoxLayout()
    both.setSpacing(tokens.GAP)
    column = QVBoxLayout()
    column.addWidget(Label(page.texts("part.receipt"), tokens.SMALLEST, colour=tokens.GRAY_800))
    size = tokens.DISPLAY if page.shape.portrait or not status else tokens.HEADING
    column.addWidget(Label(number, size, bold=True))
    both.addLayout(column, 1)
    if status:
        row = QHBoxLayout()
        row.setSpacing(tokens.GAP)
        words = page.texts("part.status")
        row.addWidget(Code(status, _CODE, plain(words)))
        row.addWidget(Label(words, tokens.BODY), 1)
        both.addLayout(row, 1)
    return both


def apologise(page: Page, state: Apologising) -> None:
    """What failed, and what the person can do."""
    page.heading(f"apology.{state.code}")
    page.body.addStretch(1)
    picture = {"paper-out": "paper-out", "office-unreachable": "away"}.get(state.code)
    picture = picture or ("take-card" if state.card_inside else "warning")
    page.body.addWidget(Picture(picture, 320, tokens.ORANGE))
    page.body.addStretch(1)
    page.say(f"apology.{state.code}.do", size=tokens.LEAD)
    if state.card_inside:
        page.body.addWidget(
            Label(page.texts("part.take.card"), tokens.LEAD, bold=True, colour=tokens.BLUE_900)
        )
    if state.receipt:
        page.body.addWidget(
            Label(f"{page.texts('part.receipt')}　{state.receipt}", tokens.LEAD, bold=True)
        )
    page.body.addWidget(page.button("apology.done", Left(), height=140))
    page.feet(leave=False)


def hesitate(page: Page, state: Hesitating) -> Label | None:
    """Continue, or end: told long enough for it to be spoken."""
    page.heading("hesitate.title")
    page.body.addStretch(1)
    page.body.addWidget(Picture("clock" if state.silent else "close", 280, tokens.ORANGE))
    page.body.addStretch(1)
    words = "hesitate.silent" if state.silent else "hesitate.wish"
    told = Label(page.texts(words, seconds=WARNING_SECONDS), tokens.LEAD)
    page.body.addWidget(told)
    row = QVBoxLayout() if page.shape.portrait else QHBoxLayout()
    row.setSpacing(tokens.GAP)
    row.addWidget(page.button("hesitate.continue", Continued(), height=180))
    row.addWidget(page.button("hesitate.leave", Left(), Look.SECONDARY, height=180))
    page.body.addLayout(row)
    page.feet(leave=False)
    return told if state.silent else None


def _work(page: Page, name: str, symbol: str) -> None:
    page.heading(f"{name}.title")
    page.say(f"{name}.sentence", size=tokens.LEAD)
    page.body.addStretch(1)
    page.body.addWidget(Picture(symbol, 320))
    page.body.addStretch(2)
    page.feet(leave=False)


def _key(field: Field) -> str:
    """What is told by its own name, or, of how many rows there are, by that of the section."""
    return f"section.{field.id}" if field.kind == ROWS else f"field.{field.id}"


def _things(state: Parting) -> str:
    """The picture of what is to be taken."""
    if not state.receipt:
        return "take-card"
    return "take-all" if state.card_inside else "document"
