"""The doctor names what is missing between us and a card, and what to do about it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from devices.readers import WHY_NOT, plugged
from tests.fakes import pcscd as stack
from tests.integration.test_card import standing

ROOT = Path(__file__).resolve().parents[2]


def doctor(home: Path, env: dict[str, str]) -> tuple[int, dict[str, dict]]:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "doctor", "--json", "--home", str(home)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=env,
    )
    return done.returncode, {row["what"]: row for row in json.loads(done.stdout)["rows"]}


@pytest.mark.skipif(bool(stack.missing()), reason=f"needs {stack.missing()}")
def test_a_reader_with_a_card_is_found_and_probed(tmp_path):
    (tmp_path / "kakanai.toml").write_text('reader = "pcsc"\n')
    with standing(tmp_path / "stack", "serial") as stand:
        stand.lay("p1")
        status, rows = doctor(tmp_path, stand.pcscd.environment())
    assert status == 0
    assert rows["pcscd"]["works"]
    assert rows["card reader"]["found"] == "GemPC Twin 00 00"
    assert rows["extended APDU"]["found"] == "carried"


def test_a_service_that_does_not_run_is_named_with_its_remedy(tmp_path):
    (tmp_path / "kakanai.toml").write_text('reader = "pcsc"\n')
    status, rows = doctor(tmp_path, {"PCSCLITE_CSOCK_NAME": str(tmp_path / "nobody")})
    assert status == 1
    assert not rows["pcscd"]["works"]
    assert "pcscd" in rows["pcscd"]["remedy"]


def test_what_is_not_needed_is_no_fault(tmp_path):
    status, rows = doctor(tmp_path, {"PCSCLITE_CSOCK_NAME": str(tmp_path / "nobody")})
    assert rows["pcscd"]["works"]
    assert "not needed" in rows["pcscd"]["found"]
    assert status == 0


def test_readers_are_known_by_their_usb_names(tmp_path):
    for at, (vendor, product) in enumerate(
        [("054c", "0dc8"), ("054c", "06c3"), ("072f", "b100"), ("046d", "c52b")]
    ):
        device = tmp_path / f"1-{at}"
        device.mkdir()
        (device / "idVendor").write_text(vendor + "\n")
        (device / "idProduct").write_text(product + "\n")
    (tmp_path / "usb1").mkdir()
    found = {reader.name: reader.works for reader in plugged(tmp_path)}
    assert found == {"Sony RC-S300/S": True, "Sony RC-S380/P": False, "ACS ACR39U": True}
    assert "RC-S300" in WHY_NOT
