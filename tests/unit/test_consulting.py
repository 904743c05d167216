"""A clerk looks up what somebody agreed to, and takes it back: what happens behind the page."""

from dataclasses import replace

import pytest

from devices.simulated.till import SimulatedTill
from forms.definition import Channel
from kiosk.adapters.memory_consents import MemoryConsents
from kiosk.domain import counter as d
from kiosk.domain import events as e
from kiosk.domain.agreement import Word
from kiosk.domain.arrivals import Listing
from kiosk.domain.consulting import Consulting, PersonAsked
from kiosk.domain.desk import Desk
from kiosk.errors import StoreUnusable
from kiosk.usecases.consent import Consent
from kiosk.usecases.receive import Receive
from kiosk.usecases.serve import DeskCrew, Serve
from kiosk.usecases.submit import Submit
from tests.fakes.clock import StandingClock
from tests.fakes.consents import ToldConsents
from tests.fakes.issuing import issuing
from tests.fakes.journal import WrittenJournal
from tests.fakes.lanes import HeldLanes
from tests.fakes.office import ToldOffice
from tests.fakes.outbox import FillingOutbox, delivering
from tests.fakes.press import PlainPress
from tests.fakes.printer import CountedPrinter
from tests.fakes.samples import FORMS, NOW, PURPOSES

CARE = PURPOSES.of("risai")[0].id
SAID = {"name": "渡邉　一郎", "birth": "1980-02-17", "sex": "1", "address": "緑ケ丘四丁目10番地"}
WHO = PersonAsked(SAID, identity_checked=True)


class AnyClerk:
    def name_of(self, clerk, secret):
        return "守"


class Counter:
    """A desk where consents are kept, over everything in memory."""

    def __init__(self) -> None:
        clock, till, office = StandingClock(), SimulatedTill(), ToldOffice()
        self.outbox, self.agreed, self.lanes = FillingOutbox(), ToldConsents(), HeldLanes()
        self.printer, press = CountedPrinter(), PlainPress()
        memory = MemoryConsents(self.outbox)
        self.consent = Consent(memory, self.agreed, PURPOSES, clock, b"k" * 32, "C01", "counter")
        deliver = delivering(self.outbox, office, clock, by="counter")
        submit = Submit(
            self.outbox,
            deliver,
            till,
            FORMS,
            clock,
            "C01",
            Channel.COUNTER,
            "counter",
            self.consent,
        )
        receive = Receive(press, self.printer, FORMS, clock, "市", "課", "電話", specimen=False)
        issue = issuing(office, press, self.printer, till, specimen=False)
        crew = DeskCrew(
            AnyClerk(),
            office,
            submit,
            issue,
            receive,
            lambda _: (),
            WrittenJournal(),
            lambda: None,
        )
        self.serve = Serve(Desk(FORMS, lambda: NOW, PURPOSES), crew, self.lanes, lambda _: None)
        self.serve.sign_in("mamoru", "x")
        self.lanes.release_all()

    @property
    def state(self):
        return self.serve.state

    def say(self, *events):
        for event in events:
            self.serve.handle(event)
            self.lanes.release_all()
        return self.state

    def agree(self):
        mark = self.consent.recall_of(SAID).person
        given = self.consent._record(mark, CARE, "2026-11", Word.GIVEN)
        self.outbox.said.append(given)


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
