"""Numbers that are never given twice, also after the database was lost.

A number is the device's name and its place in the outbox. A database that begins anew counts from
one again, so all but a terminal's first one put a random word of their own between the two.
"""

import secrets

from sqlalchemy import Engine, func, select

from kiosk.adapters.database import transaction
from kiosk.adapters.keys import KeyFolder
from kiosk.adapters.tables import MemoTable, OutboxTable

_MEMO, _LETTERS, _LONG = "life", "23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 3


def series(device: str, engine: Engine, keys: KeyFolder) -> str:
    """What this database's receipt numbers begin with: `K01`, or `K01-7QX` after a loss."""
    with transaction(engine) as session:
        row = session.get(MemoTable, _MEMO)
        if row is None:
            kept = session.scalar(select(func.count()).select_from(OutboxTable))
            first = keys.begin_life()
            row = MemoTable(name=_MEMO, value="" if first or kept else _word())
            session.add(row)
        life = row.value
    return f"{device}-{life}" if life else device


def _word() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_LONG))
