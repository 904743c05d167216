"""A terminal becomes a device: a code, shown once and good once, and a key that stays here."""

import json
import re
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
import zxingcpp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from PIL import Image

from kiosk.adapters.devicekeys import DeviceKeys
from kiosk.adapters.line import HttpLine
from kiosk.adapters.office import HttpOffice
from kiosk.config import read_settings
from kiosk.errors import OfficeUnreachable, SetupFault
from kiosk.ground import office_of
from kiosk.pairing import Invitation, Paired, Refusal, invitation, pair, settings_with
from tests.fakes import offering
from tests.fakes.paired import ROOT, Started, office_running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("office") / "home"


@pytest.fixture(scope="module")
def office(folder: Path) -> Iterator[Started]:
    with office_running(folder) as started:
        yield started


def told(*words: str | Path, status: int = 0) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
    return done


def offered(folder: Path, office: Started, device: str, *more: str | Path) -> str:
    """What `office pair` prints."""
    role = () if "--role" in more else ("--role", "kiosk")
    return offering.offered(folder, device, "--url", office.url, *role, *map(str, more))


def code_in(said: str) -> str:
    (code,) = (word for word in said.split() if word.startswith("KKP1."))
    return code


def kakanai(home: Path, *words: str | Path, status: int = 0) -> "subprocess.CompletedProcess[str]":
    return told("kiosk", "--home", home, *words, status=status)


def test_a_code_makes_a_terminal_a_device_and_its_secrets_are_for_it_alone(
    folder: Path, office: Started, tmp_path: Path
) -> None:
    code = code_in(offered(folder, office, "K07"))
    done = kakanai(tmp_path, "pair", code, "--json")
    assert json.loads(done.stdout) == {"device": "K07", "role": "kiosk", "url": office.url}
    settings = tomllib.loads((tmp_path / "kakanai.toml").read_text("utf-8"))
    assert settings == {"device": "K07", "office_url": office.url}
    for name in ("device.pem", "person.key"):
        assert (tmp_path / "keys" / name).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0
    assert DeviceKeys(tmp_path / "keys").person() == (folder / "keys" / "person.key").read_bytes()
    assert not (tmp_path / "keys" / "device.new.pem").exists()
    known = HttpOffice(office.url, "K07", DeviceKeys(tmp_path / "keys"))
    assert known.outcome("R0-999999", "printed") == "No such certificate"
    known.close()
    listed = json.loads(told("office", "--home", folder, "devices", "--json").stdout)["devices"]
    (row,) = (row for row in listed if row["device"] == "K07")
    assert row["role"] == "kiosk"
    assert row["enrolled"]
    assert row["seen"]
    assert row["revoked"] is None


def test_a_code_is_good_once_and_for_the_same_key_again(
    folder: Path, office: Started, tmp_path: Path
) -> None:
    code = invitation(code_in(offered(folder, office, "K08")))
    first, second = tmp_path / "first", tmp_path / "second"
    assert pair(first, code) == Paired("K08", "kiosk", office.url)
    key = (first / "keys" / "device.pem").read_bytes()
    (first / "keys" / "device.pem").rename(first / "keys" / "device.new.pem")  # an answer was lost
    assert pair(first, code) == Paired("K08", "kiosk", office.url)
    assert (first / "keys" / "device.pem").read_bytes() == key
    refused = pair(second, code)
    assert isinstance(refused, Refusal)
    assert refused.code == "code-used"
    assert not (second / "kakanai.toml").exists()


def test_of_two_terminals_with_one_code_one_is_let_in(
    folder: Path, office: Started, tmp_path: Path
) -> None:
    for turn in range(3):
        code = invitation(code_in(offered(folder, office, "K09")))
        homes = [tmp_path / f"{turn}-{number}" for number in range(4)]
        with ThreadPoolExecutor(4) as lanes:
            done = list(lanes.map(lambda home, code=code: pair(home, code), homes))
        assert [isinstance(one, Paired) for one in done].count(True) == 1, done


def test_what_is_wrong_with_a_code_is_said_and_exits_10(
    folder: Path, office: Started, tmp_path: Path
) -> None:
    code = code_in(offered(folder, office, "K10"))
    with sqlite3.connect(folder / "office.db") as store:
        store.execute("UPDATE pairing SET expires = 1 WHERE device = 'K10'")
    store.close()
    assert "expired" in kakanai(tmp_path / "a", "pair", code, status=10).stderr
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    done = kakanai(tmp_path / "a", "pair", wrong, "--json", status=10)
    assert json.loads(done.stdout)["error"]["code"] == "unknown-code"
    older = code_in(offered(folder, office, "K10"))
    newer = code_in(offered(folder, office, "K10"))
    assert "does not know" in kakanai(tmp_path / "a", "pair", older, status=10).stderr
    kakanai(tmp_path / "a", "pair", newer)
    assert "used before" in kakanai(tmp_path / "b", "pair", newer, status=10).stderr
    assert "KKP1" in kakanai(tmp_path / "b", "pair", "KKP1.!!", status=2).stderr
    kakanai(tmp_path / "b", "pair", status=2)
    kakanai(tmp_path / "b", "pair", newer, "--rotate", status=2)


