"""券面事項入力補助: the four attributes as text, the number, and the proof of both."""

import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from devices import tlv
from devices.apdu import StatusFault
from devices.cards.evidence import NOTHING_CHECKED, Evidence, Finding
from devices.cards.issuers import Trust, issuing_key, key_in, signed
from devices.cards.profile import RSA_SHA256
from devices.cards.session import AppletSession
from devices.faults import UnreadableCard

_ATTRIBUTES, _NAME, _ADDRESS, _BIRTH, _SEX = 0xFF20, 0xDF22, 0xDF23, 0xDF24, 0xDF25
_NUMBER = 0xFF10
_SIGNATURES, _DIGEST_NUMBER, _DIGEST_ATTRIBUTES, _SIGNATURE = 0xFF30, 0xDF31, 0xDF32, 0xDF33
_KEY_FILE, _KEY, _KEY_SIGNATURE = 0xFF50, 0xDF51, 0xDF52
_OFFSETS = 0xDF21
_NUMBER_DIGITS = 12
_NUMBER_FILE = 17  # its digest covers the filler too
_NONCE = 32


@dataclass(frozen=True)
class Attributes:
    """Who the card says its holder is, to the last code point."""

    name: str
    address: str
    birth: str
    sex: str


class Support(AppletSession):
    """The applet, once selected."""

    def attributes(self) -> tuple[Attributes, bytes]:
        """The four attributes, and the file they were read from, for its proof."""
        file = self.read("attributes")
        return parse_attributes(file), file

    def number(self) -> tuple[bytearray, bytes]:
        """The 個人番号, only where a procedure lawfully needs it, and the digest of its file."""
        file = self.read("number")[:_NUMBER_FILE]
        found = tlv.first(file)
        if found.tag != _NUMBER or len(found.value) != _NUMBER_DIGITS or not found.value.isdigit():
            raise UnreadableCard
        return bytearray(found.value), sha256(file).digest()

    def evidence(self, file: bytes, trust: Trust, number: bytes | None = None) -> Evidence:
        """Issuer, data and presence, offline; `number` is the digest of the number's file."""
        try:
            key, issuer = issuing_key(self.read("issuer"), trust)
            data = self._data(file, key, number)
            presence = self._presence(key)
        except (tlv.TlvFault, KeyError, ValueError, StatusFault):
            return replace(NOTHING_CHECKED, data=Finding.BAD)
        if issuer is not Finding.GOOD:
            data, presence = doubted(data), doubted(presence)
        return Evidence(issuer, data, presence)

    def _data(self, file: bytes, issuer: RSAPublicKey, number: bytes | None) -> Finding:
        """The issuer signed two digests: those of the number and of the attributes."""
        told = tlv.first(self.read("signature")).children()
        both = told[_DIGEST_NUMBER].raw + told[_DIGEST_ATTRIBUTES].raw
        offsets, *rest = tlv.objects(tlv.first(file).value)
        if offsets.tag != _OFFSETS:
            return Finding.BAD
        digest = sha256(b"".join(one.raw for one in rest)).digest()
        same = hmac.compare_digest(digest, told[_DIGEST_ATTRIBUTES].value)
        if number is not None:
            same &= hmac.compare_digest(number, told[_DIGEST_NUMBER].value)
        genuine = same and signed(issuer, told[_SIGNATURE].value, both)
        return Finding.GOOD if genuine else Finding.BAD

    def _presence(self, issuer: RSAPublicKey) -> Finding:
        """The card signs a nonce of ours: one of its own choice could be a replay."""
        told = tlv.first(self.read("key")).children()
        if not signed(issuer, told[_KEY_SIGNATURE].value, told[_KEY].raw):
            return Finding.BAD
        nonce = secrets.token_bytes(_NONCE)
        proof = self.prove(RSA_SHA256.prefix + sha256(nonce).digest())
        return Finding.GOOD if signed(key_in(told[_KEY].value), proof, nonce) else Finding.BAD


def parse_attributes(file: bytes) -> Attributes:
    """Name, address, birth and sex, to the last code point; nothing is normalised."""
    try:
        outer = tlv.first(file)
        told = outer.children()
        if outer.tag != _ATTRIBUTES:
            raise UnreadableCard
        name, address, birth, sex = (
            told[tag].value.decode("utf-8") for tag in (_NAME, _ADDRESS, _BIRTH, _SEX)
        )
    except (tlv.TlvFault, KeyError, UnicodeDecodeError) as fault:
        raise UnreadableCard from fault
    return Attributes(name, address, _iso(birth), sex)


def doubted(found: Finding) -> Finding:
    """What holds only if the issuer does is not good while the issuer is unknown."""
    return Finding.UNKNOWN if found is Finding.GOOD else found


def _iso(birth: str) -> str:
    """A day as the world writes it; an unknown day stays as the card has it."""
    try:
        return date.fromisoformat(birth).isoformat()
    except ValueError:
        return birth
