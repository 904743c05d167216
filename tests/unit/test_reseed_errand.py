"""What happens behind the page of a slip: scanned, looked at, brought in once, written down."""

import pytest

from devices.faults import ScannerGone
from devices.simulated.scanner import SimulatedScanner
from kiosk.domain import counter as d
from kiosk.domain.events import Confirmed, LineChanged, WentBack
from kiosk.domain.journal import Deed
from kiosk.domain.reseeding import PicturesChosen, Reseeding, SlipSettled
from kiosk.errors import CodeUnreadable
from kiosk.ports.lanes import Lane
from kiosk.usecases.reseed import Reseed
from tests.fakes.desk import WHOLE, Counter
from tests.fakes.reseeds import ToldReseeds
from tests.fakes.slips import OTHER, SEALED, SLIP

ID = "01930000-0000-7000-8000-000000000001"


class Desk(Counter):
    """A desk with a scanner and an office that knows slips."""

    def __post_init__(self):
        super().__post_init__()
        self.scanner, self.slips = SimulatedScanner(), ToldReseeds(id=ID)
        self.pictured = {"slip.png": SLIP}
        reseed = Reseed(self.scanner, self.picture, self.slips, self.outbox, self.journal)
        self.serve._errands.reseed = reseed
        self.sign_in()
        self.do(d.QueueOpened(), d.ReseedOpened())

    def picture(self, name):
        if name not in self.pictured:
            raise CodeUnreadable("no-picture")
        return self.pictured[name]

    def do(self, *events):
        for event in events:
            self.say(event)
            self.lanes.release_all()
        return self.state

    def scan(self, *texts):
        for text in texts:
            self.scanner.show(text)
            self.serve.scan()
            self.lanes.release_all()
        return self.state

    def show(self, *texts):
        """Scanned, while the office takes its time."""
        while self.lanes.release(Lane.SCANNER):
            pass
        for text in texts:
            self.scanner.show(text)
            self.serve.scan()
            self.lanes.release(Lane.SCANNER)

    @property
    def deeds(self):
        return [each for each in self.journal.deeds if each[1] is Deed.RESEEDED]


@pytest.fixture
def desk():
    return Desk()


def test_it_is_scanned_looked_at_and_brought_in_by_the_clerk_who_said_yes(desk):
    asked = desk.scan(*SLIP)
    assert (asked.found.receipt, asked.found.form, asked.asks) == ("K01-000001", "risai", True)
    assert (desk.slips.slips, desk.deeds) == ([], [])
    done = desk.do(Confirmed())
    assert done.taken.fresh
    assert desk.slips.slips == [SEALED]
    assert desk.deeds == [("clerk:mamoru", Deed.RESEEDED)]


def test_the_same_slip_again_is_known_to_be_there(desk):
    desk.scan(*SLIP)
    desk.do(Confirmed(), SlipSettled())
    assert desk.scan(*SLIP).found.there
    desk.do(Confirmed())
    assert (desk.slips.slips, len(desk.deeds)) == ([SEALED], 1)


@pytest.mark.parametrize("gone", [[WentBack()], [d.Closed(), d.ReseedOpened()]])
def test_an_answer_about_one_slip_never_reaches_the_next(desk, gone):
    desk.show(*SLIP)
    desk.lanes.perform(Lane.OFFICE)
    desk.say(*gone)
    desk.slips.refusal = "unknown-device"  # whatever is asked of the next
    desk.show(*OTHER)
    desk.lanes.deliver(Lane.OFFICE)
    assert desk.state.looks
    desk.lanes.release_all()
    assert (desk.state.found, desk.state.wrong) == (None, "unknown-device")


def test_what_came_by_itself_meanwhile_is_not_said_to_be_brought_back(desk):
    desk.scan(*SLIP)
    desk.slips.slips.append(SEALED)
    assert not desk.do(Confirmed()).taken.fresh


def test_a_picture_is_read_where_there_is_no_scanner(desk):
    assert desk.do(PicturesChosen(("slip.png",))).asks
    desk.do(SlipSettled())
    assert desk.do(PicturesChosen(("other.png",))).wrong == "picture"


