"""券面事項確認: what is printed on the card, as pictures, and its three-part signature."""

from hashlib import sha256

from devices import tlv
from devices.simulated.card import layout, pictures, signing
from devices.simulated.card.issuer import SURFACE, Issuers, key_id
from devices.simulated.card.person import Holder

_THREE = bytes.fromhex("3071300d060960864801650304020105000460")


def files(holder: Holder, issuers: Issuers) -> dict[int, bytes]:
    """Every file of the applet."""
    own = layout.key(issuers.card_key(holder, "surface").public_key())
    return {
        0x01: _age(holder, issuers, own),
        0x02: layout.padded(_face(holder, issuers, own), 64),
        0x03: _about(holder),
        0x04: layout.cv_certificate(holder, SURFACE, issuers),
        0x05: layout.padded(_number(holder, issuers, own), 64),
        0x06: b"\xff" * 16,
    }


def _age(holder: Holder, issuers: Issuers, own: bytes) -> bytes:
    both = layout.text(0xDF11, f"{holder.birth:%Y%m%d}") + tlv.encode(0xDF12, own)
    return tlv.encode(0xFF10, both + tlv.encode(0xDF13, _signed(holder, issuers, both)))


def _face(holder: Holder, issuers: Issuers, own: bytes) -> bytes:
    """Expiry and security code stand outside the signature, as on real cards."""
    who = [
        layout.text(0xDF22, f"{holder.birth:%Y%m%d}"),
        layout.text(0xDF23, holder.sex),
        tlv.encode(0xDF24, own),
    ]
    words = [
        tlv.encode(0xDF25, pictures.words(holder.name)),
        tlv.encode(0xDF26, pictures.words(holder.address)),
    ]
    face = tlv.encode(0xDF27, pictures.face(holder.serial))
    digests = [sha256(part).digest() for part in (b"".join(who), b"".join(words), face)]
    signature = signing.raw(layout.signer(SURFACE, issuers), _THREE + b"".join(digests))
    if holder.wrong.forged_data:
        who[1] = layout.text(0xDF23, "2" if holder.sex == "1" else "1")
    rest = [
        tlv.encode(0xDF28, layout.spoiled(signature, holder)),
        layout.text(0xDF29, f"{holder.expires:%Y%m%d}"),
        tlv.encode(0xDF2A, pictures.digits(holder.security_code)),
    ]
    return layout.with_offsets(0xFF20, [*who, *words, face, *rest])


def _about(holder: Holder) -> bytes:
    parts = [
        tlv.encode(0xDF31, bytes.fromhex("06030E01")),
        tlv.encode(0xDF32, key_id(SURFACE)),
        tlv.encode(0xDF33, b"\x01"),
        layout.text(0xDF34, holder.municipality),
        tlv.encode(0xDF35, bytes(16 + 256)),
    ]
    return tlv.encode(0xFF30, b"".join(parts))


def _number(holder: Holder, issuers: Issuers, own: bytes) -> bytes:
    both = tlv.encode(0xDF41, pictures.digits(holder.number)) + tlv.encode(0xDF42, own)
    return tlv.encode(0xFF40, both + tlv.encode(0xDF43, _signed(holder, issuers, both)))


def _signed(holder: Holder, issuers: Issuers, objects: bytes) -> bytes:
    signature = signing.signed(layout.signer(SURFACE, issuers), objects)
    return layout.spoiled(signature, holder)
