"""The outbox beside bare SQLite and two queues, on one disk, taking turns; syncs are counted."""

import itertools
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import litequeue
import persistqueue

from forms.envelope import Envelope, canonical, new_id
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.outbox_sql import KEEP
from kiosk.adapters.store import open_store
from tests.bench.measure import ROOT, Row
from tests.fakes import envelopes
from tests.fakes.envelopes import NOW

ROUNDS, PUTS = 40, 50
SYNCED = 200
MANY, FEW = 100_000, 100
SOME, TURNS = 20, 30
Put = Callable[[int], object]
_CALLS = re.compile(r"^.*\b(\d+)\s+(?:\d+\s+)?f(?:data)?sync$", re.MULTILINE)


def envelope(number: int, device: str = "K01") -> Envelope:
    """A filled form of 2 KB, as many are."""
    answers = {f"質問{each:02d}": f"答え {number:06d} かかない県書蒼市本町" for each in range(18)}
    known = ("name", "kana", "address", "birth")
    return envelopes.envelope(
        number,
        device,
        id=new_id(NOW, f"{device:>4.4}{number:06d}".encode()),
        applicant={"申請者": {"氏名": "髙橋　花子", "住所": "書蒼市本町"}, "本人確認": "card"},
        content={"通数": 1, **answers},
        facts=tuple(
            {"name": each, "value": "髙橋　花子", "source": "card", "at": NOW.isoformat()}
            for each in known
        ),
    )


BODY = canonical(envelope(1))


def raw(folder: Path, *beside: str) -> Put:
    """One INSERT for each commit, and nothing around it."""
    base = sqlite3.connect(folder / "raw.db", isolation_level=None)
    base.execute("PRAGMA journal_mode=WAL")
    base.execute("PRAGMA synchronous=FULL")
    base.execute("CREATE TABLE queue (place INTEGER PRIMARY KEY, body BLOB)")
    base.execute("CREATE TABLE beside (place INTEGER PRIMARY KEY, hash TEXT)")

    def put(_: int) -> None:
        base.execute("BEGIN IMMEDIATE")
        base.execute("INSERT INTO queue (body) VALUES (?)", (BODY,))
        for each in beside:
            base.execute("INSERT INTO beside (hash) VALUES (?)", (each,))
        base.execute("COMMIT")

    return put


def with_an_entry(folder: Path) -> Put:
    """One more bare INSERT in the same commit: the least that any journal beside a queue costs."""
    return raw(folder, "0" * 64)


def same_table(folder: Path) -> Put:
    """The same, into a table like ours: what unique numbers and an index for the sender cost."""
    store = open_store(folder / "terminal.db")

    def put(number: int) -> None:
        place = next(places)
        one, receipt = f"{place:036d}", f"K01-{place:06d}"
        with store.transaction() as base:
            base.execute(KEEP, (place, one, receipt, "0" * 64, BODY, None, None, None, "now"))

    places = itertools.count(1)
    return put


def ours(folder: Path) -> Put:
    """Numbered, made canonical, hashed, sealed, chained into the journal, committed."""
    outbox = SqliteOutbox(open_store(folder / "terminal.db"), bytes(32))
    filled = [envelope(number) for number in range(1, max(ROUNDS * PUTS, SYNCED) + 1)]
    return lambda _: outbox.keep(lambda number: filled[number - 1])


def persist_queue(folder: Path) -> Put:
    queue = persistqueue.SQLiteAckQueue(str(folder / "persist"))
    return lambda _: queue.put(BODY)


def lite_queue(folder: Path) -> Put:
    queue = litequeue.LiteQueue(folder / "lite.db")
    queue.conn.execute("PRAGMA synchronous=FULL")
    text = BODY.decode()
    return lambda _: queue.put(text)


QUEUES = {
    "raw": raw,
    "raw, an entry beside it": with_an_entry,
    "raw, our table": same_table,
    "ours": ours,
    "persist-queue": persist_queue,
    "litequeue FULL": lite_queue,
}


