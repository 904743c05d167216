"""What becomes of a submission, step by step: the one place where its state changes."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, insert, select
from sqlalchemy.orm import Session, defer

from office.problems import ProblemError
from office.tables import HistoryTable, SubmissionTable

RECEIVED, FORWARDED, ACKNOWLEDGED = "received", "forwarded", "acknowledged"
QUESTIONED, DONE, STOPPED = "questioned", "done", "stopped"
STATES = (RECEIVED, FORWARDED, ACKNOWLEDGED, QUESTIONED, DONE, STOPPED)
FINAL = (DONE, STOPPED)
LONGEST = 400
Moved = dict[str, SubmissionTable]
_RANK = {RECEIVED: 0, FORWARDED: 1, ACKNOWLEDGED: 2, QUESTIONED: 2, DONE: 3, STOPPED: 3}

_SUBMISSIONS: BindParameter[str] = bindparam("submissions", expanding=True)
_LOCKED = (  # nobody's content is read
    select(SubmissionTable)
    .where(SubmissionTable.id.in_(_SUBMISSIONS))
    .order_by(SubmissionTable.arrival)
    .with_for_update()
    .options(defer(SubmissionTable.body))
    .execution_options(populate_existing=True)
)
_LAST = select(
    HistoryTable.submission, HistoryTable.by, HistoryTable.state, HistoryTable.words
).where(
    HistoryTable.place.in_(
        select(func.max(HistoryTable.place))
        .where(HistoryTable.submission.in_(_SUBMISSIONS))
        .where(HistoryTable.by.in_(bindparam("by", expanding=True)))
        .group_by(HistoryTable.submission, HistoryTable.by)
    )
)


@dataclass(frozen=True)
class Step:
    """One line of a submission's history."""

    submission: str
    state: str
    by: str
    words: str = ""


def move(
    session: Session, submission: str, state: str, by: str, words: str, at: datetime
) -> SubmissionTable:
    """Note who brought it to which state; told again nothing happens, and the end is the end."""
    return move_all(session, [Step(submission, state, by, words[:LONGEST])], at)[submission]


def move_all(session: Session, wanted: Sequence[Step], at: datetime) -> Moved:
    """The same for many, whose number makes it no more statements; in the order of arrival."""
    rows = _locked(session, {each.submission for each in wanted})
    last, new = _last(session, wanted), []
    for each in wanted:
        row = rows.get(each.submission)
        if row is None:
            raise ProblemError(404, "unknown", "No such submission")
        about = (each.submission, each.by)
        if row.state in FINAL or last.get(about) == (each.state, each.words):
            continue
        if _RANK[each.state] >= _RANK[row.state]:
            row.state = each.state
        last[about] = (each.state, each.words)
        new.append({**asdict(each), "at": at.isoformat()})
    if new:
        session.execute(insert(HistoryTable), new)
    session.flush()
    return rows


def steps(session: Session, submission: str) -> list[dict[str, Any]]:
    """Everything that became of it, in order."""
    asked = select(HistoryTable).filter_by(submission=submission).order_by(HistoryTable.place)
    return [
        {"state": row.state, "at": row.at, "by": row.by, "words": row.words}
        for row in session.scalars(asked)
    ]


def _locked(session: Session, submissions: Iterable[str]) -> Moved:
    """As they are now: they may have moved before the lock."""
    return {row.id: row for row in session.scalars(_LOCKED, {"submissions": [*submissions]})}


def _last(session: Session, wanted: Iterable[Step]) -> dict[tuple[str, str], tuple[str, str]]:
    """What each of them said of each submission before."""
    submissions, by = {each.submission for each in wanted}, {each.by for each in wanted}
    rows = session.execute(_LAST, {"submissions": [*submissions], "by": [*by]})
    return {(row.submission, row.by): (row.state, row.words) for row in rows}
