"""The office's database: opened with care; answers are given after the commit."""

from hashlib import sha256
from pathlib import Path

import alembic.command
import alembic.config
from alembic.util import CommandError
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError, OperationalError

from office import postgres, sqlite
from office.config import SetupFault

_MIGRATIONS = Path(__file__).parent / "migrations"
_NOTE = text(
    "INSERT INTO secret (name, sha256) VALUES (:name, :sha256) ON CONFLICT (name) DO NOTHING"
)
_NOTED = text("SELECT sha256 FROM secret WHERE name = :name")
APPLICATION, hold = sqlite.APPLICATION, sqlite.hold


def open_store(where: Path | str) -> Engine:
    """The engine of our own database: a file, or a city's PostgreSQL; a fault is one line."""
    engine = sqlite.engine(where) if isinstance(where, Path) else postgres.engine(where)
    told = where if isinstance(where, Path) else postgres.shown(engine.url)
    try:
        migrate(engine)
    except OperationalError as fault:
        engine.dispose()
        raise SetupFault(f"{told}: cannot be used ({_first_line(fault)})") from fault
    except DatabaseError as fault:
        engine.dispose()
        words = f"{told}: not a database of the office ({_first_line(fault)})"
        raise SetupFault(words) from fault
    except CommandError as fault:
        engine.dispose()
        raise SetupFault(f"{told}: of a newer office ({fault}); update this one") from fault
    except SetupFault:
        engine.dispose()
        raise
    if isinstance(where, Path):
        where.chmod(0o600)
    return engine


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to the revision, in one transaction, one office at a time."""
    config = alembic.config.Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with engine.begin() as connection:
        (postgres if postgres.is_one(engine) else sqlite).claim(connection)
        config.attributes["connection"] = connection
        if revision == "head":
            alembic.command.upgrade(config, revision)
        else:
            alembic.command.downgrade(config, revision)


def belong(engine: Engine, name: str, secret: bytes) -> None:
    """The first office notes which secret goes with these rows; one with another is refused."""
    told = {"name": name, "sha256": sha256(b"kakanai " + secret).hexdigest()}
    with engine.begin() as connection:
        connection.execute(_NOTE, told)
        found = connection.execute(_NOTED, told).scalar_one()
    if found != told["sha256"]:
        words = (
            "not the one that this database was begun with: copy it from the first office's keys"
        )
        raise SetupFault(f"{name}: {words}, or restore it")


def _first_line(fault: DatabaseError) -> str:
    return str(fault.orig).strip().partition("\n")[0]
