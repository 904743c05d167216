"""The chip: commands come in, answers and counters come out; nothing that is sent can break it."""

import secrets
import time
from dataclasses import dataclass, field

from devices.simulated.card import files, signing
from devices.simulated.card.access import MANAGER, Applet, Key, applets
from devices.simulated.card.command import Command, parse
from devices.simulated.card.counters import Counters
from devices.simulated.card.issuer import Issuers
from devices.simulated.card.person import Holder
from devices.simulated.card.silence import Mute, Pulled

ATR = bytes.fromhex("3BE000FF8131FE4514")
_OK, _MORE = 0x9000, 0x6100
_NOT_VERIFIED, _BLOCKED, _CONDITIONS, _NO_CURRENT = 0x6982, 0x6984, 0x6985, 0x6986
_LENGTH, _STRUCTURE, _NO_FILE, _NO_RECORD = 0x6700, 0x6981, 0x6A82, 0x6A83
_PARAMETERS, _NO_KEY, _PAST_END, _EXACTLY = 0x6A86, 0x6A88, 0x6B00, 0x6C00
_INSTRUCTION, _CLASS, _NO_SECURITY, _STUMBLE = 0x6D00, 0x6E00, 0x6882, 0x6F00
_LEFT, _PIECE, _SHORT_LE = 0x63C0, 100, 0x100
_Answer = tuple[bytes, int]


@dataclass
class _Place:
    """Where the chip stands: applet, file, what was shown, and what is still to be fetched."""

    applet: Applet | None = None
    file: int | None = None
    verified: set[str] = field(default_factory=set)
    more: bytes = b""
    heard: int = 0


