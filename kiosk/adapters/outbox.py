"""The outbox as a table: frozen, sealed rows that leave oldest first."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from forms.envelope import Envelope, canonical, digest
from kiosk.adapters.tables import OutboxTable
from kiosk.errors import AlreadyHandedIn, StoreUnusable
from kiosk.ports.office import OutboxRow

_NONCE = 12


class SqliteOutbox:
    """Keeps submissions in SQLite, each row sealed with AES-GCM."""

    def __init__(self, engine: Engine, key: bytes) -> None:
        self._engine, self._seal = engine, AESGCM(key)

    def keep(self, fill: Callable[[int], Envelope]) -> Envelope:
        """Number, freeze and commit in one transaction."""
        with self._session() as session:
            last = session.scalar(select(func.max(OutboxTable.sequence))) or 0
            envelope = fill(last + 1)
            if session.scalar(select(OutboxTable.id).filter_by(id=str(envelope.id))):
                raise AlreadyHandedIn
            body = canonical(envelope)
            nonce = os.urandom(_NONCE)
            session.add(
                OutboxTable(
                    sequence=last + 1,
                    id=str(envelope.id),
                    receipt=envelope.receipt,
                    sha256=digest(body),
                    payload=nonce + self._seal.encrypt(nonce, body, str(envelope.id).encode()),
                    state="waiting",
                    attempts=0,
                )
            )
        return envelope

    def body(self, submission: str) -> bytes:
        """The bytes as they were frozen."""
        with self._session() as session:
            row = session.scalars(select(OutboxTable).filter_by(id=submission)).one()
            sealed = row.payload
        try:
            return self._seal.decrypt(sealed[:_NONCE], sealed[_NONCE:], submission.encode())
        except InvalidTag as fault:
            raise StoreUnusable("InvalidTag") from fault

    def record(self, submission: str, state: str, answer: str, at: datetime) -> None:
        """What the last try came to."""
        with self._session() as session:
            row = session.scalars(select(OutboxTable).filter_by(id=submission)).one()
            row.state, row.last_answer, row.last_at = state, answer[:400], at.isoformat()
            row.attempts += 1

    def due(self) -> Sequence[str]:
        """What waits, oldest first."""
        waiting = select(OutboxTable.id).filter_by(state="waiting").order_by(OutboxTable.sequence)
        with self._session() as session:
            return session.scalars(waiting.limit(100)).all()

    def rows(self) -> Sequence[OutboxRow]:
        """Everything, oldest first."""
        with self._session() as session:
            found = session.scalars(select(OutboxTable).order_by(OutboxTable.sequence)).all()
            return [
                OutboxRow(r.id, r.receipt, r.sha256, r.state, r.attempts, r.last_at, r.last_answer)
                for r in found
            ]

    @contextmanager
    def _session(self) -> Iterator[Session]:
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                yield session
        except SQLAlchemyError as fault:
            raise StoreUnusable(type(fault).__name__) from fault
