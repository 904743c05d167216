"""Nothing leaves without a yes that stands: here, at the office, and at the moment it is sent."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from devices.simulated.till import SimulatedTill
from forms.answers import start
from forms.envelope import from_json
from forms.facts import Source, from_mapping
from forms.purposes import Purposes
from kiosk.adapters.memory_consents import MemoryConsents, PracticeConsents
from kiosk.domain import events as e
from kiosk.domain import states as s
from kiosk.domain.agreement import Agreement, Word
from kiosk.domain.consent import say
from kiosk.domain.pin import Pin
from kiosk.domain.states import Case, Identity
from kiosk.errors import OfficeUnreachable
from kiosk.ports.consents import StandingThere
from kiosk.usecases.attend import Attend
from kiosk.usecases.consent import Consent
from kiosk.usecases.submit import Submit
from tests.fakes.clock import StandingClock
from tests.fakes.consents import ToldConsents
from tests.fakes.office import ToldOffice
from tests.fakes.outbox import FillingOutbox, delivering
from tests.fakes.reader import PlainCard
from tests.fakes.samples import FORMS, JOURNEY, NOW, OCCASION, PURPOSES, facts
from tests.fakes.terminal import Bench, Person

CARE, WATER = (purpose.id for purpose in PURPOSES.of("risai"))
ANSWERS = {
    "request": "new",
    "contact_place": "relatives",
    "contact_phone": "09011112222",
    "damage": "車が流された。",
}


class Desk:
    """One terminal's own memory of consents and its outbox; several share an office."""

    def __init__(self, office, agreed, device="K01"):
        self.outbox, self.office, self.agreed = FillingOutbox(), office, agreed
        self.clock = TickingClock()
        memory = MemoryConsents(self.outbox)
        self.consent = Consent(memory, agreed, PURPOSES, self.clock, b"k" * 32, device)
        self.deliver = delivering(self.outbox, office, self.clock, why_not=self.consent.why_not)
        self.submit = Submit(
            self.outbox,
            self.deliver,
            SimulatedTill(),
            FORMS,
            self.clock,
            device,
            consent=self.consent,
        )

    def apply(self, **agrees):
        case = struck()
        for purpose in PURPOSES.of("risai"):
            key = purpose.id.rpartition("-")[2]
            if key in agrees:
                case = say(case, purpose, agrees=agrees[key])
        return self.submit.keep(case, None)

    def shares(self):
        kept = [row for row in self.outbox.rows() if row.purpose]
        return {row.purpose: (row.state, row.last_answer) for row in kept}

    def body(self, purpose):
        (one,) = (row.id for row in self.outbox.rows() if row.purpose == purpose)
        return from_json(json.loads(self.outbox.body(one)))


class TickingClock(StandingClock):
    """A second later at every look, the same for every terminal."""

    seconds = 0

    def now(self):
        TickingClock.seconds += 1
        return NOW + timedelta(seconds=TickingClock.seconds)


def struck(identity=Identity.CARD) -> Case:
    answers = start(FORMS["risai"], facts(), OCCASION)
    for name, value in ANSWERS.items():
        answers = answers.answer(name, value)
    return Case("ja", "risai", identity, facts(), answers)


@pytest.fixture
def desk():
    return Desk(ToldOffice(), ToldConsents())


@pytest.fixture
def person(desk):
    return desk.consent.person(facts())


def test_a_share_says_what_its_purpose_names_and_nothing_else(desk, person):
    kept = desk.apply(care=True)
    share = desk.body(CARE)
    assert share.applicant == {
        "申請者": {
            "氏名": "NGUYEN THI MINH CHAU",
            "住所": "かかない県書蒼市駅前二丁目8番1号　書蒼ハイツ1105",
        },
        "本人確認": "card",
    }
    assert share.content == {"contact_place": "relatives", "contact_phone": "09011112222"}
    assert (share.facts, share.fee, share.wants_certificate) == ((), 0, False)
    assert (str(share.parent), share.person) == (kept.submission, person)
    assert share.receipt == "K01-000002"


def test_a_no_is_written_down_and_shares_nothing(desk, person):
    desk.apply(care=False, water=True)
    assert list(desk.shares()) == [WATER]
    said = [(record.purpose, record.word) for record in desk.consent.consents.of(person)]
    assert said == [(CARE, Word.REFUSED), (WATER, Word.GIVEN)]


