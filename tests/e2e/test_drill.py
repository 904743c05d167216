"""The outage drill finds nothing where nothing is wrong, and everything that is."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, redirect_stdout
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from forms.kinds.attached import Attachment
from kiosk.adapters.evidence import evidence
from kiosk.config import read_settings
from kiosk.drill.run import compared, run
from kiosk.drill.scenes import Scene, Size, scenes
from kiosk.drill.stage import Stage, stage
from kiosk.drill.terminal import NAME, Terminal
from kiosk.usecases.audit import audit
from printing.paper import DrillScene
from tests.fakes.envelopes import envelope

ROOT = Path(__file__).resolve().parents[2]
SMALL = Size(many=4, stride=797, kills=2)  # what ends whole processes is played once, below
SOMEBODY = "実在　花子"
NOTHING = Scene("場面", "何もしません。", lambda *_: None)


def used(made: Path) -> Path:
    """A terminal in use: something waits in its outbox, its office is not there."""
    made.mkdir(mode=0o700)
    (made / "kakanai.toml").write_text(
        'device = "K07"\noffice_url = "http://127.0.0.1:9"\nkeep_days = "12"\n', "utf-8"
    )
    terminal = Terminal.open(read_settings(made), made)
    terminal.keep()
    terminal.close()
    return made


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return used(tmp_path / "home")


@dataclass(frozen=True)
class Drilled:
    """A terminal that was drilled, which files it had before, and what was told and written."""

    home: Path
    files: set[str]
    status: int
    told: dict[str, Any]
    out: Path


@pytest.fixture(scope="module")
def drilled(tmp_path_factory: pytest.TempPathFactory) -> Drilled:
    """One whole drill, looked at from two sides."""
    folder = tmp_path_factory.mktemp("drilled")
    home, out, said = used(folder / "home"), folder / "report.pdf", StringIO()
    files = {file.name for file in home.rglob("*")}
    with redirect_stdout(said):
        status = run(home, replace(SMALL, ended=False), out, quiet, as_json=True)
    return Drilled(home, files, status, json.loads(said.getvalue()), out)


@pytest.fixture
def place(home: Path, tmp_path: Path) -> Iterator[Stage]:
    with stage(home, tmp_path / "stage") as made:
        yield made


def quiet(_: str) -> None:
    return None


@pytest.mark.slow
def test_every_scene_is_held_and_the_real_terminal_is_as_it_was(drilled: Drilled) -> None:
    played = [DrillScene(**scene) for scene in drilled.told["scenes"]]
    found = {scene.title: (scene.lost, scene.doubled, scene.leaked) for scene in played}
    assert [scene.words for scene in played if scene.words] == []
    assert set(found.values()) == {(0, 0, 0)}
    assert len(found) == len(scenes(SMALL)) - 2 + 1
    assert all(scene.kept == scene.arrived > 0 for scene in played[:-1])
    assert drilled.told["device"] == "K07"
    terminal = Terminal.open(read_settings(drilled.home), drilled.home)
    assert [row.state for row in terminal.ground.outbox.rows()] == ["waiting"]
    terminal.close()
    assert not drilled.files - {file.name for file in drilled.home.rglob("*")}


def test_the_power_goes_at_every_step_that_there_is(home: Path, place: Stage) -> None:
    (power,) = [scene for scene in scenes(SMALL) if scene.title == "停電"]
    promised: list[str] = []
    told: list[str] = []
    power.play(place, promised.append, told.append)
    ended = {line.removeprefix("ended ") for line in told if line.startswith("ended ")}
    for step in (
        "BEGIN IMMEDIATE",
        "INSERT INTO outbox",
        "INSERT INTO journal",
        "COMMIT",
        "the receipt is printed",
        "before office.put",
        "after office.put",
    ):
        assert any(each.startswith(step) for each in ended), step
    assert len(promised) > 50
    assert compared(power, place, promised, "").holds


def test_a_full_disk_refuses_and_says_so(place: Stage) -> None:
    (disk,) = [scene for scene in scenes(SMALL) if scene.title == "ディスクがいっぱいになる"]
    promised: list[str] = []
    told: list[str] = []
    disk.play(place, promised.append, told.append)
    assert len(promised) == 2
    assert any(line.startswith("refused") for line in told)
    assert compared(disk, place, promised, "").holds


def test_what_waits_at_the_real_terminal_never_reaches_the_real_office(place: Stage) -> None:
    assert read_settings(place.home).office_url == place.wire.url
    assert place.settings.keep_days == "12"
    with place.terminal() as terminal:
        place.bring_home(terminal)
        (row,) = terminal.ground.outbox.rows()
    assert row.state == "set-aside"
    assert place.arrived() == []


def test_nobody_who_really_applied_is_in_the_drill(home: Path, tmp_path: Path) -> None:
    settings = read_settings(home)
    terminal = Terminal.open(settings, home)
    photo = Attachment("ab" * 32, SOMEBODY.encode() * 100)
    kept = terminal.ground.outbox.keep(
        lambda number: envelope(number, "K07", content={"name": SOMEBODY}), [photo]
    )
    terminal.close()
    with stage(home, tmp_path / "stage") as place:
        with place.terminal() as copy:
            place.bring_home(copy)
            assert copy.waiting() == 0
            assert str(kept.id) not in [one for one, _ in place.arrived()]
        for file in (each for each in place.folder.rglob("*") if each.is_file()):
            assert SOMEBODY.encode() not in file.read_bytes(), file
        real = (home / "keys" / "rows.key").read_bytes()
        assert (place.home / "keys" / "rows.key").read_bytes() != real
        with evidence(place.home / "terminal.db") as found:
            assert audit(found, None).finding is None


def test_an_application_that_is_not_there_is_lost(place: Stage) -> None:
    with place.terminal() as terminal:
        kept = [terminal.keep() for _ in range(3)]
        place.bring_home(terminal)
    assert compared(NOTHING, place, kept, "").holds
    place.office.stop()
    with closing(sqlite3.connect(place.folder / "office" / "office.db")) as base, base:
        base.execute("DELETE FROM submission WHERE id = ?", (kept[1],))
    place.restore_office()
    found = compared(NOTHING, place, kept, "")
    assert (found.kept, found.arrived, found.lost) == (3, 2, 1)
    assert kept[1] in found.words
    assert not found.holds


def test_another_order_is_told(place: Stage) -> None:
    with place.terminal() as terminal:
        kept = [terminal.keep() for _ in range(3)]
        place.bring_home(terminal)
    place.office.stop()
    with closing(sqlite3.connect(place.folder / "office" / "office.db")) as base, base:
        base.execute("UPDATE submission SET arrival = arrival + 100 WHERE id = ?", (kept[0],))
    place.restore_office()
    found = compared(NOTHING, place, kept, "")
    assert not found.lost
    assert "順" in found.words


def test_what_was_taken_back_stays_here_and_is_a_leak_where_it_does_not(place: Stage) -> None:
    (scene,) = [scene for scene in scenes(SMALL) if scene.title == "同意を取り消す"]
    promised: list[str] = []
    scene.play(place, promised.append, quiet)
    assert compared(scene, place, promised, "").holds
    assert len(promised) == 2
    with place.terminal() as terminal:
        states = [(row.purpose, row.state) for row in terminal.ground.outbox.rows()]
        agreed = [state for purpose, state in states if purpose is not None]
        assert agreed == ["delivered"] * 2 + ["set-aside"] * 2
        with terminal.ground.store.transaction() as base:
            base.execute("UPDATE outbox SET state = 'set-aside' WHERE purpose = 'disaster-care'")
    found = compared(scene, place, promised, "")
    assert (found.leaked, found.holds) == (1, False)
    assert "同意" in found.words


def test_a_name_that_can_be_read_on_the_disk_is_a_leak(place: Stage) -> None:
    assert compared(NOTHING, place, [], "").holds
    (place.home / "terminal.log").write_text(f"debug: {NAME}", "utf-8")
    assert compared(NOTHING, place, [], "").leaked == 1


def test_the_report_is_signed_by_the_terminal(drilled: Drilled) -> None:
    told, out = drilled.told, drilled.out
    assert drilled.status == 0
    assert (told["holds"], told["device"], told["file"]) == (True, "K07", str(out))
    signature = subprocess.run(
        ["pdfsig", str(out)], capture_output=True, text=True, timeout=60, check=True
    ).stdout
    assert "Signature is Valid" in signature
    assert "Total document signed" in signature
    assert "CN=K07" in signature
    assert (drilled.home / "keys" / "device.new.pem").exists()


def test_the_command_says_what_it_plays_and_ends_with_the_verdict(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "--home", str(home), "drill", "-h"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "--every-byte" in done.stdout
