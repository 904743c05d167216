"""Who is let in, as what, for how long: forged, expired, foreign, revoked, one role each."""

import base64
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from joserfc.registry import Header

from kiosk.adapters.devicekeys import DeviceKeys, public_of
from kiosk.adapters.office import HttpOffice
from kiosk.pairing import Paired, Refusal, invitation, pair, rotate
from office.app import build, now
from office.attempts import MOST, Attempts
from office.config import Settings
from office.devices import ROLES, Device, Devices, Standing
from office.keyfiles import secret
from office.pairing import Pairings
from office.problems import ProblemError
from office.store import open_store
from tests.fakes.offering import offered
from tests.fakes.paired import ROOT, Started, office_running
from tests.fakes.postgres import postgres
from tests.fakes.rights import calls, rights

ENROLLED = ("K01:kiosk", "C01:counter", "B01:backoffice")
DEVICE = {"kiosk": "K01", "counter": "C01", "backoffice": "B01"}
TABLE = rights()
A_DAY = 86_400


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sessions") / "home"


@pytest.fixture(scope="module")
def office(folder: Path) -> Iterator[Started]:
    with started(folder) as running:
        yield running


def started(folder: Path, *more: str) -> Any:
    enrol = (word for device in ENROLLED for word in ("--enrol", device))
    return office_running(folder, *enrol, *more)


@dataclass(frozen=True)
class Heard:
    status: int
    kind: str
    content: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.content)


def call(url: str, line: str, token: str | None = None, **more: Any) -> Heard:
    method, _, path = line.partition(" ")
    headers = {**more.pop("headers", {}), **({"Authorization": f"Bearer {token}"} if token else {})}
    with requests.Session() as session:
        session.trust_env = False
        with session.request(method, url + path, headers=headers, timeout=20, **more) as answer:
            is_problem = answer.headers.get("content-type") == "application/problem+json"
            kind = answer.json()["type"].rpartition(":")[2] if is_problem else ""
            found = {key.lower(): value for key, value in answer.headers.items()}
            return Heard(answer.status_code, kind, answer.content, found)


def works(url: str, token: str) -> Heard:
    """Something that every terminal may ask."""
    return call(url, "GET /v1/certificates?day=2026-11-21", token)


# Rights

NOBODY = "01a1fb9e-0680-7e6f-a26f-647920686173"
HEX = "a" * 64
FILLED = {
    "{submission}": NOBODY,
    "{record}": NOBODY,
    "{sha256}": HEX,
    "{person}": HEX,
    "{number}": "R0-999999",
    "{token}": "x",
    "{given}": "x",
}
KEYED = {"headers": {"Idempotency-Key": "rights-0001"}}
WHO = {"name": "居内　誰", "birth": "1990-01-01", "address": "x"}
CONSENT = {
    "person": HEX,
    "purpose": "x",
    "notice": "x",
    "state": "given",
    "at": "2026-11-21T01:00:00Z",
}
ASKED: dict[str, dict[str, Any]] = {
    "POST /v1/certificates": {
        "json": {"submission": None, "type": "juminhyo", "subject": WHO, "options": {}},
        **KEYED,
    },
    "GET /v1/certificates": {"params": {"day": "2026-11-21"}},
    "POST /v1/certificates/{number}/outcome": {"json": {"outcome": "printed", "remark": ""}},
    "POST /v1/certificates/{number}/revoke": {"json": {"reason": "x"}},
    "POST /v1/devices/self/key": {"json": {"public_key": "x", "proof": "x"}},
    "PUT /v1/consents/{record}": {"json": CONSENT},
    "PUT /v1/submissions/{submission}/attachments/{sha256}": {"params": {"start": 0}},
    "PUT /v1/journal/anchor": {"json": {"entry": 1, "hash": HEX}},
}


def test_every_call_has_its_row_in_the_table_of_rights(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "home")
    engine = open_store(settings.database)
    app = build(settings, engine)
    there = list(calls(app.routes))
    engine.dispose()
    assert set(there) == set(TABLE)
    assert {
        f"{method.upper()} {path}" for path, of in app.openapi()["paths"].items() for method in of
    } <= set(there)


