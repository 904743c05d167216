"""`kakanai submit` and `outbox` as commands, against a real office, beside a running kiosk."""

import fcntl
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from forms.envelope import digest
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.store import open_store
from kiosk.app import hold_home
from tests.fakes.paired import Started, office_running
from tests.integration.test_store import envelope

ROOT = Path(__file__).resolve().parents[2]
VOICE = {"satisfaction": "good", "about": "staff", "words": "髙橋さんが親切でした"}
DAMAGE = {
    "name": "髙橋　花子",
    "address": "かかない県書蒼市本町1番地",
    "birth": "1980-02-17",
    "disaster": "quake-2026-11",
    "cause": "quake",
    "same_place": True,
    "targets": ["dwelling"],
    "lived_in": True,
    "house_type": "detached",
    "ownership": "own",
    "is_head": True,
    "self_judgement": False,
    "contact_place": "home",
    "copies": 1,
    "use": ["support"],
    "relation": "self",
    "privacy_consent": True,
    "false_statement": True,
    "signature": "paper",
}
WEB = ("--channel", "web")
PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 2500


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    home = tmp_path_factory.mktemp("office")
    with office_running(home, "--enrol", "K01:kiosk", "--enrol", "C01:counter") as started:
        yield started


class Place:
    """A home, and the commands that are given there."""

    def __init__(self, home: Path, url: str = "http://127.0.0.1:9", device: str = "K01") -> None:
        self.home = home
        home.mkdir(exist_ok=True)
        settings = f'device = "{device}"\noffice_url = "{url}"\n'
        (home / "kakanai.toml").write_text(settings, "utf-8")

    def run(self, *words: str | Path, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "kiosk", "--home", self.home, *words]
        return subprocess.run(
            command, cwd=ROOT, input=stdin, capture_output=True, text=True, check=False, timeout=90
        )

    def told(self, status: int, *words: str | Path, stdin: str = "") -> Any:
        """The one JSON value of stdout."""
        done = self.run(*words, "--json", stdin=stdin)
        assert done.returncode == status, done
        return json.loads(done.stdout)

    def submit(self, answers: dict[str, Any] | None = None, *words: str) -> Any:
        file = self.home / "answers.json"
        file.write_text(json.dumps(VOICE if answers is None else answers), "utf-8")
        form = "risai" if answers is DAMAGE else "shimin-no-koe"
        return self.told(0, "submit", form, "--answers", file, *words)

    def rows(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.told(0, "outbox", "list")["rows"]
        return rows


@pytest.fixture
def place(office: Started, tmp_path: Path) -> Place:
    office.devices.lend_keys("K01", tmp_path / "home")
    return Place(tmp_path / "home", office.url)


@pytest.fixture
def lonely(tmp_path: Path) -> Place:
    return Place(tmp_path / "lonely")


def arrived(office: Started, submission: str) -> dict[str, Any] | None:
    counter = office.devices.office("C01")
    try:
        found = counter.submission(submission)
    finally:
        counter.close()
    return dict(found) if found else None


def test_an_application_is_durable_and_waits(lonely: Place) -> None:
    made = lonely.submit()
    assert set(made) == {"id", "receipt", "sha256"}
    (row,) = lonely.rows()
    assert {**row, **made} == row
    assert (row["state"], row["attempts"], row["last"]) == ("waiting", 0, None)
    assert row["words"] == "まだ送っていません。市役所とつながると、自動で送ります。"
    shown = lonely.told(0, "outbox", "show", made["receipt"])
    assert shown["envelope"]["B票"]["words"] == "髙橋さんが親切でした"
    assert shown["envelope"]["A票"]["本人確認"] == "none"


def test_what_may_not_be_submitted_is_judged_as_forms_fill_does_and_nothing_is_kept(
    lonely: Place,
) -> None:
    file = lonely.home / "answers.json"
    file.write_text('{"about": "staff"}', "utf-8")
    words = ("shimin-no-koe", "--answers", file, "--channel", "kiosk")
    told = lonely.told(1, "submit", *words)
    assert told == lonely.told(1, "forms", "fill", *words)
    assert told["problems"][0]["field"] == "satisfaction"
    assert lonely.rows() == []


def test_a_named_day_is_the_day_of_the_application(lonely: Place) -> None:
    made = lonely.submit(None, "--today", "2026-12-01", "--channel", "counter")
    envelope = lonely.told(0, "outbox", "show", made["id"])["envelope"]
    assert (envelope["submitted"][:10], envelope["channel"]) == ("2026-12-01", "counter")


def test_it_arrives_as_it_was_frozen(place: Place, office: Started) -> None:
    made = [place.submit() for _ in range(2)]
    assert place.told(0, "outbox", "send")["delivered"] == 2
    assert [row["state"] for row in place.rows()] == ["delivered"] * 2
    for one in made:
        assert arrived(office, one["id"])["sha256"] == one["sha256"]
    assert place.run("audit", "verify").returncode == 0


def test_a_photo_is_taken_at_once_and_arrives_whole(
    place: Place, office: Started, tmp_path: Path
) -> None:
    photo = tmp_path / "家.png"
    photo.write_bytes(PHOTO)
    made = place.submit(DAMAGE, "--attach", f"photos={photo}", *WEB)
    photo.write_bytes(b"something else")
    told = place.told(0, "outbox", "show", made["id"])
    assert told["attachments"] == [{"sha256": digest(PHOTO), "size": len(PHOTO), "sent": 0}]
    assert PHOTO[:64] not in b"".join(f.read_bytes() for f in place.home.glob("terminal.db*"))
    assert place.told(0, "outbox", "send")["delivered"] == 1
    assert arrived(office, made["id"])["missing"] == 0
    (kept,) = place.told(0, "outbox", "show", made["id"])["attachments"]
    assert kept["sent"] == len(PHOTO)


def test_a_photo_that_is_named_but_not_here_is_a_problem(lonely: Place) -> None:
    named = {"name": "a.png", "type": "image/png", "size": 9, "sha256": "ab" * 32}
    file = lonely.home / "answers.json"
    file.write_text(json.dumps({**DAMAGE, "photos": [named]}), "utf-8")
    told = lonely.told(1, "submit", "risai", "--answers", file, *WEB)
    assert [(each["field"], each["reason"]) for each in told["problems"]] == [
        ("photos", "not-a-file")
    ]


def test_a_photo_that_nobody_asks_for_is_a_problem(lonely: Place, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PHOTO)
    file = lonely.home / "answers.json"
    file.write_text(json.dumps(DAMAGE), "utf-8")
    words = ("risai", "--answers", file, "--attach", f"damage_photos={tmp_path / 'a.png'}", *WEB)
    told = lonely.told(1, "submit", *words)
    assert [(each["field"], each["reason"]) for each in told["problems"]] == [
        ("damage_photos", "unknown-field")
    ]


@pytest.mark.parametrize("attach", ["photos=/no/such.png", "words=/etc/hostname", "photos"])
def test_a_file_that_cannot_be_attached_is_wrong_usage(lonely: Place, attach: str) -> None:
    file = lonely.home / "answers.json"
    file.write_text(json.dumps(DAMAGE), "utf-8")
    told = lonely.told(2, "submit", "risai", "--answers", file, "--attach", attach)
    assert told["error"]["message"]


def test_an_office_that_is_away_is_9_and_everything_waits(lonely: Place) -> None:
    lonely.submit()
    assert lonely.told(9, "outbox", "send")["away"] is True
    (row,) = lonely.rows()
    assert (row["state"], row["attempts"]) == ("waiting", 1)
    assert "1回送りましたが" in row["words"]
    assert row["last"]["answer"]
    assert lonely.run("outbox", "send").returncode == 9


def test_an_empty_queue_is_sent(lonely: Place) -> None:
    assert lonely.told(0, "outbox", "send")["waiting"] == 0


def test_a_refusal_is_10_and_staff_decide(place: Place, lonely: Place, tmp_path: Path) -> None:
    Place(lonely.home, device="K77")
    made = lonely.submit()
    box = tmp_path / "box.kkx"
    code = lonely.told(0, "outbox", "export", box)["code"]
    place.told(0, "outbox", "import", box, "--code", code)
    assert place.told(10, "outbox", "send")["refused"] == 1
    (row,) = place.rows()
    assert row["state"] == "refused"
    assert row["last"]["answer"] in row["words"]
    assert place.told(0, "outbox", "quarantine", made["id"], "--why", "別の端末の分")["state"] == (
        "set-aside"
    )
    assert place.told(1, "outbox", "quarantine", made["id"], "--why", "x")["error"]["code"] == (
        "not-now"
    )
    assert place.told(0, "outbox", "send")["waiting"] == 0
    assert place.told(0, "outbox", "retry", made["receipt"])["state"] == "waiting"


def test_who_is_unknown_is_said_to_be(lonely: Place) -> None:
    for words in (("show", "x"), ("retry", "x"), ("quarantine", "x", "--why", "y")):
        assert lonely.told(1, "outbox", *words)["error"]["code"] == "unknown-submission"


def test_what_could_not_be_sent_is_carried_and_leaves_once(
    place: Place, office: Started, lonely: Place, tmp_path: Path
) -> None:
    photo = tmp_path / "a.png"
    photo.write_bytes(PHOTO)
    made = [lonely.submit(), lonely.submit(DAMAGE, "--attach", f"photos={photo}", *WEB)]
    box = tmp_path / "box.kkx"
    told = lonely.told(0, "outbox", "export", box)
    assert (told["rows"], told["left_out"]) == (2, [])
    assert box.stat().st_mode & 0o777 == 0o600
    sealed = box.read_bytes()
    assert "髙橋".encode() not in sealed
    assert PHOTO[:64] not in sealed
    assert place.told(0, "outbox", "import", box, stdin=told["code"])["taken"] == 2
    assert place.told(0, "outbox", "import", box, "--code", told["code"].lower())["known"] == 2
    assert [(r["id"], r["receipt"], r["sha256"]) for r in place.rows()] == [
        (one["id"], one["receipt"], one["sha256"]) for one in made
    ]
    assert place.told(0, "outbox", "send")["delivered"] == 2
    assert [arrived(office, one["id"])["missing"] for one in made] == [0, 0]
    assert place.run("audit", "verify", "--offline").returncode == 0


@pytest.mark.parametrize("harm", ["code", "flipped", "cut", "joined", "another file"])
def test_a_carried_file_that_is_not_whole_is_not_opened(
    lonely: Place, tmp_path: Path, harm: str
) -> None:
    lonely.submit()
    lonely.submit()
    box = tmp_path / "box.kkx"
    code = lonely.told(0, "outbox", "export", box)["code"]
    sealed = box.read_bytes()
    harmed = {
        "code": sealed,
        "flipped": sealed[:40] + bytes([sealed[40] ^ 1]) + sealed[41:],
        "cut": sealed[:-20],
        "joined": sealed + b"x",
        "another file": b"{}",
    }
    box.write_bytes(harmed[harm])
    other = Place(tmp_path / "other")
    code = "AAAA-" * 5 + "AAAA" if harm == "code" else code
    told = other.told(1, "outbox", "import", box, "--code", code)
    assert told["error"]["code"] == "no-archive"


def test_it_works_beside_a_kiosk_that_writes_all_the_time(lonely: Place) -> None:
    held = hold_home(lonely.home)
    store = open_store(lonely.home / "terminal.db")
    lonely.submit()  # makes the key
    outbox = SqliteOutbox(store, (lonely.home / "keys" / "rows.key").read_bytes())
    over, kept = threading.Event(), []

    def keep() -> None:
        while not over.wait(0.001):
            kept.append(outbox.keep(envelope).sequence)

    kiosk = threading.Thread(target=keep)
    kiosk.start()
    try:
        made = [lonely.submit()["receipt"] for _ in range(3)]
        lonely.run("outbox", "send")
    finally:
        over.set()
        kiosk.join(30)
    receipts = [row.receipt for row in outbox.rows()]
    assert receipts == [f"K01-{number:06d}" for number in range(1, len(kept) + 5)]
    assert set(made) < set(receipts)
    store.close()
    fcntl.flock(held, fcntl.LOCK_UN)
    os.close(held)


def test_words_for_a_person_name_the_receipt(lonely: Place) -> None:
    lonely.submit()
    said = lonely.run("outbox", "list").stdout
    assert said.startswith("K01-000001")
