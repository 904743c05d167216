"""A promise: durable first, then sent; what cannot be kept gives its money back."""

import json
from dataclasses import replace

import pytest

from devices.simulated.till import SimulatedTill
from forms.definition import Channel
from forms.envelope import from_json
from forms.facts import Source, from_mapping
from kiosk.domain.events import Paid, Ready, Submitted
from kiosk.domain.states import Identity
from kiosk.errors import NotIssuableHere, OfficeUnreachable, StoreUnusable
from kiosk.ports.office import Refused
from kiosk.usecases.deliver import Delivery, Drained
from kiosk.usecases.prepare import Prepare
from kiosk.usecases.submit import Submit
from tests.fakes.clock import StandingClock
from tests.fakes.office import ToldOffice
from tests.fakes.outbox import FillingOutbox, delivering
from tests.fakes.printer import CountedPrinter
from tests.fakes.samples import FORMS, NOW, case, desk_case

PARENT = "01930000-0000-7000-8000-000000000000"


@pytest.fixture
def submit():
    return submitting("K01")


def submitting(device, channel=Channel.KIOSK):
    outbox, clock = FillingOutbox(), StandingClock()
    deliver = delivering(outbox, ToldOffice(), clock)
    return Submit(outbox, deliver, SimulatedTill(), FORMS, clock, device, channel)


def kept_envelope(submit, kept):
    return from_json(json.loads(submit.outbox.body(kept.submission)))


def state_of(submit):
    return [(row.state, row.last_answer) for row in submit.outbox.rows()]


def test_an_application_is_kept_under_a_receipt(submit):
    kept = submit.keep(case(), None, wants_paper=True)
    envelope = kept_envelope(submit, kept)
    assert kept.receipt == envelope.receipt == "K01-000001"
    assert kept.submission == str(envelope.id)
    assert (envelope.device, envelope.channel, envelope.submitted) == ("K01", "kiosk", NOW)
    assert (envelope.fee, envelope.wants_certificate, envelope.parent) == (400, True, None)
    assert envelope.applicant == {
        "申請者": {
            "氏名": "NGUYEN THI MINH CHAU",
            "住所": "かかない県書蒼市駅前二丁目8番1号　書蒼ハイツ1105",
            "生年月日": "1999-08-08",
            "電話番号": "09012345678",
        },
        "本人確認": "card",
    }
    assert envelope.facts[0]["source"] == "card"


def test_a_code_from_home_proves_nobody(submit):
    envelope = kept_envelope(submit, submit.keep(case(identity=Identity.CODE), None))
    assert envelope.applicant["本人確認"] == "none"
    assert not envelope.wants_certificate


def test_a_correction_names_what_it_corrects(submit):
    kept = submit.keep(case(), None, parent=PARENT)
    assert str(kept_envelope(submit, kept).parent) == PARENT


def test_what_a_clerk_corrected_stands_in_the_application(submit):
    sent = from_mapping({"name": "高橋　花子", "phone": "0300000000"}, Source.PREFILL, NOW)
    desk = replace(submit, channel=Channel.COUNTER)
    order = {"name": "髙橋　花子", "kana": "タカハシ　ハナコ", "relation": "self"}
    envelope = kept_envelope(desk, desk.keep(desk_case("juminhyo", order, sent), None))
    assert envelope.applicant["申請者"] == {
        "氏名": "髙橋　花子",
        "フリガナ": "タカハシ　ハナコ",
        "電話番号": "0300000000",
    }


def test_a_counter_charges_its_own_fee():
    desk = submitting("C01", Channel.COUNTER)
    envelope = kept_envelope(desk, desk.keep(case(identity=Identity.CLERK), None))
    assert (envelope.channel, envelope.fee) == ("counter", 600)
    assert envelope.applicant["本人確認"] == "clerk"


@pytest.mark.parametrize("paid", [True, False])
def test_a_full_disk_gives_the_money_back(submit, paid):
    payment = submit.till.take(400) if paid else None
    submit.outbox.full = True
    with pytest.raises(StoreUnusable):
        submit.keep(case(), payment)
    assert submit.till.held == 0


def test_what_was_sent_is_recorded_and_its_money_stays(submit):
    payment = submit.till.take(400)
    kept = submit.keep(case(), payment)
    assert submit.send(kept.submission, payment) == Submitted(delivered=True)
    assert submit.till.held == 400
    assert state_of(submit) == [("delivered", "ok")]


@pytest.mark.parametrize("paid", [True, False])
def test_what_does_not_go_now_waits_and_gives_its_money_back(submit, paid):
    payment = submit.till.take(400) if paid else None
    kept = submit.keep(case(), payment)
    submit.deliver.office.away = True
    assert submit.send(kept.submission, payment) == Submitted(delivered=False)
    assert submit.till.held == 0
    assert state_of(submit) == [("waiting", "ConnectTimeout")]


def test_a_refusal_is_recorded_in_the_offices_words(submit):
    submit.deliver.office.refusal = "another body under this id"
    kept = submit.keep(case(), None)
    assert submit.deliver.one(kept.submission) is Delivery.REFUSED
    assert state_of(submit) == [("refused", "another body under this id")]


def test_what_waits_is_sent_oldest_first(submit):
    kept = [submit.keep(case(), None).submission for _ in range(3)]
    assert submit.deliver.drain().delivered == 3
    assert list(submit.deliver.office.handed_in) == kept
    assert submit.deliver.drain().delivered == 0


def test_an_office_that_is_away_is_tried_once(submit):
    for _ in range(3):
        submit.keep(case(), None)
    submit.deliver.office.away = True
    assert submit.deliver.drain().delivered == 0
    assert [row.attempts for row in submit.outbox.rows()] == [1, 0, 0]


def test_everything_is_looked_at_before_money_is_taken():
    printer, office, till = CountedPrinter(), ToldOffice(), SimulatedTill()
    prepare = Prepare((printer,), office, till, lambda _: ())
    assert prepare.preflight(case()) == Ready()
    office.away = True
    with pytest.raises(OfficeUnreachable):
        prepare.preflight(case())
    assert prepare.take(400) == Paid("P000001")
    assert till.held == 400


def test_a_refusal_gives_the_money_back_and_is_told(submit):
    payment = submit.till.take(400)
    submit.deliver.office.refusal = "another body under this id"
    kept = submit.keep(case(), payment)
    with pytest.raises(NotIssuableHere):
        submit.send(kept.submission, payment)
    assert submit.till.held == 0


@pytest.mark.parametrize("broken", ["claim", "record"])
def test_a_store_that_fails_while_sending_gives_the_money_back(submit, monkeypatch, broken):
    payment = submit.till.take(400)
    kept = submit.keep(case(), payment)
    monkeypatch.setattr(submit.outbox, broken, unusable)
    with pytest.raises(StoreUnusable):
        submit.send(kept.submission, payment)
    assert submit.till.held == 0


def test_neither_a_refused_row_nor_a_broken_one_holds_up_the_others(submit, monkeypatch):
    kept = [submit.keep(case(), None).submission for _ in range(4)]
    submit.outbox.broken = {kept[0]}
    office, refuse = submit.deliver.office, Refused("no")
    take = office.put
    answer = lambda row, body: refuse if row == kept[1] else take(row, body)  # noqa: E731
    monkeypatch.setattr(office, "put", answer)
    assert submit.deliver.drain() == Drained(delivered=2, refused=1, set_aside=1)
    assert list(submit.deliver.office.handed_in) == kept[2:]


def unusable(*_: object) -> bytes:
    raise StoreUnusable