def queueing() -> list[Row]:
    """Every row about the terminal's own queue."""
    return [*enqueueing(), syncing(), *growing()]


def enqueueing() -> list[Row]:
    """Microseconds until a submission is promised."""
    times: dict[str, list[float]] = {name: [] for name in QUEUES}
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as folder:
        puts = {name: opened(_made(Path(folder) / name)) for name, opened in QUEUES.items()}
        names = list(puts)
        for turn in range(ROUNDS):
            first = turn % len(names)
            for name in names[first:] + names[:first]:
                times[name].append(_each(puts[name], PUTS))
    took = {name: statistics.median(some) * 1000 for name, some in times.items()}
    mine, floor = took.pop("ours"), took.pop("raw")
    what = f"durable enqueue of {len(BODY)} bytes"
    rows = [Row(what, "µs", mine, floor, mine / floor, "raw sqlite3 WAL FULL", 1 / 0.9, took)]
    return rows + [
        Row(what, "µs", mine, took[name], mine / took[name], name, 1.0)
        for name in ("persist-queue", "litequeue FULL")
    ]


def syncing() -> Row:
    """How often a child asks the disk to keep what it promised."""
    counted = {name: _syncs(name, SYNCED) - _syncs(name, 0) for name in QUEUES}
    mine, floor = counted.pop("ours"), counted.pop("raw")
    what = f"syncs for {SYNCED} acknowledged submissions"
    ratio = SYNCED / mine if mine else float("inf")
    return Row(what, "syncs", mine, floor, ratio, "one each", 1.0, counted)


def growing() -> list[Row]:
    """What a long queue costs: the next promise, and finding what goes next."""
    kept: dict[int, list[float]] = {FEW: [], MANY: []}
    found: dict[int, list[float]] = {FEW: [], MANY: []}
    now = int(time.time() * 1000)
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as folder:
        boxes = {}
        for size in (FEW, MANY):
            base = open_store(Path(folder) / f"{size}.db")
            boxes[size] = SqliteOutbox(base, bytes(32))
            for _ in range(size):
                boxes[size].keep(envelope)
        for turn in range(TURNS):
            for size in (FEW, MANY) if turn % 2 else (MANY, FEW):
                box = boxes[size]
                kept[size].append(_each(lambda _, box=box: box.keep(envelope), SOME))
                found[size].append(_each(lambda _, box=box: box.due(now, 1), SOME))
    rows = []
    for what, times in (("enqueue", kept), ("next to send", found)):
        a, b = statistics.median(times[MANY]), statistics.median(times[FEW])
        a, b = a * 1000, b * 1000
        rows.append(Row(f"{what}, {MANY} waiting", "µs", a, b, a / b, f"{FEW} waiting", 1.2))
    return rows


def _each(put: Put, times: int) -> float:
    begun = time.perf_counter()
    for number in range(times):
        put(number)
    return (time.perf_counter() - begun) * 1000 / times


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _syncs(name: str, puts: int) -> int:
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as folder:
        told = Path(folder) / "strace"
        watched = ["strace", "-f", "-c", "-e", "trace=fsync,fdatasync", "-o", str(told)]
        child = [sys.executable, "-m", "tests.bench.queueing", name, str(puts), folder]
        subprocess.run([*watched, *child], cwd=ROOT, check=True, timeout=120)
        rows = re.findall(
            r"^.*\b(\d+)\s+(?:\d+\s+)?f(?:data)?sync$", told.read_text(), re.MULTILINE
        )
    return sum(map(int, rows))


def main(name: str, puts: str, folder: str) -> None:
    """The child that is watched: what it has put is promised before it says so."""
    put = QUEUES[name](_made(Path(folder) / "q"))
    for number in range(int(puts)):
        put(number)


if __name__ == "__main__":
    main(*sys.argv[1:])
