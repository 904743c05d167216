"""Brings the tables of a terminal's database to a revision; Alembic's home, and SQLAlchemy's.

What was promised before there was a journal is written down as soon as there is one: from then on
no row is without its entry.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import alembic.command
import alembic.config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from kiosk.adapters.clock import WallClock
from kiosk.adapters.journal import append
from kiosk.adapters.store import APPLICATION
from kiosk.domain.journal import Deed

_MIGRATIONS = Path(__file__).parent / "migrations"
_WITHOUT_JOURNAL = ("0001", "0002")


def migrate(opened: Callable[[], sqlite3.Connection], revision: str = "head") -> None:
    """Bring the tables to the revision, in one transaction; its faults are SQLite's own."""
    engine = create_engine("sqlite://", creator=opened, poolclass=NullPool)
    event.listen(engine, "begin", _begin)
    try:
        with engine.begin() as connection:
            _move(connection, revision)
    except DBAPIError as fault:
        if isinstance(fault.orig, sqlite3.Error):
            raise fault.orig from None
        raise


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _move(connection: Connection, revision: str) -> None:
    config = alembic.config.Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION}")
    if revision != "head":
        alembic.command.downgrade(config, revision)
        return
    before = MigrationContext.configure(connection).get_current_revision()
    alembic.command.upgrade(config, revision)
    if before in _WITHOUT_JOURNAL:
        _write_down(connection)


def _write_down(connection: Connection) -> None:
    base, now = connection.connection.driver_connection, WallClock().now().isoformat()
    assert isinstance(base, sqlite3.Connection)  # noqa: S101
    for one, sha256 in base.execute("SELECT id, sha256 FROM outbox ORDER BY sequence").fetchall():
        append(base, now, "kiosk", Deed.KEPT, one, f"sha256={sha256}")
