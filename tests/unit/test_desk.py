"""A clerk's desk: one form at a time, and nothing left on it when the clerk goes."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.answers import Answers, Problem
from kiosk.domain import desk as d
from tests.fakes.samples import ANSWERS, FORMS, KEPT

DESK = d.Desk(FORMS)
WHOLE = {
    "name": "髙橋　花子",
    "kana": "タカハシ　ハナコ",
    "address": "かかない県書蒼市本町一丁目2番3号",
    "birth": "1944-05-03",
    **ANSWERS,
}
ARRIVAL = d.Arrival(
    "a1", "K01-000001", "2026-11-21", "juminhyo", "髙橋　花子", "kiosk", "received", Answers(WHOLE)
)
STRANGE = replace(ARRIVAL, id="a2", form="koseki")
LISTING = d.Listing("守", (ARRIVAL, STRANGE))
EDITING = d.Editing("守", "juminhyo", Answers(WHOLE), "a1", LISTING, identity_checked=True)
HANDLING = d.Handling(EDITING)
HANDLED = d.Handled("守", KEPT.receipt, "X-1", None, LISTING)
IDENTITY = Problem("identity", "required")
EVENTS = [
    d.SignedIn("守"),
    d.SignInRefused(),
    d.SignedOff(),
    d.Refreshed((ARRIVAL, STRANGE)),
    d.Refreshed(None),
    d.Opened("a1"),
    d.BegunNew("juminhyo"),
    *(d.Typed(name, value) for name, value in WHOLE.items()),
    d.IdentityChecked(checked=True),
    d.IdentityChecked(checked=False),
    d.HandedIn(),
    d.KeptHere(KEPT),
    d.Done("X-1"),
    d.Done(None, "paper-out"),
    d.Closed(),
]


def play(state, *happened):
    for event in happened:
        state = DESK.advance(state, event)
    return state


def test_a_clerk_signs_in_and_off():
    assert play(d.SignedOut(), d.SignedIn("守")) == d.Listing("守")
    for state in (LISTING, EDITING, HANDLED):
        assert play(state, d.SignedOff()) == d.SignedOut()


def test_a_refusal_is_told_until_somebody_signs_in():
    refused = play(d.SignedOut(), d.SignInRefused())
    assert refused == d.SignedOut(refused=True)
    assert play(refused, d.SignedIn("守")) == d.Listing("守")


def test_the_list_stays_while_the_office_is_away():
    away = play(LISTING, d.Refreshed(None))
    assert away == replace(LISTING, away=True)
    assert play(away, d.Refreshed(())) == d.Listing("守")


def test_an_arrival_is_opened_with_its_answers():
    editing = play(LISTING, d.Opened("a1"))
    assert editing == replace(EDITING, identity_checked=False)


@pytest.mark.parametrize("event", [d.Opened("none"), d.Opened("a2"), d.BegunNew("koseki")])
def test_what_is_not_known_here_is_not_opened(event):
    assert play(LISTING, event) is LISTING


def test_a_new_form_is_empty_and_comes_from_nothing():
    editing = play(LISTING, d.BegunNew("juminhyo"))
    assert (editing.answers.values, editing.parent) == ({}, None)


def test_what_is_missing_is_told_and_goes_away_answer_by_answer():
    told = play(LISTING, d.BegunNew("juminhyo"), d.HandedIn())
    assert Problem("name", "required") in told.problems
    assert IDENTITY in told.problems
    named = play(told, d.Typed("name", "髙橋　花子"))
    assert Problem("name", "required") not in named.problems
    checked = play(named, d.IdentityChecked(checked=True))
    assert IDENTITY not in checked.problems
    assert Problem("kana", "required") in checked.problems


def test_nothing_is_told_before_the_form_is_handed_in():
    begun = play(LISTING, d.BegunNew("juminhyo"), d.Typed("copies", 99))
    assert begun.problems == ()


def test_a_form_goes_nowhere_before_the_clerk_has_seen_who_it_is():
    unseen = play(EDITING, d.IdentityChecked(checked=False), d.HandedIn())
    assert unseen.problems == (IDENTITY,)
    assert play(unseen, d.IdentityChecked(checked=True), d.HandedIn()) == HANDLING


def test_a_form_that_is_whole_is_kept_and_done():
    kept = play(HANDLING, d.KeptHere(KEPT))
    assert kept == replace(HANDLING, kept=KEPT)
    assert play(kept, d.Done("X-1")) == HANDLED
    assert play(HANDLED, d.Closed()) == LISTING


def test_a_fault_is_told_with_the_receipt_if_there_is_one():
    fault = d.Done(None, "paper-out")
    assert play(HANDLING, fault) == d.Handled("守", None, None, "paper-out", LISTING)
    assert play(HANDLING, d.KeptHere(KEPT), fault).receipt == KEPT.receipt


def test_a_form_is_closed_without_a_trace():
    assert play(EDITING, d.Typed("name", "x"), d.Closed()) == LISTING


def test_a_form_under_way_is_finished_first():
    under_way = play(HANDLING, d.KeptHere(KEPT))
    for event in (d.SignedOff(), d.Closed(), d.KeptHere(KEPT), d.HandedIn(), d.Typed("name", "x")):
        assert play(under_way, event) is under_way


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(EVENTS), max_size=60))
def test_after_any_events_a_clerk_can_leave_and_leaves_nothing(happened):
    state = play(d.SignedOut(), *happened)
    if isinstance(state, d.Handling):
        state = play(state, d.Done(None, "paper-out"))
    assert play(state, d.SignedOff()) in (d.SignedOut(), d.SignedOut(refused=True))


def test_nobody_is_named_where_states_are_printed():
    for state in (LISTING, EDITING, HANDLING, HANDLED):
        assert "髙橋" not in repr(state)
