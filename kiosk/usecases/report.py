"""A terminal says once a minute how it is, and hears what the city tells everybody.

On a lane of its own, so that no turn ever waits for it; who stands here is not said.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from threading import Event as Stop
from time import monotonic
from typing import Any, Protocol, TypeVar

from devices.faults import (
    DeviceFault,
    PaperOut,
    PrinterGone,
    PrinterStopped,
    ReaderGone,
    ReaderServiceGone,
    ScannerGone,
)
from kiosk import __version__
from kiosk.domain.notices import Notice, in_force, notices_from
from kiosk.errors import OfficeUnreachable, StoreUnusable, WorldFault
from kiosk.ports.lanes import Clock, Lane, Lanes
from kiosk.ports.memo import Memo
from kiosk.ports.office import Heard
from kiosk.ports.outbox import Outbox
from kiosk.usecases.fates import nothing, unless_ours

T = TypeVar("T")
EVERY, AT_LEAST = 60.0, 5.0  # seconds between reports, and between two because of a change
_BROKEN = (PaperOut, PrinterGone, PrinterStopped, ReaderGone, ReaderServiceGone, ScannerGone)


class State(StrEnum):
    """How a device is, as far as it was seen."""

    OK = "ok"
    FAULT = "fault"
    UNKNOWN = "unknown"


class Health:
    """How the devices were when they were last used: lanes note it, the report reads it."""

    def __init__(self) -> None:
        self._states = dict.fromkeys(("printer", "reader", "scanner"), State.UNKNOWN)

    def noted(self, device: str, work: Callable[[], T]) -> T:
        """Do the work, and remember whether the device did its part."""
        try:
            done = work()
        except _BROKEN:
            self._states[device] = State.FAULT
            raise
        except DeviceFault:
            self._states[device] = State.OK  # it answered; what lay there was at fault
            raise
        self._states[device] = State.OK
        return done

    def states(self) -> Mapping[str, str]:
        """How each is now."""
        return {device: state.value for device, state in self._states.items()}


class ReportOffice(Protocol):
    """Who hears it."""

    def report(self, said: Mapping[str, Any]) -> Heard:
        """What it answers; OfficeUnreachable where nobody heard it."""
        ...


@dataclass(frozen=True)
class Reporter:
    """The slow part: looks into the outbox, tells the office, keeps what it answered.

    The notices are kept in `memo`, so that they stand here without the office too. `again` hears
    that the office came back from a backup.
    """

    outbox: Outbox
    office: ReportOffice
    memo: Memo
    clock: Clock
    health: Health
    anchor: Callable[[], object] = lambda: None
    again: Callable[[Sequence[Any]], object] = nothing

    def tell(self, *, busy: bool) -> tuple[Notice, ...] | None:
        """The notices; None where nobody heard the report."""
        depth = self.outbox.depth()
        since = datetime.fromisoformat(depth.oldest) if depth.oldest else None
        waits = (self.clock.now() - since).total_seconds() if since else 0.0
        said = {
            "outbox": depth.waiting,
            "oldest": max(int(waits), 0),
            "version": __version__,
            "devices": self.health.states(),
            "busy": busy,
        }
        try:
            heard = self.office.report(said)
        except OfficeUnreachable:
            return None
        self.anchor()  # the end of the journal, also of a terminal that has nothing to send
        self.again(heard.restored)
        self.memo.write(json.dumps(heard.notices, ensure_ascii=False))
        return notices_from(heard.notices)

    def recall(self) -> tuple[Notice, ...]:
        """What was heard before this start."""
        try:
            return notices_from(json.loads(self.memo.read() or "[]"))
        except (StoreUnusable, ValueError):
            return ()


class Report:
    """Ticked by the one timer; tells the screen what is in force whenever that changes."""

    def __init__(
        self,
        reporter: Reporter,
        lanes: Lanes,
        told: Callable[[tuple[Notice, ...]], None],
        check: Callable[[], None] = lambda: None,
        tick: Callable[[], float] = monotonic,
    ) -> None:
        self._reporter, self._lanes, self._told = reporter, lanes, told
        self._check, self._tick = check, tick
        self._known: tuple[Notice, ...] = ()
        self._shown: tuple[Notice, ...] = ()
        self._said: tuple[object, ...] | None = None
        self._last = tick() - EVERY
        self._under_way = True
        lanes.run(Lane.REPORT, reporter.recall, self._heard, self._failed, Stop())

    def tick(self, *, busy: bool) -> None:
        """Report if it is time, or if something changed."""
        self._show()
        if self._under_way:
            return
        waited = self._tick() - self._last
        saying = (busy, *self._reporter.health.states().values())
        if waited >= EVERY or (waited >= AT_LEAST and saying != self._said):
            self._under_way, self._last, self._said = True, self._tick(), saying
            if busy:
                self._tell(busy=True)
            else:  # a printer is looked at while nobody needs it
                self._lanes.run(Lane.PRINTER, self._check, self._checked, self._ailing, Stop())

    def _checked(self, _: None) -> None:
        self._tell(busy=False)

    def _ailing(self, fault: Exception) -> None:
        unless_ours(fault)
        self._tell(busy=False)

    def _tell(self, *, busy: bool) -> None:
        def work() -> tuple[Notice, ...] | None:
            return self._reporter.tell(busy=busy)

        self._lanes.run(Lane.REPORT, work, self._heard, self._failed, Stop())

    def _heard(self, notices: tuple[Notice, ...] | None) -> None:
        self._under_way = False
        if notices is not None:
            self._known = notices
            self._show()

    def _failed(self, fault: Exception) -> None:
        self._under_way = False
        if not isinstance(fault, WorldFault):
            raise fault

    def _show(self) -> None:
        now = in_force(self._known, self._reporter.clock.now())
        if now != self._shown:
            self._shown = now
            self._told(now)