def test_an_office_that_is_away_exits_9_and_the_code_stays_good(
    folder: Path, office: Started, tmp_path: Path
) -> None:
    code = code_in(offered(folder, office, "K11"))
    away = code_in(offered(folder, office, "K11a", "--url", "http://127.0.0.1:9"))
    assert "not reached" in kakanai(tmp_path, "pair", away, status=9).stderr
    assert not (tmp_path / "kakanai.toml").exists()
    kakanai(tmp_path, "pair", code)
    (tmp_path / "kakanai.toml").write_text('office_url = "http://127.0.0.1:9"\ndevice = "K11"\n')
    kakanai(tmp_path, "pair", "--rotate", status=9)
    kakanai(tmp_path / "never", "pair", "--rotate", status=10)


def test_a_code_may_be_typed_by_hand_where_the_office_is_known(
    folder: Path, office: Started, tmp_path: Path
) -> None:
    code = code_in(offered(folder, office, "K12")).rpartition(".")[2].lower()
    (tmp_path / "kakanai.toml").write_text(f'office_url = "{office.url}"\n')
    kakanai(tmp_path, "pair", "-".join(re.findall("....", code)))
    assert tomllib.loads((tmp_path / "kakanai.toml").read_text())["device"] == "K12"


def test_the_picture_and_the_blocks_on_the_screen_say_the_code(
    folder: Path, office: Started, tmp_path: Path
) -> None:
    said = offered(folder, office, "K13", "--qr", tmp_path / "code.png")
    code = code_in(said)
    assert invitation(str(tmp_path / "code.png")) == invitation(code)
    lines = [line for line in said.splitlines() if "█" in line or "▀" in line]
    assert read(lines) == code
    kakanai(tmp_path / "home", "pair", tmp_path / "code.png")


def read(lines: list[str]) -> str:
    """What a camera sees on a dark terminal: a letter is two pixels, one above the other."""
    lit = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    image = Image.new("L", (len(lines[0]) + 8, 2 * len(lines) + 8), 0)
    for y, line in enumerate(lines):
        for x, letter in enumerate(line):
            for below, light in enumerate(lit[letter]):
                image.putpixel((x + 4, 2 * y + below + 4), light)
    image = image.resize((image.width * 6, image.height * 6), Image.Resampling.NEAREST)
    (found,) = zxingcpp.read_barcodes(image)
    return str(found.text)


def test_a_picture_without_a_code_is_named(tmp_path: Path) -> None:
    file = tmp_path / "cat.png"
    Image.new("L", (90, 90), 255).save(file)
    with pytest.raises(SetupFault, match=r"cat\.png: 0 pairing codes"):
        invitation(str(file))


def test_a_back_office_is_told_nothing_that_names_persons(
    folder: Path, office: Started, tmp_path: Path
) -> None:
    code = code_in(offered(folder, office, "B01", "--role", "backoffice"))
    assert pair(tmp_path, invitation(code)) == Paired("B01", "backoffice", office.url)
    assert DeviceKeys(tmp_path / "keys").person() is None


def test_a_revoked_device_takes_its_codes_with_it_and_comes_back_by_a_new_one(
    folder: Path, office: Started, tmp_path: Path
) -> None:
    kakanai(tmp_path, "pair", code_in(offered(folder, office, "K14")))
    spare = code_in(offered(folder, office, "K14"))
    assert told("office", "--home", folder, "revoke", "K14").stdout == "K14: revoked\n"
    assert "does not know" in kakanai(tmp_path / "thief", "pair", spare, status=10).stderr
    done = kakanai(tmp_path, "pair", "--rotate", status=10)
    assert "revoked" in done.stderr
    old = DeviceKeys(tmp_path / "keys").candidates()
    kakanai(tmp_path, "pair", code_in(offered(folder, office, "K14")))
    assert DeviceKeys(tmp_path / "keys").candidates() != old
    kakanai(tmp_path, "pair", "--rotate")
    told("office", "--home", folder, "revoke", "nobody", status=1)


