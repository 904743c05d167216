"""A resident's turn: whatever happens, leaving forgets everything."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from forms.answers import start
from forms.candidates import candidates
from forms.definition import Channel, Then
from forms.facts import Facts
from forms.questions import ROWS
from forms.search import Search
from kiosk.domain import events as e
from kiosk.domain import states as s
from kiosk.domain.leaving import patience
from kiosk.domain.pin import Pin
from kiosk.domain.session import Journey
from kiosk.domain.states import card_inside, language_of
from tests.fakes.samples import (
    AGREED,
    ANSWERS,
    FORMS,
    JOURNEY,
    KEPT,
    NOW,
    OCCASION,
    case,
    every_state,
    facts,
)

CARD = e.CardRead(facts(), start(FORMS["juminhyo"], facts(), OCCASION))
CODE = e.CodeRead("juminhyo", facts(), case(identity=s.Identity.CODE).answers)
LEAVING = [e.Left(), e.TimedOut(), e.CardRemoved(), e.AskedToLeave(), e.GrewQuiet()]
EVENTS = [
    e.Started(),
    e.LanguageChosen("en"),
    e.ProcedureChosen("juminhyo"),
    e.ProcedureChosen("none"),
    e.CardPlaced(3),
    e.CardPlaced(0),
    e.LastTryAgreed(),
    e.PinEntered(Pin(b"1234")),
    CARD,
    CODE,
    e.PinRefused(2),
    e.PinRefused(0),
    e.FactsConfirmed(),
    *(e.Answered(k, v) for k, v in ANSWERS.items()),
    e.Answered("copies", 99),
    e.ChangeAsked("copies"),
    e.ChangeAsked("name"),
    e.WentBack(),
    e.Confirmed(),
    e.ConsentsWanted(),
    e.ConsentAnswered("disaster-care", agrees=True),
    e.ConsentAnswered("disaster-water", agrees=False),
    e.ConsentsRecalled("f" * 64, AGREED, whole=True),
    e.WithdrawalAsked("disaster-care"),
    e.ConsentWithdrawn("disaster-care", "K01-3F9A21"),
    e.Ready(),
    e.PayPressed(),
    e.Paid("P1"),
    e.LeftWithUs(),
    KEPT,
    NOW,
    e.Submitted(delivered=True),
    e.Submitted(delivered=False),
    e.Issued("R8-1"),
    e.Failed("paper-out"),
    e.Failed("office-unreachable"),
    e.Continued(),
    e.LineChanged(up=False),
    e.LineChanged(up=True),
    *LEAVING,
]
PERSONAL = (s.Case, s.Surveying, Facts)


def play(state, *happened):
    journey = JOURNEY
    for event in happened:
        if isinstance(event, e.LineChanged):  # as `Attend` learns it
            journey = replace(journey, up=event.up)
        state = journey.advance(state, event)
    return state


def to_facts():
    return play(
        s.Idle(),
        e.Started(),
        e.LanguageChosen("ja"),
        e.ProcedureChosen("juminhyo"),
        e.CardPlaced(3),
        e.PinEntered(Pin(b"1234")),
        CARD,
    )


def to_review():
    state = play(to_facts(), e.FactsConfirmed())
    while isinstance(state, s.Filling) and state.question:
        state = play(state, e.Answered(state.question, ANSWERS[state.question]))
    return state


def test_a_card_leads_to_papers():
    paying = play(to_review(), e.Confirmed(), e.Ready(), e.PayPressed())
    assert isinstance(paying, s.Paying)
    assert paying.quote.total == 400
    issuing = play(paying, e.Paid("P1"), KEPT, e.Submitted(delivered=True))
    assert issuing == s.Issuing(issuing.case, "P1", KEPT)
    parting = play(issuing, e.Issued("R8-1", 3))
    assert parting == s.Parting("ja", s.Ending.ISSUED, True, KEPT.receipt, 3)
    assert play(parting, e.CardRemoved(), e.Left()) == s.Idle()


def test_a_code_from_home_is_handed_in_without_money():
    state = play(
        s.Idle(),
        e.Started(),
        e.LanguageChosen("en"),
        e.ProcedureChosen("juminhyo"),
        CODE,
        e.FactsConfirmed(),
        e.Confirmed(),
    )
    assert isinstance(state, s.Submitting)
    assert not state.wants_paper
    done = play(state, KEPT, e.Submitted(delivered=True))
    assert done == s.Parting("en", s.Ending.HANDED_IN, False, KEPT.receipt)


def test_an_office_that_is_away_offers_to_keep_the_application():
    state = play(to_review(), e.Confirmed(), e.Failed("office-unreachable"))
    assert isinstance(state, s.Deferring)
    kept = play(state, e.LeftWithUs(), KEPT, e.Submitted(delivered=False))
    assert kept == s.Parting("ja", s.Ending.KEPT_WAITING, True, KEPT.receipt)


def test_money_is_not_taken_before_everything_is_ready():
    paying = play(to_review(), e.Confirmed())
    assert play(paying, e.PayPressed()) is paying
    assert play(paying, e.Paid("P1")) is paying


def test_a_blocked_pin_is_told_before_asking():
    state = play(s.Identifying("ja", "juminhyo"), e.CardPlaced(0))
    assert state == s.Apologising("ja", "pin-blocked", card_inside=True)


def test_the_last_try_is_used_only_after_a_yes():
    asked = play(s.Identifying("ja", "juminhyo"), e.CardPlaced(1))
    assert play(asked, e.PinEntered(Pin(b"1234"))) is asked
    assert play(asked, e.LastTryAgreed(), e.PinEntered(Pin(b"1234"))).last_try
    assert not play(
        s.Identifying("ja", "juminhyo"), e.CardPlaced(3), e.PinEntered(Pin(b"1234"))
    ).last_try


def test_a_wrong_pin_is_told_with_the_tries_left():
    state = play(s.Reading("ja", "juminhyo", Pin(b"9999")), e.PinRefused(1))
    assert state == s.EnteringPin("ja", "juminhyo", 1, refused=True)
    blocked = play(s.Reading("ja", "juminhyo", Pin(b"9999")), e.PinRefused(0))
    assert isinstance(blocked, s.Apologising)


def test_a_change_comes_back_to_all_answers():
    state = play(to_review(), e.ChangeAsked("copies"), e.Answered("copies", 5))
    assert isinstance(state, s.Reviewing)
    assert state.case.answers.values["copies"] == 5


def test_back_from_the_first_question_shows_the_facts_again():
    state = play(to_facts(), e.FactsConfirmed(), e.WentBack())
    assert state == s.Filling(state.case)


def test_an_answer_out_of_range_changes_nothing():
    state = s.Filling(case(), "copies")
    assert play(state, e.Answered("copies", 99)) is state


def test_going_on_returns_to_the_very_state():
    review = to_review()
    asked = play(review, e.GrewQuiet())
    assert asked == s.Hesitating(review, silent=True)
    assert play(asked, e.Continued()) is review
    assert play(asked, CARD) is asked


def test_a_card_of_nobodys_turn_ends_nothing():
    assert play(s.Greeting(), e.CardRemoved()) == s.Greeting()
    by_code = s.Reviewing(case(identity=s.Identity.CODE))
    assert play(by_code, e.CardRemoved()) is by_code


@pytest.mark.parametrize("state", [state for _, state in every_state("en")])
def test_a_state_knows_language_card_and_patience(state):
    assert language_of(state) in ("ja", "en")
    assert card_inside(state) in (True, False)
    busy = isinstance(state, s.Busy | s.Idle | s.Closed) or (
        isinstance(state, s.Paying) and state.taking
    )
    assert (patience(state) is None) == busy


def holds_a_person(state) -> bool:
    held = (getattr(state, name) for name in state.__struct_fields__)
    return isinstance(state, s.Hesitating) or any(isinstance(each, PERSONAL) for each in held)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(EVENTS), max_size=60))
def test_after_any_events_leaving_ends_in_idle(happened):
    state = play(s.Idle(), *happened)
    if isinstance(state, s.Paying) and state.taking:
        state = play(state, e.Paid("P1"))
    if isinstance(state, s.Submitting):
        state = play(state, KEPT, e.Submitted(delivered=True))
    if isinstance(state, s.Issuing):
        state = play(state, e.Issued("R8-1"))
    if isinstance(state, s.Revoking):
        state = play(state, e.ConsentWithdrawn(state.purpose, "K01-3F9A21"))
    left = play(state, e.Left())
    assert not holds_a_person(left)
    assert play(left, e.CardRemoved(), e.Left()) == s.Idle()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(EVENTS), max_size=60), st.sampled_from(LEAVING))
def test_work_that_has_begun_is_finished_first(happened, leaving):
    state = play(s.Idle(), *happened)
    if isinstance(state, s.Submitting | s.Issuing):
        assert play(state, leaving) is state


VISIT = [
    e.Started(),
    e.LanguageChosen("ja"),
    e.ConsentsWanted(),
    e.CardPlaced(3),
    e.PinEntered(Pin(b"1234")),
    CARD,
    e.ConsentsRecalled("f" * 64, AGREED, whole=True),
    e.WithdrawalAsked("disaster-care"),
    e.Confirmed(),
    e.ConsentWithdrawn("disaster-care", "K01-3F9A21"),
]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(VISIT)), st.lists(st.sampled_from([*EVENTS, *VISIT]), max_size=12))
def test_a_visit_to_what_was_agreed_to_can_be_left_at_every_step(steps, happened):
    state = play(s.Idle(), *VISIT[:steps], *happened)
    if isinstance(state, s.Paying | s.Submitting | s.Issuing | s.Revoking):
        return
    left = play(state, e.Left())
    assert not holds_a_person(left)
    assert play(left, e.CardRemoved(), e.Left()) == s.Idle()


def test_a_certificate_can_be_walked_to_its_end():
    assert isinstance(to_review(), s.Reviewing)


@pytest.mark.parametrize("form", JOURNEY.offered())
def test_every_form_of_the_kiosk_can_be_walked_to_its_end(form):
    search = Search(FORMS[form], NOW.date())
    state = play(s.Choosing("ja"), e.ProcedureChosen(form))
    if isinstance(state, s.Identifying):
        begun = start(FORMS[form], facts(), OCCASION)
        state = s.Filling(s.Case("ja", form, s.Identity.CARD, facts(), begun))
        state = play(state, e.FactsConfirmed())
    for _ in range(80):
        if not isinstance(state, s.Filling):
            break
        question = JOURNEY.stand(state.case).question(state.question)
        if question.field.kind == ROWS:
            state = play(state, e.Answered(question.path, max(question.field.minimum, 1)))
            continue
        clues = search.clues_of(question.path)
        for value in (*candidates(question.field, OCCASION.today, clues), None):
            after = play(state, e.Answered(question.path, value))
            if isinstance(after, s.Reviewing) or (
                isinstance(after, s.Filling) and after is not state and not after.wrong
            ):
                break
        state = after
    assert isinstance(state, s.Reviewing)
    assert JOURNEY.problems(state.case) == ()


def test_a_pin_says_nothing_and_is_wiped():
    pin = Pin(b"1234")
    assert "1234" not in repr(s.Reading("ja", "juminhyo", pin))
    pin.wipe()
    assert pin.digits() == b""


MOVED = "2026-11-01"


def filling(form, question, identity=s.Identity.CARD, **answers):
    """A form at the kiosk, part way through."""
    begun = start(FORMS[form], facts(), OCCASION)
    for name, value in answers.items():
        begun = begun.answer(name, value)
    return s.Filling(s.Case("ja", form, identity, facts(), begun), question)


def test_a_code_in_several_symbols_says_how_many_were_read():
    state = play(s.Identifying("ja", "juminhyo"), e.CodePartRead(1, 2))
    assert state == s.Identifying("ja", "juminhyo", 1, 2)


def test_answers_that_end_here_say_so_and_can_be_mended():
    state = filling("zei-shomei", None)
    june = Journey(FORMS, lambda: NOW.date().replace(month=6, day=5), words=JOURNEY.words)
    ended = june.advance(state, e.FactsConfirmed())
    assert ended == s.Blocked(state.case, None)
    assert june.blocked(state.case) == "switch_closed"
    assert june.advance(ended, e.WentBack()) == s.Filling(state.case, None)
    assert june.advance(s.Reviewing(state.case), e.Confirmed()) == s.Blocked(state.case, None)


def test_an_answer_that_a_rule_refuses_is_asked_again_with_the_reason():
    state = filling("shisetsu", "slots[0].slot_date", slots=[{}])
    wrong = play(state, e.Answered("slots[0].slot_date", MOVED))
    assert (wrong.question, wrong.wrong) == ("slots[0].slot_date", "too_late")
    assert wrong.case.answers.at("slots[0].slot_date") == MOVED


def test_a_rule_that_speaks_late_leads_back_to_its_question():
    state = s.Reviewing(filling("shisetsu", None, slots=[{"slot_date": MOVED}]).case)
    mended = play(state, e.Confirmed())
    assert isinstance(mended, s.Filling)
    assert (mended.returning, mended.wrong is not None) == (True, True)


def test_a_case_that_nothing_here_can_mend_stays_where_it_is():
    case_ = filling("juminhyo", None).case
    stray = s.Reviewing(changed(case_, answers=case_.answers.answer("stranger", 1)))
    whole = to_review()
    hopeless = s.Reviewing(changed(whole.case, answers=whole.case.answers.answer("stranger", 1)))
    assert isinstance(play(stray, e.Confirmed()), s.Filling)
    assert play(hopeless, e.Confirmed()) == hopeless


@pytest.mark.parametrize("count", [None, True, -1, 51, "2"])
def test_a_count_that_is_none_changes_nothing(count):
    state = filling("shisetsu", "slots")
    assert play(state, e.Answered("slots", count)) is state


def test_a_question_that_is_not_asked_cannot_be_answered():
    state = filling("juminhyo", "reason_kind")
    assert play(state, e.Answered("reason_kind", "x")) is state


def test_an_answer_that_ends_the_form_shows_its_sentence():
    for form in JOURNEY.offered():
        for rule in FORMS[form].definition.rules:
            if rule.then is not Then.STOP or rule.at is None:
                continue
            search = Search(FORMS[form], NOW.date())
            tells = FORMS[form].verdicts.found
            found = search.find(
                [rule.when, rule.at],
                lambda standing, r=rule, t=tells: (
                    any(f.rule is r for f in t(standing, Then.STOP))
                    and standing.question(r.at) is not None
                ),
                [Channel.KIOSK],
            )
            if found is None or found[1].today != NOW.date():
                continue
            state = filling(form, rule.at, **found[0])
            value = state.case.answers.at(rule.at)
            if value is None:
                continue
            assert play(state, e.Answered(rule.at, value)) == s.Blocked(state.case, rule.at)
            return
    pytest.fail("no rule of any form ends a kiosk's journey at a question")
