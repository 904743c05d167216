"""What the side pages of a desk need done: consents looked up, the queue tended, slips read."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Event as Stop
from typing import Protocol

from kiosk.domain.consulting import Consulting
from kiosk.domain.counter import DeskEvent, DeskState
from kiosk.domain.events import Confirmed
from kiosk.domain.reseeding import Reseeding, ScannerHeard
from kiosk.domain.tending import Tending
from kiosk.ports.lanes import Lane, Lanes
from kiosk.usecases.consent import Consent
from kiosk.usecases.fates import nothing, unless_ours
from kiosk.usecases.receive import Receive
from kiosk.usecases.reseed import Reseed
from kiosk.usecases.tend import Tend


class Works(Protocol):
    """How work is run for the clerk who sits there now."""

    def __call__(self, lane: Lane, work: Callable[[], DeskEvent]) -> None:
        """Its answer is an event of the desk, unless the clerk has left."""
        ...


@dataclass
class Errands:
    """Whoever goes on behalf of a side page; what was decided is durable here before it is told."""

    lanes: Lanes
    run: Works
    drain: Callable[[], None]
    look: Callable[[], None]
    up: Callable[[], bool]
    tend: Tend
    receive: Receive
    consent: Consent | None = None
    reseed: Reseed | None = None
    _scanning: Stop | None = field(default=None, repr=False)

    def go(self, before: DeskState, after: DeskState, by: str, stop: Stop) -> None:
        """Start what the new state of a side page needs."""
        match after:
            case Tending():
                self._tend(before, after, by)
            case Consulting() if self.consent is not None:
                self._consult(replace(self.consent, by=by), before, after, stop)
            case Reseeding() if self.reseed is not None:
                self._reseed(self.reseed, before, after, by)

    def scan(self, state: DeskState, told: Callable[[DeskEvent], None], stop: Stop) -> None:
        """Look whether a slip is held in front of the scanner; a broken one is said to be so."""
        if not isinstance(state, Reseeding) or not state.reads or self.reseed is None:
            return
        if self._scanning is stop:
            return
        self._scanning = stop

        def scanned(code: DeskEvent | None) -> None:
            self._scanning = None
            told(ScannerHeard(works=True))
            if code is not None:
                told(code)

        def deaf(fault: Exception) -> None:
            self._scanning = None
            unless_ours(fault)
            told(ScannerHeard(works=False))

        self.lanes.run(Lane.SCANNER, self.reseed.scan, scanned, deaf, stop)

    def back(self, state: DeskState, told: Callable[[DeskEvent], None]) -> None:
        """The office answers again: whose slip it is, is asked once more."""
        if isinstance(state, Reseeding) and state.away and state.found is None:
            told(Confirmed())

    def _tend(self, before: DeskState, after: Tending, by: str) -> None:
        """What is decided first; then whatever can go, goes."""
        if not isinstance(before, Tending):
            self.look()
        elif after.act is not None and after.doing and not before.doing:
            act, why = after.act, after.why
            self.run(Lane.STORE, lambda: self.tend.do(act, why, by))
        elif before.doing and after.told is not None and self.up():
            self.drain()

    def _consult(self, consent: Consent, before: DeskState, after: Consulting, stop: Stop) -> None:
        """The office is asked; what is taken back here goes everywhere."""
        if after.revoking and after.found is not None and after.chosen is not None:
            found, purpose = after.found, after.chosen
            self.run(Lane.STORE, lambda: consent.withdraw(found.person, purpose, found.agreed))
        elif after.said is not None and after.found is None:
            said = after.said
            self.run(Lane.OFFICE, lambda: consent.recall_of(said))
        elif isinstance(before, Consulting) and after.slip is not None and before.revoking:
            words = consent.purposes.say("title", before.chosen or "", "ja")
            slip = after.slip

            def print_it() -> None:
                self.receive.withdrawn(words, slip)

            self.lanes.run(Lane.PRINTER, print_it, nothing, unless_ours, stop)
            self.drain()

    def _reseed(self, reseed: Reseed, before: DeskState, after: Reseeding, by: str) -> None:
        """Codes are read, the office is asked whose they are, and only then told to take it."""
        was = before if isinstance(before, Reseeding) else None
        if was is None or (was.sealed and not after.sealed):  # whatever is shown next is the next
            self.lanes.run(Lane.SCANNER, reseed.clear, nothing, unless_ours, Stop())
        elif after.pictures and not was.pictures:
            self.run(Lane.SCANNER, lambda: reseed.read(after.pictures))
        elif after.looks and not was.looks:
            self.run(Lane.OFFICE, lambda: reseed.look(after.sealed))
        elif after.taking and not was.taking:
            self.run(Lane.OFFICE, lambda: reseed.take(after.sealed, by))
