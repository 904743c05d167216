"""The outbox where the power goes at every step, and where the disk is full."""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from forms.envelope import Envelope, canonical
from forms.kinds.attached import Attachment
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.store import open_store
from kiosk.errors import StoreUnusable
from kiosk.ports.outbox import RowState, Try
from tests.fakes.envelopes import NOW, envelope

ROOT = Path(__file__).resolve().parents[2]
SMALL = 1_500_000
MORTAL = """
import os, signal, sys
from pathlib import Path
from kiosk.adapters.store import open_store
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.ports.outbox import NOT_AGREED, RowState, Try
from forms.kinds.attached import Attachment
from tests.fakes.envelopes import NOW, envelope
store = open_store(Path(sys.argv[1]))
outbox = SqliteOutbox(store, bytes(32))
steps = int(sys.argv[3])
def step(_):
    global steps
    steps -= 1
    if not steps:
        os.kill(os.getpid(), signal.SIGKILL)
with store.reading() as base:
    base.set_trace_callback(step)
if sys.argv[2] == "keep":
    outbox.keep(envelope, [Attachment("ab" * 32, b"JPEG" * 5000), Attachment("cd" * 32, b"PNG")])
else:
    rows = outbox.rows()
    states = (RowState.DELIVERED, RowState.SET_ASIDE, RowState.WAITING)
    words = ("ok", NOT_AGREED, "HTTP 500")
    outbox.record([Try(r.id, s, w, NOW) for r, s, w in zip(rows, states, words)])
print("durable", flush=True)
"""


@contextmanager
def opened(file: Path) -> Iterator[SqliteOutbox]:
    store = open_store(file)
    try:
        yield SqliteOutbox(store, bytes(32))
    finally:
        store.close()


def journal(outbox: SqliteOutbox) -> list[tuple[str, str]]:
    with outbox._store.reading() as base:
        return list(base.execute("SELECT what, about FROM journal ORDER BY place"))


def die_at(file: Path, deed: str, step: int) -> bool:
    """Whether the child lived long enough to say that it is durable."""
    done = subprocess.run(
        [sys.executable, "-c", MORTAL, str(file), deed, str(step)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    assert done.stdout in ("", "durable\n")
    return bool(done.stdout)


def test_power_gone_at_any_step_of_keeping_leaves_all_of_it_or_nothing(tmp_path: Path) -> None:
    for step in range(1, 40):
        file = tmp_path / f"{step}.db"
        with opened(file):
            pass
        durable = die_at(file, "keep", step)
        with opened(file) as outbox:
            rows = outbox.rows()
            assert len(rows) == int(durable)
            assert [what for what, _ in journal(outbox)] == ["kept"] * len(rows)
            for row in rows:
                assert outbox.body(row.id) == canonical(envelope(1))
                assert [each.size for each in outbox.attachments(row.id)] == [20_000, 3]
            assert outbox.keep(lambda n: replace(envelope(n), fee=n)).sequence == 1 + len(rows)
        if durable:
            assert step > 6  # it did die on its way
            return
    raise AssertionError("it never got through")


def test_power_gone_at_any_step_of_recording_leaves_all_of_it_or_nothing(tmp_path: Path) -> None:
    for step in range(1, 60):
        file = tmp_path / f"{step}.db"
        with opened(file) as outbox:
            kept = [str(outbox.keep(envelope).id) for _ in range(3)]
        durable = die_at(file, "record", step)
        with opened(file) as outbox:
            states = [row.state for row in outbox.rows()]
            moved = ["delivered", "set-aside", "waiting"]
            assert states in (["waiting"] * 3, moved)
            assert states == moved or not durable
            told = [("kept", one) for one in kept]
            told += [("delivered", kept[0]), ("stopped", kept[1])] if states == moved else []
            assert journal(outbox) == told
        if durable:
            assert step > 6
            return
    raise AssertionError("it never got through")


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A disk of its own that is soon full; where none may be mounted, files that may not grow."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode == 0:
        try:
            yield
        finally:
            subprocess.run(["umount", str(folder)], check=True)
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def kept_until_full(outbox: SqliteOutbox) -> Iterator[Envelope]:
    with suppress(StoreUnusable):
        for number in range(200):
            yield outbox.keep(envelope, [Attachment(f"{number:064x}", os.urandom(30_000))])


def test_a_full_disk_promises_nothing_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk"), opened(tmp_path / "disk" / "terminal.db") as outbox:
        kept = list(kept_until_full(outbox))
        assert 0 < len(kept) < 200
        assert [row.id for row in outbox.rows()] == [str(one.id) for one in kept]
        assert len(journal(outbox)) == len(kept)
        for one in kept:
            assert json.loads(outbox.body(str(one.id)))["receipt"] == one.receipt
            assert len(outbox.attachments(str(one.id))) == 1


def test_what_does_not_fit_keeps_nobody_else_away(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk"), opened(tmp_path / "disk" / "terminal.db") as outbox:
        kept = outbox.keep(envelope)
        photo = Attachment("ab" * 32, os.urandom(2 * SMALL))
        with pytest.raises(StoreUnusable):
            outbox.keep(envelope, [photo])
        assert outbox.keep(envelope).sequence == 2
        outbox.record([Try(str(kept.id), RowState.DELIVERED, "ok", NOW)])
        assert [row.state for row in outbox.rows()] == ["delivered", "waiting"]
