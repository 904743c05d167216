"""What only the holder of a key may read, carried on paper and screens as one QR code or several.

The seal is ECDH on P-256, HKDF-SHA256 and AES-256-GCM: what a phone's WebCrypto can make.
A symbol's text is `<mark>.<n>.<m>.<set>.<part>`: letters, digits and full stops only, which every
scanner types alike.
"""

import base64
import binascii
import hashlib
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LARGEST_SYMBOL = 900  # a version 20-M symbol, which a phone shows and a camera reads
_LARGEST_OPENED = 64 * 1024
_KEY_ID, _POINT, _NONCE, _SET = 4, 65, 12, 8


class Unopenable(Exception):
    """A code that cannot be taken or made; `reason` is a key of the texts."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Symbol:
    """One QR code of a set."""

    number: int
    of: int
    set: str
    part: str


@dataclass(frozen=True)
class SealedCodes:
    """One kind of sealed codes; a seal made under one mark opens under no other."""

    mark: str
    most: int

    def seal(self, plain: bytes, to: ec.EllipticCurvePublicKey, nonce: bytes) -> bytes:
        """Deflated and sealed: only the holder of the key reads it."""
        own = ec.generate_private_key(ec.SECP256R1())
        point, name = _point(own.public_key()), key_id(to)
        secret = self._shared(own, to, point)
        packed = zlib.compress(plain, 9)
        return name + point + nonce + AESGCM(secret).encrypt(nonce, packed, self._about(name))

    def open(self, sealed: bytes, keys: Sequence[ec.EllipticCurvePrivateKey]) -> bytes:
        """What was sealed to one of these keys."""
        name, rest = sealed[:_KEY_ID], sealed[_KEY_ID:]
        point, nonce = rest[:_POINT], rest[_POINT : _POINT + _NONCE]
        cipher = rest[_POINT + _NONCE :]
        if not cipher:
            raise Unopenable("damaged")
        key = next((each for each in keys if key_id(each.public_key()) == name), None)
        if key is None:
            raise Unopenable("another-key")
        try:
            sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
            secret = self._shared(key, sender, point)
            packed = AESGCM(secret).decrypt(nonce, cipher, self._about(name))
        except (ValueError, InvalidTag) as fault:
            raise Unopenable("damaged") from fault
        return _inflated(packed)

    def split(self, sealed: bytes) -> tuple[str, ...]:
        """The sealed bytes as texts of symbols, none larger than a phone can show."""
        text, name = _base32(sealed), set_of(sealed)
        room = LARGEST_SYMBOL - len(f"{self.mark}.99.99.{name}.")
        of = -(-len(text) // room)
        if of > self.most:
            raise Unopenable("too-long")
        step = -(-len(text) // of)
        parts = [text[place : place + step] for place in range(0, len(text), step)]
        return tuple(f"{self.mark}.{n}.{of}.{name}.{part}" for n, part in enumerate(parts, 1))

    def read(self, text: str) -> Symbol:
        """What one scanned text is; anything that is not ours is said to be so."""
        shape = rf"{self.mark}\.(\d{{1,2}})\.(\d{{1,2}})\.([A-Z2-7]{{{_SET}}})\.([A-Z2-7]+)"
        found = re.fullmatch(shape, text) if len(text) <= LARGEST_SYMBOL else None
        if found is None:
            raise Unopenable("damaged" if text.startswith(f"{self.mark}.") else "not-ours")
        symbol = Symbol(int(found[1]), int(found[2]), found[3], found[4])
        if not 1 <= symbol.number <= symbol.of <= self.most:
            raise Unopenable("damaged")
        return symbol

    def _about(self, name: bytes) -> bytes:
        return self.mark.encode() + name

    def _shared(
        self, mine: ec.EllipticCurvePrivateKey, theirs: ec.EllipticCurvePublicKey, point: bytes
    ) -> bytes:
        secret = mine.exchange(ec.ECDH(), theirs)
        return HKDF(hashes.SHA256(), 32, salt=point, info=self.mark.encode()).derive(secret)


def join(symbols: Iterable[Symbol]) -> bytes:
    """The sealed bytes of a whole set, in whatever order it was scanned."""
    pieces = {symbol.number: symbol for symbol in symbols}
    sets = {(symbol.set, symbol.of) for symbol in pieces.values()}
    if len(sets) != 1:
        raise Unopenable("mixed")
    ((name, of),) = sets
    if set(pieces) != set(range(1, of + 1)):
        raise Unopenable("incomplete-set")
    sealed = _unbase32("".join(pieces[number].part for number in range(1, of + 1)))
    if set_of(sealed) != name:
        raise Unopenable("damaged")
    return sealed


def key_id(key: ec.EllipticCurvePublicKey) -> bytes:
    """The first bytes of the key's fingerprint: which of our keys a code was sealed to."""
    return hashlib.sha256(_point(key)).digest()[:_KEY_ID]


def set_of(sealed: bytes) -> str:
    """The name that the symbols of one set share."""
    return _base32(hashlib.sha256(sealed).digest())[:_SET]


def _inflated(packed: bytes) -> bytes:
    try:
        opener = zlib.decompressobj()
        plain = opener.decompress(packed, _LARGEST_OPENED)
    except zlib.error as fault:
        raise Unopenable("damaged") from fault
    if not opener.eof or opener.unused_data:
        raise Unopenable("damaged")
    return plain


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=")


def _unbase32(text: str) -> bytes:
    try:
        return base64.b32decode(text + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError) as fault:
        raise Unopenable("damaged") from fault


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
