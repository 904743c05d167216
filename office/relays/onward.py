"""Where a submission goes from here, noted in the transaction that takes it in."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.envelope import Envelope
from office.relays.config import Directory
from office.relays.port import Handover
from office.tables import HandoverTable


def enqueue(
    session: Session, submission: str, parent: str | None, targets: Iterable[str], at: int
) -> None:
    """Inside the transaction that takes a submission in: where it will go; `at` in milliseconds."""
    wanted = tuple(targets)
    if not wanted:
        return
    chain = _chain(session, parent) if parent else submission
    session.add_all(
        HandoverTable(
            submission=submission,
            chain=chain,
            target=target,
            state=Handover.WAITING,
            attempts=0,
            due=at,
        )
        for target in wanted
    )


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


def _chain(session: Session, parent: str) -> str:
    """That of its parent, so that a correction of a correction waits as well."""
    asked = select(HandoverTable.chain).filter_by(submission=parent).limit(1)
    return session.scalars(asked).one_or_none() or parent
