"""The office's database: opened with care; answers are given after the commit."""

import fcntl
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import alembic.command
import alembic.config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError

from office.config import SetupFault

APPLICATION = 0x4B4B4F46  # "KKOF"
_MIGRATIONS = Path(__file__).parent / "migrations"


def hold(file: Path) -> int:
    """Two offices never stand over one SQLite file: the second is told so."""
    held = os.open(file.with_suffix(".held"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as fault:
        raise SetupFault(f"{file.parent}: another office uses it; end it, or use --home") from fault
    return held


def open_store(file: Path) -> Engine:
    """The engine of our own database; a locked or foreign one is said in one line."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as fault:
        raise SetupFault(f"{file.parent}: cannot be used ({fault.strerror}); use --home") from fault
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": 5.0})
    event.listen(engine, "connect", _careful)
    event.listen(engine, "begin", _begin)
    try:
        _check_owner(file)
        migrate(engine)
    except (OperationalError, sqlite3.OperationalError) as fault:
        raise SetupFault(
            f"{file}: cannot be used ({getattr(fault, 'orig', fault)}); use --home"
        ) from fault
    except (DatabaseError, sqlite3.DatabaseError) as fault:
        raise SetupFault(
            f"{file}: not a database of the office; move it away or use --home"
        ) from fault
    file.chmod(0o600)
    return engine


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


def _careful(connection: sqlite3.Connection, _: object) -> None:
    """Every promise is synced; transactions begin when we say so, schema changes included."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    """Writers queue from their first word, so that what they read stays true."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _check_owner(file: Path) -> None:
    """Look without touching: a foreign database is left as it was."""
    if not file.exists() or not file.stat().st_size:
        return
    with closing(
        sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=2)
    ) as look:
        owner = look.execute("PRAGMA application_id").fetchone()[0]
        tables = look.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and owner != APPLICATION:
        raise SetupFault(f"{file}: a database of another program; move it away or use --home")
