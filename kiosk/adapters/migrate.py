"""Brings the tables of a terminal's database to a revision; Alembic's home."""

from pathlib import Path

import alembic.command
import alembic.config
from sqlalchemy import Engine

from kiosk.adapters.database import APPLICATION

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to the revision, in one transaction."""
    config = alembic.config.Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION}")
        if revision == "head":
            alembic.command.upgrade(config, revision)
        else:
            alembic.command.downgrade(config, revision)
