"""The chip: commands come in, answers and counters come out; nothing that is sent can break it."""

import time
from dataclasses import dataclass, field
from types import MappingProxyType

from devices.cards.profile import TODAY, Applet
from devices.simulated.people import FULL, PracticeCard
from devices.simulated.virtual import files
from devices.simulated.virtual.issuers import Issuers

ATR = bytes.fromhex("3BE000FF8131FE4514")
_TRIES = MappingProxyType({"auth": 3, "sign": 5, "pin": 3, "a": 10, "b": 10, "birth": 10})
_READ_WITH = MappingProxyType(
    {
        ("support", 0x01): ("pin", "a"),
        ("support", 0x02): ("pin", "b"),
        ("support", 0x03): ("pin", "a", "b"),
        ("support", 0x07): ("pin", "a", "b"),
        ("surface", 0x01): ("birth",),
        ("surface", 0x02): ("a", "b"),
        ("surface", 0x05): ("a",),
        ("jpki", 0x01): ("sign",),
    }
)
_OK, _PAGE = 0x9000, 256
_NOT_VERIFIED, _BLOCKED, _CONDITIONS, _NO_FILE = 0x6982, 0x6984, 0x6985, 0x6A82
_WRONG_LENGTH, _WRONG_PARAMETERS, _PAST_END = 0x6700, 0x6A86, 0x6B00
_NO_CURRENT, _NO_KEY, _NO_SUCH, _STUMBLE = 0x6986, 0x6A88, 0x6D00, 0x6F00
_LONGEST_INPUT = 245
_MOST = 0x10000


class Pulled(Exception):
    """The card left the reader in the middle of a word."""


class Mute(Exception):
    """The card never answers."""


