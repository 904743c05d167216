"""A clerk shows and takes back what somebody agreed to, with the keys alone."""

from datetime import date

import pytest
from PySide6.QtCore import Qt

from forms.facts import Facts
from kiosk.domain.agreement import Agreement
from kiosk.domain.arrivals import Listing
from kiosk.domain.consulting import Consulting, PersonAsked
from kiosk.domain.counter import Closed, Done, SignedOff, SignedOut
from kiosk.domain.desk import Desk
from kiosk.domain.events import ConsentsRecalled, ConsentWithdrawn
from kiosk.ui.counter.consents import ConsentsPage
from tests.fakes.counter import NOW, Counter
from tests.fakes.samples import FORMS, PURPOSES, facts

CARE, WATER = (purpose.id for purpose in PURPOSES.of("risai"))
AGREED = (
    Agreement(CARE, date(2026, 11, 3), date(2028, 11, 3)),
    Agreement(WATER, date(2026, 11, 3), date(2027, 5, 3)),
)
FOUND = ConsentsRecalled("f" * 64, AGREED, whole=True)
SAID = {"name": "渡邉　一郎", "birth": "1980-02-17", "sex": "1", "address": "緑ケ丘四丁目10番地"}
DESK = Desk(FORMS, lambda: NOW, PURPOSES)


@pytest.fixture
def counter(qtbot):
    made = Counter(qtbot)
    made.window._desk = DESK
    return made


def page(counter) -> ConsentsPage:
    return counter.page(ConsentsPage)


def asked(counter):
    counter.keys(Qt.Key.Key_F6)
    page(counter).fields["name"].setFocus()
    for part in SAID.values():
        counter.keys(part, Qt.Key.Key_Return)
    return counter.state


def test_nobody_is_looked_up_before_the_clerk_has_seen_who_it_is(counter):
    asked(counter)
    counter.keys((Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier))
    assert counter.state.said is None
    assert "本人" in page(counter).wrong.text()
    page(counter).checked.setFocus()
    counter.keys(Qt.Key.Key_Space, (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier))
    assert counter.state.said == SAID


def test_one_consent_is_taken_back_with_the_keys(counter):
    counter.show(Consulting("守", said=SAID, found=FOUND))
    counter.keys(Qt.Key.Key_Down, Qt.Key.Key_Delete)
    assert counter.state.chosen == WATER
    counter.keys(Qt.Key.Key_Escape)
    assert counter.state.chosen is None
    counter.keys(Qt.Key.Key_Delete, Qt.Key.Key_Return)
    assert (counter.state.chosen, counter.state.revoking) == (CARE, True)
    counter.handle(ConsentWithdrawn(CARE, "C01-3F9A21"))
    assert [each.purpose for each in counter.state.agreed] == [WATER]
    assert (counter.state.slip, counter.state.chosen) == ("C01-3F9A21", None)
    counter.keys(Qt.Key.Key_Escape)
    assert counter.state == Listing("守")


def test_what_an_application_says_stands_there_already(counter):
    counter.show(Consulting("守", facts()))
    told = {name: edit.text() for name, edit in page(counter).fields.items()}
    assert told == {fact.name: fact.value for fact in facts().known}


@pytest.mark.parametrize("missing", SAID)
def test_a_part_that_is_missing_is_asked_for(missing):
    state = Consulting("守")
    known = {**SAID, missing: ""}
    assert DESK.advance(state, PersonAsked(known, identity_checked=True)) == state
    assert DESK.advance(state, PersonAsked(SAID, identity_checked=False)) == state


def test_leaving_the_desk_forgets_who_was_looked_up():
    state = Consulting("守", facts(), SAID, FOUND)
    assert DESK.advance(state, SignedOff()) == SignedOut()
    assert DESK.advance(state, Closed()) == Listing("守")
    assert "渡邉" not in repr(state)


def test_a_fault_is_told_and_nothing_is_taken_for_done(counter):
    state = Consulting("守", Facts(), SAID, FOUND, chosen=CARE, revoking=True)
    after = DESK.advance(state, Done(None, "store-unusable"))
    assert (after.revoking, after.fault, after.agreed) == (False, "store-unusable", AGREED)
    counter.show(after)
    assert page(counter).button.isEnabled()
