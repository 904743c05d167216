"""Turns follow one another; whatever is under way, nothing crosses from one to the next."""

from collections import Counter
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.faults import PrintUnclear, ReaderGone, UnknownCard
from kiosk.adapters.practice import PracticeOffice
from kiosk.domain import events as e
from kiosk.domain import states as s
from kiosk.domain.pin import Pin
from kiosk.domain.sheets import Fate
from kiosk.errors import StoreUnusable
from kiosk.ports.lanes import Lane
from tests.fakes.outbox import FillingOutbox
from tests.fakes.printer import CountedPrinter
from tests.fakes.reader import PlainCard
from tests.fakes.samples import NOW
from tests.fakes.terminal import Bench, Person, Resident

FIRST, SECOND = Person(1), Person(2)
FEE = 400  # the first person wants two copies


def case_of(state):
    return getattr(state.before if isinstance(state, s.Hesitating) else state, "case", None)


def said_by(state):
    """Every word in a state that somebody could be known by."""
    case = case_of(state)
    if case is None:
        return set()
    known = {fact.value for fact in case.facts.known}
    return known | {value for value in case.answers.values.values() if isinstance(value, str)}


def receipt_in(state):
    kept = getattr(state, "kept", None)
    return kept.receipt if kept else getattr(state, "receipt", None)


@pytest.fixture
def bench():
    return Bench()


def test_a_card_becomes_a_receipt_and_papers(bench):
    parting = bench.walk(FIRST, s.Parting)
    assert parting == s.Parting("ja", s.Ending.ISSUED, True, "K01-000001", 2)
    bench.lanes.release_all()
    assert bench.printer.titles == ["X-000001-1", "X-000001-2", "receipt-K01-000001"]
    assert bench.office.outcomes == [("X-000001-1", "printed"), ("X-000001-2", "printed")]
    assert bench.till.held == FEE


def test_a_code_that_was_handed_in_is_not_taken_again(bench):
    code = FIRST.code
    for ending in (s.Parting, s.Apologising):
        bench.walk(FIRST, s.Identifying)
        bench.lanes.release_all()
        bench.scanner.show(code)
        bench.attend.tick()
        bench.lanes.release_all()
        bench.say(e.FactsConfirmed(), e.Confirmed())
        bench.lanes.release_all()
        assert isinstance(bench.state, ending)
        told = bench.state
        bench.say(e.Left())
    assert told.code == "already-handed-in"
    assert len(bench.outbox.rows()) == 1


def test_a_code_from_home_becomes_a_receipt_without_money(bench):
    bench.walk(FIRST, s.Parting, by_code=True)
    bench.lanes.release_all()
    assert bench.state == s.Parting("ja", s.Ending.HANDED_IN, False, "K01-000001")
    assert bench.printer.titles == ["receipt-K01-000001"]
    assert not bench.press.papers[0].waiting
    assert bench.till.held == 0


def test_every_step_is_shown_and_what_changes_nothing_is_not(bench):
    bench.say(e.Started(), e.Started(), e.LanguageChosen("en"), e.Answered("copies", 1))
    assert bench.shown == [s.Greeting(), s.Choosing("en")]


def test_an_office_that_is_away_keeps_the_application_and_takes_no_money(bench):
    bench.walk(FIRST, s.Reviewing)
    bench.office.away = True
    bench.walk(FIRST, s.Parting)
    bench.lanes.release_all()
    assert bench.state == s.Parting("ja", s.Ending.KEPT_WAITING, True, "K01-000001")
    assert bench.press.papers[0].waiting
    assert bench.till.held == 0


def test_an_office_that_leaves_after_the_money_gives_it_back(bench):
    bench.walk(FIRST, s.Submitting)
    assert bench.till.held == FEE
    bench.office.away = True
    bench.walk(FIRST, s.Parting)
    bench.lanes.release_all()
    assert bench.till.held == 0
    assert bench.printer.titles == ["receipt-K01-000001"]
    assert bench.press.papers[0].waiting


def test_a_full_disk_gives_the_money_back_and_prints_no_receipt(bench):
    bench.walk(FIRST, s.Submitting)
    bench.outbox.full = True
    bench.lanes.release_all()
    assert bench.state == s.Apologising("ja", "store-unusable", card_inside=True)
    assert bench.till.held == 0
    assert bench.printer.sheets == []


