"""Where a submission goes from here, noted in the transaction that takes it in."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import cast

from sqlalchemy import String, Table, bindparam, func, insert, select
from sqlalchemy.orm import Session

from forms.envelope import Envelope
from office.relays.config import Directory
from office.relays.port import Handover
from office.tables import HandoverTable

_handover = cast("Table", HandoverTable.__table__)
_PARENT = bindparam("parent", type_=String)
_CHAIN = select(_handover.c.chain).where(_handover.c.submission == _PARENT).limit(1)
_NOTE = insert(_handover).values(  # that of its parent: a correction of a correction waits as well
    submission=bindparam("made"),
    chain=func.coalesce(_CHAIN.scalar_subquery(), _PARENT, bindparam("made", type_=String)),
    target=bindparam("goes"),
    state=Handover.WAITING,
    attempts=0,
    due=bindparam("at"),
)


def enqueue(
    session: Session, submission: str, parent: str | None, targets: Iterable[str], at: int
) -> None:
    """Inside the transaction that takes a submission in: where it will go; `at` in milliseconds."""
    told = {"made": submission, "parent": parent, "at": at}
    if rows := [{**told, "goes": target} for target in targets]:
        session.connection().execute(_NOTE, rows)


def onward(directory: Directory) -> Callable[[Session, Envelope, datetime], None]:
    """What the intake calls, inside its transaction, for every submission that is new."""

    def note(session: Session, envelope: Envelope, at: datetime) -> None:
        parent = str(envelope.parent) if envelope.parent else None
        targets = directory.targets_for(envelope.form, envelope.purpose)
        enqueue(session, str(envelope.id), parent, targets, milliseconds(at))

    return note


def milliseconds(moment: datetime) -> int:
    """Since 1970."""
    return int(moment.timestamp() * 1000)
