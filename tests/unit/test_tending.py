"""The page of what waits: nothing is done without one more yes, and what left is not acted on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.answers import Answers
from kiosk.domain import counter as d
from kiosk.domain.arrivals import Arrival, Listing
from kiosk.domain.desk import Desk
from kiosk.domain.events import WentBack
from kiosk.domain.sheets import Fate
from kiosk.domain.tending import (
    Decided,
    FateAsked,
    Looked,
    Outgoing,
    Pending,
    RetryAsked,
    RowOpened,
    StopAsked,
    Tended,
    Tending,
)
from tests.fakes.samples import FORMS, NOW

DESK = Desk(FORMS, lambda: NOW)
WAITS = Outgoing(
    "w1", "C01-000002", NOW, "juminhyo", None, "待っています。", "", 0, None,
    asks=False, stoppable=True,
)  # fmt: skip
OLDER = replace(WAITS, id="w0", receipt="C01-000001", kept=NOW - timedelta(hours=1))
UNDATED = replace(WAITS, id="w2", receipt="C01-000003", kept=None, stoppable=False)
REFUSED = replace(WAITS, id="r1", receipt="C01-000004", answer="版が古い", asks=True)
PAPER = "000000-R8-000123-1"
PENDING = Pending((REFUSED, WAITS, OLDER, UNDATED), (PAPER,))
PAGE = Tending("守", PENDING)
GONE = Pending((WAITS,))
FATE = FateAsked(PAPER, Fate.SPOILED)


def play(state, *happened):
    for event in happened:
        state = DESK.advance(state, event)
    return state


def test_f7_opens_the_page_and_escape_leaves_it_with_the_count_in_the_list():
    before = Listing("守", away=True)
    page = play(before, d.QueueOpened())
    assert page == Tending("守", away=True, before=before)
    assert play(page, d.Closed()) == before
    assert play(page, Looked(PENDING), d.Closed()) == Listing("守", asking=2)
    assert play(PAGE, d.Closed()) == Listing("守", asking=2)


def test_the_list_that_was_there_is_there_again_while_the_office_is_away():
    arrival = Arrival("a1", "K01-000001", "", "juminhyo", "住民", "kiosk", "received", Answers())
    before = Listing("守", (arrival,), away=True)
    assert play(before, d.QueueOpened(), Looked(Pending(), away=True), d.Closed()) == before
    assert play(before, d.ConsentsOpened(), d.Closed()) == before
    assert "住民" not in repr(play(before, d.QueueOpened()))


def test_the_list_counts_what_asks_for_somebody():
    assert play(Listing("守"), Looked(PENDING)) == Listing("守", asking=2)
    assert play(Listing("守", asking=2), Looked(Pending())) == Listing("守")
    assert play(Listing("守", asking=2), Looked(None)) == Listing("守", asking=2)


def test_what_waits_by_itself_is_counted_from_the_oldest():
    assert PENDING.waiting == (WAITS, OLDER, UNDATED)
    assert PENDING.oldest == OLDER.kept
    assert Pending((UNDATED,)).oldest is None


def test_a_store_that_does_not_say_is_said_until_it_does():
    blind = play(PAGE, Looked(None, away=True))
    assert (blind.blind, blind.away, blind.pending) == (True, True, PENDING)
    assert play(blind, Looked(PENDING)) == PAGE


def test_one_is_opened_and_left_again():
    opened = play(PAGE, RowOpened("r1"))
    assert (opened.opened, opened.name) == ("r1", REFUSED.receipt)
    assert play(opened, WentBack()).opened is None
    assert play(PAGE, RowOpened("nobody")) == PAGE
    assert play(Tending("守"), RowOpened("r1")) == Tending("守")


def test_from_the_details_a_question_leads_back_to_them():
    asked = play(PAGE, RowOpened("r1"), RetryAsked("r1"))
    assert (asked.opened, asked.act) == ("r1", RetryAsked("r1"))
    assert play(asked, WentBack()).opened == "r1"


@pytest.mark.parametrize(
    "act",
    [
        RetryAsked("w1"),
        RetryAsked("nobody"),
        StopAsked("w2"),
        FateAsked("another", Fate.PRINTED),
        FateAsked(PAPER, Fate.UNCLEAR),
        Decided("why"),
    ],
)
def test_what_cannot_be_done_is_not_even_asked(act):
    assert play(PAGE, act) == PAGE


@pytest.mark.parametrize("act", [RetryAsked("r1"), StopAsked("w1"), StopAsked("r1"), FATE])
def test_a_deed_needs_one_more_yes_and_is_said_when_it_is_done(act):
    asked = play(PAGE, act)
    assert (asked.act, asked.doing) == (act, False)
    assert play(asked, WentBack()).act is None
    doing = play(asked, Decided("書類待ち"))
    assert (doing.doing, doing.why) == (True, "書類待ち")
    done = play(doing, Tended(done=True, pending=GONE))
    assert (done.told, done.missed, done.name) == (act, False, asked.name)
    assert (done.act, done.doing, done.why, done.pending) == (None, False, "", GONE)


@pytest.mark.parametrize("why", ["", " 　"])
def test_nothing_is_held_back_without_a_reason(why):
    asked = play(PAGE, StopAsked("w1"))
    assert play(asked, Decided(why)) == asked


def test_what_is_being_done_is_done_once_and_not_left():
    doing = play(PAGE, FATE, Decided())
    assert play(doing, Decided(), d.Closed(), WentBack(), RetryAsked("r1")) == doing
    assert play(doing, d.SignedOff()) == d.SignedOut()


def test_a_deed_that_failed_can_be_tried_again():
    failed = play(PAGE, FATE, Decided(), d.Done(None, "store-unusable"))
    assert (failed.fault, failed.doing, failed.act) == ("store-unusable", False, FATE)
    assert play(failed, Decided()).fault is None
    assert play(failed, WentBack()).fault is None


def test_a_deed_that_came_too_late_is_said_and_changes_nothing():
    late = play(PAGE, RetryAsked("r1"), Decided(), Tended(done=False, pending=GONE))
    assert (late.told, late.missed, late.name) == (None, True, REFUSED.receipt)
    assert not play(late, RowOpened("w1")).missed


@pytest.mark.parametrize("event", [RowOpened("r1"), RetryAsked("r1"), StopAsked("r1"), FATE])
def test_what_left_by_itself_closes_its_question_and_says_so(event):
    asked = play(PAGE, event)
    assert play(asked, Looked(PENDING)) == asked
    left = play(asked, Looked(GONE))
    assert (left.act, left.opened, left.missed) == (None, None, True)


def test_what_leaves_while_its_deed_is_under_way_waits_for_the_answer():
    doing = play(PAGE, RetryAsked("r1"), Decided())
    assert play(doing, Looked(GONE)) == replace(doing, pending=GONE)


def test_a_reason_is_never_in_a_log():
    assert "渡邉" not in repr(play(PAGE, StopAsked("w1"), Decided("渡邉さんに確認")))
    assert "渡邉" not in repr(Decided("渡邉さんに確認"))


EVENTS = [
    Looked(PENDING), Looked(GONE), Looked(None), RowOpened("r1"), RetryAsked("r1"),
    StopAsked("w1"), FATE, Decided(""), Decided("why"), WentBack(),
    Tended(done=True, pending=GONE), Tended(done=False, pending=PENDING),
    d.Done(None, "store-unusable"), d.QueueOpened(), d.Closed(),
]  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.sampled_from(EVENTS)))
def test_whatever_happens_a_clerk_can_leave_and_nothing_is_decided_unasked(events):
    state = Listing("守")
    for event in events:
        state = DESK.advance(state, event)
        if isinstance(state, Tending):
            assert state.act is not None or not state.doing
            assert not (state.doing and isinstance(state.act, StopAsked) and not state.why)
    assert play(state, d.SignedOff()) == d.SignedOut()
