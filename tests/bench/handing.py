"""Our table of handovers beside Procrastinate, on one PostgreSQL: noted with a submission, then
worked off by two, in order within a chain; both do the same to the submission.

Ours goes as it does in an office: runner, courier, relay; only nobody is at the other end.
"""

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
WHAT = (
    "handover noted with its submission",
    "handover worked off",
    "handover worked off, to one so slow that each goes alone",
)


def handing() -> list[Row]:
    """Milliseconds for each job: noted in the same transaction, and worked off."""
    ours: list[tuple[float, ...]] = []
    theirs: list[tuple[float, ...]] = []
    with server() as postgres:
        for turn in range(ROUNDS):
            noted, together = _ours(postgres, f"ours{turn}", time.monotonic)
            _, alone = _ours(postgres, f"alone{turn}", count().__next__)
            ours.append((noted, together, alone))
            noted, done = _theirs(postgres, f"theirs{turn}")
            theirs.append((noted, done, done))
    rows = []
    for place, what in enumerate(WHAT):
        a, b = (statistics.median(each[place] for each in some) for some in (ours, theirs))
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


def jobs() -> Iterator[tuple[SubmissionTable, str, str | None]]:
    """Each submission with its chain and its parent; the chains run side by side."""
    parents: dict[int, str] = {}
    for number in range(CHAINS * LONG):
        made, chain = submission(number), number % CHAINS
        parent = parents.get(chain)
        parents.setdefault(chain, made.id)
        yield made, parents[chain], parent


def _ours(postgres: Postgres, name: str, clock: Callable[[], float]) -> tuple[float, float]:
    """`clock`: what a courier takes its target to be by; one that jumps, and it is slow."""
    with _opened(postgres.create(name)) as engine:
        made = list(jobs())
        begun = time.perf_counter()
        for one, _, parent in made:
            with Session(engine) as session, session.begin():
                session.add(one)
                session.flush()
                enqueue(session, one.id, parent, [TARGET], milliseconds(_now()))
        noted = time.perf_counter()
        done = _handed_on(engine, len(made), clock)
        return _each(engine, begun, noted, done)


def _theirs(postgres: Postgres, name: str) -> tuple[float, float]:
    url = postgres.create(name)
    done: list[int] = []
    with _opened(url) as engine:
        app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))

        @app.task(name="hand-over")
        def hand_over(submission: str) -> None:
            with Session(engine) as session, session.begin():
                kept = session.scalars(select(SubmissionTable).filter_by(id=submission)).one()
                done.append(parcel_of(engine, kept).sequence)
                move(session, submission, ACKNOWLEDGED, TARGET, "", _now())

        made = list(jobs())
        with app.open():
            app.schema_manager.apply_schema()
            begun = time.perf_counter()
            for one, chain, _ in made:
                with Session(engine) as session, session.begin():
                    session.add(one)
                    session.flush()
                    base: Any = session.connection().connection.driver_connection
                    hand_over.configure(lock=chain, connection=base).defer(submission=one.id)
            noted = time.perf_counter()
        asyncio.run(_worked_off(app))
        return _each(engine, begun, noted, done)


async def _worked_off(app: procrastinate.App) -> None:
    async with app.open_async():
        await app.run_worker_async(
            wait=False, concurrency=WORKERS, install_signal_handlers=False, listen_notify=False
        )


def _handed_on(engine: Engine, many: int, clock: Callable[[], float]) -> list[int]:
    """Two offices' runners with a courier each, until the last answer is noted."""
    nobody = Nobody()
    queues = [Handovers(engine, _now, lambda *_: True) for _ in range(WORKERS)]
    couriers = [OneByOne(TARGET, nobody, queue, clock) for queue in queues]
    runners = [Runner([courier]) for courier in couriers]
    until = time.monotonic() + 300
    for runner in runners:
        runner.start()
    while len(nobody.done) < many and time.monotonic() < until:
        time.sleep(0.001)
    for runner in runners:
        runner.stop()
    return nobody.done


def _each(engine: Engine, begun: float, noted: float, done: list[int]) -> tuple[float, float]:
    over, many = time.perf_counter(), CHAINS * LONG
    for chain in range(CHAINS):
        own = [number for number in done if number % CHAINS == chain]
        assert own == list(range(chain, many, CHAINS)), "lost, doubled or out of order"
    with Session(engine) as session:
        told = session.scalars(select(HistoryTable.state)).all()
        stand = session.scalars(select(SubmissionTable.state)).all()
    assert told == stand == [ACKNOWLEDGED] * many, "not noted"
    return (noted - begun) * 1000 / many, (over - noted) * 1000 / many


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    engine = open_store(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _now() -> datetime:
    return datetime.now(UTC)
