"""The corners of a resident's turn: back, away, and what fails."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.answers import Answers
from forms.definition import Channel
from kiosk.domain import events as e
from kiosk.domain import states as s
from kiosk.domain.states import card_inside
from tests.fakes.samples import FORMS, JOURNEY, KEPT, case, every_state, facts
from tests.unit.test_session import EVENTS, LEAVING, play

CASE = case()
BUSY = [s.Submitting(CASE), s.Submitting(CASE, "P1", kept=KEPT), s.Issuing(CASE, "P1", KEPT)]
STATES = [state for _, state in every_state("ja")]
TO_THE_END = [
    e.Confirmed(),
    e.Ready(),
    e.PayPressed(),
    e.Paid("P1"),
    KEPT,
    e.Submitted(delivered=True),
    e.Submitted(delivered=False),
    e.LeftWithUs(),
    e.WentBack(),
    e.GrewQuiet(),
    e.Continued(),
    e.Failed("office-unreachable"),
]


@pytest.mark.parametrize("state", BUSY)
@pytest.mark.parametrize("leaving", LEAVING)
def test_nobody_leaves_money_or_paper_behind(state, leaving):
    assert play(state, leaving) is state


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("up", [True, False])
def test_a_line_that_goes_or_comes_throws_nothing_away(state, up):
    assert play(state, e.LineChanged(up)) == state


def test_a_paper_is_not_begun_without_the_office_and_paid_for_even_less():
    down = e.LineChanged(up=False)
    asked = play(s.Choosing("ja"), down, e.ProcedureChosen("juminhyo"))
    assert asked == s.Choosing("ja", "juminhyo")
    assert play(asked, down, e.LineChanged(up=True)) == s.Choosing("ja")
    assert play(s.Reviewing(CASE), down, e.Confirmed()) == s.Deferring(CASE)
    assert play(s.Deferring(CASE), e.WentBack()) == s.Reviewing(CASE)


def test_back_goes_from_procedures_to_languages_and_from_card_to_procedures():
    assert play(s.Choosing("en"), e.WentBack()) == s.Greeting()
    assert play(s.Identifying("en", "juminhyo"), e.WentBack()) == s.Choosing("en")


def test_another_language_can_be_chosen_among_the_procedures():
    assert play(s.Choosing("ja"), e.LanguageChosen("en")) == s.Choosing("en")


def test_back_from_all_answers_asks_the_last_question_again():
    last = JOURNEY.questions(CASE)[-1]
    assert play(s.Reviewing(CASE), e.WentBack()) == s.Filling(CASE, last)


def test_back_from_a_question_asks_the_one_before():
    first, second = JOURNEY.questions(CASE)[:2]
    assert play(s.Filling(CASE, second), e.WentBack()) == s.Filling(CASE, first)


def test_back_from_the_facts_stays_there():
    state = s.Filling(CASE)
    assert play(state, e.WentBack()) is state


def test_back_from_a_change_keeps_the_old_answer():
    state = play(s.Reviewing(CASE), e.ChangeAsked("copies"), e.WentBack())
    assert state == s.Reviewing(CASE)


def test_back_from_the_price_and_from_deferring_shows_all_answers():
    price = dict(every_state("ja"))["paying"]
    assert play(price, e.WentBack()) == s.Reviewing(CASE)
    assert play(s.Deferring(CASE), e.WentBack()) == s.Reviewing(CASE)


def test_a_change_of_an_incomplete_case_goes_on_asking():
    incomplete = s.Case(CASE.language, CASE.form, CASE.identity, CASE.facts, Answers())
    state = play(s.Filling(incomplete, "kind", returning=True), e.Answered("kind", "person"))
    assert isinstance(state, s.Filling)
    assert state.question == "relationship"


def test_a_card_taken_in_the_middle_is_told():
    state = play(s.Filling(CASE, "copies"), e.CardRemoved())
    assert state == s.Apologising("ja", "card-removed", card_inside=False)


def test_leaving_before_anything_is_known_forgets_at_once():
    for state in (s.Choosing("ja"), s.Identifying("ja", "juminhyo")):
        assert play(state, e.AskedToLeave()) == s.Idle()
    asked = play(s.EnteringPin("ja", "juminhyo", 3), e.AskedToLeave())
    assert asked == s.Parting("ja", s.Ending.LEFT, card_inside=True)


def test_one_doubt_at_a_time():
    doubting = s.Hesitating(s.Reviewing(CASE), silent=False)
    assert play(doubting, e.GrewQuiet()) is doubting
    assert play(doubting, e.AskedToLeave()) is doubting


@pytest.mark.parametrize(
    ("event", "ending"), [(e.TimedOut(), s.Ending.TIMED_OUT), (e.Left(), s.Ending.LEFT)]
)
def test_a_doubt_that_nobody_answers_ends_the_turn(event, ending):
    doubting = s.Hesitating(s.Reviewing(CASE), silent=True)
    assert play(doubting, event) == s.Parting("ja", ending, card_inside=True)


def test_nothing_happens_where_nobody_is():
    assert play(s.Idle(), *LEAVING) == s.Idle()


@pytest.mark.parametrize(
    "state",
    [
        s.Idle(),
        s.Greeting(),
        s.Choosing("ja"),
        s.Parting("ja", s.Ending.LEFT, card_inside=True),
        s.Apologising("ja", "paper-out", card_inside=True),
    ],
)
def test_a_fault_is_told_only_to_somebody_it_concerns(state):
    assert play(state, e.Failed("card-gone")) is state


@pytest.mark.parametrize("state", BUSY[1:])
def test_a_fault_after_keeping_names_the_receipt(state):
    told = play(state, e.Failed("paper-out"))
    assert told == s.Apologising("ja", "paper-out", card_inside=True, receipt=KEPT.receipt)


def test_a_fault_before_keeping_names_none():
    assert play(BUSY[0], e.Failed("store-unusable")).receipt is None


def test_a_case_of_facts_alone_is_asked_everything_else():
    known = s.Case("ja", "juminhyo", s.Identity.CARD, facts(), Answers())
    asked = JOURNEY.questions(known)
    assert asked == ("phone", "kind", "relationship", "domicile", "copies", "purpose")
    kiosk = {f.id for f in FORMS["juminhyo"].fields if Channel.KIOSK in f.channels}
    assert set(asked) < kiosk


@pytest.mark.parametrize(
    "state", [s.Filling(CASE), s.Filling(CASE, "copies"), s.Reviewing(CASE), s.Deferring(CASE)]
)
@pytest.mark.parametrize("late", [e.Ready(), e.Paid("P1"), KEPT, e.Issued("X-1"), e.Started()])
def test_an_answer_from_nowhere_changes_nothing(state, late):
    assert play(state, late) is state


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(STATES), st.lists(st.sampled_from(EVENTS), max_size=20))
def test_a_card_is_awaited_only_where_one_was_given(state, happened):
    for event in happened:
        before, state = state, play(state, event)
        given_one = isinstance(event, e.CardPlaced) or card_inside(before)
        assert given_one or not card_inside(state)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(TO_THE_END), max_size=40))
def test_papers_come_only_after_money_and_keeping(happened):
    path = [s.Reviewing(CASE)]
    for event in happened:
        path.append(play(path[-1], event))
    if any(isinstance(state, s.Issuing) for state in path):
        assert all(state.payment for state in path if isinstance(state, s.Issuing))
        assert any(isinstance(state, s.Paying) and state.taking for state in path)
        assert any(isinstance(state, s.Submitting) and state.kept for state in path)
