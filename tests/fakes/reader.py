"""A card reader without cryptography, for tests that play thousands of turns."""

from dataclasses import dataclass
from datetime import date

from devices.faults import CardGone, DeviceFault, LastTry, PinBlocked, WrongPin
from devices.ports import CardReading, CardSeen


@dataclass(frozen=True)
class PlainCard:
    """As much of a card as a turn can notice."""

    serial: str
    name: str
    address: str
    birth: date | None
    sex: str
    pin: str
    attempts_left: int = 3
    kind: str = "mynumber"
    expires: date | None = date(2034, 4, 1)


class PlainReader:
    """Believes every card; knows its PIN and its tries."""

    def __init__(self) -> None:
        self.lies: PlainCard | None = None
        self.fault: DeviceFault | None = None
        self.genuine = True
        self.pins: list[bytearray] = []
        self._left: dict[str, int] = {}

    def look(self) -> CardSeen | None:
        if self.fault is not None:
            raise self.fault
        card = self.lies
        if card is None:
            return None
        left = self._left.get(card.serial, card.attempts_left)
        expires = card.expires.isoformat() if card.expires else None
        return CardSeen(card.kind, "99999", left, expires, card.serial)

    def read(self, pin: bytearray, *, last_try: bool = False) -> CardReading:
        self.pins.append(pin)
        card = self.lies
        if card is None:
            raise CardGone
        left = self._left.get(card.serial, card.attempts_left)
        if not left:
            raise PinBlocked
        if left == 1 and not last_try:
            raise LastTry
        if pin.decode() != card.pin:
            self._left[card.serial] = left - 1
            raise WrongPin(left - 1)
        return CardReading(
            card.name, card.address, card.birth, card.sex, not_checked=(), genuine=self.genuine
        )
