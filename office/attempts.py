"""Whoever fails too often from one address waits: guessing is slow, honest devices are not.

A device that names itself is counted by itself: a whole city may stand behind one address.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address
from threading import Lock
from time import monotonic

from office.problems import ProblemError

MOST, WINDOW = 20, 60.0
_FAILURES = (401, 404, 410)
_ADDRESSES = 10_000  # remembered at once; the one that failed longest ago is forgotten first


class Attempts:
    """Failures by address within the last minute, in this process."""

    def __init__(self, tick: Callable[[], float] = monotonic) -> None:
        self._tick, self._lock = tick, Lock()
        self._failed: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    @contextmanager
    def counted(self, address: str, device: str = "") -> Iterator[None]:
        """An attempt from there; one too many is refused before it is looked at."""
        who = _neighbourhood(address), device
        self._check(who)
        try:
            yield
        except ProblemError as refusal:
            if refusal.status in _FAILURES:
                self._failed_once(who)
            raise

    def _check(self, who: tuple[str, str]) -> None:
        with self._lock:
            failed = self._failed.get(who, deque())
            while failed and self._tick() - failed[0] >= WINDOW:
                failed.popleft()
            wait = WINDOW - (self._tick() - failed[0]) if len(failed) >= MOST else 0
        if wait:
            raise ProblemError(429, "too-many", "Too many failures", retry_after=int(wait) + 1)

    def _failed_once(self, who: tuple[str, str]) -> None:
        with self._lock:
            self._failed.setdefault(who, deque(maxlen=MOST)).append(self._tick())
            self._failed.move_to_end(who)
            if len(self._failed) > _ADDRESSES:
                self._failed.popitem(last=False)


def _neighbourhood(address: str) -> str:
    """One line has 2^64 addresses of IPv6: they count as one."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(int(known) >> 64) if isinstance(known, IPv6Address) else address
