"""A terminal that grew up: what an earlier one promised leaves, is accounted for, and is erased."""

import json
import os
import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from forms.envelope import canonical, digest
from kiosk.adapters.consents import SqliteConsents
from kiosk.adapters.evidence import evidence
from kiosk.adapters.journal import SqliteJournal
from kiosk.adapters.keys import KeyFolder
from kiosk.adapters.migrate import migrate
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.store import connect, open_store
from kiosk.errors import SetupFault
from kiosk.usecases.audit import Finding, Flaw, audit
from kiosk.usecases.deliver import Deliver, Drained
from tests.fakes.clock import StandingClock
from tests.fakes.envelopes import NAME, NOW, envelope
from tests.fakes.scripted_office import ScriptedOffice

ROOT = Path(__file__).resolve().parents[2]
KEPT = """
INSERT INTO outbox (sequence, id, receipt, sha256, payload, state, attempts, last_at, last_answer)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

SAID = """
INSERT INTO consent (id, person, purpose, notice, state, at, told) VALUES (?, ?, ?, ?, ?, ?, 1)
"""


def grown(home: Path, revision: str, *states: str) -> None:
    """A database as that version left it, with a row in each of these states."""
    file = home / "terminal.db"
    open_store(file).close()
    migrate(partial(connect, file), revision)
    key = KeyFolder(home / "keys").row_key()
    with sqlite3.connect(home / "terminal.db") as base:
        for number, state in enumerate(states, 1):
            made = envelope(number)
            body, nonce, one = canonical(made), os.urandom(12), str(made.id)
            sealed = nonce + AESGCM(key).encrypt(nonce, body, one.encode())
            tried = (0, None, None) if state == "waiting" else (1, NOW.isoformat(), "ok")
            row = (number, one, made.receipt, digest(body), sealed, state, *tried)
            base.execute(KEPT, row)
    base.close()


def finding(home: Path) -> Finding | None:
    with evidence(home / "terminal.db") as found:
        return audit(found, None).finding


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_what_an_earlier_version_promised_leaves_and_is_accounted_for(
    tmp_path: Path, revision: str
) -> None:
    grown(tmp_path, revision, "delivered", "refused", "waiting", "waiting")
    store = open_store(tmp_path / "terminal.db")
    outbox = SqliteOutbox(store, KeyFolder(tmp_path / "keys").row_key())
    assert finding(tmp_path) is None
    office, clock = ScriptedOffice(), StandingClock(NOW)
    deliver = Deliver(outbox, office, clock, lambda: 100.0)
    assert deliver.drain() == Drained(delivered=2)
    assert office.arrived == [str(envelope(number).id) for number in (3, 4)]
    assert outbox.keep(envelope).sequence == 5
    assert finding(tmp_path) is None
    store.close()


def test_what_an_earlier_version_delivered_is_erased_after_its_term(tmp_path: Path) -> None:
    grown(tmp_path, "0002", "delivered", "refused", "waiting")
    store = open_store(tmp_path / "terminal.db")
    outbox = SqliteOutbox(store, KeyFolder(tmp_path / "keys").row_key())
    clock = StandingClock(datetime.now(NOW.tzinfo) + timedelta(days=31))
    Deliver(outbox, ScriptedOffice(), clock, lambda: 100.0).drain()
    assert [row.receipt for row in outbox.rows()] == ["K01-000002", "K01-000003"]
    store.close()
    assert finding(tmp_path) is None
    assert NAME.encode() not in (tmp_path / "terminal.db").read_bytes()


@pytest.mark.parametrize("sequence", [0, 9])
def test_a_row_that_was_slipped_in_as_if_it_were_old_is_found(
    tmp_path: Path, sequence: int
) -> None:
    grown(tmp_path, "0002", "waiting")
    store = open_store(tmp_path / "terminal.db")
    SqliteOutbox(store, KeyFolder(tmp_path / "keys").row_key()).keep(envelope)
    store.close()
    with sqlite3.connect(tmp_path / "terminal.db") as base:
        base.execute(KEPT, (sequence, "slipped", "K01-000009", "ab", b"x", "waiting", 0, "", ""))
    base.close()
    assert finding(tmp_path) == Finding(Flaw.UNWRITTEN, None, "slipped")


def test_an_old_row_that_was_changed_or_taken_away_is_found(tmp_path: Path) -> None:
    grown(tmp_path, "0002", "waiting", "waiting")
    open_store(tmp_path / "terminal.db").close()
    with sqlite3.connect(tmp_path / "terminal.db") as base:
        base.execute("UPDATE outbox SET sha256 = 'changed' WHERE sequence = 2")
    found = finding(tmp_path)
    assert found is not None
    assert found.what is Flaw.DIFFERENT
    base.execute("DELETE FROM outbox WHERE sequence = 2")
    base.commit()
    base.close()
    found = finding(tmp_path)
    assert found is not None
    assert found.what is Flaw.VANISHED


def test_a_database_of_a_later_version_is_said_to_be(tmp_path: Path) -> None:
    store = open_store(tmp_path / "terminal.db")
    with store.transaction() as base:
        base.execute("UPDATE alembic_version SET version_num = '0099'")
    store.close()
    before = (tmp_path / "terminal.db").read_bytes()
    with pytest.raises(SetupFault, match="later version"):
        open_store(tmp_path / "terminal.db")
    assert (tmp_path / "terminal.db").read_bytes() == before


def test_an_audit_before_the_first_start_of_the_new_version_says_nothing_wrong(
    tmp_path: Path,
) -> None:
    grown(tmp_path, "0002", "waiting")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "kiosk",
            "--home",
            tmp_path,
            "audit",
            "verify",
            "--offline",
            "--json",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert json.loads(done.stdout)["finding"] is None
    store = open_store(tmp_path / "terminal.db")
    assert SqliteJournal(store, StandingClock(NOW)).end()[0] == 1
    store.close()


def test_a_word_that_an_earlier_version_told_is_told_again_to_an_office_that_came_back(
    tmp_path: Path,
) -> None:
    grown(tmp_path, "0003")
    with sqlite3.connect(tmp_path / "terminal.db") as base:
        word = (str(envelope(1).id), "a" * 64, "care", "2026-11", "withdrawn", NOW.isoformat())
        base.execute(SAID, word)
    base.close()
    store = open_store(tmp_path / "terminal.db")
    consents = SqliteConsents(store)
    assert list(consents.untold()) == []
    consents.tell_again(NOW + timedelta(days=1))
    assert [each.id for each in consents.untold()] == [word[0]]
    store.close()
