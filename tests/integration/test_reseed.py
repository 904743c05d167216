"""What a slip carries comes back at any branch: once, unread by who scans it, and never forged."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from forms.envelope import Envelope, canonical, digest, status_token
from forms.reseed import MOST, read, write
from forms.sealing import LARGEST_SYMBOL, Unopenable, join
from tests.fakes import envelopes
from tests.fakes.envelopes import NAME
from tests.fakes.paired import ROOT, Started, office_running

PHOTO = {"name": "家.jpg", "type": "image/jpeg", "size": 5, "sha256": digest(b"photo")}
ENROLLED = ("--enrol", "K01:kiosk", "--enrol", "C01:counter", "--enrol", "C02:counter")
numbers = count(1)


@dataclass(frozen=True)
class City:
    """An office and what its terminals know of it."""

    home: Path
    started: Started

    def call(self, method: str, path: str, device: str = "C01", **more: Any) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            url, headers = self.started.url + path, self.started.devices.header(device)
            return session.request(method, url, headers=headers, timeout=20, **more)

    @property
    def secret(self) -> bytes:
        return (self.home / "keys" / "person.key").read_bytes()

    def key(self) -> ec.EllipticCurvePublicKey:
        key = serialization.load_pem_public_key(self.call("GET", "/v1/reseed-key").content)
        assert isinstance(key, ec.EllipticCurvePublicKey)
        return key

    def codes(self, body: bytes) -> tuple[str, ...]:
        return write(body, self.secret, self.key(), bytes(12))

    def looked_at(self, codes: tuple[str, ...], device: str = "C01") -> requests.Response:
        sealed = join([read(each) for each in codes])
        return self.call("POST", "/v1/reseeds/look", device, data=sealed)

    def scanned(self, codes: tuple[str, ...], device: str = "C01") -> requests.Response:
        sealed = join([read(each) for each in codes])
        return self.call("POST", "/v1/reseeds", device, data=sealed)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    home = tmp_path_factory.mktemp("office") / "home"
    with office_running(home, *ENROLLED) as started:
        yield City(home, started)


def envelope(**more: Any) -> Envelope:
    content = {"cause": "flood", **more}
    return envelopes.envelope(next(numbers), form="risai", content=content, wants_certificate=False)


def kind(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def test_any_branch_brings_it_in_for_the_terminal_that_made_it(city: City) -> None:
    left = envelope()
    body = canonical(left)
    answer = city.scanned(city.codes(body), "C02")
    told = answer.json()
    assert (answer.status_code, told["receipt"], told["photos"]) == (201, left.receipt, 0)
    assert (told["sha256"], told["receipt_token"]) == (digest(body), status_token(left.id))
    (found,) = (
        each
        for each in city.call("GET", "/v1/submissions").json()["items"]
        if each["id"] == str(left.id)
    )
    assert (found["device"], found["sequence"]) == ("K01", left.sequence)
    assert found["envelope"]["A票"] == left.applicant


def test_scanned_again_or_sent_by_its_terminal_after_all_it_doubles_nothing(city: City) -> None:
    left = envelope()
    body = canonical(left)
    path = f"/v1/submissions/{left.id}"
    assert [city.scanned(city.codes(body)).status_code for _ in range(2)] == [201, 200]
    assert city.call("PUT", path, "K01", data=body).status_code == 200
    history = city.call("GET", path, "K01").json()["history"]
    assert [(each["state"], each["by"]) for each in history] == [("received", "C01")]


def test_what_had_arrived_is_only_recognised(city: City) -> None:
    left = envelope()
    body = canonical(left)
    path = f"/v1/submissions/{left.id}"
    assert city.call("PUT", path, "K01", data=body).status_code == 201
    assert city.scanned(city.codes(body)).status_code == 200
    assert len(city.call("GET", path).json()["history"]) == 1


def test_another_body_never_takes_the_place_of_what_is_there(city: City) -> None:
    left = envelope()
    assert city.scanned(city.codes(canonical(left))).status_code == 201
    changed = canonical(replace(left, fee=0))
    assert kind(city.scanned(city.codes(changed))) == (409, "another-body")


def test_the_history_says_who_brought_it_and_that_photos_are_missing(city: City) -> None:
    left = envelope(photos=[PHOTO])
    told = city.scanned(city.codes(canonical(left))).json()
    assert told["photos"] == 1
    found = city.call("GET", f"/v1/submissions/{left.id}").json()
    assert (found["history"][0]["by"], found["missing"]) == ("C01", 1)
    assert "預かり票" in found["history"][0]["words"]
    assert "写真1点" in found["history"][0]["words"]


def test_who_scans_it_reads_nothing_of_it(city: City) -> None:
    codes = city.codes(canonical(envelope()))
    answer = city.scanned(codes)
    for word in (NAME, "flood", "申請者"):
        assert word not in answer.text
        assert word.encode() not in join([read(each) for each in codes])


def test_who_looks_at_it_learns_its_number_and_procedure_and_nothing_comes_in(city: City) -> None:
    left = envelope(photos=[PHOTO])
    codes = city.codes(canonical(left))
    told = {"id": str(left.id), "receipt": left.receipt, "form": "risai", "photos": 1}
    for _ in range(2):
        answer = city.looked_at(codes)
        assert (answer.status_code, answer.json()) == (200, {**told, "state": None})
        assert NAME not in answer.text
    assert city.call("GET", f"/v1/submissions/{left.id}").status_code == 404
    assert city.scanned(codes).status_code == 201
    assert city.looked_at(codes, "C02").json() == {**told, "state": "received"}


def test_only_a_counter_may(city: City) -> None:
    codes = city.codes(canonical(envelope()))
    assert kind(city.scanned(codes, "K01")) == (403, "not-allowed")
    assert kind(city.looked_at(codes, "K01")) == (403, "not-allowed")


def test_a_slip_that_no_terminal_of_ours_made_is_refused(city: City) -> None:
    """The key is public: whoever can draw a code could claim to be anybody."""
    body = canonical(envelope())
    forged = write(body, bytes(32), city.key(), bytes(12))
    assert kind(city.scanned(forged)) == (422, "not-ours")
    assert kind(city.looked_at(forged)) == (422, "not-ours")
    stranger = ec.generate_private_key(ec.SECP256R1()).public_key()
    assert kind(city.scanned(write(body, city.secret, stranger, bytes(12)))) == (422, "another-key")
    sealed = bytearray(join([read(each) for each in city.codes(body)]))
    sealed[-1] ^= 1
    assert kind(city.call("POST", "/v1/reseeds", data=bytes(sealed))) == (422, "damaged")
    nobody = canonical(replace(envelope(), device="K77"))
    assert kind(city.scanned(city.codes(nobody))) == (422, "unknown-device")
    assert kind(city.scanned(city.codes(b"{}"))) == (422, "damaged")
    assert kind(city.call("POST", "/v1/reseeds", data=b"")) == (422, "damaged")
    assert kind(city.call("POST", "/v1/reseeds", data=bytes(9000))) == (413, "too-large")


def test_a_slip_of_before_the_key_was_replaced_still_opens(city: City) -> None:
    body, before = canonical(envelope()), city.key()
    old = city.codes(body)
    command = [sys.executable, "-m", "office", "--home", str(city.home), "rotate-reseed"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert len(bytes.fromhex(done.stdout.strip())) == 4
    assert city.key().public_numbers() != before.public_numbers()
    assert city.scanned(old).status_code == 201
    assert city.scanned(city.codes(body)).status_code == 200


def test_its_keys_are_the_offices_alone(city: City) -> None:
    for file in (city.home / "keys").glob("reseed*.pem"):
        assert file.stat().st_mode & 0o077 == 0


def test_what_does_not_fit_on_a_slip_is_said(city: City) -> None:
    words = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(3000))
    with pytest.raises(Unopenable, match="too-long"):
        city.codes(canonical(envelope(note=words)))
    codes = city.codes(canonical(envelope(note=words[:500])))
    assert 1 < len(codes) <= MOST
    assert max(map(len, codes)) <= LARGEST_SYMBOL
    assert json.loads(city.scanned(codes[::-1]).text)["state"] == "received"
