"""Submissions come in once, are kept as they came, and are answered after the commit.

Many that arrive together share one transaction: a sync of the disk is what costs. In PostgreSQL
a lock makes the order of arrival the order of commits over all offices, so that a list that is
read meanwhile never skips a row.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Engine, Table, insert, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from forms.envelope import Envelope, status_token
from office.arrivals import Arrival, arrival_of
from office.history import RECEIVED, STOPPED
from office.meters import Meters
from office.postgres import INTAKE, is_one
from office.problems import ProblemError
from office.tables import AttachmentTable, HistoryTable, SubmissionTable
from office.tray import Stands, Stored

MOST_TOGETHER, MOST_WAITING, MOST_BYTES = 200, 4000, 128 * 1024 * 1024
Onward = Callable[[Session, Envelope, datetime], None]
_submission = cast("Table", SubmissionTable.__table__)
_KEPT = (
    *(_submission.c.id, _submission.c.sha256, _submission.c.device, _submission.c.state),
    *(_submission.c.received, _submission.c.token),
)


@dataclass(frozen=True)
class _Waiting:
    arrival: Arrival
    answer: Future[Stored] = field(default_factory=Future)


class Intake:
    """The office's in-tray, with one writer behind it."""

    def __init__(
        self,
        engine: Engine,
        now: Callable[[], datetime],
        meters: Meters,
        stands: Stands,
        onward: Onward = lambda *_: None,
    ) -> None:
        """`stands`: does that person's consent to that purpose stand at this moment.

        `onward` notes, in the same transaction, where a submission goes from here.
        """
        self._engine, self._now, self._meters = engine, now, meters
        self._stands, self._onward = stands, onward
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._lock, self._bytes, self._closed = Lock(), 0, False
        self._writer = Thread(target=self._write, name="intake", daemon=True)
        self._writer.start()

    def put(
        self, submission: UUID, device: str, body: bytes, *, by: str = "", words: str = ""
    ) -> Future[Stored]:
        """Durable once the answer is there; the same again is the same, nothing is overwritten.

        `by` and `words`, where somebody else brings it in for the device.
        """
        arrival = arrival_of(submission, device, body)
        waiting = _Waiting(replace(arrival, by=by, words=words) if by else arrival)
        with self._lock:
            full = self._queue.qsize() >= MOST_WAITING or self._bytes > MOST_BYTES
            if full or self._closed:
                raise ProblemError(503, "busy", "Too much at once; try again", retry_after=1)
            self._bytes += len(body)
            self._queue.put(waiting)
        return waiting.answer

    def close(self) -> None:
        """Everything that waits is stored and answered first."""
        with self._lock:
            self._closed = True
            self._queue.put(None)
        self._writer.join()

    def _write(self) -> None:
        while batch := self._taken():
            with self._lock:
                self._bytes -= sum(len(each.arrival.body) for each in batch)
            self._meters.batch(len(batch))
            self._settle([e for e in batch if e.answer.set_running_or_notify_cancel()])

    def _taken(self) -> list[_Waiting]:
        """What waits now, at least one; what comes during the commit is the next batch."""
        first = self._queue.get()
        if first is None:
            return []
        batch = [first]
        while len(batch) < MOST_TOGETHER:
            try:
                another = self._queue.get_nowait()
            except Empty:
                break
            if another is None:
                self._queue.put(None)  # the last: nothing comes after it
                break
            batch.append(another)
        return batch

    def _settle(self, batch: Sequence[_Waiting]) -> None:
        """Answer each one; what one of them breaks is tried again one by one."""
        try:
            answers = self._stored([each.arrival for each in batch])
        except Exception as fault:  # noqa: BLE001  whatever it is, its sender is told
            if len(batch) > 1 and not _is_down(fault):
                for each in batch:
                    self._settle([each])
                return
            for each in batch:
                each.answer.set_exception(fault)
            return
        for each, answer in zip(batch, answers, strict=True):
            if isinstance(answer, ProblemError):
                each.answer.set_exception(answer)
            else:
                each.answer.set_result(answer)

    def _stored(self, arrivals: Sequence[Arrival]) -> list[Stored | ProblemError]:
        """One transaction, committed."""
        if not arrivals:
            return []
        now = self._now()
        wanted: dict[str, Arrival] = {}
        for each in arrivals:
            wanted.setdefault(each.id, each)
        rows = {each.id: _row(each, now) for each in wanted.values()}
        with Session(self._engine) as session, session.begin():
            if is_one(self._engine):
                session.execute(text(f"SELECT pg_advisory_xact_lock({INTAKE})"))
            found = session.execute(select(*_KEPT).where(_submission.c.id.in_(wanted)))
            there = {row["id"]: row for row in found.mappings()}
            fresh = wanted.keys() - there.keys()
            self._keep(session, [e for e in wanted.values() if e.id in fresh], rows, now)
        answers = []
        for each in arrivals:
            known = there.get(each.id) or rows[each.id]
            answers.append(_answer(each, known, fresh=each.id in fresh))
            fresh.discard(each.id)  # the same once more in this batch is the same again
        return answers

    def _may_stay(self, session: Session, envelope: Envelope) -> bool:
        """Of a share whose consent is gone, nothing is stored but that it came."""
        purpose, person = envelope.purpose, envelope.person
        return purpose is None or self._stands(session, person, purpose)

    def _keep(
        self,
        session: Session,
        arrived: Sequence[Arrival],
        rows: Mapping[str, dict[str, Any]],
        now: datetime,
    ) -> None:
        """With its history, the files to come, and where it goes from here."""
        if not arrived:
            return
        for each in arrived:
            if not self._may_stay(session, each.envelope):
                rows[each.id] |= {"state": STOPPED, "body": b"", "missing": 0}
        session.execute(insert(_submission), [rows[each.id] for each in arrived])
        history = [_step(each, rows[each.id]["state"], now) for each in arrived]
        session.execute(insert(cast("Table", HistoryTable.__table__)), history)
        fresh = [each for each in arrived if rows[each.id]["body"]]
        files = [
            {"submission": each.id, "sha256": file.sha256, "size": file.size, "have": 0}
            for each in fresh
            for file in each.attached
        ]
        if files:
            session.execute(insert(cast("Table", AttachmentTable.__table__)), files)
        for each in fresh:
            self._onward(session, each.envelope, now)


