"""Our table of handovers beside Procrastinate, on one PostgreSQL: noted with a submission, then
worked off by two, in order within a chain; both do the same to the submission.

Ours goes as it does in an office: runner, courier, relay; only nobody is at the other end.
"""

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import procrastinate
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from office.history import ACKNOWLEDGED, RECEIVED, move
from office.relays.couriers import OneByOne
from office.relays.onward import enqueue, milliseconds
from office.relays.parcels import parcel_of
from office.relays.port import Acknowledged, Answer, Parcel
from office.relays.queue import Handovers
from office.relays.runner import Runner
from office.store import open_store
from office.tables import HistoryTable, SubmissionTable
from tests.bench.measure import Row
from tests.bench.queueing import BODY, envelope
from tests.fakes.postgres import Postgres, server

CHAINS, LONG, WORKERS, ROUNDS = 200, 3, 2, 3
TARGET = "back"
Job = tuple[SubmissionTable, str, str | None]
WHAT = (
    "handover noted with its submission",
    "handover worked off",
    "handover worked off, to one so slow that each goes alone",
)


def handing() -> list[Row]:
    """Milliseconds for each job: noted in the same transaction, and worked off."""
    with server() as postgres:
        rounds = [_round(postgres, turn) for turn in range(ROUNDS)]
    rows = []
    for place, what in enumerate(WHAT):
        a, b = (statistics.median(each[side][place] for each in rounds) for side in (0, 1))
        rows.append(Row(what, "ms", a, b, a / b, "procrastinate", 1.0, {"procrastinate": b}))
    return rows


@dataclass(frozen=True)
class Nobody:
    """The other end of a line that takes no time: what is left is the handing itself."""

    done: list[int] = field(default_factory=list)

    def hand_over(self, parcel: Parcel) -> Answer:
        self.done.append(parcel.sequence)
        return Acknowledged()


def submission(number: int) -> SubmissionTable:
    one = envelope(number)
    return SubmissionTable(
        id=str(one.id),
        sha256="0" * 64,
        device="K01",
        sequence=number,
        received=_now().isoformat(),
        state=RECEIVED,
        token=f"{number:022d}",
        body=BODY,
    )


def jobs() -> Iterator[Job]:
    """Each submission with its chain and its parent; the chains run side by side."""
    parents: dict[int, str] = {}
    for number in range(CHAINS * LONG):
        made, chain = submission(number), number % CHAINS
        parent = parents.get(chain)
        parents.setdefault(chain, made.id)
        yield made, parents[chain], parent


def _round(postgres: Postgres, turn: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Noted by turns, one of ours and one of theirs; then each works off what is its own."""
    urls = [postgres.create(f"{name}{turn}") for name in ("ours", "alone", "theirs")]
    with ExitStack() as stack:
        ours, alone, theirs = (stack.enter_context(_opened(url)) for url in urls)
        peer, noted = Peer(urls[2], theirs), [0.0, 0.0]
        with peer.app.open():
            peer.app.schema_manager.apply_schema()
            for one, same, third in zip(jobs(), jobs(), jobs(), strict=True):
                _note(alone, same)
                noted[0] += _timed(lambda job=one: _note(ours, job))
                noted[1] += _timed(lambda job=third: peer.note(job))
        done = _worked_off(ours, lambda: _handed_on(ours, time.monotonic))
        slow = _worked_off(alone, lambda: _handed_on(alone, count().__next__))
        work = _worked_off(theirs, peer.run)
    many = CHAINS * LONG
    return (noted[0] * 1000 / many, done, slow), (noted[1] * 1000 / many, work, work)


def _note(engine: Engine, job: Job) -> None:
    made, _, parent = job
    with Session(engine) as session, session.begin():
        session.add(made)
        session.flush()
        enqueue(session, made.id, parent, [TARGET], milliseconds(_now()))


def _handed_on(engine: Engine, clock: Callable[[], float]) -> list[int]:
    """Two offices' runners with a courier each, until the last answer is noted.

    `clock`: what a courier takes its target to be by; one that jumps, and it is slow.
    """
    nobody = Nobody()
    queues = [Handovers(engine, _now, lambda *_: True) for _ in range(WORKERS)]
    runners = [Runner([OneByOne(TARGET, nobody, queue, clock)]) for queue in queues]
    until = time.monotonic() + 300
    for runner in runners:
        runner.start()
    while len(nobody.done) < CHAINS * LONG and time.monotonic() < until:
        time.sleep(0.001)
    for runner in runners:
        runner.stop()
    return nobody.done


class Peer:
    """Procrastinate, whose job does to the submission what ours does."""

    def __init__(self, url: str, engine: Engine) -> None:
        self.app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))
        self.engine, self.done = engine, list[int]()
        self.task = self.app.task(name="hand-over")(self.hand_over)

    def hand_over(self, submission: str) -> None:
        with Session(self.engine) as session, session.begin():
            kept = session.scalars(select(SubmissionTable).filter_by(id=submission)).one()
            self.done.append(parcel_of(self.engine, kept).sequence)
            move(session, submission, ACKNOWLEDGED, TARGET, "", _now())

    def note(self, job: Job) -> None:
        made, chain, _ = job
        with Session(self.engine) as session, session.begin():
            session.add(made)
            session.flush()
            base: Any = session.connection().connection.driver_connection
            self.task.configure(lock=chain, connection=base).defer(submission=made.id)

    def run(self) -> list[int]:
        asyncio.run(self._run())
        return self.done

    async def _run(self) -> None:
        async with self.app.open_async():
            await self.app.run_worker_async(
                wait=False, concurrency=WORKERS, install_signal_handlers=False, listen_notify=False
            )


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _worked_off(engine: Engine, work: Callable[[], list[int]]) -> float:
    """Milliseconds for each, once it is certain that each went once and in order, and is noted."""
    begun = time.perf_counter()
    done = work()
    spent, many = time.perf_counter() - begun, CHAINS * LONG
    for chain in range(CHAINS):
        own = [number for number in done if number % CHAINS == chain]
        assert own == list(range(chain, many, CHAINS)), "lost, doubled or out of order"
    with Session(engine) as session:
        told = session.scalars(select(HistoryTable.state)).all()
        stand = session.scalars(select(SubmissionTable.state)).all()
    assert told == stand == [ACKNOWLEDGED] * many, "not noted"
    return spent * 1000 / many


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    engine = open_store(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _now() -> datetime:
    return datetime.now(UTC)
