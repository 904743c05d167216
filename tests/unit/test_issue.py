"""A certificate: every number ends as printed or spoiled, and money stays only for paper."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace as changed

from devices.faults import PaperOut, PrintUnclear
from devices.simulated.till import SimulatedTill
from kiosk.adapters.ledger import MemoryLedger
from kiosk.adapters.practice import PracticeOffice
from kiosk.domain.events import Issued
from kiosk.domain.sheets import Fate
from kiosk.errors import NotIssuableHere, OfficeUnreachable, UnprintableName, WrongSheet
from kiosk.tour.orders import ORDERS
from printing.faults import Overfull
from tests.fakes.issuing import issuing
from tests.fakes.office import ToldOffice
from tests.fakes.press import PlainPress, codes_of
from tests.fakes.printer import CountedPrinter
from tests.fakes.samples import AT_DESK, JOURNEY, KEPT, NOW, case, desk_case

REGISTER = Path(__file__).resolve().parents[2] / "resources" / "people" / "register.yaml"
BY_FILE = {order.file: order for order in ORDERS}


class Work:
    """One turn's certificate, from asking to the tray."""

    def __init__(
        self,
        *,
        press=None,
        printer=None,
        office=None,
        now=lambda: 0.0,
        read=codes_of,
        occasion=JOURNEY.occasion,
    ):
        self.press = press or PlainPress()
        self.printer = printer or CountedPrinter()
        self.office = office or ToldOffice()
        self.till, self.ledger = SimulatedTill(), MemoryLedger()
        self.use_case = issuing(
            self.office,
            self.press,
            self.printer,
            self.till,
            ledger=self.ledger,
            now=now,
            read=read,
            occasion=occasion,
        )

    def issue(self, made=None, payment=None):
        made = made or case()
        self.use_case.release.begin(self.use_case.holder(made, "nonce"))
        return self.use_case.issue(made, KEPT, payment, "nonce")


def answering(**answers):
    made = case()
    for name, value in answers.items():
        made = changed(made, answers=made.answers.answer(name, value))
    return made


def paper_of(**answers):
    work = Work()
    work.issue(answering(**answers))
    return work.press.papers[0]


def test_as_many_sheets_as_were_asked_for_lie_in_the_tray():
    work = Work()
    payment = work.till.take(400)
    assert work.issue(payment=payment) == Issued("X-000001-1", 2)
    assert work.printer.titles == ["X-000001-1", "X-000001-2"]
    assert work.office.outcomes == [("X-000001-1", "printed"), ("X-000001-2", "printed")]
    assert work.till.held == 400


def test_the_office_is_asked_for_the_very_person():
    work = Work()
    work.issue()
    request = work.office.asked[KEPT.submission]
    assert (request.submission, request.type) == (KEPT.submission, "juminhyo")
    assert (request.name, request.birth) == ("NGUYEN THI MINH CHAU", date(1999, 8, 8))
    options = dict(request.options)
    assert (options["kind"], options["copies"]) == ("household", 2)
    assert (options["relationship"], options.get("domicile")) == (True, False)


def test_a_fact_counts_more_than_an_answer():
    work = Work()
    work.issue(answering(name="somebody else"))
    assert work.office.asked[KEPT.submission].name == "NGUYEN THI MINH CHAU"


def test_a_paper_shows_what_was_asked_for_and_no_more():
    shown, bare = paper_of(domicile=True), paper_of(relationship=False)
    (with_all,), (with_none,) = shown.content.residents, bare.content.residents
    assert (shown.content.head, with_all.relationship) == ("NGUYEN THI MINH CHAU", "世帯主")
    assert (with_all.domicile, with_all.head_of_domicile) == ("本籍地", "筆頭者")
    assert (bare.content.head, with_none.relationship) == (None, None)
    assert (with_none.domicile, with_none.head_of_domicile) == (None, None)
    assert shown.specimen
    assert shown.issued == date(2026, 11, 21)


@pytest.mark.parametrize("paid", [True, False])
def test_a_refusal_of_the_office_gives_the_money_back(paid):
    work = Work()
    work.office.refuses_papers = True
    payment = work.till.take(400) if paid else None
    with pytest.raises(NotIssuableHere):
        work.issue(payment=payment)
    assert work.till.held == 0
    assert work.office.outcomes == []


def test_a_name_without_a_glyph_spoils_the_number_and_gives_the_money_back():
    work = Work(press=PlainPress(missing="H"))
    payment = work.till.take(400)
    with pytest.raises(UnprintableName, match="H"):
        work.issue(payment=payment)
    assert work.office.outcomes == [("X-000001-1", "abandoned"), ("X-000001-2", "abandoned")]
    assert work.till.held == 0
    assert work.printer.sheets == []


