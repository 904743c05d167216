"""A card reader without hardware: the real reading of a virtual card, in one process.

What a card needs (X.509, pictures, keys) is loaded with the first card, for the start page of a
kiosk does not wait for it.
"""

from devices.ports import CardReader, CardReading, CardSeen
from devices.simulated.card.person import Holder
from devices.simulated.slot import SimulatedSlot
from devices.simulated.t1 import Chip


class SimulatedReader:
    """Cards are laid on it and taken off by program; each keeps its counters while we live."""

    def __init__(self) -> None:
        self._slot = SimulatedSlot()
        self._chips: dict[str, Chip] = {}
        self._reading: CardReader | None = None

    @property
    def unplugged(self) -> bool:
        """Whether the reader is missing."""
        return self._slot.unplugged

    @unplugged.setter
    def unplugged(self, missing: bool) -> None:
        self._slot.unplugged = missing

    def place(self, card: Holder) -> None:
        """Lay a card on the reader."""
        from devices.simulated.card.issuer import Issuers
        from devices.simulated.card.virtual import VirtualCard

        if card.id not in self._chips:
            self._chips[card.id] = VirtualCard(card, Issuers())
        self._slot.place(self._chips[card.id])

    def remove(self) -> None:
        """Take the card off."""
        self._slot.remove()

    def look(self) -> CardSeen | None:
        """What lies there now; where no card ever lay, nothing that cards need is loaded."""
        if self._reading is None and self._slot.lying() is None:
            return None
        return self._reader().look()

    def read(self, pin: bytearray, *, last_try: bool = False) -> CardReading:
        """Read as any card is read, trusting the issuers of practice cards."""
        return self._reader().read(pin, last_try=last_try)

    def _reader(self) -> CardReader:
        """Made on the card's lane when first needed: the keys of the issuers take a moment."""
        if self._reading is None:
            from devices.cards.reader import SlotReader
            from devices.simulated.card.issuer import Issuers

            self._reading = SlotReader(self._slot, Issuers().trust())
        return self._reading
