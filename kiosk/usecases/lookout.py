"""What lies on the reader and what comes to the scanner, told as events of one turn.

A look that began in another's turn tells nothing of this one.
"""

from collections.abc import Callable
from functools import partial
from threading import Event as Stop

from devices.faults import CardMute, CardTooSlow, ExpiredCard, UnknownCard, UnreadableCard
from devices.ports import CardSeen
from kiosk.domain.events import CardPlaced, CardRemoved, CodePartRead, CodeRead, Event, Failed
from kiosk.errors import code_of
from kiosk.ports.lanes import Lane, Lanes
from kiosk.usecases.fates import nothing, unless_ours
from kiosk.usecases.identify import Identify
from kiosk.usecases.prefill import OpenPrefill

_ANOTHER_CARD = (CardMute, CardTooSlow, ExpiredCard, UnknownCard, UnreadableCard)


class Lookout:
    """Looks on the lanes of reader and scanner; ticked by the one timer."""

    def __init__(
        self,
        identify: Identify,
        prefill: OpenPrefill,
        lanes: Lanes,
        told: Callable[[Event], None],
        wanted: Callable[[], bool],
    ) -> None:
        self._identify, self._prefill, self._lanes = identify, prefill, lanes
        self._told, self._wanted = told, wanted
        self._turn = Stop()
        self._lies: CardSeen | None = None
        self._looking = False
        self._scanning: Stop | None = None

    def begin(self, turn: Stop) -> None:
        """Another turn: its stop, and whatever is seen from now on."""
        self._turn = turn

    def expect(self) -> None:
        """A card that lies there already is told of again; codes shown before are forgotten."""
        self._lies = None
        self._lanes.run(Lane.SCANNER, self._prefill.clear, nothing, unless_ours, self._turn)

    def tick(self) -> None:
        """Look at the reader and, while a code may come, at the scanner."""
        if not self._looking:
            self._looking = True
            self._lanes.run(
                Lane.CARD,
                self._identify.look,
                partial(self._looked, self._turn),
                partial(self._looked_in_vain, self._turn),
                Stop(),
            )
        if self._wanted() and self._scanning is not self._turn:
            self._scanning = self._turn
            self._lanes.run(
                Lane.SCANNER, self._prefill.scan, self._scanned, self._scan_failed, self._turn
            )

    def _looked(self, turn: Stop, seen: CardSeen | None) -> None:
        self._looking = False
        if turn is not self._turn:
            return  # what lay there was laid there in another's turn
        was, self._lies = self._lies, seen
        if was is not None and (seen is None or seen.serial != was.serial):
            self._lies = None
            self._told(CardRemoved())
        elif was is None and seen is not None:
            self._told(CardPlaced(seen.attempts_left))

    def _looked_in_vain(self, turn: Stop, fault: Exception) -> None:
        self._looking = False
        unless_ours(fault)
        if turn is not self._turn:
            return
        if self._lies is not None and isinstance(fault, _ANOTHER_CARD):
            self._lies = None
            self._told(CardRemoved())
        else:
            self._apologise(fault)

    def _scanned(self, code: CodeRead | CodePartRead | None) -> None:
        self._scanning = None
        if code is not None:
            self._told(code)

    def _scan_failed(self, fault: Exception) -> None:
        self._scanning = None
        unless_ours(fault)
        self._apologise(fault)

    def _apologise(self, fault: Exception) -> None:
        if self._wanted():
            self._told(Failed(code_of(fault)))
