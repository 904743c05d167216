"""A drill's report is signed by its terminal, by the key that the office knows it by."""

from datetime import UTC, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from msgspec import to_builtins

from kiosk.errors import StoreUnusable
from printing.paper import DrillReport
from printing.proof.signature import CitySigner, electronic

_TERM = timedelta(days=3650)


def signed(pdf: bytes, report: DrillReport, pem: str) -> bytes:
    """The pages with what they say as data inside, and a signature over both."""
    data: dict[str, Any] = to_builtins(report)
    data["issued"] = report.made.date().isoformat()
    return electronic(pdf, data, _signer(report, pem))


def _signer(report: DrillReport, pem: str) -> CitySigner:
    """Vouched for by nobody but the office, which knows the public key: a device has no other."""
    private = serialization.load_pem_private_key(pem.encode(), None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise StoreUnusable("device.pem")
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, report.city),
            x509.NameAttribute(NameOID.COMMON_NAME, report.device),
        ]
    )
    made = report.made.astimezone(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(made - timedelta(minutes=5))
        .not_valid_after(made + _TERM)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signs_documents(), critical=True)
        .sign(private, hashes.SHA256())
    )
    return CitySigner(certificate, private, certificate)


def _signs_documents() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
