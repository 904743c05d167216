"""What lies in the office: each submission as it stands, given out in order of arrival."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from office.history import ACKNOWLEDGED, DONE, move, steps
from office.problems import ProblemError
from office.tables import SubmissionTable

PAGE = 200
Page = tuple[list[dict[str, Any]], str | None]


@dataclass(frozen=True)
class Stored:
    """A submission as it stands; `fresh` if this call brought it."""

    id: str
    state: str
    received: str
    token: str
    sha256: str
    fresh: bool

    def told(self) -> dict[str, Any]:
        """As the API says it."""
        plain = {"id": self.id, "state": self.state, "received": self.received}
        return {**plain, "sha256": self.sha256, "receipt_token": self.token}


class Tray:
    """Submissions after they came in."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def get(self, submission: str, device: str | None = None) -> dict[str, Any]:
        """What became of it; another device's is as unknown as none."""
        with Session(self._engine) as session:
            asked = select(SubmissionTable).filter_by(id=submission)
            row = session.scalars(asked).one_or_none()
            if row is None or device not in (None, row.device):
                raise ProblemError(404, "unknown", "No such submission")
            history = steps(session, submission)
            return {**stored(row).told(), "missing": row.missing, "history": history}

    def after(self, cursor: int) -> Page:
        """One page, in order of arrival, and where the next begins; None once nothing is left."""
        wanted = select(SubmissionTable).where(SubmissionTable.arrival > cursor)
        with Session(self._engine) as session:
            rows = session.scalars(wanted.order_by(SubmissionTable.arrival).limit(PAGE)).all()
            return [_item(row) for row in rows], str(rows[-1].arrival) if rows else None

    def acknowledge(self, submission: str, by: str) -> Stored:
        """A back office has taken it over."""
        return self._move(submission, ACKNOWLEDGED, by)

    def finish(self, submission: str, by: str) -> Stored:
        """Nothing is left to do for it."""
        return self._move(submission, DONE, by)

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

    def _move(self, submission: str, state: str, by: str) -> Stored:
        with Session(self._engine) as session, session.begin():
            return stored(move(session, submission, state, by, "", self._now()))


def stored(row: SubmissionTable, *, fresh: bool = False) -> Stored:
    """The row, outside of its transaction."""
    return Stored(row.id, row.state, row.received, row.token, row.sha256, fresh)


def _item(row: SubmissionTable) -> dict[str, Any]:
    return {
        "id": row.id,
        "sha256": row.sha256,
        "device": row.device,
        "sequence": row.sequence,
        "received": row.received,
        "state": row.state,
        "purpose": row.purpose,
        "envelope": json.loads(row.body) if row.body else None,  # a share that was stopped
    }