def test_a_paper_the_office_refuses_gives_the_money_back_and_names_the_receipt(bench):
    bench.office.refuses_papers = True
    apology = bench.walk(FIRST, s.Apologising)
    assert apology == s.Apologising("ja", "not-issuable-here", True, "K01-000001")
    assert bench.till.held == 0
    bench.lanes.release_all()
    assert bench.printer.titles == ["receipt-K01-000001"]
    assert bench.press.papers[-1].fee == 0, "the money went back: the slip must not say it was paid"


REGISTER = Path(__file__).resolve().parents[2] / "resources" / "people" / "register.yaml"
HOME = "かかない県書蒼市緑ケ丘四丁目10番地　コーポみどり203"
FATHER = PlainCard("40001", "渡邉　一郎", HOME, date(1980, 2, 17), "1", "1234")
PROTECTED = PlainCard(
    "40002", "鈴木　さくら", "かかない県書蒼市栄町7番地", date(1988, 4, 1), "2", "1234"
)
ABROAD = PlainCard("40003", "SUHARTO", "かかない県書蒼市港町9番地", date(1975, 3, 3), "1", "1234")
PHONE = {"phone": "09012345678"}
YEAR = {"year": "2026", "jan1_where": "same", "declared": "declared"}
KOSEKI = {**PHONE, "wide": False, "copies": 1, "purpose": "passport"}
HOUSEHOLD = {"kind": "household", "relationship": True, "domicile": True, "purpose": "pension"}
PAPERS = {  # form, answers, yen, sheet sets
    "juminhyo": ("juminhyo", {**PHONE, **HOUSEHOLD, "copies": 2}, 400, 2),
    "inkan": ("inkan-shomei", {**PHONE, "copies": 1}, 200, 1),
    "tax": ("zei-shomei", {**PHONE, "kind": "tax", "years": 1, "copies": 3, **YEAR}, 600, 3),
    "rows": ("zei-shomei", {**PHONE, "kind": "income", "years": 2, "copies": 1, **YEAR}, 400, 2),
    "koseki": ("koseki", {**KOSEKI, "kind": "full"}, 350, 1),
    "fuhyo": ("koseki", {**KOSEKI, "kind": "fuhyo", "fuhyo_domicile": True}, 200, 1),
}


def practising():
    return Bench(office=PracticeOffice(REGISTER, lambda: NOW))


@pytest.mark.parametrize("wish", PAPERS)
def test_every_certificate_of_a_kiosk_lies_in_the_tray_for_its_fee(wish):
    form, answers, yen, sets = PAPERS[wish]
    bench = practising()
    parting = bench.walk(Resident(FATHER, form, answers), s.Parting)
    assert parting.ending is s.Ending.ISSUED
    bench.lanes.release_all()
    *papers, slip = bench.printer.titles
    assert bench.office.outcomes == dict.fromkeys(papers, "printed")
    assert len(papers) == sets
    assert slip == "receipt-K01-000001"
    assert (bench.till.held, bench.press.papers[-1].fee) == (yen, yen)
    assert all("渡邉　一郎" in bench.printer.text(paper) for paper in papers)


@pytest.mark.parametrize(
    ("card", "wish"),
    [
        *((PROTECTED, wish) for wish in PAPERS),
        *((ABROAD, wish) for wish in PAPERS if wish != "juminhyo"),
    ],
)
def test_what_the_office_refuses_costs_nothing_and_looks_the_same_for_all(card, wish):
    form, answers, _, _ = PAPERS[wish]
    bench, refused = practising(), Resident(card, form, answers)
    assert bench.walk(refused, s.Apologising) == s.Apologising(
        "ja", "not-issuable-here", card_inside=True, receipt="K01-000001"
    )
    bench.lanes.release_all()
    assert bench.printer.titles == ["receipt-K01-000001"]
    assert (bench.till.held, bench.press.papers[-1].fee) == (0, 0)
    assert bench.office.outcomes == {}


def test_a_receipt_that_cannot_be_printed_does_not_end_the_turn():
    bench = Bench(printer=CountedPrinter(paper=0))
    bench.walk(FIRST, s.Parting, by_code=True)
    bench.lanes.release_all()
    assert bench.state == s.Parting("ja", s.Ending.HANDED_IN, False, "K01-000001")


def test_a_device_that_stands_still_is_asked_once_at_a_time():
    bench = Bench(unsettled=("X-1",))
    bench.attend.tick()
    bench.attend.tick()
    assert bench.lanes.waiting(Lane.STORE) == 1
    bench.lanes.release_all()
    assert bench.state == s.Idle()


