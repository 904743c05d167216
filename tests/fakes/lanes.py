"""Lanes that hold everything until the test lets it go: any interleaving can be played."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Event as Stop

from kiosk.ports.lanes import Lane


@dataclass
class _Held:
    """One piece of work, and where its answer is wanted."""

    work: Callable[[], object]
    done: Callable[[object], None]
    failed: Callable[[Exception], None]
    stop: Stop


class HeldLanes:
    """Per lane first in, first out, as threads do it; the answer of an ended turn is dropped."""

    def __init__(self) -> None:
        self._work: dict[Lane, deque[_Held]] = {lane: deque() for lane in Lane}
        self._answers: dict[Lane, deque[tuple[Stop, Callable[[], None]]]] = {
            lane: deque() for lane in Lane
        }
        self.dropped = 0

    def run(self, lane, work, done, failed, stop) -> None:
        """Hold it."""
        self._work[lane].append(_Held(work, done, failed, stop))

    def waiting(self, lane: Lane) -> int:
        """How many pieces of work were not done yet."""
        return len(self._work[lane])

    def answers(self, lane: Lane) -> int:
        """How many answers are on their way home."""
        return len(self._answers[lane])

    def perform(self, lane: Lane) -> bool:
        """Do the oldest work; its answer is on its way. Whether there was any."""
        if not self._work[lane]:
            return False
        held = self._work[lane].popleft()
        try:
            settle = partial(held.done, held.work())
        except Exception as fault:  # noqa: BLE001 (every fault is an answer, as in QtLanes)
            settle = partial(held.failed, fault)
        self._answers[lane].append((held.stop, settle))
        return True

    def deliver(self, lane: Lane) -> bool:
        """Bring the oldest answer home, or drop it. Whether there was any."""
        if not self._answers[lane]:
            return False
        stop, settle = self._answers[lane].popleft()
        if stop.is_set():
            self.dropped += 1
        else:
            settle()
        return True

    def release(self, lane: Lane) -> bool:
        """The oldest thing of the lane, from where it is to the very end."""
        if not self._answers[lane]:
            self.perform(lane)
        return self.deliver(lane)

    def release_all(self) -> None:
        """Until nothing is under way in any lane."""
        while any(self.release(lane) for lane in Lane):
            pass
