"""The clerk's pages: by keyboard, and told what is missing."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from forms.answers import Answers
from kiosk.domain.desk import (
    Arrival,
    Closed,
    Desk,
    Editing,
    HandedIn,
    Handled,
    Handling,
    IdentityChecked,
    Listing,
    Opened,
    Refreshed,
    SignedIn,
    SignedOut,
    Typed,
)
from kiosk.ui.counter.form import FormSheet
from kiosk.ui.counter.window import CounterWindow, ListPage
from kiosk.ui.texts import load_texts
from tests.fakes.samples import ANSWERS, FORMS

TEXTS = load_texts(Path(__file__).parents[2] / "resources" / "texts")
DESK = Desk(FORMS)
WHOLE = {
    "name": "髙橋　花子",
    "kana": "タカハシ　ハナコ",
    "address": "かかない県書蒼市本町一丁目2番3号",
    "birth": "1944-05-03",
    **ANSWERS,
}
ONE = Arrival(
    "a1",
    "K01-000001",
    "2026-11-21T10:00:00+09:00",
    "juminhyo",
    "髙橋　花子",
    "kiosk",
    "received",
    Answers({}),
)
TWO = Arrival(
    "a2",
    "K01-000002",
    "2026-11-21T10:05:00+09:00",
    "juminhyo",
    "渡邉　一郎",
    "kiosk",
    "received",
    Answers({}),
)


@pytest.fixture
def window(qtbot):
    made = CounterWindow(TEXTS["ja"], FORMS, "書蒼市")
    qtbot.addWidget(made)
    made.events = []
    made.happened.connect(made.events.append)
    made.show()
    return made


def test_every_page_fits_the_screen(window, qapp):
    listing = Listing("窓口　守", (TWO, ONE))
    editing = Editing("窓口　守", "juminhyo", Answers(WHOLE), None, listing)
    pages = [
        SignedOut(refused=True),
        listing,
        Listing("窓口　守", away=True),
        editing,
        Handling(editing),
        Handled("窓口　守", "C01-000001", "R8-000001", None, listing),
        Handled("窓口　守", "C01-000001", None, "office-unreachable", listing),
    ]
    for state in pages:
        window.show_state(state)
        qapp.processEvents()
        assert (window.width(), window.height()) == (1920, 1080), state


def test_the_list_opens_with_return_and_keeps_its_place_when_it_refreshes(window, qtbot):
    window.show_state(Listing("守", (ONE,)))
    assert isinstance(window.page, ListPage)
    window.show_state(Listing("守", (TWO, ONE)))
    qtbot.keyClick(window.page.table, Qt.Key.Key_Return)
    assert window.events == [Opened("a1")]


def test_f9_submits_and_escape_goes_back(window, qtbot):
    window.show_state(Editing("守", "juminhyo", Answers(WHOLE), None, Listing("守")))
    window.activateWindow()
    qtbot.waitUntil(lambda: window.page.isActiveWindow() and window.page.isVisible())
    qtbot.keyClick(window.page, Qt.Key.Key_F9)
    qtbot.keyClick(window.page, Qt.Key.Key_Escape)
    assert window.events == [HandedIn(), Closed()]


def test_a_date_typed_in_an_era_becomes_its_day(window):
    window.show_state(Editing("守", "juminhyo", Answers({}), None, Listing("守")))
    assert isinstance(window.page, FormSheet)
    window.page.fields["birth"].textEdited.emit("昭和19年5月3日")
    assert window.events == [Typed("birth", "1944-05-03")]


def test_every_field_has_a_name_for_a_screen_reader(window):
    window.show_state(Editing("守", "juminhyo", Answers({}), None, Listing("守")))
    for field in window.page.fields.values():
        assert field.accessibleName()


def test_a_choice_is_sent_as_its_value(window):
    window.show_state(Editing("守", "juminhyo", Answers({}), None, Listing("守")))
    box = window.page.fields["kind"]
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(1)
    assert window.events == [Typed("kind", "household")]


def test_nothing_is_submitted_before_the_identity_is_checked():
    editing = Editing("守", "juminhyo", Answers(WHOLE), None, Listing("守"))
    refused = DESK.advance(editing, HandedIn())
    assert isinstance(refused, Editing)
    assert [problem.field for problem in refused.problems] == ["identity"]
    checked = DESK.advance(refused, IdentityChecked(checked=True))
    assert isinstance(checked, Editing)
    assert not checked.problems
    assert isinstance(DESK.advance(checked, HandedIn()), Handling)


def test_the_desk_forgets_the_list_when_the_clerk_signs_in_anew():
    listing = DESK.advance(SignedOut(), SignedIn("守"))
    assert DESK.advance(listing, Refreshed((ONE,))) == Listing("守", (ONE,))
    assert DESK.advance(SignedOut(), SignedIn("守")) == Listing("守")


def test_an_office_that_is_away_leaves_the_last_list_standing():
    assert DESK.advance(Listing("守", (ONE,)), Refreshed(None)) == Listing("守", (ONE,), away=True)
