"""Whom a verifier believes: the city's seal keys and the authority behind its signatures."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from printing.proof.seal import key_id


class UnreadableTrust(Exception):
    """A file of public keys that is not one."""


@dataclass(frozen=True)
class Trust:
    """Public keys only; those of the past too, so that old papers stay verifiable."""

    seals: Mapping[bytes, ec.EllipticCurvePublicKey]
    authorities: tuple[x509.Certificate, ...]

    def text(self) -> str:
        """What is handed to verifiers, as JSON with PEM inside."""
        keys = {
            kid.hex(): key.public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            ).decode()
            for kid, key in self.seals.items()
        }
        return json.dumps({"seals": keys, "authorities": [_pem(each) for each in self.authorities]})

    def bundle(self) -> str:
        """The authorities alone, as PEM."""
        return "".join(_pem(each) for each in self.authorities)


def read_trust(text: str | bytes) -> Trust:
    """What `Trust.text` has written; a key under a name that is not its own is refused."""
    try:
        raw = json.loads(text)
        keys = [serialization.load_pem_public_key(pem.encode()) for pem in raw["seals"].values()]
        curves = [key for key in keys if isinstance(key, ec.EllipticCurvePublicKey)]
        seals = {key_id(key): key for key in curves if isinstance(key.curve, ec.SECP256R1)}
        authorities = tuple(
            x509.load_pem_x509_certificate(pem.encode()) for pem in raw["authorities"]
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as fault:
        raise UnreadableTrust(str(fault)) from fault
    if sorted(kid.hex() for kid in seals) != sorted(raw["seals"]):
        raise UnreadableTrust("a key that is not P-256, or under another name than its own")
    return Trust(seals, authorities)


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
