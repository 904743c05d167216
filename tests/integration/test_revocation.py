"""Does a certificate still stand: by list and by asking, answered by a server on loopback."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from devices.cards.evidence import Finding
from devices.cards.reading import Burst, Standing
from devices.simulated.card.deck import holders
from devices.simulated.card.issuer import Issuers
from devices.simulated.card.virtual import VirtualCard
from kiosk.adapters.revocation import revocation
from kiosk.errors import SetupFault

ROOT = Path(__file__).resolve().parents[2]
ISSUERS = Issuers()
PERSON = holders(ROOT / "resources/people/cards.yaml")[1]
LEAF, ISSUER = ISSUERS.leaf("auth", PERSON), ISSUERS.root("auth")
KEY = ISSUERS.key("root-auth")
NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def crl(*serials: int, key: rsa.RSAPrivateKey = KEY, until: datetime = NOW + DAY) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(ISSUER.subject)
        .last_update(NOW - 2 * DAY)
        .next_update(until)
    )
    for serial in serials:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(NOW - DAY)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(key, SHA256()).public_bytes(Encoding.DER)


Answer = Callable[[bytes], bytes]


def responder(
    *uses: x509.ObjectIdentifier, by: rsa.RSAPrivateKey = KEY
) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "responder")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(ISSUER.subject)
        .public_key(key.public_key())
        .serial_number(99)
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
    )
    return builder.sign(by, SHA256()), key


def answer(
    status: ocsp.OCSPCertStatus,
    *,
    signer: tuple[x509.Certificate, rsa.RSAPrivateKey] = (ISSUER, KEY),
    until: datetime = NOW + DAY,
    nonce: bytes | None = None,
    leaf: x509.Certificate = LEAF,
) -> Answer:
    def answered(raw: bytes) -> bytes:
        question = ocsp.load_der_ocsp_request(raw)
        asked = question.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
        revoked = NOW - DAY if status is ocsp.OCSPCertStatus.REVOKED else None
        builder = (
            ocsp.OCSPResponseBuilder()
            .add_response(leaf, ISSUER, SHA256(), status, NOW - DAY, until, revoked, None)
            .responder_id(ocsp.OCSPResponderEncoding.HASH, signer[0])
            .certificates([signer[0]])
            .add_extension(x509.OCSPNonce(nonce or asked), critical=False)
        )
        return builder.sign(signer[1], SHA256()).public_bytes(Encoding.DER)

    return answered


@contextmanager
def serving(reply: Answer, status: int = 200) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = reply(self.rfile.read(int(self.headers["Content-Length"])))
            self._reply(body)

        def do_GET(self) -> None:
            self._reply(reply(b""))

        def _reply(self, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def found(setting: str) -> Finding:
    """What a whole reading says of the card's standing."""
    chip = VirtualCard(PERSON, ISSUERS)
    chip.power_on()
    revoked = revocation(setting)
    assert revoked is not None
    with Burst(chip) as burst:
        standing = Standing(revoked, lambda: datetime.now(UTC))
        holder = burst.holder(bytearray(b"1234"), ISSUERS.trust(), standing=standing)
    assert not chip.verified()
    return holder.evidence.revocation


OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (crl(), Finding.GOOD),
        (crl(1, 2, 3), Finding.GOOD),
        (crl(LEAF.serial_number), Finding.BAD),
        (crl(LEAF.serial_number, until=NOW - DAY), Finding.UNKNOWN),
        (crl(key=OTHER), Finding.UNKNOWN),
        (b"no list", Finding.NOT_CHECKED),
        (b"", Finding.NOT_CHECKED),
    ],
    ids=["empty", "others", "revoked", "old", "forged", "noise", "nothing"],
)
def test_a_list_says_whether_a_card_still_stands(tmp_path, raw, expected):
    file = tmp_path / "list.crl"
    file.write_bytes(raw)
    assert found(f"crl:{file}") is expected
    with serving(lambda _: raw) as address:
        assert found(f"crl:{address}") is expected


GOOD, REVOKED = ocsp.OCSPCertStatus.GOOD, ocsp.OCSPCertStatus.REVOKED


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (answer(GOOD), Finding.GOOD),
        (answer(REVOKED), Finding.BAD),
        (answer(ocsp.OCSPCertStatus.UNKNOWN), Finding.UNKNOWN),
        (answer(GOOD, signer=responder(ExtendedKeyUsageOID.OCSP_SIGNING)), Finding.GOOD),
        (answer(GOOD, signer=responder(ExtendedKeyUsageOID.CLIENT_AUTH)), Finding.UNKNOWN),
        (
            answer(GOOD, signer=responder(ExtendedKeyUsageOID.OCSP_SIGNING, by=OTHER)),
            Finding.UNKNOWN,
        ),
        (answer(GOOD, until=NOW - DAY / 2), Finding.UNKNOWN),
        (answer(GOOD, nonce=b"another question"), Finding.UNKNOWN),
        (answer(GOOD, leaf=ISSUER), Finding.UNKNOWN),
        (lambda _: b"noise", Finding.NOT_CHECKED),
        (
            lambda _: ocsp.OCSPResponseBuilder.build_unsuccessful(
                ocsp.OCSPResponseStatus.TRY_LATER
            ).public_bytes(Encoding.DER),
            Finding.NOT_CHECKED,
        ),
    ],
    ids=[
        *("good", "revoked", "unknown", "responder", "no responder", "forged", "old", "replayed"),
        *("another's", "noise", "later"),
    ],
)
def test_an_answer_counts_only_if_it_is_to_our_question_and_rightly_signed(reply, expected):
    with serving(reply) as address:
        assert found(f"ocsp:{address}") is expected


def test_who_does_not_answer_leaves_it_unchecked():
    with serving(lambda _: crl(), status=500) as address:
        assert found(f"crl:{address}") is Finding.NOT_CHECKED
        assert found(f"ocsp:{address}") is Finding.NOT_CHECKED
    assert found(f"ocsp:{address}") is Finding.NOT_CHECKED
    assert found("crl:/nowhere/list.crl") is Finding.NOT_CHECKED


@pytest.mark.parametrize("setting", ["crl:", "ocsp:", "ocsp:/file", "https://a.example", "x:y"])
def test_a_setting_that_names_nobody_is_said(setting):
    with pytest.raises(SetupFault, match="card_revocation"):
        revocation(setting)


def test_nothing_is_asked_where_nothing_is_set():
    assert revocation("") is None
