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
from office.history import ACKNOWLEDGED, FINAL, FORWARDED, QUESTIONED, STOPPED, Step, move_all
from office.relays.heads import FARTHEST, HEADS, HELD, JOINED, KEPT, WAITING, Head, companions, past
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
_BECOMES = {
    Taken: (Handover.FORWARDED, FORWARDED),
    Acknowledged: (Handover.ACKNOWLEDGED, ACKNOWLEDGED),
    Questioned: (Handover.QUESTIONED, QUESTIONED),
    Refused: (Handover.REFUSED, QUESTIONED),
}
_chance = SystemRandom()
Stands = Callable[[Session, str | None, str | None], bool]
Together = Callable[[Sequence[Head]], Sequence[Head]]


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
        return self._claim(target, most, lambda found: found)

    def claim_companions(self, target: str, most: int) -> list[Claim]:
        """The same for those who go one after the other, of whom one may be trouble."""
        return self._claim(target, most, companions)

    def note(self, told: Sequence[tuple[Claim, Answer]]) -> list[Claim]:
        """Note what came of each; those whose claim had ended, and whom another has, are left."""
        with Session(self._engine) as session, session.begin():
            rows = self._mine(session, [claim for claim, _ in told])
            mine = [(claim, answer) for claim, answer in told if claim.place in rows]
            self._note(session, [(rows[claim.place], answer) for claim, answer in mine])
            return [claim for claim, _ in mine]

    def record(self, claim: Claim, answer: Answer) -> bool:
        """Note what came of one."""
        return bool(self.note([(claim, answer)]))

    def give_back(self, claims: Sequence[Claim]) -> None:
        """Nothing was done with them."""
        with Session(self._engine) as session, session.begin():
            for row in self._mine(session, claims).values():
                row.claimed, row.attempts = None, row.attempts - 1

    def note_batch(self, batch: str, claims: Sequence[Claim]) -> bool:
        """From here on the file decides; False if one of them may not go in it after all."""
        with Session(self._engine) as session, session.begin():
            rows = self._mine(session, claims)
            kept = _kept(session, [row.submission for row in rows.values()])
            if len(kept) < len(claims) or not all(self._consented(session, e) for e in kept):
                return False
            until = milliseconds(self._now()) + self._lease
            for row in rows.values():
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
        counted = WAITING.with_only_columns(
            func.count(), func.min(HandoverTable.due), maintain_column_froms=True
        )
        with Session(self._engine) as session:
            count, oldest = session.execute(counted, {"target": target, "now": now}).one()
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
            self._note(session, [(row, answer) for row in rows])
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
            rows = session.scalars(asked.order_by(HandoverTable.place).with_for_update()).all()
            if answer:
                self._note(session, [(row, answer) for row in rows])
                return
            for row in rows:
                row.state, row.batch, row.claimed = Handover.WAITING, None, None

    def _claim(self, target: str, most: int, together: Together) -> list[Claim]:
        now = milliseconds(self._now())
        with Session(self._engine) as session, session.begin():
            told = {"target": target, "now": now, "most": most}
            found = together(session.execute(HEADS, told).all())
            if not found:
                return []
            hold = Hold([place for place, *_ in found], now + self._lease)
            held = session.execute(
                update(HandoverTable)
                .where(HandoverTable.place.in_(hold.places))
                .values(claimed=hold.until, attempts=HandoverTable.attempts + 1)
                .returning(HandoverTable.place, HandoverTable.attempts)
                .execution_options(synchronize_session=False)
            )
            attempts = dict(held.all())
            return [
                Claim(place, hold, attempts[place], self._parcel(kept, hold))
                for place, _, kept in found
                if self._may_go(session, place, target, kept)
            ]

    def _may_go(self, session: Session, place: int, target: str, kept: SubmissionTable) -> bool:
        if self._consented(session, kept):
            return True
        over = update(HandoverTable).filter_by(place=place)
        session.execute(over.values(state=Handover.STOPPED, claimed=None))
        if kept.state not in FINAL:
            stop(session, kept, target, self._now())
        return False

    def _parcel(self, kept: SubmissionTable, hold: Hold) -> Parcel:
        may_go = partial(self._still_consented, kept.id)
        return parcel_of(self._engine, kept, may_go, partial(self._hold_on, hold))

    def _still_consented(self, submission: str) -> bool:
        with Session(self._engine) as session:
            return any(self._consented(session, each) for each in _kept(session, [submission]))

    def _hold_on(self, hold: Hold) -> None:
        """Files take long: once half of the time is over there is all of it again."""
        now = milliseconds(self._now())
        if now < hold.until - self._lease // 2:
            return
        mine = and_(HandoverTable.place.in_(hold.places), HandoverTable.claimed == hold.until)
        still = update(HandoverTable).where(mine, HandoverTable.state == Handover.WAITING)
        with Session(self._engine) as session, session.begin():
            asked = still.values(claimed=now + self._lease).returning(HandoverTable.place)
            if places := session.scalars(asked).all():
                hold.places, hold.until = places, now + self._lease

    def _consented(self, session: Session, kept: SubmissionTable) -> bool:
        if kept.state == STOPPED or not kept.body:
            return False
        return kept.purpose is None or self._stands(session, kept.person, kept.purpose)

    def _note(self, session: Session, told: Sequence[tuple[HandoverTable, Answer]]) -> None:
        at, moves = self._now(), []
        for row, answer in told:
            words = getattr(answer, "words", "")[:400]
            row.last_at, row.last_answer, row.claimed = at.isoformat(), words, None
            if isinstance(answer, Later):
                row.due = milliseconds(at) + back_off(row.attempts, answer.seconds)
                continue
            row.state, moved = _BECOMES[type(answer)]
            moves.append(Step(row.submission, moved, row.target, words))
        if moves:
            move_all(session, moves, at)

    @staticmethod
    def _mine(session: Session, claims: Sequence[Claim]) -> dict[int, HandoverTable]:
        """Those that are still held by whoever claimed them."""
        holds = {claim.place: claim.hold for claim in claims}
        rows = session.scalars(HELD, {"places": [*holds]})
        found = ((row, holds[row.place]) for row in rows)
        return {r.place: r for r, h in found if r.claimed == h.until and r.place in h.places}


def _kept(session: Session, submissions: Sequence[str]) -> Sequence[SubmissionTable]:
    return session.scalars(KEPT, {"submissions": submissions}).all()
