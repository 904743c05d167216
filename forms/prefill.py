"""Answers filled in at home, sealed to the city's key and carried as a QR code.

The seal is ECDH on P-256, HKDF-SHA256 and AES-256-GCM: what a phone's WebCrypto can make.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MARK = "KKN1"
LARGEST = 4096
_LARGEST_OPENED = 16384
_POINT = 65
_NONCE = 12


@dataclass(frozen=True)
class Prefill:
    """What a resident filled in at home for one procedure."""

    form: str
    version: str
    made: str
    answers: Mapping[str, object]


class UnusablePrefill(Exception):
    """A code that cannot be taken; `reason` is a key of the texts."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def seal(prefill: Prefill, city: ec.EllipticCurvePublicKey, nonce: bytes) -> str:
    """The text of the QR code: only the city's key opens it."""
    body = {"f": prefill.form, "v": prefill.version, "t": prefill.made, "a": dict(prefill.answers)}
    packed = zlib.compress(json.dumps(body, ensure_ascii=False).encode(), 9)
    ephemeral = ec.generate_private_key(ec.SECP256R1())
    point = _point(ephemeral.public_key())
    sealed = AESGCM(_shared(ephemeral, city, point)).encrypt(nonce, packed, MARK.encode())
    return f"{MARK}.{base64.b32encode(point + nonce + sealed).decode().rstrip('=')}"


def open_sealed(text: str, keys: Sequence[ec.EllipticCurvePrivateKey]) -> Prefill:
    """The answers inside, tried with every key of the city that is still valid."""
    if not text.startswith(f"{MARK}.") or len(text) > LARGEST:
        raise UnusablePrefill("not-ours")
    raw = _unbase32(text[len(MARK) + 1 :])
    point, nonce, sealed = raw[:_POINT], raw[_POINT : _POINT + _NONCE], raw[_POINT + _NONCE :]
    try:
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError as fault:
        raise UnusablePrefill("damaged") from fault
    for key in keys:
        try:
            packed = AESGCM(_shared(key, sender, point)).decrypt(nonce, sealed, MARK.encode())
        except InvalidTag:
            continue
        return _unpack(packed)
    raise UnusablePrefill("another-key")


def _unbase32(text: str) -> bytes:
    try:
        raw = base64.b32decode(text + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError) as fault:
        raise UnusablePrefill("damaged") from fault
    if len(raw) <= _POINT + _NONCE:
        raise UnusablePrefill("damaged")
    return raw


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
