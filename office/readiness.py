"""Is the office able to store? Only a write that was committed answers that."""

from collections.abc import Callable
from threading import Lock
from time import monotonic

from sqlalchemy import Engine

from office.postgres import is_one
from office.problems import ProblemError

_FRESH, _PATIENCE = 1.0, 2.0
_POSTGRES = (
    "SET LOCAL statement_timeout = '2s'",
    "SELECT pg_logical_emit_message(true, 'kakanai', '')",  # a commit that is synced, no table
)


class Readiness:
    """Asked by every terminal every few seconds; tried at most once a second."""

    def __init__(self, engine: Engine, tick: Callable[[], float] = monotonic) -> None:
        self._engine, self._tick = engine, tick
        self._lock, self._wrote, self._turn = Lock(), float("-inf"), 0

    def prove(self) -> None:
        """Return once something was written; whoever waits behind a try that hangs is told so."""
        if not self._lock.acquire(timeout=_PATIENCE):
            raise ProblemError(503, "store-unusable", "The office cannot store now; try again")
        try:
            if self._tick() - self._wrote > _FRESH:
                self._write()
                self._wrote = self._tick()
        finally:
            self._lock.release()

    def _write(self) -> None:
        self._turn += 1
        sqlite = (f"PRAGMA user_version = {self._turn}",)  # a page of the file, for nobody else
        with self._engine.begin() as connection:
            for statement in _POSTGRES if is_one(self._engine) else sqlite:
                connection.exec_driver_sql(statement).close()