@pytest.mark.parametrize(("away", "here"), [(True, True), (False, False)])
def test_what_waits_at_this_very_terminal_is_not_brought_back(desk, away, here):
    desk.do(d.Closed(), d.Closed())
    desk.office.away = away
    desk.do(d.BegunNew("juminhyo"), *(d.Typed(k, v) for k, v in WHOLE.items()), d.HandedIn())
    desk.slips.told["id"] = desk.outbox.rows()[0].id
    desk.do(d.Closed(), d.QueueOpened(), d.ReseedOpened())
    assert desk.scan(*SLIP).found.here is here


def test_without_an_office_the_codes_stay_and_are_asked_again_when_it_is_back(desk):
    desk.slips.away = True
    away = desk.scan(*SLIP)
    assert (away.away, away.found) == (True, None)
    assert desk.do(Confirmed()).away
    desk.slips.away = False
    desk.serve._line_changed(LineChanged(up=True))
    desk.lanes.release_all()
    assert desk.state.asks
    desk.slips.away = True
    assert desk.do(Confirmed()).away
    desk.slips.away = False
    desk.serve._line_changed(LineChanged(up=True))
    desk.lanes.release_all()
    assert desk.slips.slips == []  # only a clerk says yes
    assert desk.do(Confirmed()).taken.fresh


@pytest.mark.parametrize("kind", ["not-ours", "another-key", "not-allowed", "another-body"])
def test_a_refusal_is_told_in_its_own_words(desk, kind):
    desk.slips.refusal = kind
    state = desk.scan(*SLIP)
    assert (state.wrong, state.sealed, desk.deeds) == (kind, b"", [])


@pytest.mark.parametrize("odd", [{"photos": "x"}, {"photos": None}])
def test_an_answer_that_is_no_offices_is_none(desk, odd):
    desk.slips.told |= odd
    assert desk.scan(*SLIP).away


def test_a_journal_that_is_full_is_told_and_what_was_brought_in_is_known_afterwards(desk):
    desk.scan(*SLIP)
    desk.journal.full = True
    assert desk.do(Confirmed()).wrong == "store-unusable"
    desk.journal.full = False
    assert desk.scan(*SLIP).found.there


def test_a_code_that_was_shown_before_is_not_this_slips(desk):
    desk.scanner.show(OTHER[0])
    desk.do(d.Closed(), d.ReseedOpened())
    assert desk.scan(SLIP[0]).wrong is None
    desk.scan(*SLIP[1:])
    desk.scanner.show(OTHER[0])
    desk.do(SlipSettled())
    desk.serve.scan()
    desk.lanes.release_all()
    assert desk.state.symbols == ()


def test_a_scanner_that_is_pulled_out_is_said_once_and_so_is_its_return(desk, monkeypatch):
    def gone():
        raise ScannerGone

    shown = len(desk.shown)
    with monkeypatch.context() as pulled:
        pulled.setattr(desk.scanner, "scan", gone)
        for _ in range(3):
            desk.serve.scan()
            desk.lanes.release_all()
        assert desk.state.scans is False
    assert len(desk.shown) == shown + 1
    desk.serve.scan()
    desk.lanes.release_all()
    assert desk.state == Reseeding("守", before=desk.state.before)


def test_one_look_at_a_time_and_none_where_no_slip_is_wanted(desk):
    desk.serve.scan()
    desk.serve.scan()
    assert desk.lanes.waiting(Lane.SCANNER) == 1
    desk.lanes.release_all()
    desk.scan(*SLIP)
    desk.serve.scan()
    assert desk.lanes.waiting(Lane.SCANNER) == 0
    desk.serve._errands.reseed = None
    desk.do(SlipSettled())
    desk.serve.scan()
    assert desk.lanes.waiting(Lane.SCANNER) == 0


def test_a_slip_that_is_looked_up_when_the_clerk_leaves_is_shown_to_nobody(desk):
    desk.scan(*SLIP[:-1])
    desk.scanner.show(SLIP[-1])
    desk.serve.scan()
    desk.lanes.perform(Lane.SCANNER)
    desk.lanes.deliver(Lane.SCANNER)
    assert desk.lanes.perform(Lane.OFFICE)
    desk.say(d.SignedOff())
    desk.lanes.release_all()
    assert desk.state == d.SignedOut()
