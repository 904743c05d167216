"""A card reader without hardware: the real reading of a virtual card, in one process."""

from devices.cards.issuers import Trust
from devices.cards.reader import SlotReader
from devices.ports import CardReading, CardSeen
from devices.simulated.card.issuer import Issuers
from devices.simulated.card.person import Holder
from devices.simulated.card.virtual import VirtualCard
from devices.simulated.slot import SimulatedSlot


class SimulatedReader:
    """Cards are laid on it and taken off by program; each keeps its counters while we live."""

    def __init__(self) -> None:
        self._slot, self._issuers = SimulatedSlot(), Issuers()
        self._chips: dict[str, VirtualCard] = {}
        self._reading: SlotReader | None = None

    @property
    def unplugged(self) -> bool:
        """Whether the reader is missing."""
        return self._slot.unplugged

    @unplugged.setter
    def unplugged(self, missing: bool) -> None:
        self._slot.unplugged = missing

    def place(self, card: Holder) -> None:
        """Lay a card on the reader."""
        self._slot.place(self._chips.setdefault(card.id, VirtualCard(card, self._issuers)))

    def remove(self) -> None:
        """Take the card off."""
        self._slot.remove()

    def trust(self) -> Trust:
        """The issuers of the practice cards, for a practice world."""
        return self._issuers.trust()

    def look(self) -> CardSeen | None:
        """What lies there now."""
        return self._reader().look()

    def read(self, pin: bytearray, *, last_try: bool = False) -> CardReading:
        """Read as any card is read, trusting the issuers of practice cards."""
        return self._reader().read(pin, last_try=last_try)

    def _reader(self) -> SlotReader:
        """Made on the card's lane when first needed: the keys of the issuers take a moment."""
        if self._reading is None:
            self._reading = SlotReader(self._slot, self.trust())
        return self._reading
