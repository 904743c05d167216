"""How each kind of question is asked of a resident: one widget that emits one answer."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from forms.questions import ROWS
from kiosk.domain.events import Answered
from kiosk.ui.kit import tokens
from kiosk.ui.kit.button import Button
from kiosk.ui.resident.asked import OWN_WORDS, WRITTEN, Asking, skip_button
from kiosk.ui.resident.dates import DatePad, TimePad
from kiosk.ui.resident.name_tile import NameTile
from kiosk.ui.resident.pads import DigitPad, Stepper
from kiosk.ui.resident.page import Page
from kiosk.ui.resident.tiles import Several, Tiles
from kiosk.ui.resident.writing import Writing

_SYMBOLS = {"household": "family", "person": "person", True: "check", False: "no"}


_FEW = 30


def ask(page: Page, asking: Asking) -> None:
    """The widgets for a question; a dispute is settled by choosing what is right."""
    if asking.disputed:
        _dispute(page, asking)
        return
    _ASKERS[asking.question.field.kind](page, asking)


def _dispute(page: Page, asking: Asking) -> None:
    tiles: list[Button] = []
    for fact in asking.disputed:
        words = asking.words.answer(asking.question.field, fact.value)
        answer = Answered(asking.question.path, fact.value)
        hint = page.texts(f"source.{fact.source.value}")
        if asking.question.field.kind in OWN_WORDS:
            tiles.append(NameTile(page, words, answer, hint))
        else:
            tiles.append(page.choice(words, answer, symbol=None, hint=hint))
    page.body.addWidget(Tiles(page, tiles), 1)


def _choice(page: Page, asking: Asking) -> None:
    field, tiles = asking.question.field, []
    for option in asking.options:
        words = asking.words.name(f"option.{field.id}.{option.value}")
        answer = Answered(asking.question.path, option.value)
        symbol = _SYMBOLS.get(option.value)
        tiles.append(page.choice(words, answer, symbol=symbol, height=tokens.TARGET))
    _one_of(page, asking, tiles, [option.value for option in asking.options])


def _yes_no(page: Page, asking: Asking) -> None:
    tiles = []
    for value, words in ((True, "answer.yes"), (False, "answer.no")):
        answer = Answered(asking.question.path, value)
        tiles.append(page.choice(page.texts(words), answer, symbol=_SYMBOLS[value]))
    _one_of(page, asking, tiles, [True, False])


def _one_of(page: Page, asking: Asking, tiles: list[Button], values: Sequence[object]) -> None:
    """Tiles that answer at a touch; the answer of before is marked."""
    for tile, value in zip(tiles, values, strict=True):
        tile.setCheckable(True)
        tile.setChecked(asking.value == value and asking.value is not None)
    skip = skip_button(page, asking)
    page.body.addWidget(Tiles(page, tiles, [skip] if skip else []), 1)


def _choices(page: Page, asking: Asking) -> None:
    page.body.addWidget(Several(page, asking), 1)


def _count(page: Page, asking: Asking) -> None:
    """Small numbers step by step; large ones are typed."""
    most = asking.question.field.maximum
    if asking.question.field.kind != ROWS and (most is None or most > _FEW):
        _pad(DigitPad, page, asking)
        return
    page.body.addStretch(1)
    page.body.addWidget(Stepper(page, asking))
    page.body.addStretch(2)


def _pad(pad: Callable[[Page, Asking], QWidget], page: Page, asking: Asking) -> None:
    page.body.addWidget(pad(page, asking), 1)


_ASKERS: Mapping[str, Callable[[Page, Asking], None]] = {
    "choice": _choice,
    "choices": _choices,
    "yes-no": _yes_no,
    "count": _count,
    ROWS: _count,
    "date": partial(_pad, DatePad),
    "time": partial(_pad, TimePad),
    **dict.fromkeys(("phone", "digits", "money"), partial(_pad, DigitPad)),
    **dict.fromkeys(WRITTEN, partial(_pad, Writing)),
}
