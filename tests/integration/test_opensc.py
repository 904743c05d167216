"""OpenSC, which nobody here wrote, reads our virtual card and signs with both of its keys."""

import subprocess
from pathlib import Path

import pytest

from tests.fakes import pcscd as stack
from tests.integration.test_card import ISSUERS, Stand, standing

pytestmark = pytest.mark.skipif(bool(stack.missing()), reason=f"needs {stack.missing()}")
LONGEST = "30"
KEYS = [("0", "01", "1234"), ("1", "02", "ABC123")]


@pytest.fixture(scope="module", params=["serial", "vpcd"])
def stand(request, tmp_path_factory):
    with standing(tmp_path_factory.mktemp("opensc") / "stack", request.param) as made:
        yield made


def opensc(stand: Stand, home: Path, *command: str) -> str:
    """What it says; never waited for longer than half a minute."""
    done = subprocess.run(
        ["timeout", LONGEST, *command],
        capture_output=True,
        text=True,
        check=False,
        env={**stand.pcscd.environment(), "HOME": str(home)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_opensc_takes_it_for_a_my_number_card(stand, tmp_path):
    stand.lay("p2")
    assert opensc(stand, tmp_path, "opensc-tool", "-n").strip() == "jpki"
    told = opensc(stand, tmp_path, "pkcs15-tool", "-D")
    for item in (
        "PIN [User Authentication PIN]",
        "PIN [Digital Signature PIN]",
        "X.509 Certificate [User Authentication Certificate CA]",
        "X.509 Certificate [Digital Signature Certificate]",
    ):
        assert item in told
    stand.take()


@pytest.mark.parametrize(("slot", "key", "secret"), KEYS)
def test_opensc_signs_and_openssl_agrees(stand, tmp_path, slot, key, secret):
    chip = stand.lay("p2")
    content, signature, certificate = (tmp_path / name for name in ("data", "sig", "cert.pem"))
    content.write_bytes(b"to be signed, by a key on a card")
    opensc(
        stand,
        tmp_path,
        *("pkcs11-tool", "--login", "--pin", secret, "--slot-index", slot),
        *("--sign", "--id", key, "--mechanism", "SHA256-RSA-PKCS"),
        *("--input-file", str(content), "--output-file", str(signature)),
    )
    opensc(
        stand,
        tmp_path,
        *("pkcs15-tool", "--read-certificate", key, "--auth-id", key),
        *("--verify-pin", "--pin", secret, "--output", str(certificate)),
    )
    root = tmp_path / "root.pem"
    root.write_text(ISSUERS.trust_pem())
    run = ["openssl", "verify", "-CAfile", str(root), str(certificate)]
    assert subprocess.run(run, capture_output=True, check=False).returncode == 0
    public = tmp_path / "public.pem"
    extract = ["openssl", "x509", "-in", str(certificate), "-noout", "-pubkey", "-out", str(public)]
    subprocess.run(extract, check=True)
    verify = ["openssl", "dgst", "-sha256", "-verify", str(public)]
    done = subprocess.run(
        [*verify, "-signature", str(signature), str(content)], capture_output=True, check=False
    )
    assert done.stdout.strip() == b"Verified OK"
    assert chip.wasted == 0
    stand.take()
