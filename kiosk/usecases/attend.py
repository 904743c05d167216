"""One resident after another: holds the turn, starts its work, and forgets it whole.

Late answers cannot cross turns: each turn owns one `stop`, set when the turn ends, and a lane
drops an answer whose stop is set.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event as Stop

from devices.faults import DeviceFault
from devices.ports import CardSeen
from forms.definition import Channel
from kiosk.domain.events import (
    CardPlaced,
    CardRemoved,
    CodeRead,
    Event,
    Failed,
    Kept,
    Started,
)
from kiosk.domain.session import Journey
from kiosk.domain.states import (
    Apologising,
    Choosing,
    Identifying,
    Idle,
    Issuing,
    Parting,
    Paying,
    Reading,
    State,
    Submitting,
)
from kiosk.errors import WorldFault, code_of
from kiosk.ports.lanes import Lane, Lanes
from kiosk.usecases.identify import Identify
from kiosk.usecases.issue import Issue
from kiosk.usecases.prefill import OpenPrefill
from kiosk.usecases.prepare import Prepare
from kiosk.usecases.receive import Receive
from kiosk.usecases.submit import Submit


@dataclass(frozen=True)
class Crew:
    """Everyone who works for a turn."""

    identify: Identify
    prefill: OpenPrefill
    prepare: Prepare
    submit: Submit
    issue: Issue
    receive: Receive


class Attend:
    """Keeps one terminal's turn going."""

    def __init__(
        self, journey: Journey, crew: Crew, lanes: Lanes, shown: Callable[[State], None]
    ) -> None:
        self.journey = journey
        self._state: State = Idle()
        self._crew, self._lanes, self._shown = crew, lanes, shown
        self._stop = Stop()
        self._card_there = False
        self._looking = self._draining = False
        self._scanning: Stop | None = None

    @property
    def state(self) -> State:
        """Where the turn stands."""
        return self._state

    def handle(self, event: Event) -> None:
        """Move the turn on, start what the new state needs, show it."""
        before, after = self.state, self.journey.advance(self.state, event)
        if after is before or after == before:
            return
        self._state = after
        if isinstance(after, Idle) or isinstance(event, Started):
            self._stop.set()
            self._stop = Stop()
        self._enter(before, after)
        self._shown(self.state)

    def tick(self) -> None:
        """Look at the reader and, while a code may come, at the scanner."""
        if not self._looking:
            self._looking = True
            self._lanes.run(
                Lane.CARD, self._crew.identify.look, self._looked, self._looked_in_vain, Stop()
            )
        if isinstance(self.state, Identifying) and self._scanning is not self._stop:
            self._scanning = self._stop
            self._lanes.run(
                Lane.SCANNER, self._crew.prefill.scan, self._scanned, self._scan_failed, self._stop
            )

    def drain(self) -> None:
        """Send what waits, in the background of every turn."""
        if not self._draining:
            self._draining = True
            self._lanes.run(
                Lane.OFFICE, self._crew.submit.drain, self._drained, self._drained, Stop()
            )

    def _enter(self, before: State, after: State) -> None:
        crew = self._crew
        match after:
            case Identifying() if isinstance(before, Choosing):
                self._card_there = False  # a card that lies there already is told of again
                self._lanes.run(
                    Lane.SCANNER, self._crew.prefill.clear, _nothing, _unless_ours, self._stop
                )
            case Reading(form=form, pin=pin, last_try=last):
                self._work(Lane.CARD, lambda: crew.identify.read(form, pin, last_try=last))
            case Paying(taking=True, quote=quote):
                self._work(Lane.TILL, lambda: crew.prepare.take(quote.total))
            case Paying(ready=False):
                self._work(Lane.PRINTER, crew.prepare.preflight)
            case Submitting(case, payment, wants_paper, None):
                self._work(
                    Lane.STORE, lambda: crew.submit.keep(case, payment, wants_paper=wants_paper)
                )
            case Submitting(payment=payment, kept=Kept() as kept):
                self._work(Lane.OFFICE, lambda: crew.submit.send(kept.submission, payment))
            case Issuing(case, payment, kept):
                self._print_receipt(before, waiting=False)
                self._work(Lane.PRINTER, lambda: crew.issue.issue(case, kept, payment))
            case Parting() | Apologising() if isinstance(before, Submitting):
                self._print_receipt(before, waiting=True)

    def _print_receipt(self, before: State, *, waiting: bool) -> None:
        if not isinstance(before, Submitting) or before.kept is None:
            return
        case, receipt = before.case, before.kept.receipt
        late = waiting and getattr(self.state, "ending", None) != "handed-in"

        def work() -> None:
            self._crew.receive.print(case, receipt, waiting=late, channel=Channel.KIOSK)

        self._lanes.run(Lane.PRINTER, work, _nothing, _unless_ours, self._stop)

    def _work(self, lane: Lane, work: Callable[[], Event]) -> None:
        self._lanes.run(lane, work, self.handle, self._failed, self._stop)

    def _failed(self, fault: Exception) -> None:
        _unless_ours(fault)
        self.handle(Failed(code_of(fault)))

    def _looked(self, seen: CardSeen | None) -> None:
        self._looking = False
        there = seen is not None
        if there and not self._card_there:
            self._card_there = True
            self.handle(CardPlaced(seen.attempts_left if seen else 0))
        elif self._card_there and not there:
            self._card_there = False
            self.handle(CardRemoved())

    def _looked_in_vain(self, fault: Exception) -> None:
        self._looking = False
        _unless_ours(fault)
        if isinstance(self.state, Identifying):
            self.handle(Failed(code_of(fault)))

    def _scanned(self, code: CodeRead | None) -> None:
        self._scanning = None
        if code is not None:
            self.handle(code)

    def _scan_failed(self, fault: Exception) -> None:
        self._scanning = None
        _unless_ours(fault)
        if isinstance(self.state, Identifying):
            self.handle(Failed(code_of(fault)))

    def _drained(self, answer: int | Exception) -> None:
        self._draining = False
        if isinstance(answer, Exception):
            _unless_ours(answer)


def _nothing(_: object) -> None:
    """The answer needs no event."""


def _unless_ours(fault: Exception) -> None:
    """The world's faults have apologies; our own bugs go to the top."""
    if not isinstance(fault, WorldFault | DeviceFault):
        raise fault
