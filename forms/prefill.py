"""Answers filled in at home, sealed to the city's key and carried as one QR code or several.

The seal is ECDH on P-256, HKDF-SHA256 and AES-256-GCM: what a phone's WebCrypto can make.
A symbol's text is `KKN2.<n>.<m>.<set>.<part>`: letters, digits and full stops only, which every
scanner types alike.
"""

import base64
import binascii
import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MARK = "KKN2"
LARGEST_SYMBOL = 900  # a version 20-M symbol, which a phone shows and a camera reads
MOST_SYMBOLS = 16
_LARGEST_OPENED = 64 * 1024
_KEY_ID, _POINT, _NONCE, _SET = 4, 65, 12, 8
_SYMBOL = re.compile(rf"{MARK}\.(\d{{1,2}})\.(\d{{1,2}})\.([A-Z2-7]{{{_SET}}})\.([A-Z2-7]+)")


class UnusablePrefill(Exception):
    """A code that cannot be taken; `reason` is a key of the texts."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Prefill:
    """What a resident filled in at home for one procedure."""

    form: str
    version: str
    made: str
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Symbol:
    """One QR code of a set."""

    number: int
    of: int
    set: str
    part: str


def seal(prefill: Prefill, city: ec.EllipticCurvePublicKey, nonce: bytes) -> tuple[str, ...]:
    """The texts of the QR codes: only the city's key opens them."""
    body = {"f": prefill.form, "v": prefill.version, "t": prefill.made, "a": dict(prefill.answers)}
    plain = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    own = ec.generate_private_key(ec.SECP256R1())
    point, name = _point(own.public_key()), key_id(city)
    secret = _shared(own, city, point)
    cipher = AESGCM(secret).encrypt(nonce, zlib.compress(plain, 9), MARK.encode() + name)
    return split(name + point + nonce + cipher)


def split(sealed: bytes) -> tuple[str, ...]:
    """The sealed bytes as texts of symbols, none larger than a phone can show."""
    text, name = _base32(sealed), set_of(sealed)
    room = LARGEST_SYMBOL - len(f"{MARK}.99.99.{name}.")
    of = -(-len(text) // room)
    if of > MOST_SYMBOLS:
        raise UnusablePrefill("too-long")
    step = -(-len(text) // of)
    parts = [text[place : place + step] for place in range(0, len(text), step)]
    return tuple(f"{MARK}.{n}.{of}.{name}.{part}" for n, part in enumerate(parts, 1))


def read_symbol(text: str) -> Symbol:
    """What one scanned text is; anything that is not ours is said to be so."""
    found = _SYMBOL.fullmatch(text) if len(text) <= LARGEST_SYMBOL else None
    if found is None:
        raise UnusablePrefill("damaged" if text.startswith(f"{MARK}.") else "not-ours")
    symbol = Symbol(int(found[1]), int(found[2]), found[3], found[4])
    if not 1 <= symbol.number <= symbol.of <= MOST_SYMBOLS:
        raise UnusablePrefill("damaged")
    return symbol


def join(symbols: Iterable[Symbol]) -> bytes:
    """The sealed bytes of a whole set, in whatever order it was scanned."""
    pieces = {symbol.number: symbol for symbol in symbols}
    sets = {(symbol.set, symbol.of) for symbol in pieces.values()}
    if len(sets) != 1:
        raise UnusablePrefill("mixed")
    ((name, of),) = sets
    if set(pieces) != set(range(1, of + 1)):
        raise UnusablePrefill("incomplete-set")
    sealed = _unbase32("".join(pieces[number].part for number in range(1, of + 1)))
    if set_of(sealed) != name:
        raise UnusablePrefill("damaged")
    return sealed


def open_sealed(sealed: bytes, keys: Sequence[ec.EllipticCurvePrivateKey]) -> Prefill:
    """What is inside, opened with the key of the city that it was sealed to."""
    name, rest = sealed[:_KEY_ID], sealed[_KEY_ID:]
    point, nonce, cipher = rest[:_POINT], rest[_POINT : _POINT + _NONCE], rest[_POINT + _NONCE :]
    if not cipher:
        raise UnusablePrefill("damaged")
    key = next((each for each in keys if key_id(each.public_key()) == name), None)
    if key is None:
        raise UnusablePrefill("another-key")
    try:
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        packed = AESGCM(_shared(key, sender, point)).decrypt(nonce, cipher, MARK.encode() + name)
    except (ValueError, InvalidTag) as fault:
        raise UnusablePrefill("damaged") from fault
    return _unpack(packed)


def key_id(city: ec.EllipticCurvePublicKey) -> bytes:
    """The first bytes of the key's fingerprint: which of our keys a code was sealed to."""
    return hashlib.sha256(_point(city)).digest()[:_KEY_ID]


def set_of(sealed: bytes) -> str:
    """The name that the symbols of one set share."""
    return _base32(hashlib.sha256(sealed).digest())[:_SET]


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=")


def _unbase32(text: str) -> bytes:
    try:
        return base64.b32decode(text + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError) as fault:
        raise UnusablePrefill("damaged") from fault


def _unpack(packed: bytes) -> Prefill:
    try:
        opener = zlib.decompressobj()
        plain = opener.decompress(packed, _LARGEST_OPENED)
        body = json.loads(plain.decode())
        prefill = Prefill(body["f"], body["v"], body["t"], body["a"])
    except (zlib.error, ValueError, KeyError, TypeError, RecursionError) as fault:
        raise UnusablePrefill("damaged") from fault
    header = (prefill.form, prefill.version, prefill.made)
    whole = opener.eof and not opener.unused_data
    if not whole or not isinstance(prefill.answers, dict):
        raise UnusablePrefill("damaged")
    if not all(isinstance(part, str) for part in header):
        raise UnusablePrefill("damaged")
    return prefill


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def _shared(
    mine: ec.EllipticCurvePrivateKey, theirs: ec.EllipticCurvePublicKey, point: bytes
) -> bytes:
    secret = mine.exchange(ec.ECDH(), theirs)
    return HKDF(hashes.SHA256(), 32, salt=point, info=MARK.encode()).derive(secret)
