"""The terminal's SQLite file: opened with care, brought up to date, never half-written."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from threading import RLock
from types import TracebackType

from kiosk.errors import SetupFault, StoreUnusable

APPLICATION = 0x4B4B4E31  # "KKN1"
HEAD = "0004"
# Small pages: a promise changes a few, and all of each is written and synced.
_CAREFUL = (
    "page_size=1024",
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "foreign_keys=ON",
)


class Reading:
    """A turn at the connection; whatever the database says to it is one fault of ours."""

    def __init__(self, base: sqlite3.Connection, lock: RLock) -> None:
        self._base, self._lock = base, lock

    def __enter__(self) -> sqlite3.Connection:
        self._lock.acquire()
        return self._base

    def __exit__(
        self, _: type[BaseException] | None, fault: BaseException | None, __: TracebackType | None
    ) -> None:
        self._lock.release()
        _translate(fault)


class Transaction(Reading):
    """A turn that ends with all of it synced, or with nothing.

    Writers queue from their first word, so that what they read stays true.
    """

    def __enter__(self) -> sqlite3.Connection:
        base = super().__enter__()
        try:
            base.execute("BEGIN IMMEDIATE")
        except BaseException as fault:
            super().__exit__(type(fault), fault, None)
            raise
        return base

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if fault is None:
                fault = self._refused("COMMIT")
            undone = self._refused("ROLLBACK") if self._base.in_transaction else None
        finally:
            super().__exit__(None, None, None)
        _translate(undone if fault is None else fault)

    def _refused(self, statement: str) -> sqlite3.Error | None:
        try:
            self._base.execute(statement)
        except sqlite3.Error as fault:
            return fault
        return None


class Store:
    """One connection for all lanes of a process, which take short turns at it."""

    def __init__(self, file: Path, base: sqlite3.Connection) -> None:
        self.file, self._base = file, base
        lock = RLock()
        self._reading, self._transaction = Reading(base, lock), Transaction(base, lock)

    def reading(self) -> Reading:
        """What stands there now."""
        return self._reading

    def transaction(self) -> Transaction:
        """All of it, synced when the block ends, or nothing."""
        return self._transaction

    def leave_no_trace(self) -> None:
        """Whatever was erased is gone from the log beside the database, too."""
        with self._reading as base:
            base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def close(self) -> None:
        """Let go of the file."""
        with self._reading as base:
            base.close()


def open_store(file: Path, heard: Callable[[str], object] | None = None) -> Store:
    """Our own database; a locked or foreign one is said in one line.

    `heard` is told each statement before it is carried out, for whoever drills.
    """
    opened = partial(connect, file, heard)
    try:
        found = _revision(file)
        if found is not None and found > HEAD:
            raise SetupFault(f"{file}: of a later version of Kakanai; install that one again")
        if found != HEAD:
            from kiosk.adapters.migrate import migrate  # noqa: PLC0415 (heavy; wanted once a year)

            migrate(opened)
        base = opened()
    except sqlite3.OperationalError as fault:
        raise SetupFault(_words(file, fault)) from fault
    except sqlite3.DatabaseError as fault:
        words = f"{file}: not a database of Kakanai; move it away or use --home"
        raise SetupFault(words) from fault
    every = (file.with_name(file.name + ending) for ending in ("", "-wal", "-shm"))
    for each in filter(Path.exists, every):
        each.chmod(0o600)
    return Store(file, base)


def connect(file: Path, heard: Callable[[str], object] | None = None) -> sqlite3.Connection:
    """Every promise is synced; transactions begin when we say so, schema changes included."""
    base = sqlite3.connect(file, timeout=2.0, isolation_level=None, check_same_thread=False)
    try:
        base.set_trace_callback(heard)
        for pragma in _CAREFUL:
            base.execute(f"PRAGMA {pragma}").close()
    except BaseException:
        base.close()
        raise
    return base


def _translate(fault: BaseException | None) -> None:
    if isinstance(fault, sqlite3.Error):
        raise StoreUnusable(type(fault).__name__) from fault


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


def _words(file: Path, fault: sqlite3.OperationalError) -> str:
    if "locked" in str(fault):
        return f"{file}: another program holds this database; end it, or use --home"
    return f"{file}: cannot be opened ({fault}); check the folder's rights and free space"
