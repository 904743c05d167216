"""One connection kept open, for what must be quick and durable: no pool, no object per row."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from sqlalchemy import Engine, PoolProxiedConnection, event
from sqlalchemy.exc import SQLAlchemyError

from kiosk.errors import StoreUnusable


class Writer:
    """The engine's own connection to our database; its transactions follow one another."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._lock = engine, RLock()
        self._lent: PoolProxiedConnection | None = None
        self._base: sqlite3.Connection | None = None
        event.listen(engine, "engine_disposed", self._close)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it, synced when the block ends, or nothing."""
        with self._lock:
            try:
                base = self._base or self._open()
                base.execute("BEGIN IMMEDIATE")
                try:
                    yield base
                    base.execute("COMMIT")
                finally:
                    if base.in_transaction:
                        base.execute("ROLLBACK")
            except (sqlite3.Error, SQLAlchemyError) as fault:
                raise StoreUnusable(type(fault).__name__) from fault

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """What stands there now."""
        with self._lock:
            try:
                yield self._base or self._open()
            except (sqlite3.Error, SQLAlchemyError) as fault:
                raise StoreUnusable(type(fault).__name__) from fault

    def leave_no_trace(self) -> None:
        """Whatever was erased is gone from the log beside the database, too."""
        with self.reading() as base:
            base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def _open(self) -> sqlite3.Connection:
        self._lent = self._engine.raw_connection()
        base = self._lent.driver_connection
        self._lent.detach()
        assert isinstance(base, sqlite3.Connection)  # noqa: S101
        self._base = base
        return base

    def _close(self, _: Engine) -> None:
        with self._lock:
            lent, self._lent, self._base = self._lent, None, None
            if lent:
                lent.close()
