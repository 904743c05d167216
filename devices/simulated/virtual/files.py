"""What lies in every file of a made-up card, to the byte (docs/card.md)."""

import struct
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from devices import tlv
from devices.simulated.people import PracticeCard
from devices.simulated.virtual import portraits
from devices.simulated.virtual.issuers import SURFACE, TEXT, Issuers, key_id

LABELS = {
    "mynumber": "JPKIAPICCTOKEN2",
    "juki": "JPKIAPICCTOKEN",
    "phone-android": "JPKIAPGPSETOKEN",
    "phone-iphone": "JPKIAPIOSTOKEN",
}
_UNKNOWN_ISSUER = "7000033"
_CERTIFICATE_FILE = 2000


def support_files(card: PracticeCard, issuers: Issuers) -> dict[int, bytes]:
    """券面事項入力補助."""
    issuer, own = issuers.key(f"issuer-{TEXT}"), issuers.key("card-support")
    number = tlv.encode(0xFF10, card.number.encode()) + b"\xff\xff"
    attributes = attributes_file(card)
    digests = tlv.encode(0xDF31, sha256(number).digest()) + tlv.encode(
        0xDF32, sha256(_behind_offsets(attributes)).digest()
    )
    signature = bytearray(_sign(issuer, digests))
    if card.wrong.forged_signature:
        signature[-1] ^= 1
    if card.wrong.forged_data:
        attributes = attributes[:-1] + bytes([attributes[-1] ^ 3])
    key = tlv.encode(0xDF51, _key(own.public_key()))
    return {
        0x01: number,
        0x02: attributes + b"\xff" * 32,
        0x03: tlv.encode(0xFF30, digests + tlv.encode(0xDF33, bytes(signature))) + b"\xff" * 8,
        0x04: _cv_certificate(card, TEXT, issuers),
        0x05: tlv.encode(
            0xFF40,
            tlv.encode(0xDF41, bytes.fromhex("01030E01"))
            + tlv.encode(0xDF42, key_id(TEXT))
            + tlv.encode(0xDF43, bytes(128)),
        ),
        0x07: tlv.encode(0xFF50, key + tlv.encode(0xDF52, _sign(issuer, key))),
        0x08: b"\xff" * 16,
    }


def attributes_file(card: PracticeCard) -> bytes:
    """The four attributes, with the offsets of each from the first byte of the file."""
    parts = [
        tlv.encode(0xDF22, card.name.encode("utf-8")),
        tlv.encode(0xDF23, card.address.encode("utf-8")),
        tlv.encode(0xDF24, f"{card.birth:%Y%m%d}".encode()),
        tlv.encode(0xDF25, card.sex.encode()),
    ]
    return _with_offsets(0xFF20, parts)


def surface_files(card: PracticeCard, issuers: Issuers) -> dict[int, bytes]:
    """券面事項確認."""
    issuer, own = issuers.key(f"issuer-{SURFACE}"), issuers.key("card-surface")
    birth = tlv.encode(0xDF22, f"{card.birth:%Y%m%d}".encode())
    who = [birth, tlv.encode(0xDF23, card.sex.encode())]
    who.append(tlv.encode(0xDF24, _key(own.public_key())))
    words = [
        tlv.encode(0xDF25, portraits.words(card.name)),
        tlv.encode(0xDF26, portraits.words(card.address)),
    ]
    face = tlv.encode(0xDF27, portraits.face(card.id))
    digests = b"".join(sha256(part).digest() for part in (b"".join(who), b"".join(words), face))
    info = bytes.fromhex("3071300d060960864801650304020105000460") + digests
    expires = tlv.encode(0xDF29, f"{card.expires:%Y%m%d}".encode())
    parts = [
        *who,
        *words,
        face,
        tlv.encode(0xDF28, raw_signature(issuer, info)),
        expires,
        tlv.encode(0xDF2A, portraits.words(card.security_code)),
    ]
    number = tlv.encode(0xDF41, portraits.words(card.number)) + tlv.encode(
        0xDF42, _key(own.public_key())
    )
    about = [
        tlv.encode(0xDF31, bytes.fromhex("06030E01")),
        tlv.encode(0xDF32, key_id(SURFACE)),
        tlv.encode(0xDF34, card.municipality.encode()),
    ]
    return {
        0x02: _with_offsets(0xFF20, parts) + b"\xff" * 64,
        0x03: tlv.encode(0xFF30, b"".join(about)),
        0x04: _cv_certificate(card, SURFACE, issuers),
        0x05: tlv.encode(0xFF40, number + tlv.encode(0xDF43, _sign(issuer, number))),
    }


