"""The electronic copy: an archived paper with its data inside, signed by the city (PAdES)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from io import BytesIO
from typing import Any

import rfc8785
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.keys.internal import (
    translate_pyca_cryptography_cert_to_asn1,
    translate_pyca_cryptography_key_to_asn1,
)
from pyhanko.pdf_utils.extensions import DeveloperExtension
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from printing.proof.archive import archived

FIELD = "CitySeal"
_PLAIN, _STAMPED = 8192, 32768  # digits kept free; finding out how many costs a second signature
_JAPAN = timezone(timedelta(hours=9))


@dataclass(frozen=True, repr=False)
class CitySigner:
    """The city's certificate with its key, and the authority that vouches for it."""

    certificate: x509.Certificate
    private: ec.EllipticCurvePrivateKey
    authority: x509.Certificate
    timestamps: str | None = None  # the address of an RFC 3161 authority


class _ArchiveWriter(IncrementalPdfFileWriter):
    """PDF/A-3 is PDF 1.7, though pyHanko raises a file signed on an elliptic curve to 2.0."""

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        plain: Any = super()
        plain.ensure_output_version(min(version, (1, 7)))

    def register_extension(self, ext: DeveloperExtension) -> None:
        if ext.base_version == "/1.7":
            super().register_extension(ext)


def electronic(pdf: bytes, data: Mapping[str, Any], signer: CitySigner) -> bytes:
    """The sheets as PDF/A-3b with `data` inside, certified so that nothing may be added.

    All but the signature itself depends on the arguments alone.
    """
    made = datetime.combine(date.fromisoformat(data["issued"]), time(), _JAPAN)
    whole = archived(pdf, made, rfc8785.dumps(dict(data)))
    terms = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    stamper = HTTPTimeStamper(signer.timestamps) if signer.timestamps else None
    signed = PdfSigner(terms, _signer(signer), timestamper=stamper).sign_pdf(
        _ArchiveWriter(BytesIO(whole)), bytes_reserved=_STAMPED if stamper else _PLAIN
    )
    return bytes(signed.getvalue())


def _signer(city: CitySigner) -> SimpleSigner:
    """The same key and certificates as pyHanko wants them."""
    certificate, authority = (
        translate_pyca_cryptography_cert_to_asn1(each)
        for each in (city.certificate, city.authority)
    )
    store: Any = SimpleCertificateStore
    return SimpleSigner(
        signing_cert=certificate,
        signing_key=translate_pyca_cryptography_key_to_asn1(city.private),
        cert_registry=store.from_certs([certificate, authority]),
    )
