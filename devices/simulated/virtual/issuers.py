"""Issuers of practice cards: made on first use, trusted by nobody who was not told to."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import RLock

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from devices import tlv
from devices.cards.issuers import Trust, trust_from
from devices.simulated.people import PracticeCard

TEXT, SURFACE = "6000033", "6000023"
_BEGUN, _YEARS = datetime(2024, 1, 1, tzinfo=UTC), timedelta(days=3652)
_POLICIES = {"sign": "1.2.392.200149.8.5.1.1.20", "auth": "1.2.392.200149.8.5.1.3.30"}
_UNITS = {"sign": "JPKI for digital signature", "auth": "JPKI for user authentication"}
_NAMES = "1.2.392.200149.8.5.5."


class Issuers:
    """Keys by name, kept in a folder for us alone, or in memory where there is none."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._keys: dict[str, rsa.RSAPrivateKey] = {}
        self._roots: dict[str, x509.Certificate] = {}
        self._lock = RLock()

    def key(self, name: str) -> rsa.RSAPrivateKey:
        """The key of this name, made when first asked for."""
        with self._lock:
            if name not in self._keys:
                self._keys[name] = self._kept(name)
            return self._keys[name]

    def root(self, use: str) -> x509.Certificate:
        """The self-signed issuer of `auth` or `sign` certificates."""
        with self._lock:
            if use not in self._roots:
                self._roots[use] = _root(use, self.key(f"root-{use}"))
            return self._roots[use]

    def certificate(self, use: str, card: PracticeCard) -> x509.Certificate:
        """A certificate for the card's key of that use."""
        return _leaf(use, card, self)

    def trust_json(self) -> str:
        """The issuers of the 券面 applets, as the file of `--trust` has them."""
        keys = [
            {
                "issuer_key_number": number,
                "issuer_key_id_hex": key_id(number).hex(),
                "hierarchy": "test",
                "use": use,
                "exponent": self.key(f"issuer-{number}").public_key().public_numbers().e,
                "modulus_hex": f"{self.key(f'issuer-{number}').public_key().public_numbers().n:x}",
            }
            for number, use in ((TEXT, "support"), (SURFACE, "surface"))
        ]
        return json.dumps({"keys": keys}, indent=1)

    def trust_pem(self) -> str:
        """The roots of the certificates."""
        return "".join(
            self.root(use).public_bytes(Encoding.PEM).decode("ascii") for use in ("auth", "sign")
        )

    def trust(self) -> Trust:
        """Both, for a practice world that trusts its own."""
        return trust_from(self.trust_json()).joined(trust_from(self.trust_pem()))

    def _kept(self, name: str) -> rsa.RSAPrivateKey:
        file = self._folder / f"{name}.pem" if self._folder else None
        if file is not None and file.exists():
            loaded = load_pem_private_key(file.read_bytes(), None)
            if isinstance(loaded, rsa.RSAPrivateKey):
                return loaded
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(opened, "wb") as out:
                out.write(pem)
        return made


def key_id(number: str) -> bytes:
    """Sixteen bytes that name an issuing key."""
    return number.encode("ascii") + b"\x08\x05" + b"001" + bytes(4)


def _name(use: str, *more: x509.NameAttribute[str]) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "JPKI-TEST"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _UNITS[use]),
            *more,
        ]
    )


def _usage(*, sign: bool = False, auth: bool = False, issue: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=auth or sign,
        content_commitment=sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=issue,
        crl_sign=issue,
        encipher_only=False,
        decipher_only=False,
    )


def _root(use: str, key: rsa.RSAPrivateKey) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(use))
        .issuer_name(_name(use))
        .public_key(key.public_key())
        .serial_number(1 + len(use))
        .not_valid_before(_BEGUN)
        .not_valid_after(_BEGUN + 2 * _YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(issue=True), critical=True)
        .sign(key, SHA256())
    )


def _leaf(use: str, card: PracticeCard, issuers: Issuers) -> x509.Certificate:
    serial = int(card.serial[-9:]) + (1 if use == "sign" else 0)
    common = x509.NameAttribute(NameOID.COMMON_NAME, f"{card.serial[:13]}{use[0].upper()}")
    ends = min(
        datetime(card.expires.year, card.expires.month, card.expires.day, tzinfo=UTC),
        _BEGUN + _YEARS,
    )
    begins = min(_BEGUN, ends - timedelta(days=365))
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(use, common))
        .issuer_name(_name(use))
        .public_key(issuers.key(f"card-{use}").public_key())
        .serial_number(serial)
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(_usage(sign=use == "sign", auth=use == "auth"), critical=True)
        .add_extension(
            x509.CertificatePolicies(
                [x509.PolicyInformation(ObjectIdentifier(_POLICIES[use]), None)]
            ),
            critical=True,
        )
    )
    if use == "sign":
        builder = builder.add_extension(_holder(card), critical=False)
    else:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False
        )
    return builder.sign(issuers.key(f"root-{use}"), SHA256())


def _holder(card: PracticeCard) -> x509.SubjectAlternativeName:
    """Name, address and the rest, in the order of real cards."""
    told = {
        "1": card.name,
        "4": f"{_era_code(card)}{card.birth:%Y%m%d}",
        "3": card.sex,
        "5": card.address,
        "2": "0" * len(card.name),
        "6": "0" * len(card.address),
    }
    return x509.SubjectAlternativeName(
        [
            x509.OtherName(ObjectIdentifier(_NAMES + item), tlv.encode(0x0C, value.encode("utf-8")))
            for item, value in told.items()
        ]
    )


def _era_code(card: PracticeCard) -> int:
    begun = [(1868, 1, 25), (1912, 7, 30), (1926, 12, 25), (1989, 1, 8), (2019, 5, 1)]
    born = (card.birth.year, card.birth.month, card.birth.day)
    return sum(born >= start for start in begun)
