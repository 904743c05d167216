"""What another terminal promised leaves from a counter: with its photos, its consents, whole."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest

from forms.envelope import Envelope, canonical, new_id
from forms.kinds.attached import Attachment
from kiosk.adapters.consents import SqliteConsents
from kiosk.adapters.keys import KeyFolder
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.store import open_store
from kiosk.domain.agreement import Word
from kiosk.ports.consents import Consented, ConsentRecord
from tests.fakes.envelopes import envelope
from tests.fakes.paired import Started, office_running
from tests.integration.test_queue_commands import DAMAGE, PHOTO, WEB, Place, arrived

PURPOSE = "disaster-care"
ROLES = ("K01:kiosk", "K02:kiosk", "C01:counter")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    enrolled = [part for role in ROLES for part in ("--enrol", role)]
    with office_running(tmp_path_factory.mktemp("office"), *enrolled) as started:
        yield started


@pytest.fixture
def lonely(tmp_path: Path) -> Place:
    return Place(tmp_path / "lonely")


def paired(office: Started, home: Path, device: str) -> Place:
    office.devices.lend_keys(device, home)
    return Place(home, office.url, device)


def carried(frm: Place, to: Place, file: Path) -> dict[str, int]:
    code = frm.told(0, "outbox", "export", file)["code"]
    taken: dict[str, int] = to.told(0, "outbox", "import", file, "--code", code)
    return taken


def test_a_counter_hands_in_what_a_kiosk_promised(
    office: Started, lonely: Place, tmp_path: Path
) -> None:
    photo = tmp_path / "a.png"
    photo.write_bytes(PHOTO)
    made = [lonely.submit(), lonely.submit(DAMAGE, "--attach", f"photos={photo}", *WEB)]
    counter = paired(office, tmp_path / "counter", "C01")
    assert carried(lonely, counter, tmp_path / "box.kkx")["taken"] == 2
    assert counter.told(0, "outbox", "send")["delivered"] == 2
    for one in made:
        there = arrived(office, one["id"])
        assert there is not None
        assert (there["missing"], there["sha256"]) == (0, one["sha256"])
        assert there["history"][0]["by"] == "C01"
    kiosk = paired(office, tmp_path / "kiosk", "K01")  # it comes back, and doubles nothing
    carried(lonely, kiosk, tmp_path / "again.kkx")
    assert kiosk.told(0, "outbox", "send")["delivered"] == 2


def test_another_kiosk_does_not(office: Started, lonely: Place, tmp_path: Path) -> None:
    made = lonely.submit()
    kiosk = paired(office, tmp_path / "kiosk", "K02")
    carried(lonely, kiosk, tmp_path / "box.kkx")
    assert kiosk.told(10, "outbox", "send")["refused"] == 1
    assert arrived(office, made["id"]) is None


def test_nobodys_promise_is_handed_in_by_nobody(office: Started, tmp_path: Path) -> None:
    stranger = Place(tmp_path / "stranger", device="K99")
    made = stranger.submit()
    counter = paired(office, tmp_path / "counter", "C01")
    carried(stranger, counter, tmp_path / "box.kkx")
    assert counter.told(10, "outbox", "send")["refused"] == 1
    assert arrived(office, made["id"]) is None


class Home:
    """A terminal's own database, as its use cases write it."""

    def __init__(self, home: Path) -> None:
        self.store = open_store(home / "terminal.db")
        self.outbox = SqliteOutbox(self.store, KeyFolder(home / "keys").row_key())
        self.consents = SqliteConsents(self.store)

    def agreed(self, person: str) -> str:
        """An application with a share and the yes that it hangs on; the id of the share."""
        one = new_id(datetime.now(UTC), sha256(person.encode()).digest()[:10])
        given = ConsentRecord(str(one), person, PURPOSE, "2026-11", Word.GIVEN, datetime.now(UTC))

        def share(application: Envelope, number: int) -> Envelope:
            return replace(
                application,
                id=new_id(datetime.now(UTC), number.to_bytes(1, "big") * 10),
                sequence=number,
                parent=application.id,
                purpose=PURPOSE,
                person=person,
            )

        def fill(number: int) -> Envelope:
            fresh = new_id(datetime.now(UTC), sha256(f"{person}{number}".encode()).digest()[:10])
            return envelope(number, id=fresh, person=person)

        self.outbox.keep(fill, consents=[Consented(given, share)])
        return next(row.id for row in self.outbox.rows() if row.purpose and row.state == "waiting")

    def close(self) -> None:
        self.store.close()


def test_a_share_is_carried_with_the_yes_that_nobody_heard_yet(
    office: Started, lonely: Place, tmp_path: Path
) -> None:
    home = Home(lonely.home)
    share = home.agreed("a1" * 32)
    home.close()
    counter = paired(office, tmp_path / "counter", "C01")
    carried(lonely, counter, tmp_path / "box.kkx")
    assert counter.told(0, "outbox", "send")["delivered"] == 2
    there = arrived(office, share)
    assert there is not None
    assert there["state"] == "received"
    kiosk = paired(office, tmp_path / "kiosk", "K01")  # told twice, it is one word
    carried(lonely, kiosk, tmp_path / "again.kkx")
    assert kiosk.told(0, "outbox", "send")["delivered"] == 2
    assert kiosk.run("audit", "verify", "--offline").returncode == 0


def test_a_no_that_nobody_heard_yet_is_carried_too(
    office: Started, lonely: Place, tmp_path: Path
) -> None:
    person = "b2" * 32
    home = Home(lonely.home)
    share = home.agreed(person)
    first = paired(office, tmp_path / "first", "K01")
    carried(lonely, first, tmp_path / "box.kkx")
    no = str(UUID(int=7 << 76 | 2 << 62 | 5))
    said = ConsentRecord(no, person, PURPOSE, "2026-11", Word.WITHDRAWN, datetime.now(UTC))
    home.consents.withdraw(said, "counter")
    home.close()
    counter = paired(office, tmp_path / "counter", "C01")
    carried(lonely, counter, tmp_path / "later.kkx")
    counter.told(0, "outbox", "send")
    first.told(0, "outbox", "send")
    assert arrived(office, share) is None


def test_one_row_that_cannot_be_opened_does_not_keep_the_others_here(
    lonely: Place, tmp_path: Path
) -> None:
    made = [lonely.submit(), lonely.submit()]
    store = open_store(lonely.home / "terminal.db")
    with store.transaction() as base:
        base.execute(
            "UPDATE outbox SET payload = x'00112233445566778899aabbccddeeff' WHERE sequence = 1"
        )
    store.close()
    told = lonely.told(0, "outbox", "export", tmp_path / "box.kkx")
    assert (told["rows"], told["left_out"]) == (1, [made[0]["id"]])


def test_a_photo_that_cannot_be_opened_is_not_left_out_in_silence(
    lonely: Place, tmp_path: Path
) -> None:
    home = Home(lonely.home)
    photo = Attachment(sha256(PHOTO).hexdigest(), PHOTO)
    kept = home.outbox.keep(envelope, [photo])
    with home.store.transaction() as base:
        base.execute("UPDATE attachment SET sealed = x'00112233445566778899aabbccddeeff'")
    assert home.outbox.body(str(kept.id)) == canonical(kept)
    home.close()
    told = lonely.told(0, "outbox", "export", tmp_path / "box.kkx")
    assert (told["rows"], told["left_out"]) == (0, [str(kept.id)])
    assert (
        json.loads(lonely.run("outbox", "list", "--json").stdout)["rows"][0]["state"] == "waiting"
    )
