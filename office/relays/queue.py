"""Who goes where: the table of handovers, for any number of processes over one database.

A claim ends by itself, so that what a killed process held is taken over; whoever comes back
late finds that it is no longer his. Within a chain nobody is claimed before those in front of
him are gone: `FOR UPDATE SKIP LOCKED` alone would let corrections overtake.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import SystemRandom

from sqlalchemy import Engine, and_, func, select, update
from sqlalchemy.orm import Session

from office.consents import stop
from office.history import ACKNOWLEDGED, FINAL, FORWARDED, QUESTIONED, STOPPED, move
from office.relays.heads import FARTHEST, JOINED, heads, past, waiting, with_submissions
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


@dataclass
class Hold:
    """What was claimed together is ours until then; while somebody works on it, for longer."""

    places: Sequence[int]
    until: int


@dataclass(frozen=True)
class Claim:
    """A parcel that is ours while we hold it."""

    place: int
    hold: Hold
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
            places = session.scalars(heads(target, now, most)).all()
            if not places:
                return []
            session.execute(
                update(HandoverTable)
                .where(HandoverTable.place.in_(places))
                .values(claimed=now + self._lease, attempts=HandoverTable.attempts + 1)
            )
            rows = session.execute(with_submissions(HandoverTable.place.in_(places))).all()
            hold = Hold(places, now + self._lease)
            return [
                Claim(row.place, hold, row.attempts, self._parcel(kept, hold))
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
            until = milliseconds(self._now()) + self._lease
            for row in filter(None, rows):
                row.state, row.batch, row.claimed = Handover.WRITTEN, batch, until
            return True

    def left_behind(self, target: str) -> Sequence[str]:
        """The files that somebody noted and did not live to publish, or to say so."""
        now = milliseconds(self._now())
        asked = select(HandoverTable.batch).filter_by(target=target, state=Handover.WRITTEN)
        with Session(self._engine) as session:
            over = asked.where(past(HandoverTable.claimed, now))
            found = session.scalars(over.distinct()).all()
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

    def stopped(self, target: str, submissions: Iterable[str]) -> set[str]:
        """Those of these submissions that go there never more."""
        asked = select(HandoverTable.submission).filter_by(target=target, state=Handover.STOPPED)
        with Session(self._engine) as session:
            return set(
                session.scalars(asked.where(HandoverTable.submission.in_(list(submissions))))
            )

    def last_batch(self, target: str) -> str | None:
        """The file that sorts behind all others of it."""
        asked = select(func.max(HandoverTable.batch)).where(HandoverTable.target == target)
        with Session(self._engine) as session:
            return session.scalar(asked)

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
        counted = waiting(target, now).with_only_columns(
            func.count(), func.min(HandoverTable.due), maintain_column_froms=True
        )
        with Session(self._engine) as session:
            count, oldest = session.execute(counted).one()
        if not count:
            return False
        return bool(count >= most or oldest + every * 1000 <= now or oldest > now + FARTHEST)

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
        asked = select(*columns).join(SubmissionTable, JOINED).where(open_)
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

    def _parcel(self, kept: SubmissionTable, hold: Hold) -> Parcel:
        may_go = partial(self._still_consented, kept.id)
        return parcel_of(self._engine, kept, may_go, partial(self._hold_on, hold))

    def _still_consented(self, submission: str) -> bool:
        with Session(self._engine) as session:
            kept = self._kept(session, submission)
            return kept is not None and self._consented(session, kept)

    def _hold_on(self, hold: Hold) -> None:
        """Files take long: once half of the time is over there is all of it again."""
        now = milliseconds(self._now())
        if now < hold.until - self._lease // 2:
            return
        mine = and_(HandoverTable.place.in_(hold.places), HandoverTable.claimed == hold.until)
        still = update(HandoverTable).where(mine, HandoverTable.state == Handover.WAITING)
        with Session(self._engine) as session, session.begin():
            asked = still.values(claimed=now + self._lease).returning(HandoverTable.place)
            if session.scalars(asked).all():
                hold.until = now + self._lease

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
            place=claim.place, claimed=claim.hold.until, state=Handover.WAITING
        )
        return session.scalars(asked.with_for_update()).one_or_none()

    @staticmethod
    def _kept(session: Session, submission: str) -> SubmissionTable | None:
        return session.scalars(select(SubmissionTable).filter_by(id=submission)).one_or_none()