def _row(arrival: Arrival, now: datetime) -> dict[str, Any]:
    envelope = arrival.envelope
    return {
        "id": arrival.id,
        "sha256": arrival.sha256,
        "device": arrival.device,
        "sequence": envelope.sequence,
        "received": now.isoformat(),
        "state": RECEIVED,
        "token": status_token(envelope.id),
        "body": arrival.body,
        "missing": len(arrival.attached),
        "purpose": envelope.purpose,
        "person": envelope.person,
    }


def _step(arrival: Arrival, state: str, now: datetime) -> dict[str, Any]:
    told = {"submission": arrival.id, "state": state, "at": now.isoformat()}
    return {**told, "by": arrival.by or arrival.device, "words": arrival.words}


def _answer(arrival: Arrival, row: Mapping[Any, Any], *, fresh: bool) -> Stored | ProblemError:
    if row["sha256"] != arrival.sha256 or row["device"] != arrival.device:
        return ProblemError(409, "another-body", "This id already holds another body")
    told = {key: row[key] for key in ("id", "state", "received", "token", "sha256")}
    return Stored(**told, fresh=fresh)


def _is_down(fault: Exception) -> bool:
    """The database itself: nobody's body is to blame, and every single try would wait again."""
    if isinstance(fault, DBAPIError):
        return fault.connection_invalidated or isinstance(fault, OperationalError)
    return isinstance(fault, PoolTimeoutError)
