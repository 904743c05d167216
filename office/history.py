"""What becomes of a submission, step by step: the one place where its state changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from office.problems import ProblemError
from office.tables import HistoryTable, SubmissionTable

RECEIVED, FORWARDED, ACKNOWLEDGED = "received", "forwarded", "acknowledged"
QUESTIONED, DONE, STOPPED = "questioned", "done", "stopped"
STATES = (RECEIVED, FORWARDED, ACKNOWLEDGED, QUESTIONED, DONE, STOPPED)
FINAL = (DONE, STOPPED)
LONGEST = 400
_RANK = {RECEIVED: 0, FORWARDED: 1, ACKNOWLEDGED: 2, QUESTIONED: 2, DONE: 3, STOPPED: 3}


def move(
    session: Session, submission: str, state: str, by: str, words: str, at: datetime
) -> SubmissionTable:
    """Note who brought it to which state; told again nothing happens, and the end is the end."""
    asked = select(SubmissionTable).filter_by(id=submission).with_for_update()
    fresh = asked.execution_options(populate_existing=True)  # it may have moved before the lock
    row = session.scalars(fresh).one_or_none()
    if row is None:
        raise ProblemError(404, "unknown", "No such submission")
    if row.state in FINAL or _last_of(session, submission, by) == (state, words[:LONGEST]):
        return row
    if _RANK[state] >= _RANK[row.state]:
        row.state = state
    session.add(step(submission, state, by, words, at))
    session.flush()
    return row


def step(submission: str, state: str, by: str, words: str, at: datetime) -> HistoryTable:
    """One line of a submission's history."""
    return HistoryTable(
        submission=submission, state=state, at=at.isoformat(), by=by, words=words[:LONGEST]
    )


def steps(session: Session, submission: str) -> list[dict[str, Any]]:
    """Everything that became of it, in order."""
    asked = select(HistoryTable).filter_by(submission=submission).order_by(HistoryTable.place)
    return [
        {"state": row.state, "at": row.at, "by": row.by, "words": row.words}
        for row in session.scalars(asked)
    ]


def _last_of(session: Session, submission: str, by: str) -> tuple[str, str] | None:
    asked = select(HistoryTable).filter_by(submission=submission, by=by)
    row = session.scalars(asked.order_by(HistoryTable.place.desc()).limit(1)).one_or_none()
    return (row.state, row.words) if row else None
