"""A clerk's desk: one form at a time, and nothing left on it when the clerk goes."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.answers import Answers, Problem
from forms.facts import Fact, Facts, Source
from kiosk.domain import counter as d
from kiosk.domain.arrivals import Arrival, Listing
from kiosk.domain.desk import BLOCKED, Desk
from tests.fakes.answers import ANSWERS
from tests.fakes.samples import AT_THE_COUNTER, FORMS, KEPT, NOW

DESK = Desk(FORMS, lambda: NOW)
WHOLE = {
    "name": "髙橋　花子",
    "kana": "タカハシ　ハナコ",
    "address": "かかない県書蒼市本町一丁目2番3号",
    "birth": "1944-05-03",
    **ANSWERS,
    **AT_THE_COUNTER,
}


def play(state, *happened):
    for event in happened:
        state = DESK.advance(state, event)
    return state


ARRIVAL = Arrival(
    "a1", "K01-000001", "2026-11-21", "juminhyo", "髙橋　花子", "kiosk", "received", Answers(WHOLE)
)
STRANGE = replace(ARRIVAL, id="a2", form="minami-no-kuni")
LISTING = Listing("守", (ARRIVAL, STRANGE))
EDITING = replace(
    DESK.advance(LISTING, d.Opened("a1")),
    identity_checked=True,
)
HANDLING = d.Handling(EDITING)
HANDLED = play(HANDLING, d.KeptHere(KEPT), d.Done("X-1"))
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


def test_a_clerk_signs_in_and_off():
    assert play(d.SignedOut(), d.SignedIn("守")) == Listing("守")
    for state in (LISTING, EDITING, HANDLED):
        assert play(state, d.SignedOff()) == d.SignedOut()


def test_a_refusal_is_told_until_somebody_signs_in():
    refused = play(d.SignedOut(), d.SignInRefused())
    assert refused == d.SignedOut(refused=True)
    assert play(refused, d.SignedIn("守")) == Listing("守")


def test_the_list_stays_while_the_office_is_away():
    away = play(LISTING, d.Refreshed(None))
    assert away == replace(LISTING, away=True)
    assert play(away, d.Refreshed(())) == Listing("守")


def test_an_arrival_is_opened_with_its_answers():
    editing = play(LISTING, d.Opened("a1"))
    assert editing == replace(EDITING, identity_checked=False)


@pytest.mark.parametrize("event", [d.Opened("none"), d.Opened("a2"), d.BegunNew("minami-no-kuni")])
def test_what_is_not_known_here_is_not_opened(event):
    assert play(LISTING, event) is LISTING


def test_a_new_form_is_empty_and_comes_from_nothing():
    editing = play(LISTING, d.BegunNew("juminhyo"))
    assert "name" not in editing.answers.values
    assert editing.parent is None


def test_who_checks_and_when_is_known_without_asking():
    editing = play(LISTING, d.BegunNew("juminhyo"))
    assert editing.answers.values["identity_clerk"] == "守"
    assert editing.answers.values["identity_time"] == f"{NOW:%H:%M}"


def test_what_is_missing_is_told_and_goes_away_answer_by_answer():
    told = play(LISTING, d.BegunNew("juminhyo"), d.HandedIn())
    assert Problem("name", "required") in told.problems
    named = play(told, d.Typed("name", "髙橋　花子"))
    assert Problem("name", "required") not in named.problems
    assert Problem("kana", "required") in named.problems


def test_where_the_form_does_not_ask_who_it_is_the_clerk_says_that_they_saw():
    told = play(LISTING, d.BegunNew("inu"), d.HandedIn())
    assert IDENTITY in told.problems
    assert IDENTITY not in play(told, d.IdentityChecked(checked=True)).problems


def test_nothing_is_told_before_the_form_is_handed_in():
    begun = play(LISTING, d.BegunNew("juminhyo"), d.Typed("copies", 99))
    assert begun.problems == ()


def test_a_form_goes_nowhere_before_the_clerk_has_seen_who_it_is():
    unseen = play(EDITING, d.Typed("identity_method", None), d.HandedIn())
    assert unseen.problems == (Problem("identity_method", "required"),)
    assert isinstance(play(unseen, d.Typed("identity_method", "card"), d.HandedIn()), d.Handling)


def test_answers_that_end_here_are_not_handed_in():
    told = play(EDITING, d.Typed("relation", "spouse"), d.HandedIn())
    assert isinstance(told, d.Editing)
    assert BLOCKED in {problem.field for problem in told.problems}


def test_what_two_sources_say_differently_is_settled_by_the_clerk():
    card = Fact("name", "渡邉\U000e0102　花子", Source.CARD, NOW)
    home = Fact("name", "渡辺　花子", Source.PREFILL, NOW)
    both = replace(ARRIVAL, facts=Facts((card, home)), answers=Answers({}))
    opened = play(replace(LISTING, arrivals=(both,)), d.Opened("a1"))
    assert "name" not in opened.answers.values
    settled = play(opened, d.Settled(card))
    assert settled.answers.values["name"] == card.value
    assert not settled.facts.disputed("name")


def test_rows_that_two_sources_say_differently_are_settled_whole():
    mine = Fact("household", [{"name": "子　一", "birth": "2020-01-01"}], Source.REGISTER, NOW)
    other = Fact("household", [{"name": "子　二", "birth": "2020-01-01"}], Source.PREFILL, NOW)
    both = replace(ARRIVAL, form="ido", facts=Facts((mine, other)), answers=Answers({}))
    opened = play(replace(LISTING, arrivals=(both,)), d.Opened("a1"))
    assert "movers" not in opened.answers.values
    settled = play(opened, d.Settled(other))
    assert settled.answers.values["movers"][0]["mover_name"] == "子　二"


def test_another_form_for_the_same_visitor_asks_nothing_again():
    begun = play(HANDLED, d.BegunNew("inkan-shomei"))
    assert begun.answers.values["name"] == WHOLE["name"]
    assert begun.answers.values["kana"] == WHOLE["kana"]
    assert begun.identity_checked


def test_a_form_that_is_whole_is_kept_and_done():
    kept = play(HANDLING, d.KeptHere(KEPT))
    assert kept == replace(HANDLING, kept=KEPT)
    assert play(kept, d.Done("X-1")) == HANDLED
    assert play(HANDLED, d.Closed()) == LISTING


def test_a_fault_is_told_with_the_receipt_if_there_is_one():
    fault = d.Done(None, "paper-out")
    unkept = play(HANDLING, fault)
    assert (unkept.receipt, unkept.number, unkept.fault) == (None, None, "paper-out")
    assert unkept.next == ()
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