def test_paper_that_runs_out_half_way_spoils_the_number_and_gives_the_money_back():
    work = Work(printer=CountedPrinter(paper=1))
    payment = work.till.take(400)
    with pytest.raises(PaperOut):
        work.issue(payment=payment)
    assert work.printer.titles == ["X-000001-1"]
    assert work.office.outcomes == [("X-000001-1", "printed"), ("X-000001-2", "spoiled")]
    assert work.till.held == 0


def test_a_report_that_is_lost_does_not_undo_a_sheet():
    office = ToldOffice()
    work = Work(office=office, printer=CountedPrinter(heard=lambda _: leave(office)))
    payment = work.till.take(400)
    assert work.issue(payment=payment) == Issued("X-000001-1", 2)
    assert office.outcomes == []
    assert work.till.held == 400
    office.away = False
    assert work.use_case.release.account.report() == 2
    assert office.outcomes == [("X-000001-1", "printed"), ("X-000001-2", "printed")]
    assert work.ledger.open() == []


def leave(office):
    office.away = True


def test_an_office_that_is_away_gives_no_number():
    work = Work()
    work.office.away = True
    with pytest.raises(OfficeUnreachable):
        work.issue()
    assert work.office.asked == {}


@pytest.mark.parametrize(
    "odd",
    [
        {"papers": [{"content": {"type": "juminhyo"}, "numbers": ["X-000001-1", "X-000001-2"]}]},
        {"papers": [{"content": "R8", "numbers": ["X-000001-1", "X-000001-2"]}]},
        {"papers": [], "content": None},
        {"papers": "none"},
        {"city": {"name": "x"}},
        {"issued": "yesterday"},
    ],
)
def test_an_answer_that_is_no_certificate_is_refused_and_its_numbers_abandoned(odd):
    work = Work(office=OddOffice(odd))
    payment = work.till.take(400)
    with pytest.raises(NotIssuableHere):
        work.issue(payment=payment)
    assert [fate for _, fate in work.office.outcomes] == ["abandoned", "abandoned"]
    assert work.till.held == 0


def test_numbers_that_are_not_those_of_the_papers_are_refused():
    work = Work(office=OddOffice({"numbers": ["X-000001-1", "X-000001-2", "X-000001-3"]}))
    with pytest.raises(NotIssuableHere, match="numbers"):
        work.issue()
    assert [fate for _, fate in work.office.outcomes] == ["abandoned"] * 3


class OddOffice(ToldOffice):
    """Answers something else."""

    def __init__(self, odd):
        super().__init__()
        self._odd = odd

    def certificate(self, request, key):
        return super().certificate(request, key) | self._odd


def test_another_persons_paper_is_destroyed_and_the_device_waits_for_the_staff():
    office = ToldOffice()
    office.odd = {"name": "別の　人"}
    work = Work(office=office)
    payment = work.till.take(400)
    with pytest.raises(WrongSheet) as fault:
        work.issue(payment=payment)
    assert fault.value.reason == "other-person"
    assert work.printer.sheets == []
    assert work.till.held == 0
    assert work.use_case.release.account.unclear() == ["X-000001-1"]
    assert office.outcomes == [("X-000001-2", "abandoned")]


def test_a_sheet_that_shows_another_number_is_destroyed():
    work = Work(read=lambda _: [{"X-000009-1"}])
    with pytest.raises(WrongSheet, match="other-paper"):
        work.issue()
    assert work.printer.sheets == []


def test_a_sheet_that_may_have_come_out_keeps_the_money_until_somebody_has_looked():
    printer = CountedPrinter()
    printer.fault = PrintUnclear()
    work = Work(printer=printer)
    payment = work.till.take(400)
    with pytest.raises(PrintUnclear):
        work.issue(payment=payment)
    assert work.till.held == 400
    assert work.use_case.release.account.unclear() == ["X-000001-1"]
    account = work.use_case.release.account
    assert account.settle("X-000001-1", Fate.PRINTED)
    assert not account.settle("X-000001-1", Fate.SPOILED)
    assert account.report() == 1
    assert office_of(work) == {"X-000001-1": "printed", "X-000001-2": "abandoned"}


def office_of(work):
    return dict(work.office.outcomes)


def at_the_desk(office):
    return Work(office=office, occasion=lambda: AT_DESK)


def ordered(file, **more):
    order = BY_FILE[file]
    return desk_case(order.form, {**order.answers, **more})


class Practice(PracticeOffice):
    """The practice office, and whom it was asked for."""

    def __init__(self, by="counter"):
        super().__init__(REGISTER, lambda: NOW, by=by)
        self.asked_for = []

    def certificate(self, request, key):
        self.asked_for.append((request.name, request.birth.isoformat(), request.address))
        return super().certificate(request, key)


def names_on(work):
    return [line for _, pdf in work.printer.sheets for line in pdf.decode().splitlines()]


