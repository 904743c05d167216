"""What a PDF claims by itself: its signatures, checked, and the data it carries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from cryptography import x509
from pyhanko.keys.internal import translate_pyca_cryptography_cert_to_asn1
from pyhanko.pdf_utils.misc import PdfStrictReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext

from printing.proof.archive import ATTACHMENT
from printing.proof.pdfobjects import entry, members

_LARGEST = 1_000_000
_WORST_FIRST = ("bad", "unknown", "good")


@dataclass(frozen=True)
class Claims:
    """The worst of its signatures, who made them, and the attached data."""

    signature: str = "not-checked"
    signers: tuple[str, ...] = ()
    data: bytes | None = None


def claims(pdf: bytes, authorities: Sequence[x509.Certificate]) -> Claims:
    """Never raises: what cannot be checked is `unknown`."""
    try:
        reader = _opened(pdf)
        checked = [_checked(each, authorities) for each in reader.embedded_regular_signatures]
        findings = [finding for finding, _ in checked]
        worst = next((each for each in _WORST_FIRST if each in findings), "not-checked")
        return Claims(worst, tuple(name for _, name in checked), _data(reader))
    except Exception:  # noqa: BLE001 - a hostile file breaks a parser anywhere
        return Claims("unknown")


def _opened(pdf: bytes) -> PdfFileReader:
    """Scanners write PDFs that are not quite so; a signature is believed of a strict one only."""
    try:
        return PdfFileReader(BytesIO(pdf))
    except PdfStrictReadError:
        lenient = PdfFileReader(BytesIO(pdf), strict=False)
        if lenient.embedded_signatures or "/AF" in lenient.root:
            raise
        return lenient


def _checked(
    embedded: EmbeddedPdfSignature, authorities: Sequence[x509.Certificate]
) -> tuple[str, str]:
    roots = [translate_pyca_cryptography_cert_to_asn1(each) for each in authorities]
    status = validate_pdf_signature(
        embedded, ValidationContext(trust_roots=roots, allow_fetching=False)
    )
    name = str(status.signing_cert.subject.native.get("common_name", ""))
    untouched = status.modification_level in (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES)
    if not (status.intact and status.valid and untouched and status.docmdp_ok):
        return "bad", name
    return ("good" if status.trusted else "unknown"), name


def _data(reader: PdfFileReader) -> bytes | None:
    """The one attachment of our name; where there are several, none is believed."""
    found = list(_attached(reader))
    return found[0] if len(found) == 1 and len(found[0]) <= _LARGEST else None


def _attached(reader: PdfFileReader) -> Iterator[bytes]:
    for spec in members(entry(reader.root, "/AF", ())):
        if entry(spec, "/UF") == ATTACHMENT:
            yield bytes(spec["/EF"]["/F"].data)
