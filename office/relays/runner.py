"""A thread for each target: a slow or dead one holds up no other."""

import logging
import threading
import time
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError

from office.relays.couriers import Courier, rest_of, where
from office.relays.port import TargetAway

_log = logging.getLogger(__name__)
_IDLE = 1.0
_ENOUGH = 10.0


class Runner:
    """Runs until it is told to stop; any number may run over one database."""

    def __init__(self, couriers: Sequence[Courier], idle: float = _IDLE) -> None:
        self._stop, self._idle = threading.Event(), idle
        self._threads = [
            threading.Thread(
                target=self._run, args=(each,), name=f"relay {each.target}", daemon=True
            )
            for each in couriers
        ]

    def start(self) -> None:
        """Every target from now on."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """After the turn that is under way; one that takes too long is taken over by another."""
        self._stop.set()
        until = time.monotonic() + _ENOUGH
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, until - time.monotonic()))

    def _run(self, courier: Courier) -> None:
        away = 0
        while not self._stop.is_set():
            try:
                wait = 0.0 if courier.turn() else self._idle
                away = 0
            except TargetAway as fault:
                away += 1
                wait = rest_of(fault, away)
                _log.warning("relay %s: away for now: %s", courier.target, fault)
            except SQLAlchemyError as fault:
                away += 1
                wait = min(2.0**away, 30.0) * self._idle
                _log.warning("relay %s: no store (%s)", courier.target, type(fault).__name__)
            except Exception as fault:  # noqa: BLE001 a bug in one relay must not end it for good
                away += 1
                wait = 30.0
                _log.error("relay %s: %s", courier.target, where(fault))
            self._stop.wait(wait)
