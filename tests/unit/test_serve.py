"""A desk at work: who signs in, what arrived, and one form from typing to paper."""

from pathlib import Path

import pytest

from forms.envelope import digest
from forms.facts import Source
from forms.kinds.attached import Attachment
from kiosk.adapters.practice import PracticeOffice
from kiosk.domain import counter as d
from kiosk.domain.arrivals import Arrival, Listing
from kiosk.domain.journal import Deed
from kiosk.ports.lanes import Lane
from kiosk.tour.orders import ORDERS
from tests.fakes.desk import WHOLE, Counter
from tests.fakes.envelopes import envelope
from tests.fakes.press import PlainPress
from tests.fakes.printer import CountedPrinter
from tests.fakes.samples import AT_DESK, FORMS, NOW

REGISTER = Path(__file__).resolve().parents[2] / "resources" / "people" / "register.yaml"
ARRIVED_AT = "2026-11-21T10:00:00+09:00"
ARRIVED = "01930000-0000-7000-8000-000000000001"


def item(number, *, whole=True):
    return {
        "id": f"01930000-0000-7000-8000-{number:012d}",
        "received": f"2026-11-21T10:00:{number % 60:02d}+09:00",
        "state": "received",
        "envelope": {
            "receipt": f"K01-{number:06d}",
            "form": "juminhyo",
            "channel": "kiosk",
            "A票": {"申請者": {"氏名": f"住民　{number}"}} if whole else {},
            "B票": dict(WHOLE),
            "facts": [
                {"name": "phone", "value": "09012345678", "source": "prefill", "at": ARRIVED_AT}
            ],
        },
    }


@pytest.fixture
def counter():
    return Counter()


def test_a_clerk_with_the_right_secret_sees_the_list(counter):
    assert counter.sign_in() == Listing("守")


def test_a_wrong_secret_is_refused(counter):
    assert counter.sign_in(rightly=False) == d.SignedOut(refused=True)
    assert counter.lanes.waiting(Lane.OFFICE) == 0


def test_who_signed_in_is_written_down_and_so_is_what_they_keep(counter):
    counter.sign_in(rightly=False)
    counter.fill()
    counter.lanes.release_all()
    assert counter.journal.deeds == [
        ("counter", Deed.SIGN_IN_REFUSED),
        ("clerk:mamoru", Deed.SIGNED_IN),
    ]
    assert counter.outbox.kept_by == ["clerk:mamoru"]


def test_nobody_signs_in_unwritten(counter):
    counter.journal.full = True
    assert counter.sign_in() == d.SignedOut()


def test_a_damaged_store_signs_nobody_in(counter):
    counter.clerks.damaged = True
    assert counter.sign_in() == d.SignedOut()


def test_an_answer_for_a_clerk_who_has_left_is_dropped(counter):
    counter.sign_in()
    counter.serve.sign_in("moji", "na-i-sho")
    counter.lanes.perform(Lane.STORE)
    counter.say(d.SignedOff())
    counter.lanes.release_all()
    assert counter.state == d.SignedOut()
    assert counter.lanes.dropped == 1


def test_the_list_shows_what_arrived_newest_first(counter):
    counter.office.pages = {None: ([item(1), item(2)], "2"), "2": ([item(3)], None)}
    listing = counter.sign_in()
    assert [arrival.receipt for arrival in listing.arrivals] == [
        "K01-000003",
        "K01-000002",
        "K01-000001",
    ]
    assert listing.arrivals[2] == Arrival(
        ARRIVED,
        "K01-000001",
        "2026-11-21T10:00:01+09:00",
        "juminhyo",
        "住民　1",
        "kiosk",
        "received",
        listing.arrivals[2].answers,
        listing.arrivals[2].facts,
    )
    assert listing.arrivals[2].answers.values == WHOLE


def test_a_page_with_nothing_on_it_is_the_last(counter):
    counter.office.pages = {None: ([item(1)], "1"), "1": ([], "1")}
    assert len(counter.sign_in().arrivals) == 1


def test_an_office_that_never_ends_is_not_read_for_ever(counter):
    counter.office.pages = {None: ([item(1)], "1"), "1": ([item(2)], "1")}
    assert len(counter.sign_in().arrivals) == 50


def test_an_applicant_without_a_name_is_listed_all_the_same(counter):
    counter.office.pages = {None: ([item(1, whole=False)], None)}
    assert counter.sign_in().arrivals[0].name == ""


def test_an_office_that_is_away_is_told_and_comes_back(counter):
    counter.office.away = True
    assert counter.sign_in() == Listing("守", away=True)
    counter.office.away = False
    counter.serve.refresh()
    counter.lanes.release_all()
    assert counter.state == Listing("守")


def test_the_office_is_asked_once_at_a_time_and_only_for_a_list(counter):
    counter.serve.refresh()
    assert counter.lanes.waiting(Lane.OFFICE) == 0
    counter.say(d.SignedIn("守"))
    counter.serve.refresh()
    assert counter.lanes.waiting(Lane.OFFICE) == 1


