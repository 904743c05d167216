"""What a slip bears besides its number: the application if it can, a sentence if it cannot."""

from dataclasses import dataclass, field, replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from forms.definition import Channel
from forms.reseed import open_body, read
from forms.sealing import join
from kiosk.domain.events import Kept
from kiosk.errors import OfficeUnreachable, StoreUnusable
from kiosk.ports.outbox import Piecemeal
from kiosk.usecases import spare as module
from kiosk.usecases.spare import Spare, SpareCodes
from tests.fakes.samples import KEPT, case
from tests.unit.test_receive import receive

OFFICE = ec.derive_private_key(7, ec.SECP256R1())
CITY = bytes(32)
BODY = b'{"id":"x"}'


@dataclass
class Drawer:
    """An outbox with one application in it, and the keys beside it."""

    kept: bytes = BODY
    photos: list = field(default_factory=list)
    key: object = field(default_factory=OFFICE.public_key)
    told: list = field(default_factory=list)
    broken: bool = False

    def body(self, submission):
        if self.broken:
            raise StoreUnusable("InvalidTag")
        return self.kept

    def attachments(self, submission):
        return self.photos

    def reseed_key(self):
        return self.key

    def keep_reseed_key(self, pem):
        self.told.append(pem)

    def person_key(self):
        return CITY


def codes(drawer, ask=lambda: b"pem"):
    return SpareCodes(drawer, drawer, ask)


def printed(spares, *, waiting, kept=KEPT):
    work = replace(receive(), spares=spares)
    work.print(case(), kept, waiting=waiting, paid=False, channel=Channel.KIOSK)
    return work.press.papers[0]


def test_what_waits_is_on_its_slip_and_only_the_office_reads_it():
    paper = printed(codes(Drawer()), waiting=True)
    sealed = join([read(code) for code in paper.spare])
    assert open_body(sealed, CITY, [OFFICE]) == BODY
    assert not paper.no_photos
    assert not paper.no_spare


def test_what_the_office_has_needs_no_spare_code():
    assert printed(codes(Drawer()), waiting=False).spare == ()


def test_photos_stay_behind_and_the_slip_says_so():
    drawer = Drawer(photos=[Piecemeal("a" * 64, 9, 0)])
    assert printed(codes(drawer), waiting=True).no_photos


def test_an_application_that_is_too_long_has_none_and_the_slip_says_so():
    words = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(3000)).encode()
    paper = printed(codes(Drawer(kept=words)), waiting=True)
    assert paper.no_spare
    assert paper.spare == ()


def test_before_the_office_was_ever_heard_there_is_none():
    assert codes(Drawer(key=None)).of("x") == Spare()


def test_a_slip_without_its_spare_code_is_better_than_no_slip():
    paper = printed(codes(Drawer(broken=True)), waiting=True)
    assert (paper.number, paper.spare) == (KEPT.receipt, ())


def test_the_page_that_follows_it_is_on_every_slip():
    kept = Kept(KEPT.submission, KEPT.receipt, "https://city.example.jp/v1/receipts/x")
    for waiting in (True, False):
        assert printed(codes(Drawer()), waiting=waiting, kept=kept).status_url == kept.status


@pytest.fixture
def clock(monkeypatch):
    """Hours that the test lets go by."""
    now = [0.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    return now


def test_the_key_is_asked_for_once_an_hour(clock):
    drawer = Drawer()
    spares = codes(drawer)
    for _ in range(3):
        spares.refresh()
    assert drawer.told == [b"pem"]
    clock[0] = module.AGAIN
    spares.refresh()
    assert drawer.told == [b"pem", b"pem"]


def test_an_office_that_is_away_is_asked_again_the_next_time(clock):
    def away():
        raise OfficeUnreachable("ConnectTimeout")

    drawer = Drawer()
    spares = codes(drawer, away)
    spares.refresh()
    spares.ask = lambda: b"pem"
    spares.refresh()
    assert drawer.told == [b"pem"]