@pytest.mark.parametrize("line", TABLE)
def test_a_device_may_do_what_its_role_may_and_nothing_else(office: Started, line: str) -> None:
    asked = line
    for name, value in FILLED.items():
        asked = asked.replace(name, value)
    assert "{" not in asked
    for role in ("anybody", *ROLES):
        token = None if role == "anybody" else office.devices[DEVICE[role]]
        heard = call(office.url, asked, token, **ASKED.get(line, {}))
        if role in TABLE[line]:
            assert heard.kind != "not-allowed", (role, heard)
            assert heard.status != 401 or line == "POST /v1/session", (role, heard)
        elif role == "anybody":
            assert (heard.status, heard.kind) == (401, "unknown-device"), (role, heard)
        else:
            assert (heard.status, heard.kind) == (403, "not-allowed"), (role, heard)


# Tokens and proofs


def challenge(url: str) -> str:
    return str(call(url, "GET /v1/challenge").json["challenge"])


def signed(key: ECKey | OctKey, claims: dict[str, Any], algorithm: str = "ES256") -> str:
    header: Header = {"alg": algorithm, "typ": "JWT"}
    return jwt.encode(header, claims, key, algorithms=[algorithm])


def unsigned(claims: dict[str, Any], signature: bytes = b"", **header: Any) -> str:
    parts = (json.dumps({"typ": "JWT", **header}).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def own_key(office: Started, device: str, tmp_path: Path) -> ECKey:
    office.devices.lend_keys(device, tmp_path / device)
    (pem,) = DeviceKeys(tmp_path / device / "keys").candidates()
    return ECKey.import_key(pem)


def session(url: str, proof: str) -> Heard:
    return call(url, "POST /v1/session", json={"proof": proof})


def in_a_day(seconds: int = A_DAY) -> int:
    return int(time.time()) + seconds


def claims(device: str = "K01", **more: Any) -> dict[str, Any]:
    return {"use": "session", "sub": device, "gen": 1, "exp": in_a_day(), **more}


def test_tokens_that_are_forged_expired_or_of_another_office_are_strangers(
    office: Started, folder: Path, tmp_path: Path
) -> None:
    ours = OctKey.import_key((folder / "keys" / "session.key").read_bytes())
    assert works(office.url, signed(ours, claims(), "HS256")).status == 200  # the key decides
    public = own_key(office, "K01", tmp_path).as_pem(private=False)
    with_public = hmac.HMAC(public, hashes.SHA256())
    confused = unsigned(claims(), alg="HS256")
    with_public.update(confused.rpartition(".")[0].encode())
    tail = base64.urlsafe_b64encode(with_public.finalize()).decode().rstrip("=")
    forged = {
        "nothing": "",
        "words": "not-a-token",
        "three dots": "a.b.c.d",
        "expired": signed(ours, claims(exp=in_a_day(-1)), "HS256"),
        "another office's": signed(OctKey.import_key(b"x" * 32), claims(), "HS256"),
        "alg none": unsigned(claims(), alg="none"),
        "alg None": unsigned(claims(), alg="None"),
        "no alg": unsigned(claims()),
        "another algorithm": signed(ours, claims(), "HS384"),
        "a public key as secret": confused.rpartition(".")[0] + "." + tail,
        "another signature": unsigned(claims(), b"x" * 32, alg="HS256"),
        "a challenge": challenge(office.url),
        "another use": signed(ours, claims(use="challenge"), "HS256"),
        "nobody": signed(ours, claims("K99"), "HS256"),
        "an older generation": signed(ours, claims(gen=0), "HS256"),
        "a later generation": signed(ours, claims(gen=2), "HS256"),
        "endless": "x" * 100_000,
    }
    heard = {what: works(office.url, token) for what, token in forged.items() if len(token) < 9000}
    assert {what: (h.status, h.kind) for what, h in heard.items()} == dict.fromkeys(
        heard, (401, "unknown-device")
    )
    assert works(office.url, forged["endless"]).status in (400, 401, 431)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    with started(tmp_path_factory.mktemp("other") / "home") as running:
        yield running


def test_proofs_that_are_forged_sound_like_those_of_devices_that_do_not_exist(
    folder: Path, other: Started, tmp_path: Path
) -> None:
    with started(tmp_path / "own") as office:  # so many failures close its door for a minute
        key = own_key(office, "K01", tmp_path)
        ours = OctKey.import_key((tmp_path / "own" / "keys" / "session.key").read_bytes())
        stranger = ECKey.import_key(pem_of(ec.generate_private_key(ec.SECP256R1())))
        far = ECKey.import_key(pem_of(ec.generate_private_key(ec.SECP384R1())))
        good = {"iss": "K01", "nonce": challenge(office.url)}
        old = {"use": "challenge", "jti": "x", "exp": in_a_day(-61 - A_DAY)}
        forged = {
            "no such device": signed(stranger, {**good, "iss": "K99"}),
            "another key": signed(stranger, good),
            "another device": signed(key, {**good, "iss": "C01"}),
            "nobody": signed(key, {"nonce": good["nonce"]}),
            "no text": signed(key, {**good, "iss": 7}),
            "another curve": signed(far, good, "ES384"),
            "alg none": unsigned(good, alg="none"),
            "HMAC by the public key": signed(OctKey.import_key(b"x" * 32), good, "HS256"),
            "no challenge": signed(key, {"iss": "K01"}),
            "another office's challenge": signed(key, {**good, "nonce": challenge(other.url)}),
            "an old challenge": signed(key, {**good, "nonce": signed(ours, old, "HS256")}),
            "a session as challenge": signed(key, {**good, "nonce": office.devices["K01"]}),
            "words": "x",
            "half": signed(key, good)[:-9],
        }
        assert len(forged) < MOST
        heard = {what: session(office.url, proof) for what, proof in forged.items()}
        assert {h.status for h in heard.values()} == {401}, heard
        assert len({h.content for h in heard.values()}) == 1
        silent = {"date"}
        assert (
            len(
                {
                    frozenset((k, v) for k, v in h.headers.items() if k not in silent)
                    for h in heard.values()
                }
            )
            == 1
        )
        assert session(office.url, signed(key, good)).status == 200


def pem_of(key: Any) -> str:
    return str(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
    )


def test_a_proof_that_is_sent_twice_opens_two_sessions_of_the_same_device(
    office: Started, tmp_path: Path
) -> None:
    key = own_key(office, "K01", tmp_path)
    proof = signed(key, {"iss": "K01", "nonce": challenge(office.url)})
    first, again = session(office.url, proof), session(office.url, proof)
    assert (first.status, again.status) == (200, 200)
    assert works(office.url, again.json["token"]).status == 200
    assert first.json["seconds"] == again.json["seconds"] == 900


@pytest.mark.parametrize("kind", ["P-384", "secp256k1", "RSA", "Ed25519", "words", "private"])
def test_a_key_that_is_not_of_our_curve_is_refused_and_uses_up_no_code(
    folder: Path, office: Started, tmp_path: Path, kind: str
) -> None:
    keys: dict[str, Any] = {
        "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "secp256k1": lambda: ec.generate_private_key(ec.SECP256K1()),
        "RSA": lambda: rsa.generate_private_key(65537, 2048),
        "Ed25519": ed25519.Ed25519PrivateKey.generate,
    }
    pem = {"words": "words", "private": pem_of(ec.generate_private_key(ec.SECP256R1()))}.get(kind)
    code = code_for(folder, "K20", office.url)
    order = {"code": invitation(code).code, "public_key": pem or public_of(pem_of(keys[kind]()))}
    heard = call(office.url, "POST /v1/pairings", json=order)
    assert (heard.status, heard.kind) == (422, "invalid")
    assert isinstance(pair(tmp_path, invitation(code)), Paired)


def code_for(folder: Path, device: str, url: str, *more: str) -> str:
    said = offered(folder, device, "--role", "kiosk", "--url", url, *more)
    (code,) = (word for word in said.split() if word.startswith("KKP1."))
    return code


def office_says(folder: Path, *words: str) -> str:
    command = [sys.executable, "-m", "office", "--home", str(folder), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout


# Failures


def from_address(url: str, address: str, body: dict[str, str]) -> tuple[int, str | None]:
    """The same question from another address of this machine."""
    line = HTTPConnection(urlsplit(url).netloc, timeout=20, source_address=(address, 0))
    line.request("POST", "/v1/pairings", json.dumps(body), {"Content-Type": "application/json"})
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status, answer.getheader("Retry-After")


def test_whoever_guesses_codes_waits_and_others_do_not(office: Started) -> None:
    guess = {
        "code": "0" * 16,
        "public_key": public_of(pem_of(ec.generate_private_key(ec.SECP256R1()))),
    }
    heard = [from_address(office.url, "127.0.0.2", guess) for _ in range(MOST + 1)]
    assert [status for status, _ in heard] == [404] * MOST + [429]
    assert 1 <= int(heard[-1][1] or 0) <= 61
    assert from_address(office.url, "127.0.0.3", guess)[0] == 404
    assert session(office.url, "x").status == 401  # and we from ours


def test_failures_are_forgotten_after_a_minute_and_addresses_are_not_kept_for_ever() -> None:
    now = [0.0]
    attempts = Attempts(lambda: now[0])

    def fail(address: str) -> int:
        with pytest.raises(ProblemError) as refused, attempts.counted(address):
            raise ProblemError(401, "x", "x")
        return refused.value.status

    assert [fail("2001:db8::1") for _ in range(MOST)] == [401] * MOST
    assert fail("2001:db8::ffff:1") == 429  # the same line
    assert fail("2001:db8:0:1::1") == 401
    now[0] = 59.9
    assert fail("2001:db8::1") == 429
    now[0] = 60.0
    assert fail("2001:db8::1") == 401
    for number in range(12_000):
        fail(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(attempts._failed) <= 10_000


# Revocation in every process


def test_a_revoked_device_is_out_within_a_second_in_both_of_two_offices(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with ExitStack() as stack:
        url = stack.enter_context(postgres())
        at = ("--database", url)
        first = stack.enter_context(started(home, *at))
        second = stack.enter_context(office_running(home, *at))
        k01, c01 = first.devices["K01"], first.devices["C01"]
        for office in (first, second):  # one let it in, both know it
            assert works(office.url, k01).status == 200
        revoked = office_says(home, "revoke", "K01", *at)
        assert revoked == "K01: revoked\n"
        until = time.monotonic() + 1.0
        while time.monotonic() < until:  # asked all the time: the cache is warm
            for office in (first, second):
                works(office.url, k01)
        for office in (first, second):
            assert (works(office.url, k01).kind, works(office.url, c01).status) == (
                "revoked-device",
                200,
            )
        code = code_for(home, "K01", second.url, *at)
        assert isinstance(pair(tmp_path / "again", invitation(code)), Paired)
        ours = HttpOffice(second.url, "K01", DeviceKeys(tmp_path / "again" / "keys"))
        token = ours.known_by.token()
        ours.close()
        for office in (first, second):
            assert works(office.url, token).status == 200  # at once, whatever was cached
            assert works(office.url, k01).kind == "unknown-device"


def test_offices_that_begin_at_once_have_the_same_keys(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with postgres() as url, ThreadPoolExecutor(3) as lanes, ExitStack() as stack:
        at = ("--database", url)
        begun = lanes.map(lambda _: stack.enter_context(office_running(home, *at)), range(3))
        offices = list(begun)
        code = code_for(home, "K01", offices[0].url, *at)
        assert isinstance(pair(tmp_path / "kiosk", invitation(code)), Paired)
        ours = HttpOffice(offices[1].url, "K01", DeviceKeys(tmp_path / "kiosk" / "keys"))
        token = ours.known_by.token()
        ours.close()
        assert [works(office.url, token).status for office in offices] == [200] * 3
    for name in ("session.key", "person.key"):
        assert (home / "keys" / name).stat().st_mode & 0o777 == 0o600
    assert not list((home / "keys").glob(".*"))


def test_of_many_that_make_a_secret_at_once_all_have_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as lanes:
        for turn in range(40):
            begin = Barrier(16)

            def made(name: str = f"{turn}.key", begin: Barrier = begin) -> bytes:
                begin.wait(20)
                return secret(tmp_path, name)

            assert len({done.result() for done in [lanes.submit(made) for _ in range(16)]}) == 1
    assert len(list(tmp_path.iterdir())) == 40


# Rotation

DYING = """
import os, sys
from pathlib import Path
from kiosk.adapters.devicekeys import DeviceKeys
from kiosk.adapters.office import HttpOffice
from kiosk.pairing import rotate
last, steps = int(sys.argv[2]), 0
def step():
    global steps
    steps += 1
    if steps == last:
        os._exit(9)
def around(owner, name):
    does = getattr(owner, name)
    def dying(*given, **more):
        step()
        done = does(*given, **more)
        step()
        return done
    setattr(owner, name, dying)
for owner, name in (
    (HttpOffice, "_sent"), (DeviceKeys, "_write"), (DeviceKeys, "confirm"), (os, "fsync"),
    (Path, "replace"),
):
    around(owner, name)
rotate(Path(sys.argv[1]))
"""


def test_a_terminal_that_dies_anywhere_in_a_rotation_is_still_known(
    folder: Path, office: Started, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    assert isinstance(pair(home, invitation(code_for(folder, "K30", office.url))), Paired)
    keys = DeviceKeys(home / "keys")
    before, died, ways = keys.candidates(), 0, set()
    for last in range(1, 60):
        command = [sys.executable, "-c", DYING, str(home), str(last)]
        done = subprocess.run(command, cwd=ROOT, check=False, timeout=60)
        assert done.returncode in (0, 9)
        ways.add(len(keys.candidates()))
        restarted = HttpOffice(office.url, "K30", DeviceKeys(home / "keys"))
        assert restarted.outcome("R0-999999", "printed") == "No such certificate"
        restarted.close()
        if done.returncode == 0:
            break
        died += 1
    assert died >= 15
    assert ways == {1, 2}
    assert keys.candidates() != before
    assert len(keys.candidates()) == 1
    assert isinstance(rotate(home), Paired)


def test_a_rotation_that_arrives_late_changes_nothing(
    office: Started, folder: Path, tmp_path: Path
) -> None:
    """It lay in a proxy while the terminal rotated again: the later key stays."""
    assert isinstance(pair(tmp_path, invitation(code_for(folder, "K31", office.url))), Paired)
    keys = DeviceKeys(tmp_path / "keys")
    known = HttpOffice(office.url, "K31", keys)
    token = known.known_by.token()
    stale = pem_of(ec.generate_private_key(ec.SECP256R1()))
    late = {"public_key": public_of(stale), "proof": known.known_by.proof(stale)}
    known.close()
    assert isinstance(rotate(tmp_path), Paired)
    heard = call(office.url, "POST /v1/devices/self/key", token, json=late)
    assert (heard.status, heard.kind) == (401, "unknown-device")
    assert isinstance(rotate(tmp_path), Paired)


def test_of_two_rotations_at_once_in_two_offices_one_counts(tmp_path: Path) -> None:
    engine = open_store(tmp_path / "office.db")
    pairings = Pairings(engine, now)
    pairings.take(pairings.offer("K01", "kiosk"), "first")
    known = Device("K01", "kiosk", 1)
    first, second = Devices(engine, now), Devices(engine, now)
    assert first.replace_key(known, "second")
    assert not second.replace_key(known, "third")
    assert (second.standing("K01") or known) == Standing("kiosk", "second", 2, revoked=False)
    engine.dispose()


def test_a_key_is_replaced_only_by_one_that_the_device_has(
    office: Started, folder: Path, tmp_path: Path
) -> None:
    assert isinstance(pair(tmp_path, invitation(code_for(folder, "K32", office.url))), Paired)
    known = HttpOffice(office.url, "K32", DeviceKeys(tmp_path / "keys"))
    mine, theirs = (pem_of(ec.generate_private_key(ec.SECP256R1())) for _ in range(2))
    stolen = {"public_key": public_of(theirs), "proof": known.known_by.proof(mine)}
    assert known.replace_key(stolen) == "proof: not signed by this key"
    other = signed(ECKey.import_key(mine), {"iss": "K01", "nonce": challenge(office.url)})
    foreign = {"public_key": public_of(mine), "proof": other}
    assert known.replace_key(foreign) == "proof: not signed by this key"
    proven = {"public_key": public_of(mine), "proof": known.known_by.proof(mine)}
    token = known.known_by.token()
    assert known.replace_key(proven) is None
    assert works(office.url, token).kind == "unknown-device"
    known.close()
    assert isinstance(rotate(tmp_path), Refusal)  # this terminal never had that key


# The terminal's clock


def test_a_terminal_whose_clock_is_years_off_is_let_in(office: Started, tmp_path: Path) -> None:
    office.devices.lend_keys("K01", tmp_path)
    script = (
        "import sys, time\n"
        "offset = float(sys.argv[2]); real = time.time\n"
        "time.time = lambda: real() + offset\n"
        "from pathlib import Path\n"
        "from kiosk.adapters.devicekeys import DeviceKeys\n"
        "from kiosk.adapters.office import HttpOffice\n"
        "office = HttpOffice(sys.argv[1], 'K01', DeviceKeys(Path(sys.argv[3])))\n"
        "print(office.outcome('R0-999999', 'printed'))\n"
    )
    for offset in (365 * A_DAY, -56 * 365 * A_DAY):
        command = [sys.executable, "-c", script, office.url, str(offset), str(tmp_path / "keys")]
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.stdout == "No such certificate\n", done.stderr
    (pem,) = DeviceKeys(tmp_path / "keys").candidates()
    known = HttpOffice(office.url, "K01", DeviceKeys(tmp_path / "keys"))
    proof = jwt.decode(known.known_by.proof(pem), ECKey.import_key(pem), algorithms=["ES256"])
    known.close()
    assert set(proof.claims) == {"iss", "nonce"}
