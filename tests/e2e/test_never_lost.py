"""Ten thousand applications, processes killed at random: each promised one arrives, once."""

import random
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from kiosk.auditing import verify
from kiosk.drill.stage import Stage, stage
from kiosk.drill.wire import FINE, Trouble
from kiosk.ground import office_of

ROOT = Path(__file__).resolve().parents[2]
MANY, KILLS = 10_000, 12
PATIENCE = 600


class Terminal:
    """A process that promises, and what it has promised so far."""

    def __init__(self, home: Path, many: int) -> None:
        self.promised: list[str] = []
        self.opened = threading.Event()
        command = [sys.executable, "-m", "tests.fakes.promising", str(home), str(many)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            if line.startswith("kept ") and line.endswith("\n"):
                self.promised.append(line.split()[1])
            self.opened.set()

    def kill(self) -> None:
        self.process.kill()
        self.end()

    def end(self) -> int:
        status = self.process.wait(PATIENCE)
        self._reader.join(10)
        self.process.stdout.close()
        return status


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Stage]:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    with stage(home, tmp_path / "stage") as made:
        yield made


def troubles(place: Stage, chance: random.Random) -> None:
    """One thing goes wrong, for a moment."""
    match chance.randrange(4):
        case 0:
            place.end_office()
            place.restore_office()
        case 1:
            place.wire.be(Trouble(answer=chance.randrange(2000)))
        case 2:
            place.wire.be(Trouble(request=chance.randrange(20_000)))
        case 3:
            place.wire.be(Trouble(dead=True))
            place.wire.be(FINE)


@pytest.mark.slow
def test_what_was_promised_arrives_exactly_once_and_in_order(place: Stage, capsys) -> None:
    chance = random.Random(20261121)  # noqa: S311 (when to fail, nothing secret)
    promised: list[str] = []
    for _ in range(KILLS):
        terminal = Terminal(place.home, MANY)
        assert terminal.opened.wait(60)
        until = len(promised) + MANY // (KILLS + 1)
        while len(promised) + len(terminal.promised) < until:
            troubles(place, chance)
            assert terminal.process.poll() is None
            threading.Event().wait(chance.uniform(0.05, 0.6))
        terminal.kill()
        promised += terminal.promised
    place.wire.be(FINE)
    last = Terminal(place.home, max(MANY - len(promised), 1))
    assert last.end() == 0
    promised += last.promised

    arrived = place.arrived()
    ids = [one for one, _ in arrived]
    assert len(promised) == len(set(promised)) >= MANY
    assert Counter(ids).most_common(1)[0][1] == 1
    assert set(promised) <= set(ids)
    with place.terminal() as terminal:
        receipts = {row.id for row in terminal.ground.outbox.rows()}
        assert {row.state for row in terminal.ground.outbox.rows()} == {"delivered"}
    assert receipts == set(ids)  # one more than promised for a kill before the receipt, at most
    assert len(ids) - len(promised) <= KILLS
    numbers = [number for _, number in arrived]
    overtaken = [late for early, late in pairwise(numbers) if late < early]
    assert overtaken == []

    with closing(office_of(place.settings, place.home)) as office:
        assert verify(place.home, office, as_json=False) == 0
        flip_one_byte(place.home / "terminal.db")
        assert verify(place.home, office, as_json=False) == 1


def flip_one_byte(file: Path) -> None:
    """Of an entry of the journal, behind the program's back; its hash stands nowhere else."""
    with closing(sqlite3.connect(file)) as base:
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        (link,) = base.execute("SELECT hash FROM journal WHERE place = 5000").fetchone()
    raw = file.read_bytes()
    assert raw.count(link.encode()) >= 1  # a page that was split may hold the bytes of before
    flipped = link[:30] + ("0" if link[30] != "0" else "1") + link[31:]
    file.write_bytes(raw.replace(link.encode(), flipped.encode()))
