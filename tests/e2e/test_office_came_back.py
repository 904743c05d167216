"""The office loses a day: its database comes back from a backup, and the terminal mends it."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from forms.envelope import new_id
from forms.kinds.attached import Attachment
from kiosk.adapters.clock import WallClock
from kiosk.auditing import verify
from kiosk.config import read_settings
from kiosk.domain.agreement import Word
from kiosk.drill.stage import Stage, stage
from kiosk.drill.terminal import Terminal
from kiosk.ground import NONE, office_of
from kiosk.ports.consents import ConsentRecord
from kiosk.usecases.report import Health
from tests.fakes.envelopes import envelope
from tests.fakes.photos import described, photo

ROOT = Path(__file__).parents[2]
PERSON = "a" * 64


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Stage]:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    with stage(home, tmp_path / "stage") as made:
        yield made


def delivered(terminal: Terminal) -> str:
    kept = terminal.keep()
    terminal.hand_in(kept)
    assert terminal.waiting() == 0
    return kept


def photographed(terminal: Terminal, content: bytes) -> str:
    """An application with a photo of more than one piece."""
    device, now = terminal.ground.settings.device, WallClock().now()
    told = {"photos": [described(content)]}
    made = terminal.ground.outbox.keep(
        lambda number: envelope(
            number, device, id=new_id(now, b"photograph"), submitted=now, content=told
        ),
        [Attachment(hashlib.sha256(content).hexdigest(), content)],
    )
    terminal.drain()
    assert terminal.waiting() == 0
    return str(made.id)


def database(place: Stage) -> list[Path]:
    return sorted((place.folder / "office").glob("office.db*"))


def put_back(place: Stage, backup: Path) -> None:
    for file in database(place):
        file.unlink()
    for file in backup.iterdir():
        shutil.copy(file, place.folder / "office")


def saved(place: Stage, into: Path) -> Path:
    into.mkdir()
    for file in database(place):
        shutil.copy(file, into)
    return into


def restored(place: Stage, since: str) -> None:
    home = str(place.folder / "office")
    command = [sys.executable, "-m", "office", "--home", home, "restored"]
    subprocess.run(
        [*command, "--since", since, "--why", "disk replaced"], cwd=ROOT, check=True, timeout=60
    )


def test_what_the_office_forgot_is_there_again_once_with_its_photos_and_its_noes(
    place: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture, now = photo(300_000), WallClock().now()
    with place.terminal() as terminal:
        ground = terminal.ground
        kept = delivered(terminal)
        place.end_office()
        backup, moment = saved(place, tmp_path / "backup"), WallClock().now()
        place.restore_office()

        lost, pictured = delivered(terminal), photographed(terminal, picture)
        word = ConsentRecord(
            str(new_id(now, b"a withdraw")), PERSON, "care", "2026-11", Word.WITHDRAWN, now
        )
        ground.consents.withdraw(word, "kiosk")
        ground.consent(NONE, "kiosk").tell()
        assert [one for one, _ in place.arrived()] == [kept, lost, pictured]
        with closing(watching(place)) as counter:
            _, cursor = counter.submissions(None)

        place.end_office()
        put_back(place, backup)
        restored(place, moment.isoformat())
        place.restore_office()
        assert [one for one, _ in place.arrived()] == [kept]

        reporter = ground.reporter(Health(), "kiosk")
        assert reporter.tell(busy=False) == ()
        assert terminal.waiting() == 3  # what was told since a day before, too
        assert [each.id for each in ground.consents.untold()] == [word.id]
        place.bring_home(terminal)
        ground.consent(NONE, "kiosk").tell()

        assert [one for one, _ in place.arrived()] == [kept, lost, pictured]
        with closing(watching(place)) as counter:
            items, _ = counter.submissions(cursor)
        assert [each["id"] for each in items] == [lost, pictured]
        assert [each["whole"] for each in items[1]["attachments"]] == [True]
        assert [each.id for each in ground.consents.untold()] == []

        reporter.tell(busy=False)
        assert terminal.waiting() == 0  # heard once, done once
    with closing(office_of(place.settings, place.home)) as office:
        assert verify(place.home, office, as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["whole"]


def again_since(place: Stage, moment: str) -> int:
    command = [sys.executable, "-m", "kiosk", "outbox", "retry", "--home", str(place.home)]
    done = subprocess.run(
        [*command, "--delivered-since", moment, "--json"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return int(json.loads(done.stdout)["again"])


def test_staff_can_say_it_themselves(place: Stage) -> None:
    with place.terminal() as terminal:
        delivered(terminal)
    later = (WallClock().now() + timedelta(days=2)).isoformat()
    assert again_since(place, later) == 0
    assert again_since(place, "2026-01-01") == 1
    with place.terminal() as terminal:
        place.bring_home(terminal)
        assert len(place.arrived()) == 1


def test_a_moment_without_a_zone_is_the_citys(place: Stage, monkeypatch) -> None:
    with place.terminal() as terminal:
        delivered(terminal)
    monkeypatch.setenv("TZ", "UTC")  # where the same words would mean nine hours later
    moment = (WallClock().now() + timedelta(days=1, hours=-4)).replace(tzinfo=None)
    assert again_since(place, moment.isoformat()) == 1


def watching(place: Stage):
    """The office as a counter knows it."""
    home = place.folder / "watcher"
    settings = read_settings(home)
    return office_of(replace(settings, office_url=place.office.url), home)
