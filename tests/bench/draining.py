"""A queue that empties itself to a real office, beside a bare loop over one connection."""

import itertools
import statistics
import tempfile
import time
from pathlib import Path

import requests

from forms.envelope import canonical
from kiosk.adapters.clock import WallClock
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.store import open_store
from kiosk.usecases.deliver import Deliver
from tests.bench.measure import ROOT, Row
from tests.bench.queueing import envelope
from tests.fakes.paired import Started, office_running

ROUNDS, WAITING = 12, 100


def draining() -> Row:
    """Milliseconds for each submission that lies at the office."""
    ours, bare = [], []
    numbers = itertools.count(1)
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as folder:
        home = Path(folder)
        enrolled = ("--enrol", "K01:kiosk", "--enrol", "K02:kiosk")
        with office_running(home / "office", *enrolled) as office:
            outbox = SqliteOutbox(open_store(home / "terminal.db"), bytes(32))
            line = office.devices.office("K01")
            deliver = Deliver(outbox, line, WallClock(), time.monotonic)
            with requests.Session() as session:
                session.trust_env = False
                for _ in range(ROUNDS):
                    bare.append(_bare(session, office, numbers))
                    ours.append(_drained(outbox, deliver))
            line.close()
    a, b = statistics.median(ours), statistics.median(bare)
    return Row("drain to the office", "ms", a, b, a / b, "bare requests loop", 1 / 0.7)


def _drained(outbox: SqliteOutbox, deliver: Deliver) -> float:
    for _ in range(WAITING):
        outbox.keep(envelope)
    begun = time.perf_counter()
    came = deliver.drain()
    took = (time.perf_counter() - begun) * 1000 / WAITING
    assert came.delivered == WAITING, came
    return took


def _bare(session: requests.Session, office: Started, numbers: "itertools.count[int]") -> float:
    made = [envelope(next(numbers), "K02") for _ in range(WAITING)]
    bodies = [(str(each.id), canonical(each)) for each in made]
    session.headers.update(office.devices.header("K02"))
    begun = time.perf_counter()
    for one, body in bodies:
        url = f"{office.url}/v1/submissions/{one}"
        assert session.put(url, data=body, timeout=20).status_code == 201
    return (time.perf_counter() - begun) * 1000 / WAITING
