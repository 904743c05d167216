"""Who may be claimed next: within a chain nobody before those in front of him are gone."""

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from office.relays.port import UNDONE, Handover
from office.tables import HandoverTable, SubmissionTable

FARTHEST = 2 * 86_400_000
Moment = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
JOINED = SubmissionTable.id == HandoverTable.submission


def past(moment: Moment, now: int) -> ColumnElement[bool]:
    """It came; or it is farther away than we ever wait, and was written by a wrong clock."""
    return or_(moment <= now, moment > now + FARTHEST)


def waiting(target: str, now: int) -> Select[int]:
    """Those of a target that nobody holds, who are whole, and whose time has come."""
    return (
        select(HandoverTable.place)
        .join(SubmissionTable, JOINED)
        .where(
            HandoverTable.target == target,
            HandoverTable.state == Handover.WAITING,
            past(HandoverTable.due, now),
            or_(HandoverTable.claimed.is_(None), past(HandoverTable.claimed, now)),
            SubmissionTable.missing == 0,
        )
    )


def heads(target: str, now: int, most: int) -> Select[int]:
    """Heads of chains. Asked row by row of the index, for a join would look at all that wait."""
    others = aliased(HandoverTable)
    head = (
        select(others.place)
        .where(
            others.target == HandoverTable.target,
            others.chain == HandoverTable.chain,
            others.state.in_(UNDONE),
        )
        .order_by(others.place)
        .limit(1)
        .correlate(HandoverTable)
        .scalar_subquery()
    )
    return (
        waiting(target, now)
        .where(HandoverTable.place == head)
        .order_by(HandoverTable.place)
        .limit(most)
        .with_for_update(of=HandoverTable, skip_locked=True)
    )


def with_submissions(which: ColumnElement[bool]) -> Select[HandoverTable, SubmissionTable]:
    """Each of these with what it is a handover of."""
    asked = select(HandoverTable, SubmissionTable).join(SubmissionTable, JOINED)
    return asked.where(which).order_by(HandoverTable.place)