def test_a_device_that_may_have_printed_stands_still_until_somebody_has_looked(bench):
    bench.walk(FIRST, s.Submitting)
    bench.printer.fault = PrintUnclear()
    assert bench.walk(FIRST, s.Apologising).code == "print-unclear"
    bench.lanes.release_all()
    bench.reader.lies = None
    bench.say(e.Left())
    assert bench.state == s.Closed()
    bench.attend.tick()
    bench.lanes.release_all()
    assert bench.state == s.Closed(("X-000001-1",))
    assert bench.say(e.Started(), e.Left(), e.TimedOut(), e.Failed("reader-gone")) == bench.state
    bench.issue.release.account.settle("X-000001-1", Fate.SPOILED)
    bench.attend.tick()
    bench.lanes.release_all()
    assert bench.state == s.Idle()


def test_a_store_that_fails_keeps_a_device_standing_still(bench):
    bench.ledger.issue(["X-1"])
    bench.ledger.move("X-1", Fate.UNCLEAR)
    bench.say(e.Unsettled(("X-1",)))
    bench.ledger.open = lambda: raised(StoreUnusable("DatabaseError"))
    bench.attend.tick()
    bench.lanes.release_all()
    assert bench.state == s.Closed(("X-1",))
    del bench.ledger.open
    bench.attend.tick()
    bench.lanes.release_all()
    assert bench.state == s.Closed(("X-1",))


def raised(fault):
    raise fault


def test_a_former_run_is_settled_before_the_first_turn():
    bench = Bench(unsettled=("X-000001-1",))
    assert bench.state == s.Closed(("X-000001-1",))
    assert bench.say(e.Started()) == bench.state


def test_no_turn_begins_to_print_while_a_sheet_of_another_is_under_way(bench):
    bench.walk(FIRST, s.Submitting)
    bench.issue.release.begin = lambda _: raised(PrintUnclear("X-9"))
    assert bench.walk(FIRST, s.Apologising).code == "print-unclear"
    assert bench.printer.titles == []


def test_what_the_office_was_not_told_is_told_with_the_next_sending(bench):
    bench.ledger.issue(["X-7"])
    bench.ledger.move("X-7", Fate.SPOILED)
    bench.attend.drain()
    bench.lanes.release_all()
    assert bench.office.outcomes == [("X-7", "spoiled")]


def test_a_till_that_refuses_is_apologised_for(bench):
    bench.till.refuses = True
    assert bench.walk(FIRST, s.Apologising).code == "payment-failed"
    assert list(bench.outbox.rows()) == []


def test_a_printer_without_paper_is_found_out_before_the_money(bench):
    bench.printer.paper_out = True
    assert bench.walk(FIRST, s.Apologising).code == "paper-out"
    assert bench.till.held == 0


def test_a_name_that_cannot_be_printed_is_found_out_before_the_money():
    bench = Bench(no_shape="号")
    assert bench.walk(FIRST, s.Apologising).code == "unprintable-name"
    assert (bench.till.held, list(bench.outbox.rows())) == (0, [])


def test_a_receipt_waits_until_the_application_is_kept(bench):
    bench.walk(FIRST, s.Submitting)
    assert bench.lanes.waiting(Lane.PRINTER) == 0
    bench.lanes.release(Lane.STORE)
    assert bench.state.kept.receipt == "K01-000001"
    assert bench.lanes.waiting(Lane.PRINTER) == 0
    bench.lanes.release(Lane.OFFICE)
    bench.lanes.release(Lane.PRINTER)
    assert bench.printer.titles == ["X-000001-1", "X-000001-2"]
    bench.lanes.release(Lane.PRINTER)
    assert bench.printer.titles[2:] == ["receipt-K01-000001"]


def test_the_answer_of_a_turn_that_ended_is_dropped(bench):
    bench.walk(FIRST, s.Reading)
    pin = bench.state.pin
    bench.lanes.perform(Lane.CARD)
    bench.say(e.Left(), e.Left(), e.Started())
    bench.lanes.deliver(Lane.CARD)
    assert bench.state == s.Greeting()
    assert bench.lanes.dropped == 1
    assert pin.digits() == b""


