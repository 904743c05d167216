"""The terminal's SQLite file: opened with care, brought up to date, never half-written."""

from pathlib import Path

import alembic.command
import alembic.config
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError, OperationalError

from kiosk.errors import SetupFault

APPLICATION = 0x4B4B4E31  # "KKN1"
HEAD = "0001"
_MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(file: Path) -> Engine:
    """The engine of our own database; a locked or foreign one is said in one line."""
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": 2.0})
    event.listen(engine, "connect", _careful)
    try:
        _check_owner(engine, file)
        migrate(engine)
    except OperationalError as fault:
        engine.dispose()
        raise SetupFault(_words(file, fault)) from fault
    except DatabaseError as fault:
        engine.dispose()
        raise SetupFault(
            f"{file}: not a database of Kakanai; move it away or use --home"
        ) from fault
    file.chmod(0o600)
    return engine


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to the revision, in one transaction."""
    config = alembic.config.Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        if revision == "head":
            alembic.command.upgrade(config, revision)
        else:
            alembic.command.downgrade(config, revision)


def _careful(connection: object, _: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _check_owner(engine: Engine, file: Path) -> None:
    with engine.begin() as connection:
        owner = connection.execute(text("PRAGMA application_id")).scalar()
        tables = connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar()
        if owner == APPLICATION:
            return
        if tables:
            raise SetupFault(f"{file}: a database of another program; move it away or use --home")
        connection.execute(text(f"PRAGMA application_id={APPLICATION}"))


def _words(file: Path, fault: OperationalError) -> str:
    if "locked" in str(fault.orig):
        return f"{file}: another program holds this database; end it, or use --home"
    return f"{file}: cannot be opened ({fault.orig}); check the folder's rights and free space"
