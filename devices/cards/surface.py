"""券面事項確認: what is printed on the card, as pictures, for the clerk's eye."""

import hmac
import secrets
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from devices import tlv
from devices.apdu import StatusFault
from devices.cards.evidence import NOTHING_CHECKED, Evidence, Finding
from devices.cards.issuers import Trust, issuing_key, key_in, signed
from devices.cards.profile import RSA_SHA256
from devices.cards.session import AppletSession
from devices.cards.support import doubted
from devices.faults import UnreadableCard

_FACE_FILE = 0xFF20
_BIRTH, _SEX, _KEY, _NAME, _ADDRESS, _FACE, _SIGNATURE, _EXPIRES = (
    0xDF22,
    0xDF23,
    0xDF24,
    0xDF25,
    0xDF26,
    0xDF27,
    0xDF28,
    0xDF29,
)
_ABOUT, _MUNICIPALITY = 0xFF30, 0xDF34
_DIGEST_INFO_THREE = bytes.fromhex("3071300d060960864801650304020105000460")
_MOST_PIXELS = 2_000_000
_NONCE = 32


@dataclass(frozen=True, repr=False)
class Printed:
    """What the card shows to an eye: pictures as PNG, whatever the card holds them in."""

    birth: str
    sex: str
    expires: str
    name: bytes
    address: bytes
    face: bytes


class Surface(AppletSession):
    """The applet, once selected and opened by 照合番号 A or B."""

    def printed(self) -> tuple[Printed, bytes]:
        """What is printed on the card, and the file it was read from, for its proof."""
        file = self.read("face")
        return parse_face(file), file

    def municipality(self) -> str:
        """Who issued the card; anybody may read it."""
        told = tlv.first(self.read("about")).children()
        return told[_MUNICIPALITY].value.decode("ascii", "replace")

    def evidence(self, file: bytes, trust: Trust) -> Evidence:
        """Issuer, data and presence; here the card's key lies inside what the issuer signed."""
        try:
            key, issuer = issuing_key(self.read("issuer"), trust)
            told = tlv.first(file).children()
            data = Finding.GOOD if _genuine(told, key) else Finding.BAD
            nonce = secrets.token_bytes(_NONCE)
            proof = self.prove(RSA_SHA256.prefix + sha256(nonce).digest())
            there = signed(key_in(told[_KEY].value), proof, nonce)
        except (tlv.TlvFault, KeyError, ValueError, StatusFault):
            return replace(NOTHING_CHECKED, data=Finding.BAD)
        presence = Finding.GOOD if there else Finding.BAD
        if issuer is not Finding.GOOD:
            data, presence = doubted(data), doubted(presence)
        return Evidence(issuer, data, presence)


def parse_face(file: bytes) -> Printed:
    """The pictures of a card's face; one that is no picture makes the card unreadable."""
    try:
        outer = tlv.first(file)
        told = outer.children()
        if outer.tag != _FACE_FILE:
            raise UnreadableCard
        birth, sex, expires = (
            told[tag].value.decode("ascii") if tag in told else ""
            for tag in (_BIRTH, _SEX, _EXPIRES)
        )
        name, address, face = (_png(told[tag].value) for tag in (_NAME, _ADDRESS, _FACE))
    except (tlv.TlvFault, KeyError, UnicodeDecodeError) as fault:
        raise UnreadableCard from fault
    return Printed(birth, sex, expires, name, address, face)


def _genuine(told: dict[int, tlv.Tlv], issuer: RSAPublicKey) -> bool:
    """The issuer signed three digests in a row: who with which key, the texts, the face."""
    parts = ((_BIRTH, _SEX, _KEY), (_NAME, _ADDRESS), (_FACE,))
    digests = b"".join(sha256(b"".join(told[tag].raw for tag in part)).digest() for part in parts)
    try:
        said = issuer.recover_data_from_signature(told[_SIGNATURE].value, PKCS1v15(), None)
    except InvalidSignature:
        return False
    return hmac.compare_digest(said, _DIGEST_INFO_THREE + digests)


def _png(picture: bytes) -> bytes:
    """PNG and JPEG 2000 come out as PNG; anything else, or a picture too large, does not.

    What opens pictures is loaded with the first one: a kiosk asks no card for its face.
    """
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    try:
        with Image.open(BytesIO(picture), formats=("PNG", "JPEG2000")) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise UnreadableCard
            out = BytesIO()
            opened.convert("L").save(out, "PNG")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError) as fault:
        raise UnreadableCard from fault
    return out.getvalue()