def test_a_list_that_comes_late_disturbs_no_form(counter):
    counter.say(d.SignedIn("守"), d.BegunNew("juminhyo"))
    counter.lanes.release_all()
    assert isinstance(counter.state, d.Editing)
    counter.say(d.Closed())
    assert counter.lanes.waiting(Lane.OFFICE) == 1


def test_a_form_becomes_a_receipt_and_papers(counter):
    counter.fill()
    counter.lanes.release_all()
    assert (counter.state.receipt, counter.state.number) == ("C01-000001", "X-000001-1")
    assert (counter.state.fault, counter.state.before) == (None, Listing("守"))
    assert counter.printer.titles == ["receipt-C01-000001", "X-000001-1", "X-000001-2"]
    sent = next(iter(counter.office.handed_in.values()))
    assert (sent["channel"], sent["fee"], sent["parent"]) == ("counter", 600, None)
    assert sent["A票"]["本人確認"] == "clerk"
    assert sent["A票"]["申請者"]["フリガナ"] == "タカハシ　ハナコ"
    assert [fact["name"] for fact in sent["facts"]] == ["clerk", "clock"]


def test_what_was_filled_in_at_home_is_still_known_as_such_at_the_counter(counter):
    counter.office.pages = {None: ([item(1)], None)}
    counter.sign_in()
    editing = counter.say(d.Opened(ARRIVED))
    assert editing.facts.about("phone").source is Source.PREFILL


def test_a_form_without_a_certificate_is_handed_in_and_prints_its_receipt_alone(counter):
    counter.sign_in()
    counter.say(d.BegunNew("shimin-no-koe"), d.Typed("satisfaction", "fair"))
    counter.say(d.Typed("about", "wait"), d.HandedIn())
    counter.lanes.release_all()
    assert (counter.state.number, counter.state.fault) == (None, None)
    assert counter.printer.titles == ["receipt-C01-000001"]


RISAI = next(order.answers for order in ORDERS if order.form == "risai")


@pytest.mark.parametrize("judgement", ["half", None])
def test_damage_is_certified_at_the_counter_once_its_degree_is_known(judgement):
    counter = Counter(office=PracticeOffice(REGISTER, lambda: NOW, by="counter"), occasion=AT_DESK)
    counter.sign_in()
    typed = {n: v for n, v in RISAI.items() if FORMS["risai"].questions.knows(n)}
    counter.say(d.BegunNew("risai"), *(d.Typed(k, v) for k, v in typed.items()))
    counter.say(d.Typed("judgement", judgement), d.HandedIn())
    counter.lanes.release_all()
    paper = ["X-000001"] if judgement else []
    assert (counter.state.number, counter.state.fault) == (paper[0] if paper else None, None)
    assert counter.printer.titles == ["receipt-C01-000001", *paper]


def test_photos_that_a_clerk_picked_go_with_the_form_and_those_it_no_longer_names_do_not(counter):
    counter.sign_in()
    typed = {n: v for n, v in RISAI.items() if FORMS["risai"].questions.knows(n)}
    files = [Attachment(digest(content), content) for content in (b"house", b"by mistake")]
    named = {"name": "a.jpg", "type": "image/jpeg", "size": 5, "sha256": files[0].sha256}
    counter.say(d.BegunNew("risai"), *(d.Typed(k, v) for k, v in typed.items()))
    counter.say(*(d.Brought(each) for each in files))
    counter.say(d.Typed("judgement", None), d.Typed("photos", [named]), d.HandedIn())
    counter.lanes.release_all()
    assert counter.state.fault is None
    assert {name: bytes(whole) for name, whole in counter.office.pieces.items()} == {
        files[0].sha256: b"house"
    }


def test_an_application_from_the_list_is_the_parent_of_what_becomes_of_it(counter):
    counter.office.pages = {None: ([item(1)], None)}
    counter.sign_in()
    counter.say(d.Opened(ARRIVED), d.IdentityChecked(checked=True), d.HandedIn())
    counter.lanes.release_all()
    assert counter.state.fault is None
    assert next(iter(counter.office.handed_in.values()))["parent"] == ARRIVED


def test_nothing_is_printed_before_it_is_kept(counter):
    counter.fill()
    assert counter.lanes.waiting(Lane.PRINTER) == 0
    counter.lanes.release(Lane.STORE)
    assert counter.state.kept.receipt == "C01-000001"
    assert counter.lanes.waiting(Lane.PRINTER) == 1


def test_a_full_disk_is_told_without_a_receipt(counter):
    counter.outbox.full = True
    counter.fill()
    counter.lanes.release_all()
    assert (counter.state.receipt, counter.state.fault) == (None, "store-unusable")
    assert counter.state.before == Listing("守")
    assert counter.printer.sheets == []


def test_an_office_that_left_gets_a_waiting_receipt_and_no_paper(counter):
    counter.fill()
    counter.office.away = True
    counter.lanes.release_all()
    assert (counter.state.receipt, counter.state.fault) == ("C01-000001", "office-unreachable")
    assert counter.printer.titles == ["receipt-C01-000001"]
    assert counter.press.papers[0].waiting