def test_a_code_shown_in_the_turn_before_opens_nothing_in_this_one(bench):
    bench.walk(FIRST, s.Identifying)
    bench.lanes.release_all()
    bench.scanner.show(FIRST.code)
    bench.scanner.show(FIRST.code)
    bench.attend.tick()
    bench.say(e.Left())
    bench.walk(SECOND, s.Identifying)
    bench.attend.tick()
    bench.lanes.release_all()
    assert bench.state == s.Identifying("ja", "juminhyo")


def test_a_scanner_is_asked_once_at_a_time(bench):
    bench.walk(FIRST, s.Identifying)
    bench.lanes.release_all()
    for _ in range(3):
        bench.attend.tick()
    assert bench.lanes.waiting(Lane.SCANNER) == 1
    assert bench.lanes.waiting(Lane.CARD) == 1
    bench.lanes.release_all()
    bench.attend.tick()
    assert bench.lanes.waiting(Lane.SCANNER) == 1


def test_the_scanner_rests_while_no_code_is_asked_for(bench):
    bench.attend.tick()
    assert bench.lanes.waiting(Lane.SCANNER) == 0


def test_a_code_that_cannot_be_taken_is_apologised_for(bench):
    bench.walk(FIRST, s.Identifying)
    bench.lanes.release_all()
    bench.scanner.show("https://example.org")
    bench.attend.tick()
    bench.lanes.release_all()
    assert bench.state == s.Apologising("ja", "code-not-ours", card_inside=False)


def test_a_code_that_cannot_be_taken_is_forgotten_once_a_card_lies_there(bench):
    bench.walk(FIRST, s.Identifying)
    bench.lanes.release_all()
    bench.scanner.show("https://example.org")
    bench.attend.tick()
    bench.say(e.CardPlaced(3))
    bench.lanes.release_all()
    assert isinstance(bench.state, s.EnteringPin)


def test_a_card_that_lies_there_already_is_told_of_again(bench):
    bench.reader.lies = FIRST.card
    bench.attend.tick()
    bench.lanes.release_all()
    assert bench.state == s.Idle()
    bench.say(e.Started(), e.LanguageChosen("ja"), e.ProcedureChosen("juminhyo"))
    bench.attend.tick()
    bench.lanes.release_all()
    assert bench.state == s.EnteringPin("ja", "juminhyo", 3)


def test_a_card_is_told_of_once_and_its_leaving_too(bench):
    bench.walk(FIRST, s.Filling)
    bench.attend.tick()
    bench.lanes.release_all()
    assert isinstance(bench.state, s.Filling)
    bench.reader.lies = None
    bench.attend.tick()
    bench.lanes.release_all()
    assert bench.state == s.Apologising("ja", "card-removed", card_inside=False)


def test_a_reader_fault_is_apologised_for_only_where_a_card_is_asked_for(bench):
    bench.reader.fault = ReaderGone()
    bench.attend.tick()
    bench.lanes.release_all()
    assert bench.state == s.Idle()
    bench.reader.fault = UnknownCard()
    bench.walk(FIRST, s.Identifying)
    bench.attend.tick()
    bench.lanes.release_all()
    assert bench.state == s.Apologising("ja", "unknown-card", card_inside=False)


def test_the_last_try_is_asked_for_and_used(bench):
    bench.walk(FIRST, s.EnteringPin)
    for _ in range(2):
        bench.say(e.PinEntered(Pin(b"9999")))
        bench.lanes.release_all()
    assert bench.state == s.EnteringPin("ja", "juminhyo", 1, refused=True)
    bench.walk(FIRST, s.Filling)
    assert bench.state.case.facts.about("name").value == FIRST.card.name


def test_what_waits_is_sent_behind_everybody_once_at_a_time(bench):
    bench.office.away = True
    bench.walk(FIRST, s.Parting, by_code=True)
    bench.lanes.release_all()
    bench.office.away = False
    bench.attend.drain()
    bench.attend.drain()
    assert bench.lanes.waiting(Lane.OFFICE) == 1
    bench.lanes.release_all()
    assert len(bench.office.handed_in) == 1
    assert list(bench.outbox.due(0)) == []
    bench.attend.drain()
    assert bench.lanes.waiting(Lane.OFFICE) == 1


def test_a_store_that_fails_while_sending_disturbs_nobody(bench):
    bench.say(e.Started())
    bench.outbox.damaged = True
    bench.attend.drain()
    bench.lanes.release_all()
    assert bench.state == s.Greeting()
    bench.attend.drain()
    assert bench.lanes.waiting(Lane.OFFICE) == 1


