"""Who may sign in: names, and secrets that only a slow hash can be compared with."""

import hashlib
import hmac
import os

from sqlalchemy import Engine

from kiosk.adapters.database import transaction
from kiosk.adapters.tables import ClerkTable

_NOBODY = (None, b"\0" * 16, b"\0" * 64)


class SqliteClerks:
    """Clerks in the terminal's own database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, clerk: str, name: str, secret: str) -> None:
        """Let a clerk in from now on, or give them a new secret."""
        salt = os.urandom(16)
        row = ClerkTable(id=clerk, name=name, salt=salt, secret=_slow(secret, salt))
        with transaction(self._engine) as session:
            session.merge(row)

    def name_of(self, clerk: str, secret: str) -> str | None:
        """The clerk's name, if the secret is theirs; equally slow if not."""
        with transaction(self._engine) as session:
            row = session.get(ClerkTable, clerk)
            name, salt, expected = (row.name, row.salt, row.secret) if row else _NOBODY
        return name if hmac.compare_digest(_slow(secret, salt), expected) else None


def _slow(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, n=2**14, r=8, p=1)
