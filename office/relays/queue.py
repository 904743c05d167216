"""Who goes where: the table of handovers, for any number of processes over one database.

A claim ends by itself, so that what a killed process held is taken over; whoever comes back
late finds that it is no longer his. Within a chain nobody is claimed before those in front of
him are gone: `FOR UPDATE SKIP LOCKED` alone would let corrections overtake.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import SystemRandom

from sqlalchemy import ColumnElement, Engine, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from office.consents import stop
from office.history import ACKNOWLEDGED, FINAL, FORWARDED, QUESTIONED, STOPPED, move
from office.relays.onward import milliseconds
from office.relays.parcels import parcel_of
from office.relays.port import (
    UNDONE,
    Acknowledged,
    Answer,
    Handover,
    Later,
    Parcel,
    Questioned,
    Refused,
    Taken,
)
from office.tables import HandoverTable, SubmissionTable

LEASE = 120_000
_FIRST, _LONGEST, _DAY = 5.0, 900.0, 86_400.0
_chance = SystemRandom()
Stands = Callable[[Session, str | None, str | None], bool]


@dataclass(frozen=True)
class Claim:
    """A parcel that is ours until then."""

    place: int
    until: int
    attempts: int
    parcel: Parcel


def back_off(attempts: int, seconds: float | None = None) -> int:
    """Milliseconds until the next try: what they asked for, or longer each time; never in step."""
    if seconds is not None:
        return int(1000 * min(max(seconds, 1.0), _DAY) * _chance.uniform(1.0, 1.1))
    wait = min(_LONGEST, _FIRST * 2 ** min(attempts - 1, 10))
    return int(1000 * wait * _chance.uniform(0.5, 1.5))


class Handovers:
    """The handovers of every target."""

    def __init__(
        self, engine: Engine, now: Callable[[], datetime], stands: Stands, lease: int = LEASE
    ) -> None:
        """`stands`: does that person's consent to that purpose stand at this moment."""
        self._engine, self._now, self._stands, self._lease = engine, now, stands, lease

    def claim(self, target: str, most: int = 1) -> list[Claim]:
        """What may go now, oldest first; a share without consent stops here."""
        now = milliseconds(self._now())
        with Session(self._engine) as session, session.begin():
            places = session.scalars(_next(target, now, most)).all()
            if not places:
                return []
            session.execute(
                update(HandoverTable)
                .where(HandoverTable.place.in_(places))
                .values(claimed=now + self._lease, attempts=HandoverTable.attempts + 1)
            )
            rows = session.execute(_with_submissions(HandoverTable.place.in_(places))).all()
            return [
                Claim(row.place, now + self._lease, row.attempts, parcel_of(self._engine, kept))
                for row, kept in rows
                if self._may_go(session, row, kept)
            ]

    def record(self, claim: Claim, answer: Answer) -> bool:
        """Note what came of it; False where the claim had ended and another has it."""
        with Session(self._engine) as session, session.begin():
            row = self._mine(session, claim)
            if row is None:
                return False
            self._note(session, row, answer)
            return True

    def give_back(self, claims: Iterable[Claim]) -> None:
        """Nothing was done with them."""
        with Session(self._engine) as session, session.begin():
            for claim in claims:
                if row := self._mine(session, claim):
                    row.claimed = None

    def note_batch(self, batch: str, claims: Sequence[Claim]) -> bool:
        """From here on the file decides; False if one of them may not go in it after all."""
        with Session(self._engine) as session, session.begin():
            rows = [self._mine(session, claim) for claim in claims]
            kept = [row and self._kept(session, row.submission) for row in rows]
            if not all(each and self._consented(session, each) for each in kept):
                return False
            for row in filter(None, rows):
                row.state, row.batch = Handover.WRITTEN, batch
            return True

    def left_behind(self, target: str) -> Sequence[str]:
        """The files that somebody noted and did not live to publish, or to say so."""
        now = milliseconds(self._now())
        asked = select(HandoverTable.batch).filter_by(target=target, state=Handover.WRITTEN)
        with Session(self._engine) as session:
            found = session.scalars(asked.where(HandoverTable.claimed <= now).distinct()).all()
        return [batch for batch in found if batch]

    def published(self, target: str, batch: str) -> None:
        """The file was seen: whoever was in it is forwarded."""
        self._of_batch(target, batch, Taken())

    def withdrawn(self, target: str, batch: str) -> None:
        """The file was never seen: whoever was in it goes again."""
        self._of_batch(target, batch, None)

    def known(self, target: str, batches: Iterable[str]) -> set[str]:
        """Those of these files that somebody noted."""
        asked = select(HandoverTable.batch).filter_by(target=target).distinct()
        with Session(self._engine) as session:
            found = session.scalars(asked.where(HandoverTable.batch.in_(list(batches)))).all()
        return {batch for batch in found if batch}

    def ever_wrote(self, target: str) -> bool:
        """Whether any file was ever written for it."""
        asked = select(HandoverTable.place).filter_by(target=target)
        with Session(self._engine) as session:
            return (
                session.scalar(asked.where(HandoverTable.batch.is_not(None)).limit(1)) is not None
            )

    def ready(self, target: str, most: int, every: int) -> bool:
        """Whether a file is worth writing: enough for one, or somebody waited long enough."""
        now = milliseconds(self._now())
        waiting = _waiting(target, now).with_only_columns(
            func.count(), func.min(HandoverTable.due), maintain_column_froms=True
        )
        with Session(self._engine) as session:
            count, oldest = session.execute(waiting).one()
        return bool(count) and (count >= most or oldest + every * 1000 <= now)

    def answered(self, answer: Answer, places: Iterable[int]) -> bool:
        """What a consumer said; False where somebody has not yet noted that it was shown."""
        asked = select(HandoverTable).where(HandoverTable.place.in_(list(places)))
        with Session(self._engine) as session, session.begin():
            rows = session.scalars(asked.order_by(HandoverTable.place).with_for_update()).all()
            if any(row.state in UNDONE for row in rows):
                return False
            for row in rows:
                self._note(session, row, answer)
        return True

    def places_of(self, target: str, batch: str) -> list[int]:
        """Who went in that file."""
        asked = select(HandoverTable.place).filter_by(target=target, batch=batch)
        with Session(self._engine) as session:
            return list(session.scalars(asked))

    def places_by_receipt(self, target: str) -> Mapping[str, list[int]]:
        """Everybody who was forwarded and has no answer yet, by the number of the receipt."""
        open_ = and_(HandoverTable.target == target, HandoverTable.state == Handover.FORWARDED)
        columns = (HandoverTable.place, SubmissionTable.device, SubmissionTable.sequence)
        asked = select(*columns).join(_SUBMISSION, _JOINED).where(open_)
        found: dict[str, list[int]] = {}
        with Session(self._engine) as session:
            for place, device, sequence in session.execute(asked):
                found.setdefault(f"{device}-{sequence:06d}", []).append(place)
        return found

    def _of_batch(self, target: str, batch: str, answer: Taken | None) -> None:
        asked = select(HandoverTable).filter_by(target=target, batch=batch, state=Handover.WRITTEN)
        with Session(self._engine) as session, session.begin():
            for row in session.scalars(asked.order_by(HandoverTable.place).with_for_update()):
                if answer:
                    self._note(session, row, answer)
                else:
                    row.state, row.batch, row.claimed = Handover.WAITING, None, None

    def _may_go(self, session: Session, row: HandoverTable, kept: SubmissionTable) -> bool:
        if self._consented(session, kept):
            return True
        row.state, row.claimed = Handover.STOPPED, None
        if kept.state not in FINAL:
            stop(session, kept, row.target, self._now())
        return False

    def _consented(self, session: Session, kept: SubmissionTable) -> bool:
        if kept.state == STOPPED or not kept.body:
            return False
        return kept.purpose is None or self._stands(session, kept.person, kept.purpose)

    def _note(self, session: Session, row: HandoverTable, answer: Answer) -> None:
        at, words = self._now(), getattr(answer, "words", "")
        row.last_at, row.last_answer, row.claimed = at.isoformat(), words[:400], None
        match answer:
            case Later():
                row.state = Handover.WAITING
                row.due = milliseconds(at) + back_off(row.attempts, answer.seconds)
                return
            case Taken():
                row.state, moved = Handover.FORWARDED, FORWARDED
            case Acknowledged():
                row.state, moved = Handover.ACKNOWLEDGED, ACKNOWLEDGED
            case Questioned():
                row.state, moved = Handover.QUESTIONED, QUESTIONED
            case Refused():
                row.state, moved = Handover.REFUSED, QUESTIONED
        move(session, row.submission, moved, row.target, words, at)

    def _mine(self, session: Session, claim: Claim) -> HandoverTable | None:
        asked = select(HandoverTable).filter_by(
            place=claim.place, claimed=claim.until, state=Handover.WAITING
        )
        return session.scalars(asked.with_for_update()).one_or_none()

    @staticmethod
    def _kept(session: Session, submission: str) -> SubmissionTable | None:
        return session.scalars(select(SubmissionTable).filter_by(id=submission)).one_or_none()


_SUBMISSION = SubmissionTable
_JOINED = SubmissionTable.id == HandoverTable.submission


def _waiting(target: str, now: int) -> Select[int]:
    """Those of a target that nobody holds, who are whole, and whose time has come."""
    return (
        select(HandoverTable.place)
        .join(_SUBMISSION, _JOINED)
        .where(
            HandoverTable.target == target,
            HandoverTable.state == Handover.WAITING,
            HandoverTable.due <= now,
            or_(HandoverTable.claimed.is_(None), HandoverTable.claimed <= now),
            SubmissionTable.missing == 0,
        )
    )


def _next(target: str, now: int, most: int) -> Select[int]:
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
        _waiting(target, now)
        .where(HandoverTable.place == head)
        .order_by(HandoverTable.place)
        .limit(most)
        .with_for_update(of=HandoverTable, skip_locked=True)
    )


def _with_submissions(which: ColumnElement[bool]) -> Select[HandoverTable, SubmissionTable]:
    asked = select(HandoverTable, SubmissionTable).join(_SUBMISSION, _JOINED)
    return asked.where(which).order_by(HandoverTable.place)
