"""The journal from the first promise to the office's memory: real outbox, real HTTP, real file."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest

from kiosk.adapters.clock import WallClock
from kiosk.adapters.journal import SqliteJournal
from kiosk.adapters.office import HttpOffice
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.store import Store, open_store
from kiosk.auditing import verify
from kiosk.domain.journal import Why
from kiosk.telling import FINE, NO
from kiosk.usecases.anchor import Anchor
from kiosk.usecases.audit import Finding
from kiosk.usecases.deliver import Deliver
from office.journal import NEWEST
from tests.fakes.envelopes import envelope
from tests.fakes.paired import office_running
from tests.integration.test_audit import NAMELESS, deeds, forged, rewritten, verdict

MANY = 7


@dataclass
class Terminal:
    """One device that sends, and tells the end of its journal as it does."""

    file: Path
    office: HttpOffice
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.store, clock = open_store(self.file), WallClock()
        self.outbox = SqliteOutbox(self.store, bytes(32))
        self.anchor = Anchor(SqliteJournal(self.store, clock), self.office)
        self.deliver = Deliver(
            self.outbox, self.office, clock, monotonic, delivered=self.anchor.tell
        )


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with office_running(tmp_path / "office", "--enrol", "K01:kiosk") as office:
        made = Terminal(tmp_path / "terminal.db", office.devices.office("K01"))
        yield made
        made.office.close()
        made.store.close()


def sent(terminal: Terminal) -> None:
    for _ in range(MANY):
        terminal.outbox.keep(envelope)
    assert terminal.deliver.drain().delivered == MANY


def test_what_was_kept_and_delivered_is_written_down_and_the_office_knows_the_end(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    sent(terminal)
    whats = [what for what, _, _ in deeds(terminal.file.parent)]
    assert whats == ["kept"] * MANY + ["delivered"] * MANY
    assert list(terminal.office.anchors()) == [2 * MANY]
    assert verify(terminal.file.parent, terminal.office, as_json=True) == FINE
    told = json.loads(capsys.readouterr().out)
    assert (told["anchored"], told["office"]) == (2 * MANY, "asked")


def test_rows_that_left_after_their_term_are_accounted_for(terminal: Terminal) -> None:
    sent(terminal)
    now = WallClock().now()
    terminal.outbox.clear(now + timedelta(days=1), now, "kiosk")
    assert len(terminal.outbox.rows()) < MANY
    assert verdict(terminal.file, terminal.office).finding is None


def test_an_end_cut_off_with_all_that_remembers_it_here_is_found_and_refused(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    sent(terminal)
    later = f"DELETE FROM journal WHERE place > {MANY}"  # noqa: S608
    forged(terminal.file, later, "DELETE FROM memo")
    assert verdict(terminal.file).finding is None
    found = verdict(terminal.file, terminal.office).finding
    assert found == Finding(Why.SHORTENED, MANY + 1)
    assert verify(terminal.file.parent, terminal.office, as_json=False) == NO
    assert f"{MANY + 1}番目" in capsys.readouterr().out
    assert not terminal.anchor.tell()
    assert list(terminal.office.anchors()) == [2 * MANY]


def test_few_old_ends_find_a_rewritten_journal_as_all_of_them_would(terminal: Terminal) -> None:
    for _ in range(NEWEST + 20):  # more than are kept of one day
        terminal.outbox.keep(envelope)
        assert terminal.anchor.tell()
    assert len(terminal.office.anchors()) == NEWEST
    assert verdict(terminal.file, terminal.office).finding is None
    rewritten(terminal.file, 3)
    forged(terminal.file, "DELETE FROM memo")
    assert verdict(terminal.file).finding is None  # whole in itself
    found = verdict(terminal.file, terminal.office).finding
    assert found is not None
    assert found.what is Why.REPLACED


def test_a_journal_from_a_backup_is_believed_again_once_staff_says_so(
    terminal: Terminal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sent(terminal)
    backup = tmp_path / "backup.db"
    with sqlite3.connect(terminal.file) as live, sqlite3.connect(backup) as copy:
        live.backup(copy)
    sent(terminal)
    terminal.store.close()
    for file in tmp_path.glob("terminal.db*"):
        file.unlink()
    backup.rename(terminal.file)
    terminal.start()
    terminal.outbox.keep(envelope)
    assert not terminal.anchor.tell()
    assert verdict(terminal.file, terminal.office).finding is not None
    office = [sys.executable, "-m", "office", "--home", str(tmp_path / "office")]
    why = "障害のためバックアップから戻した"
    accept = [*office, "anchors", "accept", "K01", "--why", why]
    said = subprocess.run(accept, capture_output=True, text=True, check=True, timeout=30).stdout
    assert str(4 * MANY) in said
    assert terminal.anchor.tell()
    assert list(terminal.office.anchors()) == [2 * MANY + 1]
    capsys.readouterr()
    assert verify(terminal.file.parent, terminal.office, as_json=False) == FINE
    assert why in capsys.readouterr().out
    assert verify(terminal.file.parent, terminal.office, as_json=True) == FINE
    assert json.loads(capsys.readouterr().out)["anew"]["why"] == why
    later = f"DELETE FROM journal WHERE place > {MANY}"  # noqa: S608
    forged(terminal.file, later, "DELETE FROM memo")
    assert verdict(terminal.file, terminal.office).finding == Finding(Why.SHORTENED, MANY + 1)


def test_nothing_personal_stands_in_it(terminal: Terminal) -> None:
    sent(terminal)
    base = sqlite3.connect(terminal.file)
    for row in base.execute("SELECT * FROM journal"):
        assert NAMELESS.fullmatch(" ".join(map(str, row))), row
    base.close()