def test_a_printer_without_paper_is_told_with_the_receipt():
    counter = Counter(printer=CountedPrinter(paper=1))
    counter.fill()
    counter.lanes.release_all()
    assert (counter.state.receipt, counter.state.fault) == ("C01-000001", "paper-out")
    assert dict(counter.office.outcomes) == {"X-000001-1": "spoiled", "X-000001-2": "abandoned"}


def unprintable(characters):
    """A counter whose form could not be printed for these characters."""
    counter = Counter(press=PlainPress(missing=characters))
    counter.fill()
    counter.lanes.release_all()
    return counter


def test_a_clerk_decides_what_stands_in_and_it_is_recorded_with_the_paper():
    counter = unprintable("髙")
    asked = counter.state
    assert asked.missing == (d.Missing("髙", ("高", "髙\U000e0101")),)
    assert asked.clerk == "守"
    for wrong in ((), (("髙", "橋"),), (("髙", "高"), ("花", "華"))):
        assert counter.say(d.SubstitutesAgreed(wrong)) is asked
    counter.say(d.SubstitutesAgreed((("髙", "高"),)))
    counter.lanes.release_all()
    assert (counter.state.number, counter.state.fault) == ("X-000002-1", None)
    assert counter.office.outcomes == [
        ("X-000001-1", "abandoned"),
        ("X-000001-2", "abandoned"),
        ("X-000002-1", "printed"),
        ("X-000002-2", "printed"),
    ]
    assert counter.office.remarks["X-000001-1"] == ""
    assert counter.office.remarks["X-000002-1"] == "縮退 U+9AD9→U+9AD8　守"
    assert counter.printer.titles == ["receipt-C01-000001", "X-000002-1", "X-000002-2"]


def test_a_clerk_may_decide_that_nothing_stands_in():
    counter = unprintable("髙")
    counter.say(d.Closed())
    assert (counter.state.receipt, counter.state.fault) == ("C01-000001", "unprintable-name")
    assert counter.printer.titles == ["receipt-C01-000001"]


def test_a_character_without_any_substitute_ends_it_and_asks_for_none():
    counter = unprintable("髙橋")
    assert counter.state.fault == "unprintable-name"


class BrokenPress:
    def render(self, paper, agreed=None):
        raise ZeroDivisionError


def test_a_mistake_of_ours_goes_to_the_top():
    counter = Counter(press=BrokenPress())
    counter.fill()
    with pytest.raises(ZeroDivisionError):
        counter.lanes.release_all()


def test_every_step_is_shown_and_what_changes_nothing_is_not(counter):
    counter.say(d.Closed(), d.SignedIn("守"), d.SignedIn("文字"))
    assert counter.shown == [Listing("守")]


def out_of_reach(counter):
    counter.office.away = True
    counter.serve._watch.heard(reached=False)
    counter.lanes.release_all()


def test_an_office_that_went_away_is_said_in_the_list_and_so_is_its_return():
    counter = Counter()
    counter.serve._watch._ask = counter.office.ready
    counter.say(d.SignedIn("守"))
    counter.lanes.release_all()
    assert not counter.state.away
    out_of_reach(counter)
    assert counter.state.away
    counter.office.away = False
    counter.serve._watch.heard(reached=True)
    counter.lanes.release_all()
    assert not counter.state.away


def test_what_was_kept_without_the_office_goes_by_itself_when_it_is_back():
    counter = Counter()
    counter.serve._watch._ask = counter.office.ready
    counter.say(d.SignedIn("守"))
    out_of_reach(counter)
    counter.say(d.BegunNew("juminhyo"), *(d.Typed(*each) for each in WHOLE.items()))
    counter.say(d.IdentityChecked(checked=True), d.HandedIn())
    counter.lanes.release_all()
    assert counter.state.fault == "office-unreachable"
    assert counter.press.papers[0].waiting
    assert counter.office.handed_in == {}
    counter.office.away = False
    counter.serve._watch.heard(reached=True)
    counter.lanes.release_all()
    assert len(counter.office.handed_in) == 1


def test_a_desk_that_nobody_touches_sends_what_waits_all_the_same():
    counter = Counter()
    counter.office.away = True
    counter.say(d.SignedIn("守"), d.BegunNew("juminhyo"))
    counter.say(*(d.Typed(*each) for each in WHOLE.items()))
    counter.say(d.IdentityChecked(checked=True), d.HandedIn())
    counter.lanes.release_all()
    counter.office.away = False
    counter.serve._crew.submit.deliver.wake()
    for _ in range(5):
        counter.serve.refresh()
        counter.lanes.release_all()
    assert len(counter.office.handed_in) == 1


def test_what_waits_is_sent_once_at_a_time_and_goes_on_after_a_fault(counter):
    counter.sign_in()
    counter.outbox.keep(envelope)
    counter.outbox.damaged = True
    counter.serve._drain()
    counter.serve._drain()
    assert counter.lanes.waiting(Lane.OFFICE) == 1
    counter.lanes.release_all()
    counter.outbox.damaged, counter.office.away = False, True
    counter.serve._drain()
    counter.lanes.release_all()
    assert counter.office.handed_in == {}
    counter.office.away = False
    counter.serve._drain()
    counter.lanes.release_all()
    assert len(counter.office.handed_in) == 1
