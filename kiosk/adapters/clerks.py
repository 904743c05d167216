"""Who may sign in: names, and secrets that only a slow hash can be compared with."""

import hashlib
import hmac
import os

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kiosk.adapters.tables import ClerkTable
from kiosk.errors import StoreUnusable


class SqliteClerks:
    """Clerks in the terminal's own database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, clerk: str, name: str, secret: str) -> None:
        """Let a clerk in from now on, or give them a new secret."""
        salt = os.urandom(16)
        row = ClerkTable(id=clerk, name=name, salt=salt, secret=_slow(secret, salt))
        try:
            with Session(self._engine) as session, session.begin():
                session.merge(row)
        except SQLAlchemyError as fault:
            raise StoreUnusable(type(fault).__name__) from fault

    def name_of(self, clerk: str, secret: str) -> str | None:
        """The clerk's name, if the secret is theirs; equally slow if not."""
        try:
            with Session(self._engine) as session:
                row = session.get(ClerkTable, clerk)
        except SQLAlchemyError as fault:
            raise StoreUnusable(type(fault).__name__) from fault
        salt, expected = (row.salt, row.secret) if row else (b"\0" * 16, b"\0" * 64)
        right = hmac.compare_digest(_slow(secret, salt), expected)
        return row.name if row and right else None


def _slow(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, n=2**14, r=8, p=1)