WRONG = {
    "no role": (["K15"], "--role"),
    "no device": (["--role", "kiosk"], "name the device"),
    "a name with a space": (["K 15", "--role", "kiosk"], "'K 15'"),
    "no time": (["K15", "--role", "kiosk", "--minutes", "0"], "--minutes 0"),
}


@pytest.mark.parametrize("what", WRONG)
def test_an_offer_that_cannot_be_is_one_line(tmp_path: Path, what: str) -> None:
    words, named = WRONG[what]
    done = told("office", "--home", tmp_path / "home", "pair", *words, status=2)
    (line,) = done.stderr.splitlines()
    assert named in line


def test_the_settings_keep_every_other_line_as_somebody_wrote_it() -> None:
    text = (
        '# ours\ncity = "書蒼市"   # the city\n\n  device = "K01"  # 1st floor\r\n'
        'office_token = "old"\nhow_to_ask = """\ndevice\n"""\n'
    )
    changed = settings_with(Path("x"), text, {"device": 'K"2', "office_url": "https://a.example"})
    assert changed == (
        'office_url = "https://a.example"\n# ours\ncity = "書蒼市"   # the city\n\n'
        '  device = "K\\"2"  # 1st floor\r\nhow_to_ask = """\ndevice\n"""\n'
    )
    assert tomllib.loads(changed)["device"] == 'K"2'


@pytest.mark.parametrize(
    "text", ['"device" = "K01"\n', 'city = """\ndevice = "K01"\n"""\n', "= =\n"]
)
def test_settings_that_cannot_be_changed_safely_are_left_and_no_code_is_used_up(
    folder: Path, office: Started, tmp_path: Path, text: str
) -> None:
    code = code_in(offered(folder, office, "K16"))
    (tmp_path / "kakanai.toml").write_text(text)
    assert "kakanai.toml" in kakanai(tmp_path, "pair", code, status=2).stderr
    assert (tmp_path / "kakanai.toml").read_text() == text
    (tmp_path / "kakanai.toml").unlink()
    kakanai(tmp_path, "pair", code)


def test_whoever_answers_like_no_office_is_not_believed(office: Started, tmp_path: Path) -> None:
    with pytest.raises(OfficeUnreachable):
        pair(tmp_path, Invitation("0" * 16, office.url + "/docs"))


def test_doctor_says_as_what_the_terminal_is_known(
    folder: Path, office: Started, tmp_path: Path
) -> None:
    def row() -> dict[str, object]:
        rows = json.loads(
            subprocess.run(
                [sys.executable, "-m", "kiosk", "--home", tmp_path, "doctor", "--json"],
                cwd=ROOT,
                capture_output=True,
                check=False,
                timeout=60,
            ).stdout
        )["rows"]
        (found,) = (row for row in rows if row["what"] == "office")
        return found

    assert row()["works"]  # nobody has named an office yet
    assert "not paired" in str(row()["found"])
    kakanai(tmp_path, "pair", code_in(offered(folder, office, "K17", "--role", "counter")))
    assert row()["works"]
    assert row()["found"] == f"K17 (counter) at {office.url}"
    told("office", "--home", folder, "revoke", "K17")
    assert not row()["works"]
    assert "revoked" in str(row()["found"])
    settings = f'device = "K17"\noffice_url = "{office.url}:9"\n'
    (tmp_path / "kakanai.toml").write_text(settings)
    assert "not reached" in str(row()["found"])


def test_an_office_behind_the_citys_own_authority_is_known_by_it(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "office")])
    host = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(datetime.now(UTC) - timedelta(days=1))
    made = made.not_valid_after(datetime.now(UTC) + timedelta(days=1))
    certificate = made.add_extension(host, critical=False).sign(key, hashes.SHA256())
    pem, secret = tmp_path / "office.pem", tmp_path / "office.key"
    pem.write_bytes(certificate.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    folder, home = tmp_path / "folder", tmp_path / "home"
    home.mkdir()
    with office_running(folder, "--tls-cert", str(pem), "--tls-key", str(secret)) as office:
        assert office.url.startswith("https://")
        code = code_in(offered(folder, office, "K01"))
        assert "SSLError" in kakanai(home, "pair", code, status=9).stderr
        (home / "kakanai.toml").write_text(f'office_ca = "{pem}"\n')
        kakanai(home, "pair", code)
        kakanai(home, "pair", "--rotate")
        with closing(office_of(read_settings(home), home)) as known:
            assert known.outcome("R0-999999", "printed") == "No such certificate"
        HttpLine(office.url, str(pem)).ask()
        (home / "kakanai.toml").write_text(f'office_ca = "{pem}.gone"\noffice_url = "https://x"\n')
        assert "office_ca" in kakanai(home, "pair", "--rotate", status=2).stderr
