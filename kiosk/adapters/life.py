"""Numbers that are never given twice, also after the database was lost.

A number is the device's name and its place in the outbox. A database that begins anew counts from
one again, so all but a terminal's first one put a random word of their own between the two.
"""

import secrets

from kiosk.adapters.keys import KeyFolder
from kiosk.adapters.store import Store

_LETTERS, _LONG = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 3
_LIFE = "SELECT value FROM memo WHERE name = 'life'"
_KEPT = "SELECT EXISTS (SELECT 1 FROM outbox)"
_BEGIN = "INSERT INTO memo (name, value) VALUES ('life', ?)"


def series(device: str, store: Store, keys: KeyFolder) -> str:
    """What this database's receipt numbers begin with: `K01`, or `K01-7QX` after a loss."""
    with store.transaction() as base:
        (life,) = base.execute(_LIFE).fetchone() or (None,)
        if life is None:
            (kept,) = base.execute(_KEPT).fetchone()
            first = keys.begin_life()
            life = "" if first or kept else _word()
            base.execute(_BEGIN, (life,))
    return f"{device}-{life}" if life else device


def _word() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_LONG))
