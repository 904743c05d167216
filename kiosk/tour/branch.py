"""At the counter of a branch: somebody is asked for consent, and a slip brings its application."""

from collections.abc import Callable, Mapping
from itertools import starmap
from pathlib import Path

from PySide6.QtCore import Qt

from devices.simulated.card.person import Holder
from devices.simulated.scanner import SimulatedScanner
from devices.simulated.till import SimulatedTill
from forms.answers import start
from forms.definition import Channel
from forms.facts import Facts
from forms.form import Form
from forms.scope import Occasion
from kiosk.config import read_settings
from kiosk.domain.arrivals import Listing
from kiosk.domain.counter import Agreeing, BegunNew, Closed, DeskState, HandedIn, Handled, Typed
from kiosk.domain.reseeding import Reseeding
from kiosk.domain.states import Case, Identity
from kiosk.domain.tending import Tending
from kiosk.ground import stand_on
from kiosk.tour.album import Album, TourStuck
from kiosk.tour.counter import press, until
from kiosk.ui.counter.agreeing import AgreePage
from kiosk.ui.counter.terminal import DeskTerminal
from kiosk.usecases.spare import SpareCodes

_FORM = "risai"
_LEFT = {"name": "鈴木　さくら", "birth": "1988-04-01", "address": "かかない県書蒼市栄町7番地"}
_ANSWERS: Mapping[str, object] = {
    "relation": "self",
    "request": "new",
    "contact_place": "relatives",
    "contact_detail": "妹の家",
    "contact_phone": "09011112222",
    "disaster": "typhoon-2026-10",
    "cause": "storm",
    "same_place": True,
    "targets": ["dwelling"],
    "lived_in": True,
    "damage": "屋根が飛び、二階に雨が入りました。" * 20,
    "copies": 1,
    "privacy_consent": True,
    "false_statement": True,
    "signature": "paper",
    "identity_method": "card",
}


def counter_consent(desk: DeskTerminal, album: Album, card: Holder) -> None:
    """A form with purposes: who it is, a yes, and one that was not asked."""
    who = {"name": card.name, "birth": str(card.birth), "address": card.address}
    answers = starmap(Typed, {**_ANSWERS, **who}.items())
    for event in (BegunNew(_FORM), *answers, HandedIn()):
        desk.window.happened.emit(event)
    until(desk, "who it is", lambda s: isinstance(s, Agreeing))
    page = desk.window.page
    if not isinstance(page, AgreePage):
        raise TourStuck("nobody is asked")
    page.person.fields["sex"].setText(card.sex)
    page.person.checked.setChecked(True)
    album.keep(desk.window, "counter/15-who-is-asked", "15-who-is-asked")
    page.button.click()
    until(desk, "a purpose", lambda s: isinstance(s, Agreeing) and s.seen is not None)
    album.keep(desk.window, "counter/16-may-we-share", "16-may-we-share")
    press(desk, Qt.Key.Key_1)
    press(desk, Qt.Key.Key_Return)
    until(desk, "the next", lambda s: isinstance(s, Agreeing) and bool(s.said))
    press(desk, Qt.Key.Key_3)
    album.keep(desk.window, "counter/17-not-asked", "17-not-asked")
    press(desk, Qt.Key.Key_Return)
    until(desk, "the end", lambda s: isinstance(s, Handled))
    album.keep(desk.window, "counter/18-handed-in", "18-handed-in")
    desk.window.happened.emit(Closed())
    until(desk, "the list", lambda s: isinstance(s, Listing))


def left_on_paper(home: Path, forms: Mapping[str, Form]) -> tuple[str, ...]:
    """The spare codes of what a terminal kept and never sent."""
    ground = stand_on(read_settings(home), home)
    try:
        occasion = Occasion(ground.clock.now().date(), Channel.KIOSK)
        answers = start(forms[_FORM], Facts(), occasion)
        for name, value in {**_ANSWERS, **_LEFT}.items():
            if forms[_FORM].questions.knows(name):
                answers = answers.answer(name, value)
        case = Case("ja", _FORM, Identity.CODE, Facts(), answers)
        kept = ground.submit(SimulatedTill(), forms, Channel.KIOSK).keep(case, None)
        spare = SpareCodes(ground.outbox, ground.keys, ground.office.reseed_key)
        return spare.of(kept.submission).codes
    finally:
        ground.office.close()
        ground.store.close()


def counter_slip(
    desk: DeskTerminal, album: Album, scanner: SimulatedScanner, codes: tuple[str, ...]
) -> None:
    """The terminal burnt; its slip is scanned, looked at, and brought back."""
    press(desk, Qt.Key.Key_F7)
    until(desk, "the queue", lambda s: isinstance(s, Tending))
    press(desk, Qt.Key.Key_F8)
    until(desk, "the scanner", lambda s: isinstance(s, Reseeding))
    album.keep(desk.window, "counter/19-a-slip", "19-a-slip")
    first, *others = codes
    scanner.show(first)
    until(desk, "one code", _stands(lambda s: len(s.symbols) == 1))
    album.keep(desk.window, "counter/20-one-code-read", "20-one-code-read")
    for code in others:
        scanner.show(code)
    until(desk, "whose it is", _stands(lambda s: s.asks))
    album.keep(desk.window, "counter/21-whose-it-is", "21-whose-it-is")
    press(desk, Qt.Key.Key_Return)
    until(desk, "that it is back", _stands(lambda s: s.taken is not None))
    album.keep(desk.window, "counter/22-brought-back", "22-brought-back")
    press(desk, Qt.Key.Key_Escape)
    until(desk, "the queue", lambda s: isinstance(s, Tending))
    press(desk, Qt.Key.Key_Escape)
    until(desk, "the list", lambda s: isinstance(s, Listing))


def _stands(reached: Callable[[Reseeding], bool]) -> Callable[[DeskState], bool]:
    return lambda state: isinstance(state, Reseeding) and reached(state)
