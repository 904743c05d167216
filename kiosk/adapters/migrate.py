"""Brings the tables of a terminal's database to a revision; Alembic's home.

What was promised before there was a journal is written down as soon as there is one: from then on
no row is without its entry.
"""

import sqlite3
from pathlib import Path

import alembic.command
import alembic.config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine

from kiosk.adapters.clock import WallClock
from kiosk.adapters.database import APPLICATION
from kiosk.adapters.journal import append
from kiosk.domain.journal import Deed

_MIGRATIONS = Path(__file__).parent / "migrations"
_WITHOUT_JOURNAL = ("0001", "0002")


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to the revision, in one transaction."""
    config = alembic.config.Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION}")
        if revision == "head":
            before = MigrationContext.configure(connection).get_current_revision()
            alembic.command.upgrade(config, revision)
            if before in _WITHOUT_JOURNAL:
                _write_down(connection)
        else:
            alembic.command.downgrade(config, revision)


def _write_down(connection: Connection) -> None:
    base, now = connection.connection.driver_connection, WallClock().now()
    assert isinstance(base, sqlite3.Connection)  # noqa: S101
    for one, sha256 in base.execute("SELECT id, sha256 FROM outbox ORDER BY sequence").fetchall():
        append(base, now, "kiosk", Deed.KEPT, one, f"sha256={sha256}")