def test_whoever_came_without_a_card_has_no_mark_and_is_asked_nothing(desk):
    home = replace(facts().known[0], source="prefill")
    assert desk.consent.person(replace(facts(), known=(home,))) is None
    assert not isinstance(
        JOURNEY.advance(s.Reviewing(struck(Identity.CODE)), e.Confirmed()), s.Consenting
    )


def test_the_office_has_every_word_before_it_has_a_share(desk):
    desk.apply(care=True, water=False)
    desk.agreed.away = True
    desk.deliver.drain()
    assert desk.office.handed_in.keys() == {desk.outbox.rows()[0].id}
    assert desk.shares()[CARE][0] == "waiting"
    desk.agreed.away = False
    desk.deliver.drain()
    assert desk.agreed.heard == [(CARE, "given"), (WATER, "refused")]
    assert desk.shares()[CARE] == ("delivered", "ok")


def test_what_is_withdrawn_while_it_waits_is_erased_and_never_sent(desk, person):
    desk.office.away = desk.agreed.away = True
    desk.apply(care=True, water=True)
    desk.consent.withdraw(person, CARE)
    assert desk.shares()[CARE] == ("set-aside", "not-agreed")
    desk.office.away = desk.agreed.away = False
    desk.deliver.drain()
    sent = [body.get("purpose") for body in desk.office.handed_in.values()]
    assert sent == [None, WATER]
    assert desk.consent.tell() == {}
    assert desk.agreed.heard[-1] == (CARE, "withdrawn")


def test_an_office_that_takes_no_yes_gets_no_share_and_nothing_is_erased(desk):
    desk.apply(care=True)
    desk.agreed.refusal = "The request is not as the API describes it"
    desk.deliver.drain()
    assert desk.shares()[CARE] == ("set-aside", "not-heard")
    assert desk.body(CARE)
    desk.agreed.refusal = None
    (one,) = (row.id for row in desk.outbox.rows() if row.purpose == CARE)
    assert desk.outbox.retry(one, NOW, "counter")
    desk.deliver.drain()
    assert desk.shares()[CARE] == ("delivered", "ok")


def test_an_office_that_knows_of_no_yes_gets_no_share(desk, monkeypatch):
    desk.apply(care=True)
    monkeypatch.setattr(desk.agreed, "consents", lambda _: [])
    desk.deliver.drain()
    assert desk.shares()[CARE] == ("set-aside", "not-agreed")


def test_a_word_that_the_office_takes_badly_holds_up_no_other(desk, person):
    desk.apply(care=True)
    desk.apply(water=True)
    bad = OfficeUnreachable("HTTP 500", strange=True)
    desk.agreed.troubles = {CARE: bad}
    assert list(desk.consent.tell().values()) == [bad]
    assert desk.agreed.heard[-1] == (WATER, "given")
    desk.deliver.drain()
    assert desk.shares()[CARE][0] == "waiting"
    desk.agreed.troubles = {}
    desk.deliver.drain()
    assert desk.shares()[CARE] == desk.shares()[WATER] == ("delivered", "ok")


def test_our_own_no_counts_though_the_office_has_not_taken_it(desk, person):
    desk.apply(care=True)
    desk.consent.tell()
    desk.agreed.refusal = "The request is not as the API describes it"
    desk.consent.withdraw(person, CARE)
    assert desk.consent.why_not(person, CARE) == "not-agreed"


def test_a_terminal_whose_clock_is_years_behind_takes_back_what_was_said_elsewhere(desk, person):
    desk.apply(care=True)
    desk.consent.tell()
    behind = StandingClock(NOW - timedelta(days=3650))
    memory = MemoryConsents(FillingOutbox())
    other = Consent(memory, desk.agreed, PURPOSES, behind, b"k" * 32, "K02")
    other.withdraw(person, CARE, other.recall(facts()).agreed)
    other.tell()
    assert desk.consent.why_not(person, CARE) == "not-agreed"
    assert other.recall(facts()).agreed == ()


def test_nobody_may_send_what_is_nobodys(desk):
    assert desk.consent.why_not(None, CARE) == "not-agreed"


def test_a_visit_shows_what_the_office_knows_and_says_when_it_is_away(desk, person):
    desk.apply(care=True, water=False)
    here = desk.consent.recall(facts())
    assert (here.person, here.whole) == (person, True)
    assert [each.purpose for each in here.agreed] == [CARE]
    desk.agreed.away = True
    away = desk.consent.recall(facts())
    assert (away.whole, [each.purpose for each in away.agreed]) == (False, [CARE])
    assert away.agreed[0].until == PURPOSES.named(CARE).until(away.agreed[0].since)


