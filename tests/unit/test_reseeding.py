"""A slip comes back at the desk: codes in any order, one question, nothing without a yes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.arrivals import Listing
from kiosk.domain.counter import Closed, Done, QueueOpened, ReseedOpened, SignedOff, SignedOut
from kiosk.domain.desk import Desk
from kiosk.domain.events import Confirmed, WentBack
from kiosk.domain.reseeding import (
    CodesShown,
    PicturesChosen,
    Reseeding,
    ScannerHeard,
    SlipAway,
    SlipDeclined,
    SlipSettled,
    SlipTaken,
    reseed,
)
from kiosk.domain.tending import Tending
from tests.fakes.samples import FORMS, NOW
from tests.fakes.slips import OTHER, SEALED, SLIP, every_stand, found

DESK = Desk(FORMS, lambda: NOW)
LIST = Listing("守", away=True)
EMPTY = Reseeding("守", before=LIST)


def after(state, *events):
    for event in events:
        state = DESK.advance(state, event)
    return state


def shown(*texts):
    return CodesShown(texts)


READ = after(EMPTY, shown(*SLIP))
ASKED = after(READ, found(photos=1))


@given(st.permutations(SLIP), st.booleans())
def test_in_whatever_order_they_are_scanned_the_last_one_makes_it_whole(order, twice):
    state = EMPTY
    for number, text in enumerate(order, 1):
        assert (state.reads, state.looks) == (True, False)
        state = after(state, *[shown(text)] * (2 if twice else 1))
        assert len(state.symbols) == number
        assert state.of == len(SLIP)
    assert (state.sealed, state.reads, state.looks) == (SEALED, False, True)


def test_a_picture_of_the_whole_slip_is_read_at_once_and_its_other_codes_are_passed_over():
    looked = after(EMPTY, PicturesChosen(("slip.png",)))
    assert (looked.reads, looked.waits) == (False, True)
    assert after(looked, PicturesChosen(("other.png",))) == looked
    assert after(looked, shown("K01-000001", "https://city/v1/receipts/x", *SLIP)).looks


@pytest.mark.parametrize("nothing", [(), ("https://city/v1/receipts/x",), ("KKN2.1.1.AAAA.B",)])
def test_a_code_of_something_else_is_said_to_be_none_of_ours(nothing):
    state = after(EMPTY, shown(SLIP[0]), shown(*nothing))
    assert (state.wrong, len(state.symbols)) == ("no-code", 1)
    assert after(state, shown(SLIP[1])).wrong is None


@pytest.mark.parametrize(
    ("text", "wrong"), [(OTHER[1], "mixed"), (SLIP[1][:-1] + "1", "damaged"), ("KKR1.", "damaged")]
)
def test_a_code_that_does_not_belong_costs_nothing_that_was_read(text, wrong):
    state = after(EMPTY, shown(SLIP[0]), shown(text))
    assert (state.wrong, [each.number for each in state.symbols]) == (wrong, [1])


def test_a_set_that_does_not_fit_together_is_begun_anew():
    swapped = (SLIP[0][:-1] + ("A" if SLIP[0][-1] != "A" else "B"), *SLIP[1:])
    assert after(EMPTY, shown(*swapped)) == replace(EMPTY, wrong="damaged")


def test_nothing_is_brought_back_before_somebody_has_seen_whose_it_is_and_said_yes():
    assert after(READ, Confirmed()) == READ
    assert after(READ, SlipTaken(fresh=True)) == READ
    assert (ASKED.asks, ASKED.taking) == (True, False)
    taking = after(ASKED, Confirmed())
    assert (taking.taking, taking.asks) == (True, False)
    assert after(taking, Confirmed(), WentBack(), SlipSettled(), Closed(), SignedOff()) == taking
    assert after(taking, SlipTaken(fresh=True)).taken == SlipTaken(fresh=True)


@pytest.mark.parametrize("where", ["there", "here"])
def test_what_is_not_missing_cannot_be_brought_back(where):
    state = after(READ, found(**{where: True}))
    assert not state.asks
    assert after(state, Confirmed()) == state


@pytest.mark.parametrize("state", [READ, ASKED, after(ASKED, Confirmed())])
def test_while_the_office_is_away_what_was_read_stays_and_is_asked_again(state):
    away = after(state, SlipAway())
    if state == ASKED:
        assert away == state  # nobody is being asked anything
        return
    assert (away.away, away.sealed, away.taking, away.looks) == (True, SEALED, False, False)
    again = after(away, Confirmed())
    assert (again.away, again.looks or again.taking) == (False, True)


def test_a_picture_that_fails_late_takes_no_slip_away_that_was_scanned_meanwhile():
    state = after(EMPTY, PicturesChosen(("x.pdf",)), shown(*SLIP))
    assert after(state, SlipDeclined("picture")) == state
    assert state.looks


@pytest.mark.parametrize("state", [READ, after(ASKED, Confirmed())])
@pytest.mark.parametrize("fault", [SlipDeclined("not-ours"), Done(None, "not-ours")])
def test_a_refusal_is_told_and_nothing_of_the_slip_is_left(state, fault):
    assert after(state, fault) == replace(EMPTY, wrong="not-ours")


def test_a_picture_that_does_not_open_costs_nothing_that_was_scanned():
    state = after(EMPTY, shown(SLIP[0]), PicturesChosen(("x.pdf",)), SlipDeclined("picture"))
    assert (state.wrong, len(state.symbols), state.reads) == ("picture", 1, True)
    assert after(state, SlipDeclined("not-ours")) == state


def test_the_next_slip_begins_with_nothing():
    done = after(ASKED, Confirmed(), SlipTaken(fresh=True))
    assert after(done, shown(OTHER[0])) == done
    assert after(done, SlipSettled()) == EMPTY
    assert after(ASKED, WentBack()) == EMPTY
    assert after(EMPTY, SlipSettled(), ScannerHeard(works=False), SlipSettled()).scans is False


def test_one_goes_there_from_what_is_being_sent_and_back():
    tending = after(LIST, QueueOpened())
    begun = after(tending, ReseedOpened())
    assert begun == EMPTY
    assert after(begun, Closed()) == Tending("守", away=True, before=LIST)
    assert after(Tending("守"), ReseedOpened()).before == Listing("守")
    assert after(Reseeding("守"), Closed()) == Tending("守")
    assert after(ASKED, SignedOff()) == SignedOut()


def test_nothing_that_was_read_is_told_in_a_log():
    for name, state in every_stand().items():
        assert "AAAA" not in repr(state), name
        assert "slip.png" not in repr(state), name
    assert SLIP[0] not in repr(shown(*SLIP))


@given(
    st.lists(
        st.sampled_from(
            [
                shown(SLIP[0]), shown(*SLIP), shown(OTHER[1]), shown("x"), PicturesChosen(("a",)),
                found(), found(there=True), SlipTaken(fresh=True), SlipDeclined("damaged"),
                SlipAway(), SlipSettled(), Confirmed(), WentBack(), ScannerHeard(works=False),
            ]
        ),
        max_size=30,
    )
)  # fmt: skip
def test_whatever_happens_nothing_is_taken_without_a_yes_to_a_slip_that_was_seen(events):
    state = EMPTY
    for event in events:
        before, state = state, reseed(state, event)
        if state.taking and not before.taking:
            assert event == Confirmed()
            assert before.found is not None
            assert before.found.missing
        assert not (state.sealed and not state.symbols)
