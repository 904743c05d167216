"""The terminal's SQLite file: opened with care, brought up to date, never half-written."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from kiosk.errors import SetupFault, StoreUnusable

APPLICATION = 0x4B4B4E31  # "KKN1"
HEAD = "0003"


def open_database(file: Path) -> Engine:
    """The engine of our own database; a locked or foreign one is said in one line."""
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": 2.0})
    event.listen(engine, "connect", _careful)
    event.listen(engine, "begin", _begin)
    try:
        found = _revision(file)
        if found is not None and found > HEAD:
            engine.dispose()
            raise SetupFault(f"{file}: of a later version of Kakanai; install that one again")
        if found != HEAD:
            from kiosk.adapters.migrate import migrate  # noqa: PLC0415 (heavy; wanted once a year)

            migrate(engine)
    except (OperationalError, sqlite3.OperationalError) as fault:
        engine.dispose()
        raise SetupFault(_words(file, fault)) from fault
    except (DatabaseError, sqlite3.DatabaseError) as fault:
        engine.dispose()
        raise SetupFault(
            f"{file}: not a database of Kakanai; move it away or use --home"
        ) from fault
    file.chmod(0o600)
    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """All of it or nothing; whatever the database says to it is one fault of ours."""
    try:
        with Session(engine) as session, session.begin():
            yield session
    except SQLAlchemyError as fault:
        raise StoreUnusable(type(fault).__name__) from fault


def _careful(connection: sqlite3.Connection, _: object) -> None:
    """Every promise is synced; transactions begin when we say so, schema changes included."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    """Writers queue from their first word, so that what they read stays true."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _revision(file: Path) -> str | None:
    """Where our database stands; looked at without a touch, so a foreign one stays as it was."""
    if not file.exists() or not file.stat().st_size:
        return None
    with closing(
        sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=2)
    ) as look:
        owner = look.execute("PRAGMA application_id").fetchone()[0]
        tables = {name for (name,) in look.execute("SELECT name FROM sqlite_master")}
        if tables and owner != APPLICATION:
            raise SetupFault(f"{file}: a database of another program; move it away or use --home")
        if "alembic_version" not in tables:
            return None
        found = look.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(found[0]) if found else None


def _words(file: Path, fault: Exception) -> str:
    cause = getattr(fault, "orig", fault)
    if "locked" in str(cause):
        return f"{file}: another program holds this database; end it, or use --home"
    return f"{file}: cannot be opened ({cause}); check the folder's rights and free space"
