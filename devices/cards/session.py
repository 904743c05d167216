"""One applet of one card while it is selected: counters before tries, and never a try wasted."""

from collections.abc import Callable

from devices.apdu import OK, Command, Exchange, StatusFault
from devices.cards.profile import Applet
from devices.faults import LastTry, MalformedPin, PinBlocked, WrongPin

_VERIFY, _SELECT, _SIGN = 0x20, 0xA4, 0x2A
_SHORT_ID = 0x80
_BLOCKED = {0x63C0, 0x6983, 0x6984}
_UNLIMITED = 0x6300
_WRONG_LENGTH = 0x6700
_NO_SHORT_IDS = {0x6A82, 0x6A86, 0x6A88, 0x6986}
PLENTY = 15


def select(exchange: Exchange, aid: bytes) -> bool:
    """Make an applet current; False where the card has none of this name."""
    _, status = exchange.ask(Command(_SELECT, 0x04, 0x0C, aid))
    return status == OK


class AppletSession:
    """The files, secrets and keys of the current applet."""

    def __init__(self, exchange: Exchange, applet: Applet, manager: bytes) -> None:
        self._exchange, self._applet, self._manager = exchange, applet, manager

    def tries(self, secret: str) -> int | None:
        """How many tries are left; None where the card has no such secret. Costs none."""
        file = self._applet.secrets[secret].file
        status = self._count(file)
        if status == OK:  # still open from somebody before us: lock it, then ask again
            select(self._exchange, self._manager)
            select(self._exchange, self._applet.aid)
            status = self._count(file)
        if status in _BLOCKED:
            return 0
        if status in (OK, _UNLIMITED):
            return PLENTY
        return status & 0xF if status & 0xFFF0 == 0x63C0 else None

    def verify(self, secret: str, digits: bytearray, *, last_try: bool = False) -> None:
        """Show the secret to the card, if that is wise; return when the card took it."""
        wanted = self._applet.secrets[secret]
        if not wanted.fits(digits):
            raise MalformedPin
        left = self.tries(secret)
        if left == 0:
            raise PinBlocked
        if left == 1 and not last_try:
            raise LastTry
        status = self._at(wanted.file, lambda p2: Command(_VERIFY, 0, p2, digits))[1]
        if status in _BLOCKED:
            raise PinBlocked
        if status & 0xFFF0 == 0x63C0:
            raise WrongPin(status & 0xF)
        if status != OK:
            raise StatusFault(status)

    def read(self, file: str) -> bytes:
        """A whole file, as long as its outer object says."""
        number = self._applet.files[file]
        try:
            return self._exchange.read(number)
        except StatusFault as fault:
            if fault.status not in _NO_SHORT_IDS:
                raise
        self._select_file(number)
        return self._exchange.read()

    def sign(self, key: str, digest_info: bytes) -> bytes:
        """A signature over a DigestInfo, by a key whose secret was shown."""
        data, status = self._at(
            self._applet.keys[key],
            lambda p2: Command(_SIGN, 0, p2, digest_info, le=0, cla=_SHORT_ID),
        )
        if status != OK:
            raise StatusFault(status)
        return data

    def prove(self, digest_info: bytes) -> bytes:
        """A signature by the card's own key, which needs no secret: the card is here."""
        return self._exchange.send(Command(_SIGN, 0, 0, digest_info, le=0, cla=_SHORT_ID))

    def _count(self, file: int) -> int:
        """The status of an empty VERIFY: four bytes and not one more, for that asks nothing."""
        _, status = self._at(file, lambda p2: Command(_VERIFY, 0, p2))
        if status == _WRONG_LENGTH:
            _, status = self._at(file, lambda p2: Command(_VERIFY, 0, p2, le=0))
        return status

    def _at(self, file: int, command: Callable[[int], Command]) -> tuple[bytes, int]:
        """By the short id where the card takes it, else by selecting the file first."""
        answer = self._exchange.ask(command(_SHORT_ID + file))
        if answer[1] not in _NO_SHORT_IDS:
            return answer
        _, status = self._exchange.ask(Command(_SELECT, 0x02, 0x0C, bytes([0, file])))
        return self._exchange.ask(command(_SHORT_ID)) if status == OK else (b"", status)

    def _select_file(self, file: int) -> None:
        self._exchange.send(Command(_SELECT, 0x02, 0x0C, bytes([0, file])))