def jpki_files(card: PracticeCard, issuers: Issuers) -> dict[int, bytes]:
    """公的個人認証."""
    there = [0x8F if use in card.certificates else 0x00 for use in ("sign", "auth")]
    files = {0x06: token_file(card.kind), 0x08: bytes([*there, 0])}
    for use, leaf, root in (("sign", 0x01, 0x02), ("auth", 0x0A, 0x0B)):
        files[root] = _padded(issuers.root(use).public_bytes(Encoding.DER))
        if use in card.certificates:
            files[leaf] = _padded(issuers.certificate(use, card).public_bytes(Encoding.DER))
    return files


def token_file(kind: str) -> bytes:
    """A CK_TOKEN_INFO, big-endian."""
    label = LABELS[kind].encode().ljust(32)
    strings = b"JPKI".ljust(32) + b"JPKIAP".ljust(16) + b"0".ljust(16)
    numbers = struct.pack(">5I", 0, 0, 0, 0, 0) + struct.pack(">2I", 16, 6) + bytes(16)
    return (label + strings + numbers + b"\x03\x00\x01\x00").ljust(144, b"\x00") + b"9" * 16


def common_record(card: PracticeCard) -> bytes:
    """Serial, municipality, expiry."""
    digits = f"{card.serial}{card.municipality}{card.expires:%Y%m%d}".encode()
    return bytes([1, len(digits)]) + digits


def raw_signature(key: RSAPrivateKey, info: bytes) -> bytes:
    """PKCS#1 v1.5 over bytes that need be no digest, as the card's key does it."""
    size = key.key_size // 8
    padded = b"\x00\x01" + b"\xff" * (size - 3 - len(info)) + b"\x00" + info
    n = key.private_numbers()
    m = int.from_bytes(padded, "big")
    first, second = pow(m, n.dmp1, n.p), pow(m, n.dmq1, n.q)
    return (second + n.q * (n.iqmp * (first - second) % n.p)).to_bytes(size, "big")


def _cv_certificate(card: PracticeCard, number: str, issuers: Issuers) -> bytes:
    """The issuing key's certificate; here the issuer of practice cards certifies itself."""
    issuer = issuers.key(f"issuer-{number}")
    named = _UNKNOWN_ISSUER if card.wrong.unknown_issuer else number
    subject = f"{card.municipality:0>7}/000".encode().ljust(16, b"\x00")
    body = key_id(named) + subject + _key(issuer.public_key())
    inner = tlv.encode(0x5F4E, body) + tlv.encode(0x5F37, _sign(issuer, body))
    return tlv.encode(0x7F21, inner)


def _key(key: RSAPublicKey) -> bytes:
    numbers = key.public_numbers()
    return tlv.encode(0x90, numbers.e.to_bytes(3, "big")) + tlv.encode(
        0x91, numbers.n.to_bytes(256, "big")
    )


def _sign(key: RSAPrivateKey, content: bytes) -> bytes:
    return key.sign(content, PKCS1v15(), SHA256())


def _with_offsets(tag: int, parts: list[bytes]) -> bytes:
    body = b"".join(parts)
    head = 3 + 2 * len(parts)
    outer = len(tlv.encode(tag, bytes(head + len(body)))) - head - len(body)
    at, offsets = outer + head, []
    for part in parts:
        offsets.append(at)
        at += len(part)
    told = struct.pack(f">{len(parts)}H", *offsets)
    return tlv.encode(tag, tlv.encode(0xDF21, told) + body)


def _behind_offsets(file: bytes) -> bytes:
    value = tlv.first(file).value
    return value[len(tlv.first(value).raw) :]


def _padded(der: bytes) -> bytes:
    return der.ljust(_CERTIFICATE_FILE, b"\x00")
