"""Submissions come in once, are kept as they came, and are given out in order."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forms.envelope import EnvelopeFault, canonical, digest, from_json
from office.problems import ProblemError
from office.tables import SubmissionTable

LARGEST = 2 * 1024 * 1024
PAGE = 200


@dataclass(frozen=True)
class Stored:
    """A submission as it stands; `fresh` if this call brought it."""

    id: str
    state: str
    received: str
    token: str
    sha256: str
    fresh: bool


class Intake:
    """The office's in-tray."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def put(self, submission: str, device: str, body: bytes) -> Stored:
        """Durable when this returns; the same again is the same, another body never overwrites."""
        if len(body) > LARGEST:
            raise ProblemError(413, "too-large", "The submission is too large")
        sequence = _checked(submission, device, body)
        sha256 = digest(body)
        row = SubmissionTable(
            id=submission,
            sha256=sha256,
            device=device,
            sequence=sequence,
            received=self._now().isoformat(),
            state="received",
            token=secrets.token_urlsafe(24),
            body=body,
        )
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                session.add(row)
            return _stored(row, fresh=True)
        except IntegrityError:
            there = self._row(submission)
        if there is None:
            raise ProblemError(409, "conflict", "The submission collides with another")
        if there.sha256 != sha256 or there.device != device:
            raise ProblemError(409, "another-body", "This id already holds another body")
        return _stored(there, fresh=False)

    def get(self, submission: str) -> Stored:
        """What became of it."""
        row = self._row(submission)
        if row is None:
            raise ProblemError(404, "unknown", "No such submission")
        return _stored(row, fresh=False)

    def owner(self, submission: str) -> str | None:
        """The device that handed it in."""
        row = self._row(submission)
        return row.device if row else None

    def after(self, cursor: int) -> tuple[list[dict[str, Any]], str | None]:
        """One page, in order of arrival, and where the next begins; None once nothing is left."""
        wanted = select(SubmissionTable).where(SubmissionTable.arrival > cursor)
        with Session(self._engine) as session:
            rows = session.scalars(wanted.order_by(SubmissionTable.arrival).limit(PAGE)).all()
            items = [
                {
                    "id": r.id,
                    "sha256": r.sha256,
                    "device": r.device,
                    "sequence": r.sequence,
                    "received": r.received,
                    "state": r.state,
                    "envelope": json.loads(r.body),
                }
                for r in rows
            ]
            return items, str(rows[-1].arrival) if rows else None

    def acknowledge(self, submission: str) -> Stored:
        """A back office has taken it over."""
        return self._move(submission, "acknowledged")

    def finish(self, submission: str) -> None:
        """Its paper was handed out."""
        self._move(submission, "done")

    def by_token(self, token: str) -> tuple[str, str] | None:
        """State and day of arrival, for the page behind a receipt."""
        with Session(self._engine) as session:
            row = session.scalars(select(SubmissionTable).filter_by(token=token)).one_or_none()
            return (row.state, row.received) if row else None

    def counts(self) -> dict[str, int]:
        """How many stand in each state."""
        asked = select(SubmissionTable.state, func.count()).group_by(SubmissionTable.state)
        with Session(self._engine) as session:
            return dict(session.execute(asked).tuples().all())

    def _move(self, submission: str, state: str) -> Stored:
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            row = session.scalars(select(SubmissionTable).filter_by(id=submission)).one_or_none()
            if row is None:
                raise ProblemError(404, "unknown", "No such submission")
            row.state = state
        return _stored(row, fresh=False)

    def _row(self, submission: str) -> SubmissionTable | None:
        with Session(self._engine) as session:
            return session.scalars(select(SubmissionTable).filter_by(id=submission)).one_or_none()


def _stored(row: SubmissionTable, *, fresh: bool) -> Stored:
    return Stored(row.id, row.state, row.received, row.token, row.sha256, fresh)


def _checked(submission: str, device: str, body: bytes) -> int:
    """The sequence of a body that is an envelope of this device, canonical to the byte."""
    try:
        envelope = from_json(json.loads(body))
        is_canonical = canonical(envelope) == body
    except (ValueError, RecursionError) as fault:
        raise ProblemError(422, "invalid", "The body is not JSON") from fault
    except EnvelopeFault as fault:
        found = [{"field": fault.where, "reason": fault.why}]
        raise ProblemError(422, "invalid", str(fault), problems=found) from fault
    wrong = {
        "id": str(envelope.id) != submission,
        "device": envelope.device != device,
        "body": not is_canonical,
    }
    if found := [{"field": field, "reason": "mismatch"} for field, bad in wrong.items() if bad]:
        raise ProblemError(422, "invalid", "The body does not fit its envelope", problems=found)
    return envelope.sequence
