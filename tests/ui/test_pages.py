"""Every state has a page, and every page fits its screen in every language."""

from typing import get_args

import pytest

from forms.answers import start
from forms.words import LANGUAGES
from kiosk.domain import states
from kiosk.domain.states import Busy, Case, Identity, Patient, Resting
from kiosk.ui.kit.button import Button
from kiosk.ui.kit.label import Label
from tests.fakes.counter import TEXTS
from tests.fakes.samples import FORMS, OCCASION, every_state, facts
from tests.fakes.screen import everything_fits, show

NAMES = [name for name, _ in every_state("ja")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_fits_and_cuts_or_covers_no_word(window, language, name, qapp):
    state = dict(every_state(language))[name]
    page = show(window, state, qapp)
    assert (page.width(), page.height()) == (window.width(), window.height())
    everything_fits(page)


@pytest.mark.parametrize("name", NAMES)
def test_every_target_is_large_enough_for_a_finger(window, name, qapp):
    page = show(window, dict(every_state("ja_easy"))[name], qapp)
    for button in page.findChildren(Button):
        assert button.height() >= 80, button.words
        assert button.width() >= 80, button.words


def test_every_state_has_a_page_and_a_sample():
    kinds = {kind for union in (Patient, Resting, Busy) for kind in get_args(union)}
    assert {type(state) for _, state in every_state("ja")} == kinds


def test_a_page_that_is_left_is_destroyed(window, qapp):
    gone = []
    first = show(window, states.Greeting(), qapp)
    first.destroyed.connect(lambda: gone.append(True))
    show(window, states.Idle(), qapp)
    from PySide6.QtCore import QEvent

    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert gone


def test_every_language_has_every_text():
    keys = {language: texts.keys() for language, texts in TEXTS.items()}
    assert keys["ja"] == keys["ja_easy"] == keys["en"]


def test_the_pin_is_never_shown(window, qapp):
    page = show(window, dict(every_state("ja"))["pin"], qapp)
    for key in page.findChildren(Button):
        if key.words in "1234":
            key.click()
    words = [part.words for part in page.findChildren(Label)]
    assert not any("1234" in word for word in words)
    assert any(word.count("●") == 4 for word in words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_after_how_many_rows_has_a_page(window, language, qapp):
    """Of tax years there may be several: how many is a question without choices."""
    answers = start(FORMS["zei-shomei"], facts(), OCCASION).answer("kind", "income")
    case = Case(language, "zei-shomei", Identity.CARD, facts(), answers)
    page = show(window, states.Filling(case, "years"), qapp)
    assert "+" in [button.words for button in page.findChildren(Button)]


@pytest.mark.parametrize("copies", [0, 2])
def test_the_last_page_says_how_many_papers_there_are(window, copies, qapp):
    state = states.Parting("en", states.Ending.ISSUED, True, "K01-000001", copies)
    words = [label.words for label in show(window, state, qapp).findChildren(Label)]
    assert ("Certificates: 2, receipts: 1" in words) == bool(copies)
