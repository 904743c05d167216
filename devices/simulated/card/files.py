"""What lies in every file of a made-up card, to the byte."""

import struct
from hashlib import sha256

from cryptography.hazmat.primitives.serialization import Encoding

from devices import tlv
from devices.simulated.card import layout, signing, surface
from devices.simulated.card.issuer import MASTER, TEXT, Issuers, key_id
from devices.simulated.card.person import TOKENS, Holder

_CERTIFICATE_FILE = 1900  # what an issuer's file was observed to have
_HERE = 0x8F


def build(applet: str, holder: Holder, issuers: Issuers) -> dict[int, bytes]:
    """The files of one applet, by number."""
    match applet:
        case "jpki":
            return jpki_files(holder, issuers)
        case "text":
            return text_files(holder, issuers)
        case "surface":
            return surface.files(holder, issuers)
        case "common":
            return {0x01: common_record(holder), 0x02: key_id(MASTER)}
        case "juki":
            return {0x02: key_id(MASTER)}
    return {}


def number_file(holder: Holder) -> bytes:
    """個人番号, seventeen bytes; its digest covers the filler too."""
    return layout.text(0xFF10, holder.number) + b"\xff\xff"


def attributes_file(holder: Holder) -> bytes:
    """基本4情報, without the filler behind it."""
    parts = [
        layout.text(0xDF22, holder.name),
        layout.text(0xDF23, holder.address),
        layout.text(0xDF24, f"{holder.birth:%Y%m%d}"),
        layout.text(0xDF25, holder.sex),
    ]
    return layout.with_offsets(0xFF20, parts)


def digests(holder: Holder) -> bytes:
    """What the issuer signs: the number's whole file, and the attributes behind their offsets."""
    value = tlv.first(attributes_file(holder)).value
    behind = value[len(tlv.first(value).raw) :]
    number, attributes = sha256(number_file(holder)).digest(), sha256(behind).digest()
    return tlv.encode(0xDF31, number) + tlv.encode(0xDF32, attributes)


def text_files(holder: Holder, issuers: Issuers) -> dict[int, bytes]:
    """券面事項入力補助."""
    signer, both = layout.signer(TEXT, issuers), digests(holder)
    own = tlv.encode(0xDF51, layout.key(issuers.card_key(holder, "text").public_key()))
    delivery = layout.key(issuers.card_key(holder, "delivery").public_key())
    about = [
        tlv.encode(0xDF41, bytes.fromhex("01030E01")),
        tlv.encode(0xDF42, key_id(TEXT)),
        tlv.encode(0xDF43, bytes(128)),
    ]
    attributes = attributes_file(holder)
    if holder.wrong.forged_data:
        attributes = attributes[:-1] + (b"1" if attributes[-1:] != b"1" else b"2")
    signature = layout.spoiled(signing.signed(signer, both), holder)
    proof = layout.spoiled(signing.signed(signer, own), holder)
    return {
        0x01: number_file(holder),
        0x02: layout.padded(attributes, 64),
        0x03: tlv.encode(0xFF30, both + tlv.encode(0xDF33, signature)),
        0x04: layout.cv_certificate(holder, TEXT, issuers),
        0x05: tlv.encode(0xFF40, b"".join(about)),
        0x06: tlv.encode(0xA1, delivery),
        0x07: tlv.encode(0xFF50, own + tlv.encode(0xDF52, proof)),
        0x08: b"\xff" * 16,
    }


def jpki_files(holder: Holder, issuers: Issuers) -> dict[int, bytes]:
    """公的個人認証."""
    has = {"sign": holder.has_sign_certificate, "auth": holder.has_auth_certificate}
    files = {
        0x06: token_file(TOKENS[holder.token]),
        0x08: bytes([_HERE if there else 0 for there in has.values()] + [0]),
        0x09: bytes(16),
        0x16: bytes(16),
    }
    for use, leaf, root in (("sign", 0x01, 0x02), ("auth", 0x0A, 0x0B)):
        found = {root: issuers.root(use)}
        if has[use]:
            found[leaf] = issuers.leaf(use, holder)
        for number, certificate in found.items():
            der = certificate.public_bytes(Encoding.DER)
            files[number] = der.ljust(_CERTIFICATE_FILE, b"\x00")
    return files


def token_file(label: str) -> bytes:
    """A CK_TOKEN_INFO, big-endian, 160 bytes."""
    words = label.ljust(32) + "JPKI".ljust(32) + "JPKIAP".ljust(16) + "0".rjust(16, "0")
    numbers = struct.pack(">11I", 0, 0, 0, 0, 0, 16, 6, 0, 0, 0, 0)
    return words.encode("ascii") + numbers + b"03" + b"01" + b"9" * 16


def common_record(holder: Holder) -> bytes:
    """Serial, municipality, expiry: one record that anybody may read."""
    told = f"{holder.serial}{holder.municipality}{holder.expires:%Y%m%d}".encode("ascii")
    return tlv.encode(0x01, told)


def objects(holder: Holder, issuers: Issuers) -> dict[int, bytes]:
    """GET DATA of the card manager, by P1P2; certificates come without their wrapper."""
    certificate = tlv.first(layout.cv_certificate(holder, MASTER, issuers)).value
    return {
        0x0042: tlv.encode(0x42, key_id(MASTER)[:7]),
        0x0045: tlv.encode(0x45, holder.serial.encode("ascii")),
        0x0066: tlv.encode(0x66, bytes.fromhex("730906072A864886FC6B01")),
        0x00F0: holder.municipality.encode("ascii"),
        0x00F2: f"{holder.expires:%Y%m%d}".encode("ascii"),
        0x00F7: certificate,
        0x00F8: certificate,
        0x7F21: certificate,
    }
