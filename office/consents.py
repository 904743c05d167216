"""What people agreed to: only ever added to, the last word counts, and nothing goes without it.

`at` decides which word is the last, so that what a terminal tells late overrules nothing newer;
it is never taken to be later than its arrival, so that a clock that is ahead cannot either.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import Engine, delete, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forms.purposes import Purpose
from office.history import RECEIVED, STOPPED, move
from office.postgres import INTAKE, is_one
from office.problems import ProblemError
from office.tables import AttachmentTable, ConsentTable, PieceTable, SubmissionTable

MARK = r"^[0-9a-f]{64}$"
_WITHDRAWN = "the consent does not stand"


class Word(StrEnum):
    """What a person's last word on a purpose comes to today."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    EXPIRED = "expired"


class ConsentTold(BaseModel):
    """One record, as a terminal tells it."""

    model_config = ConfigDict(extra="forbid")
    person: str = Field(pattern=MARK)
    purpose: str = Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")
    notice: str = Field(min_length=1, max_length=40, pattern=r"^[ -~]+$")
    state: Literal["given", "withdrawn", "refused"]
    at: AwareDatetime


@dataclass(frozen=True)
class Standing:
    """A person's last word on one purpose, and until when a yes holds."""

    purpose: str
    notice: str
    state: Word
    at: datetime
    until: date | None

    def told(self) -> dict[str, Any]:
        """As the API says it."""
        plain = {"purpose": self.purpose, "notice": self.notice, "state": self.state.value}
        return {**plain, "at": self.at.isoformat(), "until": self.until and self.until.isoformat()}


class Consents:
    """Everybody's word on everything that is shared only with consent."""

    def __init__(
        self, engine: Engine, purposes: Sequence[Purpose], now: Callable[[], datetime]
    ) -> None:
        self._engine, self._now = engine, now
        self._purposes = {purpose.id: purpose for purpose in purposes}

    def put(self, record: UUID, told: ConsentTold, device: str) -> bool:
        """Durable when this returns, and whatever it forbids is stopped; True if it is new."""
        try:
            with Session(self._engine) as session, session.begin():
                if is_one(self._engine):  # no share comes in between the word and its effect
                    session.execute(text(f"SELECT pg_advisory_xact_lock({INTAKE})"))
                session.add(self._row(record, told, device))
                session.flush()
                if not self.stands(session, told.person, told.purpose):
                    self._stop_waiting(session, told.person, told.purpose, device)
        except IntegrityError:
            with Session(self._engine) as session:
                there = session.scalars(select(ConsentTable).filter_by(id=str(record))).one()
            if _content(there) != _content(self._row(record, told, device)):
                raise ProblemError(
                    409, "another-body", "This id already holds another body"
                ) from None
            return False
        return True

    def of(self, person: str) -> dict[str, Any]:
        """How every purpose stands for this person, and every word that led to it."""
        with Session(self._engine) as session:
            rows = _rows(session, person)
        purposes = dict.fromkeys(row.purpose for row in rows)
        standing = [self._standing([r for r in rows if r.purpose == each]) for each in purposes]
        return {
            "standing": [each.told() for each in standing],
            "items": [{name: getattr(row, name) for name in _TOLD} for row in rows],
        }

    def allowed(self, person: str | None, purpose: str | None) -> bool:
        """Whether something for this purpose may go on at this moment."""
        with Session(self._engine) as session:
            return self.stands(session, person, purpose)

    def stands(self, session: Session, person: str | None, purpose: str | None) -> bool:
        """The same, inside the transaction of whoever asks."""
        if purpose not in self._purposes or not person:
            return False
        rows = [row for row in _rows(session, person) if row.purpose == purpose]
        return bool(rows) and self._standing(rows).state is Word.GIVEN

    def _row(self, record: UUID, told: ConsentTold, device: str) -> ConsentTable:
        return ConsentTable(
            id=str(record),
            person=told.person,
            purpose=told.purpose,
            notice=told.notice,
            state=told.state,
            at=told.at.isoformat(),
            device=device,
            received=self._now().isoformat(),
        )

    def _standing(self, rows: Sequence[ConsentTable]) -> Standing:
        at, _, last = max((at, row.place, row) for at, row in _said(rows))
        purpose = self._purposes.get(last.purpose)
        until = purpose.until(at.date()) if purpose and last.state == Word.GIVEN else None
        state = Word(last.state)
        if until is not None and self._now().date() > until:
            state = Word.EXPIRED
        return Standing(last.purpose, last.notice, state, at, until)

    def _stop_waiting(self, session: Session, person: str, purpose: str, device: str) -> None:
        """What lies here for this purpose and has not gone on is erased down to id and hash."""
        mine = select(SubmissionTable).filter_by(person=person, purpose=purpose, state=RECEIVED)
        held = mine.order_by(SubmissionTable.arrival).with_for_update()  # what goes now has gone
        for row in session.scalars(held).all():
            stop(session, row, device, self._now())


def stop(session: Session, row: SubmissionTable, by: str, at: datetime) -> None:
    """A share that goes nowhere any more: content and files are gone, its id and hash stay."""
    move(session, row.id, STOPPED, by, _WITHDRAWN, at)
    for files in (PieceTable, AttachmentTable):
        session.execute(delete(files).where(files.submission == row.id))
    row.body, row.missing = b"", 0


_TOLD = ("id", "purpose", "notice", "state", "at", "device", "received")
_CONTENT = ("person", "purpose", "notice", "state", "at")  # whoever of ours tells it


def _content(row: ConsentTable) -> tuple[str, ...]:
    return tuple(getattr(row, name) for name in _CONTENT)


def _rows(session: Session, person: str) -> Sequence[ConsentTable]:
    mine = select(ConsentTable).filter_by(person=person).order_by(ConsentTable.place)
    return session.scalars(mine).all()


def _said(rows: Sequence[ConsentTable]) -> Iterator[tuple[datetime, ConsentTable]]:
    """When each was said; what was heard later was not heard earlier, whatever our clock said."""
    heard = datetime.min.replace(tzinfo=UTC)
    for row in rows:
        heard = max(heard, datetime.fromisoformat(row.received))
        yield min(datetime.fromisoformat(row.at), heard), row
