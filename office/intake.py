"""Submissions come in once, and are kept as they came."""

import json
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forms.envelope import EnvelopeFault, canonical, digest, from_json, status_token
from office.history import RECEIVED, step
from office.problems import ProblemError
from office.tables import SubmissionTable
from office.tray import Stored, stored

LARGEST = 2 * 1024 * 1024


class Intake:
    """The office's in-tray."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def put(self, submission: str, device: str, body: bytes) -> Stored:
        """Durable when this returns; the same again is the same, another body never overwrites."""
        if len(body) > LARGEST:
            raise ProblemError(413, "too-large", "The submission is too large")
        sequence = _checked(submission, device, body)
        now, sha256 = self._now(), digest(body)
        row = SubmissionTable(
            id=submission,
            sha256=sha256,
            device=device,
            sequence=sequence,
            received=now.isoformat(),
            state=RECEIVED,
            token=status_token(UUID(submission)),
            body=body,
        )
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                session.add_all((row, step(submission, RECEIVED, device, "", now)))
            return stored(row, fresh=True)
        except IntegrityError:
            there = self._row(submission)
        if there is None:
            raise ProblemError(409, "conflict", "The submission collides with another")
        if there.sha256 != sha256 or there.device != device:
            raise ProblemError(409, "another-body", "This id already holds another body")
        return stored(there)

    def _row(self, submission: str) -> SubmissionTable | None:
        with Session(self._engine) as session:
            return session.scalars(select(SubmissionTable).filter_by(id=submission)).one_or_none()


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
