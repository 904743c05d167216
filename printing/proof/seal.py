"""The signed code on a paper: who issued which number when, over a digest of its words.

`KKC1:` and Base45 of a COSE_Sign1 (RFC 9052, ES256). Bytes that are not laid out exactly as we
lay them out are refused before anything is decoded, and nothing is decoded before it is verified.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import cbor2
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from printing.proof import base45

MARK = "KKC1:"
LONGEST = 221  # letters in a version 8-M symbol: 19 mm of paper at 0.33 mm a module
DIGEST, KID = 16, 8
PRACTICE = b"practice"  # the key id of every class; no digest of a real key
_EPOCH = date(1970, 1, 1)
_HEADER = b"\xa2\x01\x26\x04\x48"  # {1: -7 (ES256), 4: key id}
_ENVELOPE = re.compile(
    rb"\xd2\x84\x4d(" + re.escape(_HEADER) + rb"(.{8}))\xa0\x58(.)(.{24,255})\x58\x40(.{64})",
    re.DOTALL,
)
_CITY, _TYPE, _NUMBER, _ISSUED, _DIGEST, _SPECIMEN = range(1, 7)


class NotASeal(Exception):
    """A text that we have not written."""


class UnknownSealKey(Exception):
    """It looks like a seal, of a key that we do not hold."""

    def __init__(self, kid: bytes) -> None:
        super().__init__(kid.hex())
        self.kid = kid


class ForgedSeal(Exception):
    """It names a key of ours, which has not signed it."""


class OverlongSeal(Exception):
    """Type and number are too long for the code; found when the office is set up."""


@dataclass(frozen=True)
class Seal:
    """What the code on a paper says."""

    city: str
    type: str
    number: str
    issued: date
    digest: bytes
    specimen: bool = False


@dataclass(frozen=True, repr=False)
class SealKey:
    """A private key and the name by which its seals find the public one."""

    kid: bytes
    private: ec.EllipticCurvePrivateKey

    @classmethod
    def of(cls, private: ec.EllipticCurvePrivateKey) -> "SealKey":
        """A key of the city under its own id."""
        return cls(key_id(private.public_key()), private)

    @classmethod
    def practice(cls) -> "SealKey":
        """A key for one class: made in memory, trusted by nobody, for specimens only."""
        return cls(PRACTICE, ec.generate_private_key(ec.SECP256R1()))


def canonical(data: Mapping[str, Any]) -> bytes:
    """The words of a paper as bytes: RFC 8785 JSON of its data without the seal over them."""
    return rfc8785.dumps({key: value for key, value in data.items() if key != "seal"})


def seal_of(data: Mapping[str, Any], city: str, *, specimen: bool = False) -> Seal:
    """What is sealed of a certificate's data as the office answers it."""
    return Seal(
        city=city,
        type=data["type"],
        number=data["number"],
        issued=date.fromisoformat(data["issued"]),
        digest=digest(data),
        specimen=specimen,
    )


def digest(data: Mapping[str, Any]) -> bytes:
    """What ties the code to the words."""
    return hashlib.sha256(canonical(data)).digest()[:DIGEST]


def key_id(public: ec.EllipticCurvePublicKey) -> bytes:
    """The name of a key, by its own bytes."""
    der = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(der).digest()[:KID]


def sign(seal: Seal, key: SealKey) -> str:
    """The text of the QR code; the same seal and key give the same text."""
    if key.kid == PRACTICE:
        seal = replace(seal, specimen=True)
    protected, payload = _HEADER + key.kid, _packed(seal)
    signature = key.private.sign(
        _signed(protected, payload), ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    )
    r, s = decode_dss_signature(signature)
    message = cbor2.CBORTag(18, [protected, {}, payload, r.to_bytes(32) + s.to_bytes(32)])
    text = MARK + base45.encode(cbor2.dumps(message))
    if len(text) > LONGEST:
        raise OverlongSeal(f"{seal.type} {seal.number}: too long for the code")
    return text


def read(text: str, keys: Mapping[bytes, ec.EllipticCurvePublicKey]) -> Seal:
    """What a scanned text says, if a key of ours has said it."""
    found = _ENVELOPE.fullmatch(_bytes(text))
    if found is None:
        raise NotASeal
    protected, kid, length, payload, signature = found.groups()
    if length[0] != len(payload):
        raise NotASeal
    if kid not in keys:
        raise UnknownSealKey(kid)
    pair = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    try:
        keys[kid].verify(pair, _signed(protected, payload), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as fault:
        raise ForgedSeal from fault
    return _unpacked(payload)


def _bytes(text: str) -> bytes:
    if not text.startswith(MARK) or len(text) > LONGEST:
        raise NotASeal
    try:
        return base45.decode(text.removeprefix(MARK))
    except ValueError as fault:
        raise NotASeal from fault


def _signed(protected: bytes, payload: bytes) -> bytes:
    """The Sig_structure of RFC 9052, section 4.4."""
    return cbor2.dumps(["Signature1", protected, b"", payload])


def _packed(seal: Seal) -> bytes:
    """Small integers for keys, city and day: every byte is a module of the code."""
    facts: dict[int, object] = {
        _CITY: int(seal.city),
        _TYPE: seal.type,
        _NUMBER: seal.number,
        _ISSUED: (seal.issued - _EPOCH).days,
        _DIGEST: seal.digest,
    }
    if seal.specimen:
        facts[_SPECIMEN] = True
    return cbor2.dumps(facts)


def _unpacked(payload: bytes) -> Seal:
    """What a key of ours has signed; a later edition of us may know more than we do."""
    try:
        facts = cbor2.loads(payload)
        seal = Seal(
            city=f"{facts[_CITY]:06d}",
            type=facts[_TYPE],
            number=facts[_NUMBER],
            issued=_EPOCH + timedelta(days=facts[_ISSUED]),
            digest=facts[_DIGEST],
            specimen=_SPECIMEN in facts,
        )
        exact = _packed(seal) == payload
    except (cbor2.CBORError, LookupError, TypeError, ValueError, OverflowError) as fault:
        raise NotASeal from fault
    if not exact:
        raise NotASeal
    return seal
