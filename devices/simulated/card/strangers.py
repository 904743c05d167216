"""Other cards that people lay on the reader: they answer, but to other names."""

from devices.simulated.card.command import Command, parse
from devices.simulated.card.silence import Mute

_NO_FILE, _NO_INSTRUCTION, _NO_CLASS, _LENGTH = 0x6A82, 0x6D00, 0x6E00, 0x6700
_NOT_VERIFIED, _PARAMETERS, _OK = 0x6982, 0x6A86, 0x9000


class StrangeCard:
    """A card of somebody else's: whatever secret it is shown is a try wasted."""

    def __init__(
        self, atr: str, names: tuple[str, ...] = (), pins: tuple[int, ...] = (), *, speaks: bool
    ) -> None:
        self.atr, self._speaks = bytes.fromhex(atr), speaks
        self._names = [bytes.fromhex(name) for name in names]
        self._left = dict.fromkeys(pins, 3)
        self._selected = self._powered = False
        self.count = self.wasted = 0

    def power_on(self) -> bytes:
        """Wake up."""
        self._selected, self._powered = False, True
        return self.atr

    def power_off(self) -> None:
        """Sleep."""
        self._powered = False

    def verified(self) -> frozenset[str]:
        """Nothing of ours ever is."""
        return frozenset()

    def tries(self) -> dict[str, int]:
        """How many tries its own PINs have left."""
        return {f"{file:02x}": left for file, left in self._left.items()}

    def transmit(self, command: bytes) -> bytes:
        """The answer to any bytes whatever, while there is power."""
        self.count += 1
        if not self._powered:
            raise Mute
        found = parse(command)
        status = _LENGTH if found is None else self._status(found)
        return status.to_bytes(2, "big")

    def _status(self, command: Command) -> int:
        self.wasted += command.ins == 0x20 and bool(command.data)
        if not self._speaks:
            return _NO_FILE if command.ins == 0xA4 else _NO_INSTRUCTION
        if command.cla:
            return _NO_CLASS
        match command:
            case Command(ins=0xA4, p1=0x04):
                known = command.data in self._names
                self._selected = self._selected or known
                return _OK if known else _NO_FILE
            case Command(ins=0xA4):
                return _NO_FILE
            case Command(ins=0xB0):
                return _NOT_VERIFIED if self._selected else _NO_FILE
            case Command(ins=0x20):
                return self._verify(command)
        return _NO_INSTRUCTION

    def _verify(self, command: Command) -> int:
        file = command.p2 & 0x1F
        if file not in self._left:
            return _PARAMETERS
        if command.data and self._left[file]:
            self._left[file] -= 1
        return 0x63C0 | self._left[file]


class MuteCard(StrangeCard):
    """Something that a reader feels and that never says a word."""

    def __init__(self) -> None:
        super().__init__("", speaks=False)

    def power_on(self) -> bytes:
        """Never."""
        raise Mute


def suica() -> StrangeCard:
    """A FeliCa ticket as PC/SC readers show it: it speaks no ISO 7816."""
    return StrangeCard("3B8F8001804F0CA00000030611003B0000000042", speaks=False)


def drivers_licence() -> StrangeCard:
    """運転免許証: its own applet, and two PINs that are not ours to try."""
    names = ("A0000002310100000000000000000000",)
    return StrangeCard("3B888001000000000081810088", names, (0x01, 0x02), speaks=True)


def residence_card() -> StrangeCard:
    """在留カード: its own applet, closed to who does not know the printed number."""
    names = ("D392F0004F0200000000000000000000",)
    return StrangeCard("3B888001000000000091810098", names, speaks=True)
