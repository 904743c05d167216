"""How cards write offsets, keys and certificates: the shapes that several files share."""

import struct

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from devices import tlv
from devices.simulated.card import signing
from devices.simulated.card.issuer import Issuers, key_id
from devices.simulated.card.person import Holder

_OFFSETS = 0xDF21


def text(tag: int, words: str) -> bytes:
    """An object of words."""
    return tlv.encode(tag, words.encode("utf-8"))


def key(public: RSAPublicKey) -> bytes:
    """The key object that is the same everywhere: exponent, modulus."""
    numbers = public.public_numbers()
    exponent, modulus = numbers.e.to_bytes(3, "big"), numbers.n.to_bytes(256, "big")
    return tlv.encode(0x90, exponent) + tlv.encode(0x91, modulus)


def with_offsets(tag: int, parts: list[bytes]) -> bytes:
    """A file that begins with where each object stands, from the file's first byte."""
    body = b"".join(parts)
    inner = 3 + 2 * len(parts)
    at = len(tlv.encode(tag, bytes(inner + len(body)))) - len(body)
    offsets = []
    for part in parts:
        offsets.append(at)
        at += len(part)
    told = tlv.encode(_OFFSETS, struct.pack(f">{len(parts)}H", *offsets))
    return tlv.encode(tag, told + body)


def padded(file: bytes, block: int, filler: bytes = b"\xff") -> bytes:
    """Longer than its object, as every file of a real card is."""
    return file.ljust((len(file) // block + 1) * block, filler)


def cv_certificate(holder: Holder, number: str, issuers: Issuers) -> bytes:
    """The key that signed this card's data, certified by the issuer of that number."""
    named, issuer = number, f"cv-{number}"
    if holder.wrong.unknown_issuer:
        named, issuer = f"7{number[1:]}", "cv-unknown"
    subject = f"{holder.municipality}21/000".encode("ascii").ljust(16, b"\x00")
    body = key_id(named) + subject + key(signer(number, issuers).public_key())
    signature = signing.signed(issuers.key(issuer), body)
    return tlv.encode(0x7F21, tlv.encode(0x5F4E, body) + tlv.encode(0x5F37, signature))


def signer(number: str, issuers: Issuers) -> RSAPrivateKey:
    """The municipality's key that signs what lies on its cards."""
    return issuers.key(f"signer-{number}")


def spoiled(signature: bytes, holder: Holder) -> bytes:
    """The signature, unless this holder's are forged."""
    if not holder.wrong.forged_signature:
        return signature
    return signature[:-1] + bytes([signature[-1] ^ 1])