def test_what_was_handed_in_without_money_is_not_said_to_be_paid(bench):
    bench.walk(FIRST, s.Reviewing)
    bench.office.away = True
    bench.walk(FIRST, s.Deferring)
    bench.office.away = False
    assert bench.walk(FIRST, s.Parting).ending is s.Ending.HANDED_IN
    bench.lanes.release_all()
    assert bench.till.held == 0
    assert bench.press.papers[-1].fee == 0


def test_what_was_paid_and_issued_is_said_to_be_paid(bench):
    bench.walk(FIRST, s.Parting)
    bench.lanes.release_all()
    assert bench.press.papers[-1].fee == bench.till.held == FEE


def test_a_stale_look_at_the_printer_takes_nobodys_money(bench):
    bench.walk(FIRST, s.Paying)
    bench.say(e.WentBack(), e.Confirmed())
    bench.lanes.release(Lane.PRINTER)
    bench.lanes.release(Lane.PRINTER)
    bench.say(e.PayPressed())
    bench.lanes.perform(Lane.TILL)
    bench.printer.paper_out = True
    bench.lanes.release(Lane.PRINTER)
    bench.lanes.release_all()
    assert isinstance(bench.state, s.Apologising)
    assert bench.till.held == 0


def test_a_submission_the_office_refuses_goes_to_the_counter_with_its_money_back(bench):
    bench.office.refusal = "another body under this id"
    apology = bench.walk(FIRST, s.Apologising)
    assert apology == s.Apologising("ja", "not-issuable-here", True, "K01-000001")
    bench.lanes.release_all()
    assert bench.till.held == 0
    assert (bench.press.papers[-1].waiting, bench.press.papers[-1].fee) == (False, 0)


def test_another_card_in_the_place_of_the_first_ends_the_turn(bench):
    bench.walk(FIRST, s.Filling)
    bench.reader.lies = SECOND.card
    bench.attend.tick()
    bench.lanes.release_all()
    assert bench.state == s.Apologising("ja", "card-removed", card_inside=False)


def test_a_strange_card_in_the_place_of_the_first_ends_the_turn(bench):
    bench.walk(FIRST, s.Filling)
    bench.reader.fault = UnknownCard()
    bench.attend.tick()
    bench.lanes.release_all()
    assert bench.state == s.Apologising("ja", "card-removed", card_inside=False)


def test_what_was_seen_for_the_first_resident_is_not_told_to_the_second(bench):
    bench.walk(FIRST, s.Identifying)
    bench.reader.lies = replace(FIRST.card, attempts_left=0)
    bench.attend.tick()
    bench.lanes.perform(Lane.CARD)
    bench.reader.lies = None
    bench.say(e.Left(), e.Started(), e.LanguageChosen("en"), e.ProcedureChosen("juminhyo"))
    bench.lanes.deliver(Lane.CARD)
    assert isinstance(bench.state, s.Identifying)
    bench.attend.tick()
    bench.reader.fault = UnknownCard()
    bench.lanes.perform(Lane.CARD)
    bench.say(e.Left(), e.Started(), e.LanguageChosen("en"), e.ProcedureChosen("juminhyo"))
    bench.lanes.deliver(Lane.CARD)
    assert isinstance(bench.state, s.Identifying)


class BrokenPress:
    def render(self, paper, agreed=None):
        raise ZeroDivisionError


def test_a_mistake_of_ours_goes_to_the_top():
    bench = Bench(press=BrokenPress())
    bench.walk(FIRST, s.Issuing)
    with pytest.raises(ZeroDivisionError):
        bench.lanes.release(Lane.PRINTER)
    assert isinstance(bench.state, s.Issuing)


