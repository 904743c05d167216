"""The journal as a table that is only added to, inside the transaction of what it tells."""

import sqlite3
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kiosk.domain.journal import BEGINNING, Deed, entry, link
from kiosk.errors import StoreUnusable

_LAST = "SELECT place, hash FROM journal ORDER BY place DESC LIMIT 1"
_ADD = "INSERT INTO journal (place, at, who, what, about, more, hash) VALUES (?, ?, ?, ?, ?, ?, ?)"


def append(
    inside: Session | sqlite3.Connection,
    at: datetime,
    who: str,
    what: Deed,
    about: str = "",
    more: str = "",
) -> None:
    """One more entry, committed or forgotten with the transaction it stands in.

    The end is read anew each time: another process may have written since.
    """
    base = inside if isinstance(inside, sqlite3.Connection) else _driver(inside)
    try:
        place, previous = base.execute(_LAST).fetchone() or (0, BEGINNING)
        told = entry(place + 1, at.isoformat(), who, what, about, more)
        row = (told.place, told.at, who, told.what, about, more, link(previous, told))
        base.execute(_ADD, row)
    except sqlite3.Error as fault:
        raise StoreUnusable(type(fault).__name__) from fault


class SqliteJournal:
    """Writes what happens outside anybody else's transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def write(self, at: datetime, who: str, what: Deed, about: str = "", more: str = "") -> None:
        """One entry in a transaction of its own."""
        try:
            with Session(self._engine) as session, session.begin():
                append(session, at, who, what, about, more)
        except SQLAlchemyError as fault:
            raise StoreUnusable(type(fault).__name__) from fault


def _driver(session: Session) -> sqlite3.Connection:
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101
    return driver