def test_a_yes_from_long_ago_is_not_shown_as_one(desk, monkeypatch):
    desk.apply(care=True)
    desk.agreed.away = True
    later = NOW + timedelta(days=800)
    monkeypatch.setattr(desk.clock, "now", lambda: later)
    assert desk.consent.recall(facts()).agreed == ()


def test_what_the_office_says_has_ended_is_not_shown(desk, monkeypatch):
    ended = StandingThere(CARE, stands=False, at=NOW, until=None)
    monkeypatch.setattr(desk.agreed, "consents", lambda _: [ended])
    assert desk.consent.recall(facts()).agreed == ()


def test_a_card_without_a_birth_day_agreed_to_nothing(desk):
    known = tuple(fact for fact in facts().known if fact.name != "birth")
    assert desk.consent.recall(replace(facts(), known=known)) == e.ConsentsRecalled("", (), True)


def test_what_the_city_asks_for_no_more_can_still_be_taken_back(desk, person):
    assert desk.consent.withdraw(person, "gone-purpose").purpose == "gone-purpose"
    assert desk.consent.consents.of(person)[-1].word is Word.WITHDRAWN


def test_a_visit_with_a_card_ends_in_a_slip_and_a_word_to_the_office():
    bench = Bench()
    card = PlainCard("4" * 15, "住民　一号", "書蒼市本町1番地", NOW.date(), "2", "1234")
    mark = bench.consent.person(facts_of(card))
    given = bench.consent._record(mark, CARE, "2026-11", Word.GIVEN)
    bench.outbox.said.append(given)
    bench.say(e.Started(), e.LanguageChosen("ja"), e.ConsentsWanted())
    bench.reader.lies = card
    bench.attend.tick()
    bench.lanes.release_all()
    bench.say(e.PinEntered(Pin(card.pin.encode())))
    bench.lanes.release_all()
    assert bench.state == s.Surveying("ja", mark, agreement(given), whole=True)
    bench.say(e.WithdrawalAsked(WATER))
    assert isinstance(bench.state, s.Surveying)
    bench.say(e.WithdrawalAsked(CARE), e.Confirmed())
    bench.lanes.release_all()
    slip = bench.state.slip
    assert (bench.state.agreed, slip[:4]) == ((), "K01-")
    assert bench.printer.titles == [f"receipt-{slip}"]
    bench.lanes.release_all()
    assert bench.agreed.heard == [(CARE, "given"), (CARE, "withdrawn")]
    assert bench.say(e.Left()) == s.Parting("ja", s.Ending.WITHDRAWN, True, slip)


def facts_of(card):
    reading = {"name": card.name, "address": card.address, "sex": card.sex}
    return from_mapping({**reading, "birth": card.birth.isoformat()}, Source.CARD, NOW)


def agreement(record):
    return (Agreement(record.purpose, record.at.date(), None),)


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["yes", "no", "withdraw", "down", "up", "drain", "drain"]),
        st.integers(0, 1),
    ),
    max_size=24,
)


@given(DEEDS)
@settings(max_examples=120, deadline=None)
def test_whatever_happens_at_two_terminals_a_no_is_never_overrun(deeds):
    """After each deed: a share that arrived had, at that moment, no later word against it."""
    agreed = ToldConsents()
    offices = (ToldOffice(), ToldOffice())
    desks = [Desk(office, Line(agreed, office), f"K0{n}") for n, office in enumerate(offices, 1)]
    said: list[tuple[str, int]] = []
    for deed, n in deeds:
        desk, before = desks[n], len(arrived(offices))
        match deed:
            case "yes" | "no":
                desk.apply(care=deed == "yes")
                said.append((deed, n))
            case "withdraw":
                desk.consent.withdraw(desk.consent.person(facts()), CARE)
                said.append((deed, n))
            case "down" | "up":
                desk.office.away = deed == "down"
            case "drain":
                desk.deliver.drain()
        if len(arrived(offices)) > before:
            known = {n} | {k for k, office in enumerate(offices) if not office.away}
            mine = [word for word, where in said if where == n]
            assert mine[-1] == "yes", (deeds, said, known)
    for office in offices:
        office.away = False
    for desk in desks * 2:
        desk.consent.tell()
    before = len(arrived(offices))
    for desk in desks:
        desk.deliver.drain()
    if said and said[-1][0] != "yes":
        assert len(arrived(offices)) == before  # once everybody has been heard, a no is a no
    waiting = [row for desk in desks for row in desk.outbox.rows() if row.state == "waiting"]
    assert waiting == []


