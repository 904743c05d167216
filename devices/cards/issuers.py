"""Whose signatures on cards are trusted, and how a card's own issuer certificate is checked.

The keys that sign the 券面 applets are not published; those in `resources/trust` were recovered
from cards by others. An issuer we do not hold is therefore `unknown`, never `bad`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

from devices import tlv
from devices.cards.evidence import Finding

_CERTIFICATE, _BODY, _SIGNATURE = 0x7F21, 0x5F4E, 0x5F37
_EXPONENT, _MODULUS = 0x90, 0x91
_ID = 16
_SMALLEST_KEY = 2048


class TrustFault(ValueError):
    """A file that is no list of trusted issuers."""


@dataclass(frozen=True)
class Trust:
    """The issuers of 券面 applets by their id, and the roots of certificates."""

    keys: Mapping[bytes, RSAPublicKey] = field(default_factory=dict)
    roots: tuple[bytes, ...] = ()
    fingerprints: frozenset[bytes] = frozenset()

    def joined(self, other: "Trust") -> "Trust":
        """Both together."""
        return Trust(
            {**self.keys, **other.keys},
            self.roots + other.roots,
            self.fingerprints | other.fingerprints,
        )


def trust_from(text: str, *, production_only: bool = False) -> Trust:
    """Issuers out of a file: JSON of card-verifiable keys, or PEM roots."""
    if "-----BEGIN CERTIFICATE-----" in text:
        return Trust(roots=(text.encode(),))
    try:
        raw = json.loads(text)
        keys = {
            bytes.fromhex(entry["issuer_key_id_hex"]): public_key(
                int(entry["exponent"]), int(entry["modulus_hex"], 16)
            )
            for entry in raw["keys"]
            if not production_only or entry["hierarchy"] == "production"
        }
        prints = frozenset(bytes.fromhex(root["sha256"]) for root in raw.get("roots", ()))
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise TrustFault(str(fault) or type(fault).__name__) from fault
    return Trust(keys, fingerprints=prints)


def public_key(exponent: int, modulus: int) -> RSAPublicKey:
    """An RSA key, if it is one worth trusting."""
    if modulus.bit_length() < _SMALLEST_KEY:
        raise ValueError("a key of fewer than 2048 bits")
    return RSAPublicNumbers(exponent, modulus).public_key()


def key_in(value: bytes) -> RSAPublicKey:
    """The key object that cards write: exponent and modulus."""
    parts = {part.tag: part.value for part in tlv.objects(value)}
    if not {_EXPONENT, _MODULUS} <= parts.keys():
        raise tlv.TlvFault("no key")
    return public_key(
        int.from_bytes(parts[_EXPONENT], "big"), int.from_bytes(parts[_MODULUS], "big")
    )


def signed(key: RSAPublicKey, signature: bytes, data: bytes) -> bool:
    """Whether the key signed the data."""
    try:
        key.verify(signature, data, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def issuing_key(certificate: bytes, trust: Trust) -> tuple[RSAPublicKey, Finding]:
    """The key that signed this card's data, and what is known of whoever certified it."""
    parts = tlv.first(certificate).children()
    body, signature = parts[_BODY].value, parts[_SIGNATURE].value
    key = key_in(body[2 * _ID :])
    issuer = trust.keys.get(body[:_ID])
    if issuer is None:
        return key, Finding.UNKNOWN
    return key, Finding.GOOD if signed(issuer, signature, body) else Finding.BAD