@dataclass(frozen=True)
class Apdu:
    """A command as the chip understands it."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes
    le: int | None


@dataclass
class Tally:
    """What happened to the chip, for those who check on us."""

    apdus: int = 0
    wasted: int = 0
    signatures: int = 0


@dataclass
class _Place:
    """Where the chip stands: applet, file, and what was shown."""

    applet: str | None = None
    file: int | None = None
    verified: set[str] = field(default_factory=set)


class VirtualCard:
    """A made-up person's card, its counters kept for as long as it lives."""

    def __init__(self, card: PracticeCard, issuers: Issuers) -> None:
        self.card, self.tally = card, Tally()
        self._issuers = issuers
        self._place, self._powered, self._more = _Place(), False, b""
        self._since_power = 0
        self._left = dict(_TRIES)
        self._left["pin"] = min(FULL, card.attempts_left)
        self._built: dict[str, dict[int, bytes]] = {}
        phone = card.kind.startswith("phone")
        applets = {"jpki": TODAY.jpki}
        if card.kind == "mynumber":
            more = {"support": TODAY.support, "surface": TODAY.surface, "common": TODAY.common}
            applets |= {name: applet for name, applet in more.items() if applet}
        self._applets: dict[str, Applet] = applets
        self._closed = dict(_READ_WITH) | ({("jpki", 0x0A): ("auth",)} if phone else {})

    @property
    def atr(self) -> bytes:
        """One of the six that real cards have; nobody should go by it."""
        return ATR

    def power_on(self) -> bytes:
        """Wake up, with nothing verified."""
        if self.card.wrong.mute:
            raise Mute
        self.power_off()
        self._powered, self._since_power = True, 0
        return ATR

    def power_off(self) -> None:
        """Forget what was verified."""
        self._place, self._powered, self._more = _Place(), False, b""

    def verified(self) -> frozenset[str]:
        """Which secrets are open right now."""
        return frozenset(self._place.verified)

    def tries(self) -> dict[str, int]:
        """How many tries each secret has left."""
        return dict(self._left)

    def transmit(self, command: bytes) -> bytes:
        """The answer to any bytes whatever."""
        wrong = self.card.wrong
        self.tally.apdus += 1
        self._since_power += 1
        if wrong.mute:
            raise Mute
        if wrong.pulled_after is not None and self._since_power > wrong.pulled_after:
            self.power_off()
            raise Pulled
        if wrong.delay:
            time.sleep(wrong.delay)
        if wrong.stumbles and self._since_power == 1:
            return _STUMBLE.to_bytes(2, "big")
        apdu = parse(command)
        if apdu is None:
            return _WRONG_LENGTH.to_bytes(2, "big")
        data, status = self._answer(apdu)
        return self._carried(apdu, data, status)

    def _carried(self, apdu: Apdu, data: bytes, status: int) -> bytes:
        """As the reader's protocol would: in one piece, in pieces, or not at all."""
        if status == _OK and data and self.card.wrong.chunky and apdu.ins != 0xC0:
            self._more = data[100:]
            if self._more:
                return data[:100] + bytes([0x61, min(len(self._more), 0xFF)])
        if status == _OK and self._more and apdu.ins == 0xC0:
            return data + bytes([0x61, min(len(self._more), 0xFF)])
        return data + status.to_bytes(2, "big")

    def _answer(self, apdu: Apdu) -> tuple[bytes, int]:
        match apdu:
            case Apdu(ins=0xC0, le=int(le)):
                size = le or _PAGE
                part, self._more = self._more[:size], self._more[size:]
                return part, _OK if part else _CONDITIONS
            case Apdu(cla=0x00, ins=0xA4, p1=0x04):
                return self._select(apdu.data, fci=apdu.p2 == 0x00)
            case Apdu(cla=0x00, ins=0xA4, p1=0x02, p2=0x0C) if len(apdu.data) == 2:
                return self._select_file(int.from_bytes(apdu.data, "big"))
            case Apdu(ins=0xA4):
                return b"", _WRONG_PARAMETERS
            case Apdu(cla=0x00, ins=0xB0, le=int(le)):
                return self._read(apdu.p1, apdu.p2, le)
            case Apdu(cla=0x00, ins=0xB2, p1=0x01):
                return self._record(apdu.p2)
            case Apdu(cla=0x00, ins=0x20, p1=0x00):
                return self._verify(apdu.p2, apdu.data)
            case Apdu(cla=0x80, ins=0x2A, p1=0x00):
                return self._sign(apdu.p2, apdu.data)
            case Apdu(cla=0x00, ins=0x84, p1=0x00, p2=0x00, le=int(le)):
                return bytes(le or _PAGE), _OK
        return b"", _NO_SUCH

    def _select(self, aid: bytes, *, fci: bool) -> tuple[bytes, int]:
        found = next((n for n, a in self._applets.items() if a.aid.startswith(aid) and aid), None)
        if found is None and not TODAY.manager.startswith(aid[:7]):
            return b"", _NO_FILE
        if not self.card.wrong.clings:
            self._place.verified.clear()
        self._place.applet, self._place.file = found, None
        told = b"\x6f" + bytes([len(aid) + 2, 0x84, len(aid)]) + aid
        return (told if fci else b""), _OK

    def _select_file(self, file: int) -> tuple[bytes, int]:
        if not self._known(file):
            return b"", _NO_FILE
        self._place.file = file
        return b"", _OK

    def _read(self, p1: int, p2: int, le: int) -> tuple[bytes, int]:
        file, offset = self._file_at(p1, p2)
        if file is None:
            return b"", _NO_CURRENT
        if not self._known(file) or (self.card.wrong.no_short_ids and p1 & 0x80):
            return b"", _NO_FILE if p1 & 0x80 else _CONDITIONS
        self._place.file = file
        content = self._files().get(file)
        if content is None:
            return b"", 0x6981
        needed = self._closed.get((self._place.applet or "", file))
        if needed and not self._place.verified & set(needed):
            return b"", _NOT_VERIFIED
        if offset >= len(content):
            return b"", _PAST_END
        page = content[offset : offset + (le or _PAGE)]
        if self.card.wrong.strict_lengths and len(page) < (le or _PAGE):
            return b"", 0x6C00 | len(page)
        return page, _OK

    def _file_at(self, p1: int, p2: int) -> tuple[int | None, int]:
        if p1 & 0x80:
            return p1 & 0x1F, p2
        return self._place.file, p1 << 8 | p2

    def _record(self, p2: int) -> tuple[bytes, int]:
        here = self._place.applet == "common"
        if not here or p2 not in (0x0C, 0x04) or (p2 == 0x04 and self._place.file != 1):
            return b"", 0x6A83 if here else 0x6981
        if p2 == 0x0C and self.card.wrong.no_short_ids:
            return b"", _WRONG_PARAMETERS
        return files.common_record(self.card), _OK

    def _verify(self, p2: int, secret: bytes) -> tuple[bytes, int]:
        if p2 & 0x60 or not p2 & 0x80 or (p2 & 0x1F and self.card.wrong.no_short_ids):
            return b"", _WRONG_PARAMETERS
        file = p2 & 0x1F or self._place.file
        name = self._secret(file)
        if name is None:
            return b"", _NO_KEY
        self._place.file = file
        if name in self._place.verified and not secret:
            return b"", _OK
        if not self._left[name]:
            return b"", _BLOCKED
        if secret:
            if secret == self._value(name):
                self._left[name] = _TRIES[name]
                self._place.verified.add(name)
                return b"", _OK
            self._place.verified.discard(name)
            self._left[name] -= 1
            self.tally.wasted += 1
        return b"", 0x63C0 | self._left[name]

    def _sign(self, p2: int, info: bytes) -> tuple[bytes, int]:
        if not 1 <= len(info) <= _LONGEST_INPUT:
            return b"", _CONDITIONS
        applet = self._place.applet
        if applet in ("support", "surface") and p2 == 0x00:
            name = "clone" if self.card.wrong.cloned else applet
        elif applet == "jpki" and p2 & 0x80:
            keys = {file: name for name, file in TODAY.jpki.keys.items()}
            found = keys.get(p2 & 0x1F or self._place.file or 0)
            if found is None or found not in self.card.certificates:
                return b"", _NO_KEY
            if found not in self._place.verified:
                return b"", _NOT_VERIFIED
            name = found
        else:
            return b"", _WRONG_PARAMETERS
        self.tally.signatures += 1
        return files.raw_signature(self._issuers.key(f"card-{name}"), info), _OK

    def _known(self, file: int) -> bool:
        name = self._place.applet
        if name is None:
            return False
        applet = self._applets[name]
        secrets = {secret.file for secret in applet.secrets.values()}
        return file in self._files() or file in secrets or file in applet.keys.values()

    def _files(self) -> dict[int, bytes]:
        """What the current applet holds; made when it is first looked into."""
        name = self._place.applet
        if name is None:
            return {}
        if name not in self._built:
            make = {
                "jpki": files.jpki_files,
                "support": files.support_files,
                "surface": files.surface_files,
            }.get(name)
            self._built[name] = make(self.card, self._issuers) if make else {0x01: b""}
        return self._built[name]

    def _secret(self, file: int | None) -> str | None:
        """The secret in this file, if this card has it."""
        if self._place.applet is None:
            return None
        secrets = self._applets[self._place.applet].secrets
        name = next((n for n, secret in secrets.items() if secret.file == file), None)
        if self._place.applet == "jpki" and name not in self.card.certificates:
            return None
        return name

    def _value(self, name: str) -> bytes:
        card = self.card
        return {
            "auth": card.pin,
            "pin": card.pin,
            "sign": card.sign_password,
            "a": card.number,
            "b": card.number_b,
            "birth": card.birth_key,
        }[name].encode()


def parse(command: bytes) -> Apdu | None:
    """Short and extended forms; None for bytes that are no command."""
    if len(command) < 4:
        return None
    head, body = command[:4], command[4:]
    if not body:
        return _apdu(head, b"", None)
    if len(body) == 1:
        return _apdu(head, b"", body[0])
    if body[0] == 0 and len(body) >= 3:
        return _extended(head, body)
    size = body[0]
    data, rest = body[1 : 1 + size], body[1 + size :]
    if not size or len(data) != size or len(rest) > 1:
        return None
    return _apdu(head, data, rest[0] if rest else None)


def _apdu(head: bytes, data: bytes, le: int | None) -> Apdu:
    return Apdu(head[0], head[1], head[2], head[3], data, le)


def _extended(head: bytes, body: bytes) -> Apdu | None:
    size = int.from_bytes(body[1:3], "big")
    if len(body) == 3:
        return _apdu(head, b"", size or _MOST)
    data, rest = body[3 : 3 + size], body[3 + size :]
    if not size or len(data) != size or len(rest) not in (0, 2):
        return None
    return _apdu(head, data, (int.from_bytes(rest, "big") or _MOST) if rest else None)
