"""A next generation of the card is a new profile: other names, fewer applets, another algorithm."""

from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import Encoding

from devices.cards.certificates import fits
from devices.cards.profile import CAPITALS, DIGITS, ECDSA_SHA384, TODAY, Applet, Profile, Secret
from devices.cards.reading import Burst

AID = bytes.fromhex("F0000000000001")
NEXT = Profile(
    name="次の個人番号カード（作りごと）",
    jpki=Applet(
        AID,
        MappingProxyType({"token": 0x06, "sign-certificate": 0x01}),
        MappingProxyType({"sign": Secret(0x1B, 6, 16, DIGITS + CAPITALS)}),
        MappingProxyType({"sign": 0x1A}),
        ECDSA_SHA384,
    ),
    support=None,
    surface=None,
    common=None,
    manager=TODAY.manager,
)
KEY = ec.generate_private_key(ec.SECP384R1())


def certificate() -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "next")])
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(7)
        .not_valid_before(begun)
        .not_valid_after(begun + timedelta(days=3650))
        .sign(KEY, SHA384())
    )
    return made.public_bytes(Encoding.DER)


class NextCard:
    """As little of such a card as signs."""

    def transmit(self, command: bytes | bytearray) -> bytes:
        der = certificate_der
        match command[1]:
            case 0xA4 if AID in bytes(command):
                return b"\x90\x00"
            case 0xA4:
                return b"\x6a\x82"
            case 0x20:
                return b"\x63\xc5" if len(command) == 4 else b"\x90\x00"
            case 0xB0:
                at = command[3] if command[2] & 0x80 else command[2] << 8 | command[3]
                return der[at : at + 256] + b"\x90\x00"
            case 0x2A:
                digest = bytes(command[5 : 5 + command[4]])
                return KEY.sign(digest, ec.ECDSA(Prehashed(SHA384()))) + b"\x90\x00"
        return b"\x6d\x00"


certificate_der = certificate()


def test_a_next_card_signs_by_its_own_algorithm():
    with Burst(NextCard(), profile=NEXT) as burst:
        made = burst.signed("sign", bytearray(b"ABC123"), b"content")
    assert fits(made.certificate, made.signature, b"content", ECDSA_SHA384)
    assert not fits(made.certificate, made.signature, b"content")
