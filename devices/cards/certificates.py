"""X.509 of the card: chain to a root told by its signature, validity, use; revocation if asked.

Three generations of roots share one name, so a root is chosen by whose signature it is. The
card carries its issuer's certificate; it counts as a root only if its fingerprint is ours.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384

from devices import tlv
from devices.cards.evidence import Evidence, Finding
from devices.cards.issuers import Trust
from devices.cards.profile import RSA_SHA256, Algorithm
from devices.faults import UnreadableCard

_NAMES = {
    "1.2.392.200149.8.5.5.1": "name",
    "1.2.392.200149.8.5.5.2": "name_substituted",
    "1.2.392.200149.8.5.5.3": "sex",
    "1.2.392.200149.8.5.5.4": "birth",
    "1.2.392.200149.8.5.5.5": "address",
    "1.2.392.200149.8.5.5.6": "address_substituted",
}
_UTF8 = 0x0C
_UNPARSABLE = (
    ValueError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
)
_DIGESTS = {"sha256": SHA256(), "sha384": SHA384()}
Revoked = Callable[[x509.Certificate, x509.Certificate], Finding]


@dataclass(frozen=True)
class Certified:
    """What a certificate says, and what came of checking it."""

    subject: str
    serial: int
    not_after: datetime
    evidence: Evidence
    in_time: bool
    fit_for_use: bool
    told: dict[str, str] = field(default_factory=dict)


def examine(
    der: bytes,
    issuer_der: bytes,
    trust: Trust,
    now: datetime,
    *,
    key: str,
    revoked: Revoked | None = None,
) -> Certified:
    """The certificate of `auth` or `sign`, with every check that can be made here."""
    try:
        return _examined(_parsed(der), issuer_der, trust, now, key, revoked)
    except _UNPARSABLE as fault:  # X.509 is parsed where it is looked at
        raise UnreadableCard from fault


def _examined(
    certificate: x509.Certificate,
    issuer_der: bytes,
    trust: Trust,
    now: datetime,
    key: str,
    revoked: Revoked | None,
) -> Certified:
    root, issuer = _root(certificate, _roots(issuer_der, trust), _parsed(issuer_der))
    revocation = Finding.NOT_CHECKED
    if revoked is not None and root is not None and issuer is Finding.GOOD:
        revocation = revoked(certificate, root)
    return Certified(
        certificate.subject.rfc4514_string(),
        certificate.serial_number,
        certificate.not_valid_after_utc,
        Evidence(issuer=issuer, revocation=revocation),
        certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc,
        _fit(certificate, key),
        _told(certificate),
    )


def fits(
    certificate: bytes, signature: bytes, content: bytes, algorithm: Algorithm = RSA_SHA256
) -> bool:
    """Whether the signature is the certificate's over this content."""
    try:
        key, digest = _parsed(certificate).public_key(), _DIGESTS[algorithm.digest]
        if isinstance(key, RSAPublicKey):
            key.verify(signature, content, PKCS1v15(), digest)
        elif isinstance(key, EllipticCurvePublicKey):
            key.verify(signature, content, ECDSA(digest))
        else:
            return False
    except (InvalidSignature, *_UNPARSABLE):
        return False
    return True


def _parsed(der: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(der)
    except _UNPARSABLE as fault:
        raise UnreadableCard from fault


def _roots(issuer_der: bytes, trust: Trust) -> list[x509.Certificate]:
    """The roots of the city's files, and the card's own if its fingerprint is known."""
    roots = [root for pem in trust.roots for root in x509.load_pem_x509_certificates(pem)]
    if sha256(issuer_der).digest() in trust.fingerprints:
        roots.append(_parsed(issuer_der))
    return roots


def _root(
    certificate: x509.Certificate, roots: Sequence[x509.Certificate], claimed: x509.Certificate
) -> tuple[x509.Certificate | None, Finding]:
    """The root that signed it; unknown if only the card itself vouches, bad if not even that."""
    for root in roots:
        if _issued(certificate, root):
            return root, Finding.GOOD
    return None, Finding.UNKNOWN if _issued(certificate, claimed) else Finding.BAD


def _issued(certificate: x509.Certificate, root: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(root)
    except (InvalidSignature, TypeError, *_UNPARSABLE):
        return False
    return True


def _fit(certificate: x509.Certificate, key: str) -> bool:
    """A signing certificate signs, an authentication certificate authenticates, neither issues."""
    try:
        use = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, *_UNPARSABLE):
        return False
    wanted = use.content_commitment if key == "sign" else use.digital_signature
    return wanted and not use.key_cert_sign


def _told(certificate: x509.Certificate) -> dict[str, str]:
    """Name, address, birth and sex of a signing certificate."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, *_UNPARSABLE):
        return {}
    return {
        _NAMES[other.type_id.dotted_string]: _text(other.value)
        for other in names.get_values_for_type(x509.OtherName)
        if other.type_id.dotted_string in _NAMES
    }


def _text(der: bytes) -> str:
    try:
        found = tlv.first(der)
        if found.tag != _UTF8:
            raise UnreadableCard
        return found.value.decode("utf-8")
    except (tlv.TlvFault, UnicodeDecodeError) as fault:
        raise UnreadableCard from fault
