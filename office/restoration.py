"""A database that came back from a backup says so, and everybody tells again what it forgot.

Terminals hear of it and hand in once more what they handed in since; whoever fetches for itself
goes back to where the backup ended; no number of a paper is given out a second time; and no share
goes on before they could be heard who took it back in the lost time.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, Update, func, select, update
from sqlalchemy.orm import Session

from office.problems import ProblemError
from office.registry import SERIAL
from office.relays.onward import milliseconds
from office.relays.port import UNDONE
from office.tables import HandoverTable, RestorationTable, SerialTable, SubmissionTable

GAP = 100_000  # so many papers are not issued between a backup and its return
HEARD = timedelta(days=1)  # a terminal that was off is on again, and has told every no
_DIGITS = 18


@dataclass(frozen=True)
class Restored:
    """One return: its mark, since when things are told again, and the last arrival it knew."""

    mark: str
    since: str
    arrival: int

    def told(self) -> dict[str, str]:
        """As terminals hear it."""
        return {"mark": self.mark, "since": self.since}


class Restorations:
    """Every return of this database, in order; it forgets those of a time that it forgot."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def note(self, since: datetime, why: str) -> Restored:
        """From now on it is known that everything after `since` may be missing."""
        at = self._now()
        known = since.astimezone(at.tzinfo).isoformat()
        kept = select(func.max(SubmissionTable.arrival)).where(SubmissionTable.received <= known)
        with Session(self._engine) as session, session.begin():
            papers = update(SerialTable).where(SerialTable.name == SERIAL)
            session.execute(papers.values(last=SerialTable.last + GAP))
            session.execute(_put_off(milliseconds(at + HEARD)))
            told = Restored(secrets.token_hex(4), known, session.scalar(kept) or 0)
            said = {"mark": told.mark, "since": told.since, "arrival": told.arrival}
            session.add(RestorationTable(**said, why=why, at=at.isoformat()))
        return told

    def every(self) -> Sequence[Restored]:
        """All of them, the newest last."""
        with Session(self._engine) as session:
            return returns(session)


def _put_off(due: int) -> Update:
    """Shares that the backup calls agreed to and not handed on."""
    shares = select(SubmissionTable.id).where(SubmissionTable.purpose.is_not(None))
    mine = HandoverTable.submission.in_(shares)
    return update(HandoverTable).where(HandoverTable.state.in_(UNDONE), mine).values(due=due)


def returns(session: Session) -> Sequence[Restored]:
    """How often this database came back, the newest last."""
    rows = session.scalars(select(RestorationTable).order_by(RestorationTable.place))
    return [Restored(row.mark, row.since, row.arrival) for row in rows]


def begin_after(cursor: str, known: Sequence[Restored]) -> int:
    """The arrival that a cursor of ours means today: what came back twice is read twice."""
    place, _, mark = cursor.partition("-")
    if not (place.isascii() and place.isdecimal()) or len(place) > _DIGITS:
        raise ProblemError(422, "invalid", "after: takes a `next` of ours")
    seen = next((n for n, each in enumerate(known, 1) if each.mark == mark), 0)
    return min([int(place), *(each.arrival for each in known[seen:])])


def cursor_at(arrival: int, known: Sequence[Restored]) -> str:
    """What a page ends with; it tells of which time it is."""
    return f"{arrival}-{known[-1].mark}" if known else str(arrival)
