"""SQLite for an office by itself: one file, one process, every promise synced."""

import fcntl
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event

from office.config import SetupFault

APPLICATION = 0x4B4B4F46  # "KKOF"


def hold(file: Path) -> int:
    """Two offices never stand over one SQLite file: the second is told so."""
    held = os.open(file.with_suffix(".held"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as fault:
        os.close(held)
        raise SetupFault(f"{file.parent}: another office uses it; end it, or use --home") from fault
    return held


def engine(file: Path) -> Engine:
    """The way to the file; a foreign one is left as it was."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as fault:
        raise SetupFault(f"{file.parent}: cannot be used ({fault.strerror}); use --home") from fault
    _check_owner(file)
    made = create_engine(f"sqlite:///{file}", connect_args={"timeout": 5.0}, hide_parameters=True)
    event.listen(made, "connect", _careful)
    event.listen(made, "begin", _begin)
    return made


def claim(connection: Connection) -> None:
    """From now on this file is ours."""
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION}")


def _careful(connection: sqlite3.Connection, _: object) -> None:
    """Every promise is synced; transactions begin when we say so, schema changes included."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    """Writers queue from their first word, so that what they read stays true."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _check_owner(file: Path) -> None:
    """Look without touching."""
    if not file.exists() or not file.stat().st_size:
        return
    try:
        with closing(
            sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=2)
        ) as look:
            owner = look.execute("PRAGMA application_id").fetchone()[0]
            tables = look.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except sqlite3.OperationalError as fault:
        raise SetupFault(f"{file}: cannot be used ({fault}); use --home") from fault
    except sqlite3.DatabaseError as fault:
        words = f"{file}: not a database of the office; move it away or use --home"
        raise SetupFault(words) from fault
    if tables and owner != APPLICATION:
        raise SetupFault(f"{file}: a database of another program; move it away or use --home")