class Street:
    """People come one after another, each a stranger to all others, and are watched."""

    def __init__(self):
        self.turn, self.present = 0, False
        self.kept, self.issued, self.printed = {}, set(), Counter()
        self.told = set()
        self.bench = Bench(
            printer=CountedPrinter(heard=self._printed),
            outbox=FillingOutbox(heard=self._kept),
            watch=self._shown,
        )

    @property
    def person(self):
        return Person(self.turn)

    def _shown(self, state):
        if isinstance(state, s.Greeting) and not self.present:
            self.turn, self.present = self.turn + 1, True
        if isinstance(state, s.Idle):
            self.present = False
        others = set().union(*(Person(n).words for n in range(1, self.turn)))
        assert not said_by(state) & others, "shown in another's turn"
        receipt = receipt_in(state)
        if receipt is not None:
            assert self.kept[receipt] == self.turn, "another's receipt is shown"
            self.told.add(receipt)
        if isinstance(state, s.Parting) and state.ending is s.Ending.ISSUED:
            self.issued.add(self.turn)

    def _kept(self, envelope):
        person = envelope.applicant["申請者"]
        assert self.present, "stored for nobody"
        assert set(person.values()) == self.person.words, "stored in another's turn"
        assert self.turn not in self.kept.values(), "one turn, one application"
        self.kept[envelope.receipt] = self.turn

    def _printed(self, title):
        self.printed[title] += 1
        assert self.printed[title] == 1, "printed twice"
        lines = self.bench.printer.text(title)
        if title.startswith("receipt-"):
            receipt = title.removeprefix("receipt-")
            assert receipt in self.told, "a receipt before its application was kept"
            copies = Person(self.kept[receipt]).answers["copies"]
            assert f"住民票の写し　{copies}通" in lines
        else:
            assert self.present, "a paper for nobody"
            assert {self.person.card.name, self.person.card.address} <= set(lines)

    def step(self, chance, *, by_code, troubled):
        """One thing that may happen now: to the person, in a lane, or to the world."""
        bench, lanes = self.bench, self.bench.lanes
        mine = partial(bench.next_step, Person(self.turn), by_code=by_code)
        may = [mine] * 3
        may += [partial(lanes.perform, lane) for lane in Lane if lanes.waiting(lane)]
        may += [partial(lanes.deliver, lane) for lane in Lane if lanes.answers(lane)]
        if chance.randrange(16) == 0:
            may = [bench.attend.tick, bench.attend.drain]
            may += [partial(bench.say, chance.choice(DOUBTS))]
            may += [partial(self._turn_over, *chance.choice(TROUBLES))] * (2 * troubled)
        chance.choice(may)()

    def _turn_over(self, thing, name):
        there = getattr(self.bench, thing)
        setattr(there, name, not getattr(there, name))

    def go_away(self):
        """With the card, and whatever is under way; what was begun with money is finished."""
        self.bench.say(e.Left())
        if not isinstance(self.bench.state, s.Submitting | s.Issuing):
            self.bench.reader.lies = None
        self.bench.say(e.Left())

    def lead_to(self, state):
        """In a world without troubles, somebody comes as far as that."""
        self.close()
        self.bench.say(e.Started())
        self.bench.walk(self.person, state)

    def close(self):
        """The world is mended, and the last person is seen to the end."""
        for thing, name in TROUBLES:
            setattr(getattr(self.bench, thing), name, False)
        while not isinstance(self.bench.state, s.Idle):
            self.bench.lanes.release_all()
            self.go_away()
        self.bench.lanes.release_all()


DOUBTS = [e.WentBack(), e.GrewQuiet(), e.AskedToLeave()]
TROUBLES = [
    ("office", "away"),
    ("office", "refuses_papers"),
    ("printer", "paper_out"),
    ("outbox", "full"),
    ("till", "refuses"),
]
STEPS = st.sampled_from([5, 10, 15, 20, 30, 40, 60, 80])
CHANCE = st.randoms(use_true_random=False)
VISITS = st.lists(st.tuples(st.booleans(), STEPS), min_size=2, max_size=4)


@settings(max_examples=120, deadline=None)
@given(VISITS, st.booleans(), CHANCE)
def test_nothing_of_one_turn_is_shown_printed_or_stored_in_another(visits, troubled, chance):
    street = Street()
    for by_code, steps in visits:
        for _ in range(steps):
            street.step(chance, by_code=by_code, troubled=troubled)
        street.go_away()
    street.close()
    assert street.bench.till.held == sum(200 * Person(n).answers["copies"] for n in street.issued)
    assert troubled or {f"receipt-{receipt}" for receipt in street.told} <= set(street.printed)
    assert all(pin == b"" for pin in street.bench.reader.pins)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from([0, 5, 10, 20, 40]), min_size=1, max_size=3), CHANCE)
def test_money_stays_only_for_papers_that_were_issued(steps, chance):
    street = Street()
    for count in steps:
        street.lead_to(s.Paying)
        for _ in range(count):
            street.step(chance, by_code=False, troubled=True)
    street.close()
    paid = [200 * Person(number).answers["copies"] for number in street.issued]
    assert street.bench.till.held == sum(paid)
    papers = sum(not title.startswith("receipt-") for title in street.printed)
    assert papers == sum(paid) // 200