class VirtualCard:
    """A made-up person's card, its counters kept for as long as it lives."""

    def __init__(
        self, holder: Holder, issuers: Issuers, *, extended: bool = True, atr: bytes = ATR
    ) -> None:
        self.holder, self.atr, self.extended = holder, atr, extended
        self.count = 0
        self.delay = holder.wrong.delay
        self._issuers, self._applets = issuers, applets(holder)
        self._place: _Place | None = None
        pins = [name for applet in self._applets for name in applet.pins.values()]
        self._counters = Counters(holder, pins)
        self._built: dict[str, dict[int, bytes]] = {}

    def power_on(self) -> bytes:
        """Wake up, with nothing verified."""
        if self.holder.wrong.mute:
            raise Mute
        self._place = _Place()
        return self.atr

    def power_off(self) -> None:
        """Forget what was verified; counters stay."""
        self._place = None

    def verified(self) -> frozenset[str]:
        """Which secrets are open right now."""
        return frozenset(self._place.verified if self._place else ())

    def tries(self) -> dict[str, int]:
        """How many tries each secret has left."""
        return dict(self._counters.left)

    @property
    def wasted(self) -> int:
        """How many wrong secrets it was shown."""
        return self._counters.wasted

    def transmit(self, command: bytes) -> bytes:
        """The answer to any bytes whatever, while there is power."""
        self.count += 1
        place, wrong = self._place, self.holder.wrong
        if place is None:
            raise Mute
        place.heard += 1
        if wrong.pulled_after is not None and place.heard > wrong.pulled_after:
            self.power_off()
            raise Pulled
        if self.delay:
            time.sleep(self.delay)
        if wrong.stumbles and place.heard == 1:
            return _STUMBLE.to_bytes(2, "big")
        found = parse(command)
        if found is None or (found.long and not self.extended):
            return _LENGTH.to_bytes(2, "big")
        data, status = self._carried(place, found)
        return data + status.to_bytes(2, "big")

    def _carried(self, place: _Place, command: Command) -> _Answer:
        """In one piece, in pieces, or only for who asks for the very length."""
        rest, place.more = place.more, b""
        fetching = (command.cla, command.ins) == (0x00, 0xC0)
        data, status = (rest, _OK if rest else _CONDITIONS) if fetching else _answer(self, command)
        if status != _OK or not data:
            return b"", status
        wanted, wrong = command.le or 0, self.holder.wrong
        if len(data) < wanted and wrong.strict_lengths and not command.long:
            place.more = rest
            return b"", _EXACTLY | len(data)
        piece = wanted if fetching else len(data)
        if wrong.chunky and not command.long:
            piece = min(piece, _PIECE)
        place.more = data[piece:]
        left = min(len(place.more), 0xFF)
        return data[:piece], (_MORE | left) if left else _OK

    def select(self, command: Command) -> _Answer:
        """An applet by its name or the beginning of it, or a file by its number."""
        place = self._here()
        match command:
            case Command(p1=0x04, p2=0x00 | 0x0C):
                return self._select_applet(place, command.data, fci=command.p2 == 0x00)
            case Command(p1=0x02, p2=0x0C) if len(command.data) == 2:
                number = int.from_bytes(command.data, "big")
                if place.applet is None or not place.applet.holds(number):
                    return b"", _NO_FILE
                place.file = number
                return b"", _OK
            case Command(p1=0x02, p2=0x0C):
                return b"", _LENGTH
            case Command(p1=0x00, p2=0x00) if command.data:
                return b"", _NO_FILE
            case Command(p1=0x00, p2=0x00) if place.applet is not None:
                return b"", _OK  # and nothing comes of it
        return b"", _PARAMETERS

    def _select_applet(self, place: _Place, aid: bytes, *, fci: bool) -> _Answer:
        found = next((one for one in self._applets if aid and one.aid.startswith(aid)), None)
        if found is None:
            return b"", _NO_FILE
        if not self.holder.wrong.clings:
            place.verified.clear()
        place.applet, place.file = found, None
        name = bytes([0x84, len(found.aid)]) + found.aid
        return (bytes([0x6F, len(name)]) + name if fci else b""), _OK

    def read(self, command: Command) -> _Answer:
        """READ BINARY of the current file, or of one by its short number."""
        if command.le is None or command.data:
            return b"", _LENGTH
        short, offset = command.p1 & 0x80, command.p1 << 8 | command.p2
        if short:
            if command.p1 & 0x60 or self.holder.wrong.no_short_ids:
                return b"", _PARAMETERS
            offset = command.p2
        file, status = self._opened(command.p1 & 0x1F if short else None, records=False)
        if status != _OK:
            return b"", status
        if offset >= len(file):
            return b"", _PAST_END
        return file[offset : offset + command.le], _OK

    def record(self, command: Command) -> _Answer:
        """READ RECORD; only the common applet has one."""
        if command.le is None or command.data:
            return b"", _LENGTH
        number = command.p2 >> 3
        if command.p2 & 0x07 != 0x04 or (number and self.holder.wrong.no_short_ids):
            return b"", _PARAMETERS
        file, status = self._opened(number or None, records=True)
        if status != _OK:
            return b"", status
        return (file[: command.le], _OK) if command.p1 == 1 else (b"", _NO_RECORD)

    def _opened(self, number: int | None, *, records: bool) -> _Answer:
        """The content of a file, for whoever has shown what it takes."""
        place = self._here()
        found = place.file if number is None else number
        if found is None:
            return b"", _NO_CURRENT
        applet = place.applet
        if applet is None or not applet.holds(found):
            return b"", _NO_FILE
        place.file = found
        if found not in applet.read or (found in applet.records) != records:
            return b"", _STRUCTURE
        needs = applet.read[found]
        if needs and not needs & place.verified:
            return b"", _NOT_VERIFIED
        return self._files(applet.name)[found], _OK

    def verify(self, command: Command) -> _Answer:
        """A secret, or nothing at all, which asks for the counter and never costs a try."""
        number, status = self._referenced(command)
        place = self._here()
        if number is None or place.applet is None:
            return b"", status
        if command.p1:
            return b"", _PARAMETERS
        if number in place.applet.blocked:
            return b"", _BLOCKED
        name = place.applet.pins.get(number)
        if name is None:
            return b"", _NO_KEY
        if not command.data and name in place.verified:
            return b"", _OK
        if not self._counters.left[name]:
            return b"", _BLOCKED
        if command.data:
            place.verified.discard(name)
            if self._counters.takes(name, command.data):
                place.verified.add(name)
                return b"", _OK
        return b"", _LEFT | self._counters.left[name]

    def sign(self, command: Command) -> _Answer:
        """A signature by the key whose secret was shown; presence is proved without any."""
        applet = self._here().applet
        if applet is not None and applet.presence is not None and not command.p2:
            number: int | None = applet.presence
        else:
            number, status = self._referenced(command)
            if number is None or applet is None:
                return b"", status
        key = applet.keys.get(number or 0)
        if key is None:
            return b"", _NO_KEY
        if not signing.known(command.p1):
            return b"", _PARAMETERS
        return self._signed(key, command)

    def _signed(self, key: Key, command: Command) -> _Answer:
        if key.needs and key.needs not in self.verified():
            return b"", _NOT_VERIFIED
        if not signing.accepts(command.p1, len(command.data)):
            return b"", _CONDITIONS
        if command.le is None:
            return b"", _LENGTH
        if command.le < 256:
            return b"", _EXACTLY
        copied = self.holder.wrong.cloned and key.needs is None
        private = self._issuers.card_key(self.holder, "clone" if copied else key.name)
        return signing.sign(private, command.p1, command.data), _OK

    def _referenced(self, command: Command) -> tuple[int | None, int]:
        """The file that P2 means, made current; or why there is none."""
        place, number = self._here(), command.p2 & 0x1F
        if command.p2 & 0xE0 != 0x80 or (number and self.holder.wrong.no_short_ids):
            return None, _PARAMETERS
        if place.applet is None:
            return None, _NO_CURRENT
        if number and not place.applet.holds(number):
            return None, _NO_KEY
        place.file = number or place.file
        return place.file, _NO_CURRENT

    def challenge(self, command: Command) -> _Answer:
        """Fresh random bytes; nobody should trust a card for those."""
        if command.p1 or command.p2:
            return b"", _PARAMETERS
        if command.data or command.le is None or command.le > _SHORT_LE:
            return b"", _LENGTH
        return secrets.token_bytes(command.le), _OK

    def data(self, command: Command) -> _Answer:
        """GET DATA of the card manager, right after power-up or once it is selected."""
        applet = self._here().applet
        if applet is not None and applet.name != MANAGER:
            return b"", _INSTRUCTION
        wanted = command.p1 << 8 | command.p2
        found = {0x5F51: self.atr[1:], **files.objects(self.holder, self._issuers)}.get(wanted)
        if found is None:
            return b"", _NO_KEY
        if command.le is None or len(found) > max(command.le, 1):
            return b"", _LENGTH
        return found, _OK

    def _here(self) -> _Place:
        return self._place or _Place()

    def _files(self, applet: str) -> dict[int, bytes]:
        """What an applet holds; made when it is first looked into."""
        if applet not in self._built:
            self._built[applet] = files.build(applet, self.holder, self._issuers)
        return self._built[applet]


def _answer(card: VirtualCard, command: Command) -> _Answer:
    """Which instruction it is, or which of three ways it is none."""
    if command.cla in (0x04, 0x08, 0x0C):
        return b"", _NO_SECURITY
    known = {
        (0x00, 0xA4): card.select,
        (0x00, 0xB0): card.read,
        (0x00, 0xB2): card.record,
        (0x00, 0x20): card.verify,
        (0x80, 0x2A): card.sign,
        (0x00, 0x84): card.challenge,
        (0x00, 0xCA): card.data,
    }.get((command.cla, command.ins))
    if known is not None:
        return known(command)
    return b"", _INSTRUCTION if command.cla in (0x00, 0x80) else _CLASS
