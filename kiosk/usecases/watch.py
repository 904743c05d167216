"""Whether the office can be reached: asked all the time, so that nobody has to arm a mode.

Only the asking decides, and its second failure in a row at the earliest; what other calls meet
makes it ask at once. An asking that does not come home in time has failed, whatever holds it (a
name server, say), so both ways are noticed within ten seconds.
"""

from collections.abc import Callable
from threading import Event as Stop
from time import monotonic

from kiosk.domain.events import LineChanged
from kiosk.errors import WorldFault
from kiosk.ports.lanes import Lane, Lanes

EVERY = 3.0  # seconds from one asking to the next
LATE = 3.0  # an asking that takes longer has failed
ENOUGH = 2  # so many failures in a row, and the line is down


class Watch:
    """Asks on a lane of its own; ticked by the one timer, told by whoever called the office."""

    def __init__(
        self,
        ask: Callable[[], None],
        lanes: Lanes,
        changed: Callable[[LineChanged], None],
        now: Callable[[], float] = monotonic,
    ) -> None:
        self.up = True
        self._ask, self._lanes, self._changed, self._now = ask, lanes, changed, now
        self._stop: Stop | None = None
        self._began = self._next = now()
        self._failures = 0

    def tick(self) -> None:
        """Ask if it is time; give up an asking that is late."""
        now = self._now()
        if self._stop is None:
            if now >= self._next:
                self._begin()
        elif now - self._began >= LATE:
            self._failed()

    def heard(self, *, reached: bool) -> None:
        """Another call came through, or did not: if that is news, ask at once."""
        if reached is not self.up and self._stop is None:
            self._failures = max(self._failures, int(not reached))
            self._begin()

    def _begin(self) -> None:
        self._stop = stop = Stop()
        self._began = self._now()

        def work() -> None:
            if not stop.is_set():  # given up while the one before it held the lane
                self._ask()

        self._lanes.run(Lane.LINE, work, self._answered, self._unanswered, stop)

    def _answered(self, _: None) -> None:
        self._end()
        self._failures = 0
        self._say(up=True)

    def _unanswered(self, fault: Exception) -> None:
        if not isinstance(fault, WorldFault):
            raise fault
        self._failed()

    def _failed(self) -> None:
        self._end()
        self._failures += 1
        if self._failures >= ENOUGH:
            self._say(up=False)
        else:
            self._begin()

    def _end(self) -> None:
        """What is still on its way home is dropped."""
        if self._stop is not None:
            self._stop.set()
        self._stop, self._next = None, self._began + EVERY

    def _say(self, *, up: bool) -> None:
        if up is not self.up:
            self.up = up
            self._changed(LineChanged(up))
