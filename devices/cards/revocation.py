"""Does a certificate still stand: by a list of the revoked, or by asking, where that is allowed.

Only 署名検証者 may ask J-LIS, so nothing is asked unless the city says where.
"""

import secrets
from collections.abc import Callable
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from devices.cards.certificates import Revoked
from devices.cards.evidence import Finding

Fetch = Callable[[], bytes]
Ask = Callable[[bytes], bytes]
Now = Callable[[], datetime]
_NONCE = 16


def by_list(fetch: Fetch, now: Now) -> Revoked:
    """A CRL of the very root that issued the certificate, signed by it and in its time."""

    def revoked(certificate: x509.Certificate, root: x509.Certificate) -> Finding:
        try:
            crl = _crl(fetch())
            key = root.public_key()
            ours = isinstance(key, RSAPublicKey) and crl.is_signature_valid(key)
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
            return Finding.NOT_CHECKED
        if not ours or crl.next_update_utc is None or crl.next_update_utc < now():
            return Finding.UNKNOWN
        entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
        return Finding.GOOD if entry is None else Finding.BAD

    return revoked


def by_asking(ask: Ask, now: Now) -> Revoked:
    """OCSP: an answer counts if it is to our question, rightly signed, and fresh."""

    def revoked(certificate: x509.Certificate, root: x509.Certificate) -> Finding:
        nonce = secrets.token_bytes(_NONCE)
        question = (
            ocsp.OCSPRequestBuilder()
            .add_certificate(certificate, root, SHA256())
            .add_extension(x509.OCSPNonce(nonce), critical=False)
            .build()
        )
        try:
            answer = ocsp.load_der_ocsp_response(ask(question.public_bytes(Encoding.DER)))
            if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
                return Finding.NOT_CHECKED
            return _answered(answer, certificate, root, nonce, now())
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
            return Finding.NOT_CHECKED

    return revoked


def _crl(raw: bytes) -> x509.CertificateRevocationList:
    pem = raw.lstrip().startswith(b"-----")
    return x509.load_pem_x509_crl(raw) if pem else x509.load_der_x509_crl(raw)


def _answered(
    answer: ocsp.OCSPResponse,
    certificate: x509.Certificate,
    root: x509.Certificate,
    nonce: bytes,
    now: datetime,
) -> Finding:
    fresh = answer.next_update_utc is not None and answer.next_update_utc >= now
    ours = answer.serial_number == certificate.serial_number and _echoes(answer, nonce)
    if not (fresh and ours and _signed(answer, root)):
        return Finding.UNKNOWN
    return {
        ocsp.OCSPCertStatus.GOOD: Finding.GOOD,
        ocsp.OCSPCertStatus.REVOKED: Finding.BAD,
    }.get(answer.certificate_status, Finding.UNKNOWN)


def _echoes(answer: ocsp.OCSPResponse, nonce: bytes) -> bool:
    """An answer without a nonce may be an old one; its time has to do."""
    try:
        told = answer.extensions.get_extension_for_class(x509.OCSPNonce).value
    except x509.ExtensionNotFound:
        return True
    return told.nonce == nonce


def _signed(answer: ocsp.OCSPResponse, root: x509.Certificate) -> bool:
    """By the root itself, or by a responder that the root made one."""
    for signer in (root, *(one for one in answer.certificates if _responder(one, root))):
        key, digest = signer.public_key(), answer.signature_hash_algorithm
        if not isinstance(key, RSAPublicKey) or digest is None:
            continue
        try:
            key.verify(answer.signature, answer.tbs_response_bytes, PKCS1v15(), digest)
        except InvalidSignature:
            continue
        return True
    return False


def _responder(certificate: x509.Certificate, root: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(root)
        use = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (InvalidSignature, ValueError, TypeError, x509.ExtensionNotFound):
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in use