class Line(PracticeConsents):
    """The one office's memory, over a terminal's own line."""

    def __init__(self, agreed, office):
        self._agreed, self._office = agreed, office

    def consent(self, record):
        self._reach()
        return self._agreed.consent(record)

    def consents(self, person):
        self._reach()
        return self._agreed.consents(person)

    def _reach(self):
        if self._office.away:
            raise OfficeUnreachable("ConnectTimeout")


def arrived(offices):
    return [body for office in offices for body in office.handed_in.values() if body.get("purpose")]


def test_each_purpose_is_asked_by_itself_and_going_back_shows_no_answer():
    first = JOURNEY._agree(struck())
    assert isinstance(first, s.Consenting)
    assert (first.purpose, first.case.said) == (CARE, ())
    second = JOURNEY.advance(first, e.ConsentAnswered(CARE, agrees=True))
    assert second.purpose == WATER
    assert JOURNEY.advance(second, e.ConsentAnswered(CARE, agrees=False)) is second
    assert JOURNEY.advance(second, e.WentBack()) == first
    assert isinstance(JOURNEY.advance(first, e.WentBack()), s.Reviewing)
    end = JOURNEY.advance(second, e.ConsentAnswered(WATER, agrees=False))
    assert isinstance(end, s.Submitting)
    assert [each.word for each in end.case.said] == [Word.GIVEN, Word.REFUSED]


def test_a_form_without_a_purpose_asks_nothing():
    bench = Bench()
    bench.walk(Person(1), s.Parting)
    assert not any(isinstance(state, s.Consenting) for state in bench.shown)


def test_a_terminal_that_keeps_no_consents_goes_on_as_ever():
    bench = Bench()
    crew = replace(bench.attend._crew, submit=replace(bench.submit, consent=None))
    bench.attend = Attend(replace(JOURNEY, purposes=Purposes()), crew, bench.lanes, bench._show)
    bench.walk(Person(1), s.Parting)
    bench.attend.drain()
    bench.lanes.release_all()
    assert bench.agreed.heard == []


def test_a_purpose_that_is_gone_meanwhile_is_written_down_and_shares_nothing(desk, person):
    gone = replace(desk.consent, purposes=Purposes())
    (only,) = gone.said(say(struck(), PURPOSES.named(CARE), agrees=True), person)
    assert (only.record.word, only.share) == (Word.GIVEN, None)


SURVEY = s.Surveying("ja", "f" * 64, (Agreement(CARE, NOW.date(), None),), whole=True)


def test_whoever_leaves_while_it_is_withdrawn_has_it_withdrawn():
    revoking = JOURNEY.advance(s.Withdrawing(SURVEY, CARE), e.Confirmed())
    gone = JOURNEY.advance(revoking, e.CardRemoved())
    assert gone == changed(revoking, leaving=True)
    told = JOURNEY.advance(gone, e.ConsentWithdrawn(CARE, "K01-AAAAAA"))
    assert told == s.Parting("ja", s.Ending.WITHDRAWN, False, "K01-AAAAAA")


@pytest.mark.parametrize(
    ("state", "event", "after"),
    [
        (SURVEY, e.WithdrawalAsked(WATER), SURVEY),
        (SURVEY, e.Left(), s.Parting("ja", s.Ending.LEFT, True)),
        (SURVEY, e.CardRemoved(), s.Apologising("ja", "card-removed", False)),
        (
            changed(SURVEY, slip="X"),
            e.CardRemoved(),
            s.Parting("ja", s.Ending.WITHDRAWN, False, "X"),
        ),
        (s.Withdrawing(SURVEY, CARE), e.WentBack(), SURVEY),
        (s.Revoking(SURVEY, CARE), e.GrewQuiet(), s.Revoking(SURVEY, CARE)),
        (s.Identifying("ja", None), e.CodePartRead(1, 2), s.Identifying("ja", None)),
        (s.Recalling("ja", facts()), e.Failed("x"), s.Apologising("ja", "x", True)),
    ],
)
def test_a_visit_step_by_step(state, event, after):
    assert JOURNEY.advance(state, event) == after