def test_whoever_was_sent_is_given_the_paper_of_the_one_who_sent():
    work = at_the_desk(Practice())
    work.issue(ordered("juminhyo-agent"))
    home = "かかない県書蒼市港町5番地"
    assert work.office.asked_for == [("山﨑　健", "1995-11-30", home)]
    assert "山﨑　健" in names_on(work)
    assert "髙橋　花子" not in names_on(work)
    assert set(work.office.outcomes.values()) == {"printed"}


@pytest.mark.parametrize("file", BY_FILE)
def test_a_counter_issues_every_certificate_and_accounts_for_it(file):
    work = at_the_desk(Practice())
    work.issue(ordered(file))
    wanted = 2 if file == "shotoku" else 1
    assert list(work.office.outcomes.values()) == ["printed"] * wanted
    assert work.printer.titles == list(work.office.outcomes)


class MixedUp(Practice):
    """Answers with the paper of whoever stands at the desk."""

    def certificate(self, request, key):
        visitor = replace(
            request,
            name="髙橋　花子",
            birth=date(1944, 5, 3),
            address="かかない県書蒼市本町一丁目2番3号",
        )
        return super().certificate(visitor, key)


@pytest.mark.parametrize("file", ["juminhyo-agent", "inkan", "koseki", "fuhyo"])
def test_the_paper_of_whoever_stands_there_is_not_that_of_whom_it_was_asked_for(file):
    work = at_the_desk(MixedUp())
    own = {"domicile": "かかない県書蒼市本町一丁目2番地", "head_name": "髙橋　太郎"}
    asked = ordered(file, **(own if file in ("koseki", "fuhyo") else {"registration_number": None}))
    with pytest.raises(WrongSheet) as fault:
        work.issue(asked)
    assert fault.value.reason == "other-person"
    assert work.printer.sheets == []
    assert work.use_case.release.account.unclear() == ["X-000001"]


def test_a_turn_of_the_visitor_does_not_open_the_door_for_the_one_who_sent():
    """Two cases of one visitor: each has its own holder, and neither prints the other's."""
    work = at_the_desk(Practice())
    hers, his = ordered("juminhyo-agent", relation="self"), ordered("juminhyo-agent")
    work.use_case.release.begin(work.use_case.holder(hers, "nonce"))
    with pytest.raises(WrongSheet) as fault:
        work.use_case.issue(his, KEPT, None, "nonce")
    assert fault.value.reason == "other-person"
    assert work.printer.sheets == []


def test_at_the_kiosk_the_office_is_asked_for_the_holder_of_the_card_whatever_was_answered():
    work = Work()
    work.issue(answering(relation="agent", subject_name="別の　人", subject_birth="1970-01-01"))
    request = work.office.asked[KEPT.submission]
    assert (request.name, request.birth) == ("NGUYEN THI MINH CHAU", date(1999, 8, 8))
    assert "subject_name" not in dict(request.options)


@pytest.mark.parametrize("birth", [None, "昭和十九年"])
def test_somebody_whose_birth_is_not_known_is_not_looked_for(birth):
    work, made = Work(), case()
    known = tuple(fact for fact in made.facts.known if fact.name != "birth")
    made = changed(made, facts=replace(made.facts, known=known))
    made = changed(made, answers=made.answers.answer("birth", birth))
    payment = work.till.take(400)
    with pytest.raises(NotIssuableHere, match="nobody"):
        work.issue(made, payment=payment)
    assert work.office.asked == {}
    assert work.till.held == 0


def test_what_cannot_be_drawn_is_no_certificate_of_ours():
    class Refusing(PlainPress):
        def render(self, paper, agreed=None):
            raise Overfull("a line that fits no page")

    work = Work(press=Refusing())
    payment = work.till.take(400)
    with pytest.raises(NotIssuableHere, match="drawn"):
        work.issue(payment=payment)
    assert [fate for _, fate in work.office.outcomes] == ["abandoned", "abandoned"]
    assert work.till.held == 0


def test_a_turn_that_ends_while_its_sheet_is_looked_at_gets_no_sheet():
    def read(pdf):
        work.use_case.release.end()
        return codes_of(pdf)

    work = Work(read=read)
    with pytest.raises(WrongSheet) as fault:
        work.issue()
    assert fault.value.reason == "old-turn"
    assert work.printer.sheets == []
    assert work.use_case.release.account.unclear() == ["X-000001-1"]


def test_a_restart_leaves_what_was_at_the_printer_to_be_looked_for():
    work = Work()
    work.ledger.issue(["X-1", "X-2"], "")
    assert work.ledger.release("X-1")
    assert work.use_case.release.recover() == ["X-1"]
    assert work.use_case.release.account.report() == 1
    assert work.office.outcomes == [("X-2", "abandoned")]
