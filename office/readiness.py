"""Is the office able to store? Only a write that was committed answers that."""

from collections.abc import Callable
from threading import Lock
from time import monotonic

from sqlalchemy import Engine, text

from office.postgres import is_one
from office.problems import ProblemError

_FRESH, _PATIENCE = 1.0, 2.0
_WRITE = text(
    "INSERT INTO serial (name, last) VALUES ('ready', 1) "
    "ON CONFLICT (name) DO UPDATE SET last = 1 - serial.last"  # for years: nothing grows
)


class Readiness:
    """Asked by every terminal every few seconds; tried at most once a second."""

    def __init__(self, engine: Engine, tick: Callable[[], float] = monotonic) -> None:
        self._engine, self._tick = engine, tick
        self._lock, self._wrote = Lock(), float("-inf")

    def prove(self) -> None:
        """Return once something was written; whoever waits behind a try that hangs is told so."""
        if not self._lock.acquire(timeout=_PATIENCE):
            words = "The office cannot store now; try again"
            raise ProblemError(503, "store-unusable", words, retry_after=1)
        try:
            if self._tick() - self._wrote > _FRESH:
                self._write()
                self._wrote = self._tick()
        finally:
            self._lock.release()

    def _write(self) -> None:
        with self._engine.begin() as connection:
            if is_one(self._engine):
                connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{_PATIENCE:.0f}s'")
            connection.execute(_WRITE)
