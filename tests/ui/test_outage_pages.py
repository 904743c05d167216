"""What residents and clerks are told while the office is away: calmly, and every word of it."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget

from forms.words import LANGUAGES
from kiosk.adapters.procedures import Folders
from kiosk.adapters.resources import RESOURCES
from kiosk.domain import counter as d
from kiosk.domain import events as e
from kiosk.domain import states as s
from kiosk.domain.session import Journey
from kiosk.ui.kit.button import Button, Look
from kiosk.ui.kit.code import Code
from kiosk.ui.kit.tokens import LAYOUTS
from kiosk.ui.resident.strip import Strip, Tone
from tests.fakes.counter import TEXTS, Counter
from tests.fakes.samples import NOW, PURPOSES
from tests.fakes.screen import everything_fits, opened, show

FOLDERS = Folders(RESOURCES)
REAL = FOLDERS.forms()
WORDS = FOLDERS.words(form.definition for form in REAL.values())
UP = Journey(REAL, NOW.date, words=WORDS, purposes=PURPOSES)
DOWN = replace(UP, up=False)
PAPERS = {"juminhyo", "inkan-shomei", "koseki", "zei-shomei"}
ADDRESS = "https://kakanai.city.example.lg.jp/v1/receipts/AbCdEfGhIjKlMnOpQrStUv"
PAGES = {
    "start": lambda language: s.Idle(),
    "choosing": s.Choosing,
    "not now": lambda language: s.Choosing(language, "inkan-shomei"),
    "kept": lambda language: s.Parting(
        language, s.Ending.KEPT_WAITING, True, "K01-7QX-000042", 0, ADDRESS
    ),
    "issued": lambda language: s.Parting(
        language, s.Ending.ISSUED, True, "K01-7QX-000042", 10, ADDRESS
    ),
}


@pytest.fixture(params=LAYOUTS)
def window(request, qtbot):
    return opened(qtbot, request.param, DOWN)


def tiles(page: QWidget) -> dict[str, Button]:
    return {b.words: b for b in page.findChildren(Button) if b._look in (Look.TILE, Look.AWAY)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_every_word_has_its_room(window, language, name, qapp):
    everything_fits(show(window, PAGES[name](language), qapp))


@pytest.mark.parametrize("language", LANGUAGES)
def test_papers_are_greyed_with_the_reason_and_applications_are_not(window, language, qapp):
    page = show(window, s.Choosing(language), qapp)
    for form in UP.offered():
        tile = tiles(page)[window.form_words(form, language).title()]
        assert (tile._look is Look.AWAY) is (form in PAPERS)
        assert bool(tile.accessibleDescription()) is (form in PAPERS)
        assert tile.isEnabled()  # who touches it is told what to do


def test_who_touches_a_greyed_paper_is_told_what_to_do(window, qapp):
    happened = []
    window.listen(happened.append)
    page = show(window, s.Choosing("ja"), qapp)
    tiles(page)["住民票の写し"].click()
    assert happened == [e.ProcedureChosen("juminhyo")]
    after = DOWN.advance(s.Choosing("ja"), happened[0])
    (strip,) = show(window, after, qapp).findChildren(Strip)
    assert strip.tone is Tone.NOTICE
    assert "住民票の写し" in strip.accessibleName()
    assert TEXTS["ja"]("line.away.do") in strip.accessibleName()


@pytest.mark.parametrize("form", sorted(set(UP.offered()) - PAPERS))
def test_applications_go_on_without_the_office(form):
    assert not isinstance(DOWN.advance(s.Choosing("ja"), e.ProcedureChosen(form)), s.Choosing)


@pytest.mark.parametrize("state", [s.Idle(), s.Choosing("en")])
def test_a_line_that_is_up_is_not_spoken_of(window, state, qapp):
    (calm,) = show(window, state, qapp).findChildren(Strip)
    assert calm.tone is Tone.CALM
    window.know(UP)
    assert not show(window, state, qapp).findChildren(Strip)


def test_the_code_to_photograph_stands_with_nothing_personal(window, qapp):
    page = show(window, PAGES["kept"]("ja"), qapp)
    assert len(page.findChildren(Code)) == 1
    assert not show(window, s.Parting("ja", s.Ending.LEFT, True), qapp).findChildren(Code)


def test_the_counters_band_comes_and_goes_with_the_line(qtbot):
    counter = Counter(qtbot)
    band = counter.window.page.away
    counter.handle(d.Refreshed(None))
    assert band.isVisible()
    assert band.sizeHint().width() <= counter.window.width()
    counter.handle(d.Refreshed(()))
    assert not band.isVisible()
