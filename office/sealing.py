"""The city's keys: made on first use, readable by the office alone, remembered when replaced."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from office.config import SetupFault
from office.keyfiles import guard, said, store, sync
from printing.proof.seal import SealKey, key_id
from printing.proof.signature import CitySigner
from printing.proof.trust import Trust

AUTHORITY_YEARS, CITY_YEARS = 20, 5
_AUTHORITY, _CITY, _SEAL, _RETIRED = "authority.pem", "city.pem", "seal.pem", "retired"
_DAY, _YEAR = timedelta(days=1), timedelta(days=365)
_Held = tuple[ec.EllipticCurvePrivateKey, x509.Certificate]


class SealingKeys:
    """One folder: an authority, the certificate of the electronic copy, the key of the codes."""

    def __init__(
        self,
        folder: Path,
        organisation: str,
        now: Callable[[], datetime],
        timestamps: str | None = None,
    ) -> None:
        self._folder, self._organisation, self._now = folder, organisation, now
        self._timestamps = timestamps
        if not folder.exists():
            with said(folder):
                self._found()
        self._guard()

    def key(self) -> SealKey:
        """What signs the codes from now on."""
        return SealKey.of(self._private(_SEAL))

    def signer(self) -> CitySigner:
        """What signs electronic copies; a certificate in its last year is replaced first."""
        authority = self._held(_AUTHORITY)
        private, certificate = self._held(_CITY)
        if certificate.not_valid_after_utc - self._now() < _YEAR:
            store(self._folder / _CITY, self._city(authority))
            private, certificate = self._held(_CITY)
        return CitySigner(certificate, private, authority[1], self._timestamps)

    def trust(self) -> Trust:
        """For verifiers: every public key that ever sealed a paper here, nothing private."""
        current = self.key().private.public_key()  # first: replaced meanwhile, it is retired below
        retired = sorted((self._folder / _RETIRED).glob("*.pem"))
        keys = [*(self._public(path) for path in retired), current]
        _, authority = self._held(_AUTHORITY)
        return Trust({key_id(key): key for key in keys}, (authority,))

    def rotate(self) -> None:
        """New keys from now on; what the old ones sealed stays verifiable."""
        old = self.key()
        retired = self._folder / _RETIRED / f"{old.kid.hex()}.pem"
        store(retired, _public_pem(old.private.public_key()))
        store(self._folder / _SEAL, _private_pem(_fresh()))
        store(self._folder / _CITY, self._city(self._held(_AUTHORITY)))

    def _found(self) -> None:
        """All files or none, also where two offices begin at once."""
        self._folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = Path(tempfile.mkdtemp(prefix=f".{self._folder.name}-", dir=self._folder.parent))
        try:
            (new / _RETIRED).mkdir(mode=0o700)
            authority = self._authority()
            store(new / _AUTHORITY, _pem(*authority))
            store(new / _CITY, self._city(authority))
            store(new / _SEAL, _private_pem(_fresh()))
            with suppress(OSError):  # the other office was first
                new.rename(self._folder)
                sync(self._folder.parent)
        finally:
            shutil.rmtree(new, ignore_errors=True)

    def _guard(self) -> None:
        """Keys that others on this machine can read are no secret any more."""
        wanted = [self._folder, *(self._folder / name for name in (_AUTHORITY, _CITY, _SEAL))]
        for path in wanted:
            guard(path)

    def _held(self, name: str) -> _Held:
        """A private key and its certificate out of one file, so that they never part."""
        path = self._folder / name
        with said(path):
            return self._private(name), x509.load_pem_x509_certificate(path.read_bytes())

    def _private(self, name: str) -> ec.EllipticCurvePrivateKey:
        path = self._folder / name
        with said(path):
            key = serialization.load_pem_private_key(path.read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise SetupFault(f"{path}: not a key that the office makes")
        return key

    def _public(self, path: Path) -> ec.EllipticCurvePublicKey:
        with said(path):
            key = serialization.load_pem_public_key(path.read_bytes())
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise SetupFault(f"{path}: not a key that the office makes")
        return key

    def _authority(self) -> _Held:
        """Vouches for the city's certificates, for nothing and nobody else."""
        private = _fresh()
        name = self._name(f"{self._organisation}認証局")
        end = self._now() + AUTHORITY_YEARS * _YEAR
        built = self._built(name, private.public_key(), name, end)
        built = built.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        built = built.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        return private, built.sign(private, hashes.SHA256())

    def _city(self, authority: _Held) -> bytes:
        key, certificate = authority
        private = _fresh()
        name = self._name(self._organisation)
        end = min(self._now() + CITY_YEARS * _YEAR, certificate.not_valid_after_utc)
        built = self._built(name, private.public_key(), certificate.subject, end)
        built = built.add_extension(
            x509.BasicConstraints(ca=False, path_length=None), critical=True
        )
        built = built.add_extension(
            _usage("digital_signature", "content_commitment"), critical=True
        )
        built = built.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
        )
        return _pem(private, built.sign(key, hashes.SHA256()))

    def _name(self, common: str) -> x509.Name:
        return x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, self._organisation),
                x509.NameAttribute(NameOID.COMMON_NAME, common),
            ]
        )

    def _built(
        self,
        subject: x509.Name,
        public: ec.EllipticCurvePublicKey,
        issuer: x509.Name,
        end: datetime,
    ) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
        builder = builder.public_key(public).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(self._now() - _DAY).not_valid_after(end)
        return builder.add_extension(
            x509.SubjectKeyIdentifier.from_public_key(public), critical=False
        )


def _usage(*wanted: str) -> x509.KeyUsage:
    every = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{each: each in wanted for each in every})


def _fresh() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _pem(private: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> bytes:
    return _private_pem(private) + certificate.public_bytes(serialization.Encoding.PEM)


def _private_pem(private: ec.EllipticCurvePrivateKey) -> bytes:
    return private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _public_pem(public: ec.EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
