"""A card reader without hardware, with the PIN counters and the faults of a real one."""

from threading import Lock

from devices.faults import CardGone, LastTry, PinBlocked, ReaderGone, UnknownCard, WrongPin
from devices.ports import CardReading, CardSeen
from devices.simulated.people import PracticeCard

CITY_CODE = "999999"


class SimulatedReader:
    """Cards are laid on it and taken off by program instead of by hand."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._card: PracticeCard | None = None
        self._left: dict[str, int] = {}
        self.unplugged = False

    def place(self, card: PracticeCard) -> None:
        """Lay a card on the reader."""
        with self._lock:
            self._card = card
            self._left.setdefault(card.id, card.attempts_left)

    def remove(self) -> None:
        """Take the card off."""
        with self._lock:
            self._card = None

    def look(self) -> CardSeen | None:
        """What lies there now."""
        with self._lock:
            if self.unplugged:
                raise ReaderGone
            if self._card is None:
                return None
            return CardSeen(self._card.kind, CITY_CODE, self._left[self._card.id])

    def read(self, pin: bytearray, *, last_try: bool = False) -> CardReading:
        """Check the PIN as a card does, then give the attributes."""
        with self._lock:
            card = self._card
            if card is None:
                raise CardGone
            if card.kind != "mynumber":
                raise UnknownCard
            if not self._left[card.id]:
                raise PinBlocked
            if self._left[card.id] == 1 and not last_try:
                raise LastTry
            if pin != card.pin.encode():
                self._left[card.id] -= 1
                raise WrongPin(self._left[card.id])
            self._left[card.id] = 3
            return CardReading(
                card.name,
                card.address,
                card.birth,
                card.sex,
                not_checked=("issuer", "data", "presence", "revocation"),
            )
