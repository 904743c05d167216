"""A clerk looks up what somebody agreed to, and takes it back: what happens behind the page."""

from dataclasses import replace

import pytest

from kiosk.domain import counter as d
from kiosk.domain import events as e
from kiosk.domain.arrivals import Listing
from kiosk.domain.consulting import Consulting, PersonAsked
from kiosk.errors import StoreUnusable
from kiosk.ports.lanes import Lane
from tests.fakes.consulting import CARE, SAID, Counter

WHO = PersonAsked(SAID, identity_checked=True)


@pytest.fixture
def desk():
    made = Counter()
    made.agree()
    return made


def test_what_somebody_agreed_to_is_taken_back_with_a_slip_and_told(desk):
    found = desk.say(d.ConsentsOpened(), WHO)
    assert [each.purpose for each in found.agreed] == [CARE]
    done = desk.say(e.WithdrawalAsked(CARE), e.Confirmed())
    assert (done.agreed, done.chosen, done.revoking) == ((), None, False)
    assert done.slip.startswith("C01-C")
    assert desk.printer.titles == [f"receipt-{done.slip}"]
    assert desk.agreed.heard == [(CARE, "given"), (CARE, "withdrawn")]


def test_while_the_office_is_away_it_shows_what_was_said_here(desk):
    desk.agreed.away = True
    found = desk.say(d.ConsentsOpened(), WHO)
    assert not found.found.whole
    assert [each.purpose for each in found.agreed] == [CARE]


def test_a_store_that_fails_is_told_and_nothing_is_taken_back(desk, monkeypatch):
    desk.say(d.ConsentsOpened(), WHO, e.WithdrawalAsked(CARE))
    monkeypatch.setattr(desk.outbox, "withdraw", unusable)
    after = desk.say(e.Confirmed())
    assert (after.fault, after.revoking, after.slip) == ("store-unusable", False, None)
    assert [each.purpose for each in after.agreed] == [CARE]


def test_of_a_stranger_nothing_is_shown(desk):
    other = PersonAsked({**SAID, "name": "鈴木　さくら"}, identity_checked=True)
    assert desk.say(d.ConsentsOpened(), other).agreed == ()


def test_an_answer_about_one_person_never_reaches_the_page_of_the_next(desk):
    other = PersonAsked({**SAID, "name": "鈴木　さくら"}, identity_checked=True)
    for event in (d.ConsentsOpened(), WHO):
        desk.serve.handle(event)
    desk.lanes.perform(Lane.OFFICE)
    for event in (d.Closed(), d.ConsentsOpened(), other):
        desk.serve.handle(event)
    desk.lanes.release_all()
    assert (desk.serve.state.said["name"], desk.serve.state.agreed) == ("鈴木　さくら", ())


@pytest.mark.parametrize(
    "event", [e.WithdrawalAsked("other"), e.Confirmed(), e.WentBack(), e.ConsentWithdrawn("x", "y")]
)
def test_what_does_not_fit_changes_nothing(desk, event):
    before = desk.say(d.ConsentsOpened(), WHO)
    assert desk.say(event) is before


def test_an_arrival_brings_its_own_facts_and_an_unknown_one_none(desk):
    assert desk.say(d.ConsentsOpened("nobody")) == Consulting("守", before=Listing("守"))


def test_a_desk_that_keeps_no_consents_looks_nobody_up(desk):
    crew = desk.serve._crew
    desk.serve._crew = replace(crew, submit=replace(crew.submit, consent=None))
    desk.serve._errands.consent = None
    asked = desk.say(d.ConsentsOpened(), WHO)
    desk.serve._drain()
    desk.lanes.release_all()
    assert (asked.said, asked.found, desk.agreed.heard) == (SAID, None, [])


def unusable(_: object) -> None:
    raise StoreUnusable("OperationalError")
