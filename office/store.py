"""The office's database: opened with care; answers are given after the commit."""

from pathlib import Path

import alembic.command
import alembic.config
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError, OperationalError

from office.config import SetupFault

APPLICATION = 0x4B4B4F46  # "KKOF"
_MIGRATIONS = Path(__file__).parent / "migrations"


def open_store(file: Path) -> Engine:
    """The engine of our own database; a locked or foreign one is said in one line."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as fault:
        raise SetupFault(f"{file.parent}: cannot be used ({fault.strerror}); use --home") from fault
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": 5.0})
    event.listen(engine, "connect", _careful)
    try:
        _check_owner(engine, file)
        migrate(engine)
    except OperationalError as fault:
        raise SetupFault(
            f"{file}: cannot be used ({fault.orig}); end what holds it, or use --home"
        ) from fault
    except DatabaseError as fault:
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
        if revision == "head":
            alembic.command.upgrade(config, revision)
        else:
            alembic.command.downgrade(config, revision)


def _careful(connection: object, _: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
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
