"""Who may be claimed next: within a chain nobody before those in front of him are gone."""

from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Integer,
    Row,
    Select,
    String,
    bindparam,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from office.relays.port import UNDONE, Handover
from office.tables import HandoverTable, SubmissionTable

FARTHEST = 2 * 86_400_000
Head = Row[int, int | None, SubmissionTable]
Moment = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
JOINED = SubmissionTable.id == HandoverTable.submission


def past(moment: Moment, now: int | BindParameter[int]) -> ColumnElement[bool]:
    """It came; or it is farther away than we ever wait, and was written by a wrong clock."""
    return or_(moment <= now, moment > now + FARTHEST)


def _heads() -> Select[int, int | None, SubmissionTable]:
    """Asked row by row of the index, for a join would look at all that wait."""
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
    columns = (HandoverTable.place, HandoverTable.claimed, SubmissionTable)
    return (
        WAITING.with_only_columns(*columns, maintain_column_froms=True)
        .where(HandoverTable.place == head)
        .order_by(HandoverTable.place)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(of=HandoverTable, skip_locked=True)
    )


_NOW = bindparam("now", type_=BigInteger)
# Those of a target that nobody holds, who are whole, and whose time has come.
WAITING = (
    select(HandoverTable.place)
    .join(SubmissionTable, JOINED)
    .where(
        HandoverTable.target == bindparam("target", type_=String),
        HandoverTable.state == Handover.WAITING,
        past(HandoverTable.due, _NOW),
        or_(HandoverTable.claimed.is_(None), past(HandoverTable.claimed, _NOW)),
        SubmissionTable.missing == 0,
    )
)
HEADS = _heads()
HELD = (
    select(HandoverTable)
    .where(HandoverTable.place.in_(bindparam("places", expanding=True)))
    .where(HandoverTable.state == Handover.WAITING)
    .order_by(HandoverTable.place)
    .with_for_update()
)
KEPT = select(SubmissionTable).where(
    SubmissionTable.id.in_(bindparam("submissions", expanding=True))
)


def companions(found: Sequence[Head]) -> Sequence[Head]:
    """The first of these, and who may go one after the other with him.

    Whoever was held before goes alone, for he may be why they died who held him; so does a share,
    whose consent is asked in the moment before it goes.
    """
    apart = (n for n, (_, held, kept) in enumerate(found) if held is not None or kept.purpose)
    return found[: next(apart, len(found)) or 1]
