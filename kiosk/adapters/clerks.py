"""Who may sign in: names, and secrets that only a slow hash can be compared with."""

import hashlib
import hmac
import os

from kiosk.adapters.store import Store

_NOBODY = (None, b"\0" * 16, b"\0" * 64)
_ADD = """
INSERT INTO clerk (id, name, salt, secret) VALUES (?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE
SET name = excluded.name, salt = excluded.salt, secret = excluded.secret
"""
_FIND = "SELECT name, salt, secret FROM clerk WHERE id = ?"


class SqliteClerks:
    """Clerks in the terminal's own database."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, clerk: str, name: str, secret: str) -> None:
        """Let a clerk in from now on, or give them a new secret."""
        salt = os.urandom(16)
        row = (clerk, name, salt, _slow(secret, salt))
        with self._store.transaction() as base:
            base.execute(_ADD, row)

    def name_of(self, clerk: str, secret: str) -> str | None:
        """The clerk's name, if the secret is theirs; equally slow if not."""
        with self._store.reading() as base:
            row = base.execute(_FIND, (clerk,)).fetchone()
        name, salt, expected = row or _NOBODY
        return name if hmac.compare_digest(_slow(secret, salt), expected) else None


def _slow(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, n=2**14, r=8, p=1)
