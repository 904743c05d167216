"""A reader without hardware: cards are laid on it and taken off by program."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from threading import RLock

from devices.apdu import Card
from devices.faults import CardGone, CardMute, ReaderGone
from devices.simulated.t1 import Chip


class SimulatedSlot:
    """An equal of a PC/SC slot, in process: the same card answers behind both."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._chip: Chip | None = None
        self._insertions = count(1)
        self._lies: str | None = None
        self.unplugged = False

    def place(self, chip: Chip) -> None:
        """Lay a card on the reader."""
        with self._lock:
            self._chip, self._lies = chip, f"simulated#{next(self._insertions)}"

    def remove(self) -> None:
        """Take the card off."""
        with self._lock:
            if self._chip is not None:
                self._chip.power_off()
            self._chip = self._lies = None

    def lying(self) -> str | None:
        """A name for the very card that lies there."""
        with self._lock:
            if self.unplugged:
                raise ReaderGone
            return self._lies

    @contextmanager
    def powered(self) -> Iterator[Card]:
        """The card, powered until the block ends."""
        with self._lock:
            if self.unplugged:
                raise ReaderGone
            chip = self._chip
            if chip is None:
                raise CardGone
            try:
                chip.power_on()
            except Exception as silence:
                raise CardMute from silence
        try:
            yield _Contact(self, chip)
        finally:
            chip.power_off()

    def holds(self, chip: Chip) -> bool:
        """Whether this very card still lies there."""
        with self._lock:
            return self._chip is chip and not self.unplugged


class _Contact:
    """The line to a card that may be pulled at any moment."""

    def __init__(self, slot: SimulatedSlot, chip: Chip) -> None:
        self._slot, self._chip = slot, chip

    def transmit(self, command: bytes | bytearray) -> bytes:
        """One exchange, if the card is there before and after it."""
        if not self._slot.holds(self._chip):
            raise CardGone
        try:
            answer = self._chip.transmit(bytes(command))
        except Exception as silence:  # whatever a chip raises: it fell silent
            raise CardGone from silence
        if not self._slot.holds(self._chip):
            raise CardGone
        return answer
