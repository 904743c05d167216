"""The slip a resident takes along: its number, what was paid, and no more."""

import pytest

from devices.faults import PaperOut
from forms.definition import Channel
from kiosk.domain.states import Identity
from kiosk.usecases.receive import Receive
from tests.fakes.clock import StandingClock
from tests.fakes.press import PlainPress
from tests.fakes.printer import CountedPrinter
from tests.fakes.samples import FORMS, KEPT, NOW, case


def receive(printer=None):
    return Receive(
        PlainPress(),
        printer or CountedPrinter(),
        FORMS,
        StandingClock(),
        "書蒼市",
        "市民課",
        "電話で番号を",
        specimen=True,
    )


def slip(identity=Identity.CARD, *, waiting=False, paid=True, channel=Channel.KIOSK):
    work = receive()
    work.print(case(identity=identity), KEPT, waiting=waiting, paid=paid, channel=channel)
    return work.press.papers[0]


def test_a_slip_says_where_when_and_what():
    work = receive()
    work.print(case(), KEPT, waiting=False, paid=True, channel=Channel.KIOSK)
    paper = work.press.papers[0]
    assert work.printer.titles == ["receipt-K01-000001"]
    assert (paper.number, paper.city, paper.office_name) == ("K01-000001", "書蒼市", "市民課")
    assert (paper.at, paper.procedure, paper.how_to_ask) == (NOW, "住民票の写し", "電話で番号を")
    assert (paper.status_url, paper.specimen) == (None, True)


def test_what_was_paid_is_said():
    paper = slip()
    assert (paper.fee, paper.lines) == (400, (("住民票の写し　2通", "400円"),))


def test_a_counter_has_its_own_fee():
    assert slip(Identity.CLERK, channel=Channel.COUNTER).fee == 600


def test_what_waits_was_not_paid():
    paper = slip(waiting=True, paid=False)
    assert paper.waiting
    assert (paper.fee, paper.lines) == (0, (("住民票の写し　2通", "窓口でお支払い"),))


def test_a_code_from_home_is_paid_at_the_counter():
    paper = slip(Identity.CODE, paid=False)
    assert not paper.waiting
    assert (paper.fee, paper.lines) == (0, (("住民票の写し　2通", "窓口でお支払い"),))


def test_nothing_of_the_person_stands_on_it():
    work = receive()
    work.print(case(), KEPT, waiting=False, paid=True, channel=Channel.KIOSK)
    text = "\n".join(work.printer.text("receipt-K01-000001"))
    for fact in case().facts.known[:3]:
        assert str(fact.value) not in text


def test_a_printer_without_paper_is_a_fault():
    with pytest.raises(PaperOut):
        receive(CountedPrinter(paper=0)).print(
            case(), KEPT, waiting=False, paid=True, channel=Channel.KIOSK
        )
