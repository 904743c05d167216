"""The office as its neighbours meet it: a process of its own, and HTTP."""

import json
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests

from forms.envelope import Envelope, canonical, digest, new_id
from office.intake import Intake
from office.meters import Meters
from office.store import open_store
from tests.fakes import envelopes
from tests.fakes.envelopes import NAME, NOW
from tests.fakes.paired import Devices, office_running
from tests.fakes.stores import Stores

ROOT = Path(__file__).resolve().parents[2]
WATANABE = {
    "name": NAME,
    "birth": "1980-02-17",
    "address": "かかない県書蒼市緑ケ丘四丁目10番地　コーポみどり203",
}
SUZUKI = {"name": "鈴木　さくら", "birth": "1988-04-01", "address": "かかない県書蒼市栄町7番地"}
NOBODY = {"name": "居内　誰", "birth": "1990-01-01", "address": "かかない県書蒼市無町1番地"}
ENROLLED = ("--enrol", "K01:kiosk", "--enrol", "K02:kiosk", "--enrol", "C01:counter")
numbers = count(1)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass(frozen=True)
class Office:
    url: str
    tokens: Devices
    process: "subprocess.Popen[str]"

    def call(self, method: str, path: str, device: str = "K01", **arguments: Any) -> Answer:
        headers = dict(arguments.pop("headers", {}))
        if device:
            headers["Authorization"] = f"Bearer {self.tokens.get(device, device)}"
        with requests.Session() as session:
            session.trust_env = False
            with session.request(
                method, self.url + path, headers=headers, timeout=20, **arguments
            ) as answer:
                found = {key.lower(): value for key, value in answer.headers.items()}
                return Answer(answer.status_code, found, answer.content)

    def put(self, envelope: Envelope, device: str = "K01") -> Answer:
        return self.call("PUT", f"/v1/submissions/{envelope.id}", device, data=canonical(envelope))

    def order(self, subject: dict[str, str], key: str, device: str = "K01", **more: Any) -> Answer:
        body = {
            "submission": None,
            "type": "juminhyo",
            "subject": subject,
            "options": {"kind": "household", "copies": 1},
        }
        headers = {"Idempotency-Key": key}
        return self.call("POST", "/v1/certificates", device, json=body | more, headers=headers)


@contextmanager
def running(home: Path, *arguments: str) -> Iterator[Office]:
    with office_running(home, *arguments) as started:
        yield Office(started.url, started.devices, started.process)


def start_in_vain(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "office", "--home", str(home), *arguments, "--until-stdin-closes"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def office_pairs(home: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "office", "--home", str(home), "pair", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=30)
    return done.stdout


def refused_in_one_line(done: "subprocess.CompletedProcess[str]") -> str:
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    assert not done.stdout
    return line


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory, stores: Stores) -> Iterator[Office]:
    home = tmp_path_factory.mktemp("office") / "home"
    with running(home, *stores.arguments(home), *ENROLLED) as started:
        yield started


def envelope(device: str = "K01") -> Envelope:
    return envelopes.envelope(next(numbers), device)


def is_problem(answer: Answer, status: int, kind: str) -> bool:
    assert answer.headers["content-type"] == "application/problem+json", answer
    assert answer.json["title"]
    assert (answer.status, answer.json["status"]) == (status, status), answer
    return bool(answer.json["type"] == f"urn:kakanai:problem:{kind}")


def pulled(office: Office) -> tuple[list[dict[str, Any]], list[str | None]]:
    """All pages, and the `next` of each."""
    items: list[dict[str, Any]] = []
    cursors: list[str | None] = ["0"]
    for _ in range(50):
        page = office.call("GET", f"/v1/submissions?after={cursors[-1]}", "C01").json
        items += page["items"]
        cursors.append(page["next"])
        if page["next"] is None:
            return items, cursors[1:]
    raise AssertionError("the list has no end")


def test_a_submission_comes_in_once_and_the_same_again_is_the_same(office: Office) -> None:
    sent = envelope()
    first, again = office.put(sent), office.put(sent)
    assert (first.status, again.status) == (201, 200)
    assert first.json == again.json
    assert first.json["sha256"] == digest(canonical(sent))
    assert first.json["state"] == "received"
    told = office.call("GET", f"/v1/submissions/{sent.id}").json
    assert first.json.items() <= told.items()
    assert [(each["state"], each["by"]) for each in told["history"]] == [("received", "K01")]


def test_another_body_under_the_same_id_is_refused_and_overwrites_nothing(office: Office) -> None:
    sent = envelope()
    office.put(sent)
    assert is_problem(office.put(replace(sent, fee=0)), 409, "another-body")
    told = office.call("GET", f"/v1/submissions/{sent.id}").json
    assert told["sha256"] == digest(canonical(sent))


def test_the_same_id_from_another_device_is_refused(office: Office) -> None:
    sent = envelope()
    office.put(sent)
    answer = office.put(replace(sent, device="K02"), "K02")
    assert is_problem(answer, 409, "another-body")


NOT_ENVELOPES = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b"\xff\xfe",
    "a list": b"[]",
    "an empty object": b"{}",
    "nesting without end": b"[" * 100_000,
    "a number without end": b"9" * 10_000,
    "half a character": b'{"id":"\\ud800"}',
}


@pytest.mark.parametrize("what", NOT_ENVELOPES)
def test_a_body_that_is_no_envelope_is_refused(office: Office, what: str) -> None:
    path = f"/v1/submissions/{envelope().id}"
    assert is_problem(office.call("PUT", path, data=NOT_ENVELOPES[what]), 422, "invalid")


WRONG = {
    "id": {"id": new_id(NOW, b"another id")},
    "device": {"device": "K99"},
    "channel": {"channel": "pigeon"},
}


@pytest.mark.parametrize("field", WRONG)
def test_an_envelope_that_does_not_fit_names_its_field(office: Office, field: str) -> None:
    sent = envelope()
    body = canonical(replace(sent, **WRONG[field]))
    answer = office.call("PUT", f"/v1/submissions/{sent.id}", data=body)
    assert is_problem(answer, 422, "invalid")
    assert [problem["field"] for problem in answer.json["problems"]] == [field]


@pytest.mark.parametrize("body", ["spaces", "a field more", "half a character", "not a number"])
def test_bytes_that_are_not_canonical_are_refused(office: Office, body: str) -> None:
    sent = envelope()
    raw = json.loads(canonical(sent))
    if body == "a field more":
        raw["more"] = 1
    if body == "half a character":
        raw["B票"] = {"x": "\ud800"}
    if body == "not a number":
        raw["B票"] = {"x": float("nan")}
    data = json.dumps(raw).encode()
    answer = office.call("PUT", f"/v1/submissions/{sent.id}", data=data)
    assert is_problem(answer, 422, "invalid")


def test_a_body_that_is_too_large_is_refused(office: Office) -> None:
    sent = replace(envelope(), content={"x": "x" * 2 * 1024 * 1024})
    assert is_problem(office.put(sent), 413, "too-large")
    assert office.call("GET", f"/v1/submissions/{sent.id}").status == 404


def test_an_id_is_read_however_it_is_spelled_and_what_is_none_is_said_so(office: Office) -> None:
    sent = envelope()
    one = str(sent.id)
    statuses = {}
    for spelled in (one, one.upper(), one.replace("-", ""), f"urn:uuid:{one}", f"{{{one}}}"):
        path = f"/v1/submissions/{quote(spelled)}"
        statuses[spelled] = office.call("PUT", path, data=canonical(sent)).status
    assert list(statuses.values()) == [201, 200, 200, 200, 200]
    answer = office.call("PUT", "/v1/submissions/none", data=canonical(sent))
    assert is_problem(answer, 422, "invalid")
    assert answer.json["problems"][0]["field"] == "path.submission"
    assert is_problem(office.call("DELETE", f"/v1/submissions/{one}"), 405, "http")


@pytest.mark.parametrize("token", ["", "not-a-token"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/v1/submissions/{new_id(NOW, b'nobody has')}"),
        ("PUT", f"/v1/submissions/{new_id(NOW, b'nobody has')}"),
        ("POST", f"/v1/submissions/{new_id(NOW, b'nobody has')}/ack"),
        ("GET", "/v1/submissions"),
    ],
)
def test_a_stranger_is_not_let_in(office: Office, method: str, path: str, token: str) -> None:
    assert is_problem(office.call(method, path, token), 401, "unknown-device")


def test_a_stranger_gets_no_certificate_and_tells_no_outcome(office: Office) -> None:
    assert is_problem(office.order(WATANABE, "stranger-1", "stranger"), 401, "unknown-device")
    answer = office.call(
        "POST", "/v1/certificates/R8-000001/outcome", "stranger", json={"outcome": "printed"}
    )
    assert is_problem(answer, 401, "unknown-device")


def test_the_list_and_the_taking_over_are_for_the_counter_alone(office: Office) -> None:
    sent = envelope()
    office.put(sent)
    assert is_problem(office.call("GET", "/v1/submissions"), 403, "not-allowed")
    answer = office.call("POST", f"/v1/submissions/{sent.id}/ack")
    assert is_problem(answer, 403, "not-allowed")


def test_what_is_not_there_is_a_problem_too(office: Office) -> None:
    nowhere = f"/v1/submissions/{new_id(NOW, b'nobody has')}"
    assert is_problem(office.call("GET", nowhere), 404, "unknown")
    assert is_problem(office.call("POST", f"{nowhere}/ack", "C01"), 404, "unknown")
    assert is_problem(office.call("GET", "/v1/receipts/none", ""), 404, "unknown")
    assert is_problem(office.call("GET", "/nowhere"), 404, "http")
    assert is_problem(office.call("DELETE", "/v1/submissions"), 405, "http")
    assert is_problem(office.call("GET", "/v1/submissions/not-a-uuid"), 422, "invalid")
    assert is_problem(office.call("GET", "/v1/submissions?after=-1", "C01"), 422, "invalid")


def test_a_kiosk_sees_its_own_submissions_alone(office: Office) -> None:
    sent = envelope()
    office.put(sent)
    path = f"/v1/submissions/{sent.id}"
    assert is_problem(office.call("GET", path, "K02"), 404, "unknown")
    assert office.call("GET", path, "C01").status == 200


def test_the_list_is_in_order_of_arrival_and_every_page_names_the_next(
    tmp_path: Path, stores: Stores
) -> None:
    sent = [envelope() for _ in range(201)]
    sent.reverse()  # neither by sequence nor by id
    engine = open_store(stores.at(tmp_path))
    intake = Intake(engine, lambda: NOW, Meters(), lambda *_: False)
    for one in sent:
        assert intake.put(one.id, "K01", canonical(one)).result(timeout=10).fresh
    intake.close()
    engine.dispose()
    with running(tmp_path, *stores.arguments(tmp_path), *ENROLLED) as office:
        items, cursors = pulled(office)
        assert [item["id"] for item in items] == [str(one.id) for one in sent]
        assert [item["envelope"] for item in items] == [json.loads(canonical(s)) for s in sent]
        assert cursors == ["200", "201", None]
        assert office.call("GET", f"/v1/submissions?after={10**17}", "C01").json["items"] == []


def test_what_a_back_office_took_over_is_told_as_taken(office: Office) -> None:
    sent = envelope()
    office.put(sent)
    path = f"/v1/submissions/{sent.id}"
    for _ in range(2):
        answer = office.call("POST", f"{path}/ack", "C01")
        assert (answer.status, answer.json["state"]) == (200, "acknowledged")
    told = office.call("GET", path).json
    assert told["state"] == "acknowledged"
    steps = [(each["state"], each["by"]) for each in told["history"]]
    assert steps == [("received", "K01"), ("acknowledged", "C01")]
    again = office.put(sent)
    assert (again.status, again.json["state"]) == (200, "acknowledged")


def test_what_was_promised_outlives_a_kill(tmp_path: Path, stores: Stores) -> None:
    sent = [envelope() for _ in range(5)]
    with running(tmp_path, *stores.arguments(tmp_path), *ENROLLED) as office:
        assert [office.put(one).status for one in sent] == [201] * 5
        office.process.kill()
        office.process.wait(timeout=10)
    with running(tmp_path, *stores.arguments(tmp_path), *ENROLLED) as office:
        items, _ = pulled(office)
        assert [item["id"] for item in items] == [str(one.id) for one in sent]
        assert office.put(sent[-1]).status == 200


def test_the_same_key_gets_the_same_paper(office: Office) -> None:
    first, again = office.order(WATANABE, "same-key-1"), office.order(WATANABE, "same-key-1")
    other = office.order(WATANABE, "other-key-1")
    assert first.status == 200, first
    assert first.content == again.content
    assert re.fullmatch(r"R\d+-\d{6}", first.json["number"])
    assert [p["name"] for p in first.json["content"]["residents"]] == [
        NAME,
        "渡邉　由美子",
        "渡邉　結衣",
    ]
    assert other.json["number"] != first.json["number"]


def test_the_same_key_of_another_device_is_another_key(office: Office) -> None:
    mine, theirs = office.order(WATANABE, "whose-key"), office.order(WATANABE, "whose-key", "K02")
    assert mine.json["number"] != theirs.json["number"]


def test_a_key_used_for_another_request_is_refused(office: Office) -> None:
    office.order(WATANABE, "reused-key")
    answer = office.order({**WATANABE, "address": "elsewhere"}, "reused-key")
    assert is_problem(answer, 422, "key-reused")


def test_an_order_without_a_key_or_with_strange_parts_is_refused(office: Office) -> None:
    body = {"submission": None, "type": "juminhyo", "subject": WATANABE, "options": {}}
    assert is_problem(office.call("POST", "/v1/certificates", json=body), 422, "invalid")
    keyed = {"Idempotency-Key": "strange-parts"}
    for strange in ({"type": "passport"}, {"more": 1}, {"subject": {"name": NAME}}):
        answer = office.call("POST", "/v1/certificates", json={**body, **strange}, headers=keyed)
        assert is_problem(answer, 422, "invalid")
        assert NAME not in answer.text


def test_nobody_can_tell_a_protected_person_from_an_unknown_one(office: Office) -> None:
    unknown = office.order(NOBODY, "refusal-unknown")
    protected = office.order(SUZUKI, "refusal-protected")
    assert is_problem(unknown, 403, "not-issuable-here")
    assert unknown.content == protected.content
    silent = ("date",)  # the second it was said in
    unknown_headers, protected_headers = (
        {key: value for key, value in answer.headers.items() if key not in silent}
        for answer in (unknown, protected)
    )
    assert unknown_headers == protected_headers


def test_a_person_at_another_address_is_not_the_person(office: Office) -> None:
    answer = office.order({**WATANABE, "address": NOBODY["address"]}, "elsewhere")
    assert is_problem(answer, 403, "not-issuable-here")


def test_an_outcome_is_final(office: Office) -> None:
    number = office.order(WATANABE, "outcome-final").json["number"]
    path = f"/v1/certificates/{number}/outcome"
    for _ in range(2):
        assert office.call("POST", path, json={"outcome": "spoiled"}).status == 200
    answer = office.call("POST", path, json={"outcome": "printed"})
    assert is_problem(answer, 409, "final")
    strange = office.call("POST", path, json={"outcome": "eaten"})
    assert is_problem(strange, 422, "invalid")
    other = office.call("POST", path, "K02", json={"outcome": "spoiled"})
    assert is_problem(other, 404, "unknown")
    nowhere = office.call("POST", "/v1/certificates/R0-999999/outcome", json={"outcome": "printed"})
    assert is_problem(nowhere, 404, "unknown")


def test_many_at_once_each_get_a_number_of_their_own(office: Office) -> None:
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda n: office.order(WATANABE, f"crowd-{n:04d}"), range(32)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.json["number"] for answer in answers}) == 32


def test_the_same_order_many_times_at_once_gets_one_number(office: Office) -> None:
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda _: office.order(WATANABE, "crowd-of-one"), range(16)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.json["number"] for answer in answers}) == 1


def test_the_same_submission_many_times_at_once_comes_in_once(office: Office) -> None:
    sent = envelope()
    with ThreadPoolExecutor(8) as crowd:
        statuses = sorted(crowd.map(lambda _: office.put(sent).status, range(16)))
    assert statuses == [200] * 15 + [201]


def test_the_page_behind_a_receipt_tells_nothing_personal(office: Office) -> None:
    sent = envelope()
    token = office.put(sent).json["receipt_token"]
    page = office.call("GET", f"/v1/receipts/{token}", "")
    assert page.status == 200
    assert "届きました" in page.text
    for personal in (NAME, "渡邉", "一郎", str(sent.id), sent.receipt, "juminhyo"):
        assert personal not in page.text
    office.call("POST", f"/v1/submissions/{sent.id}/ack", "C01")
    assert "手続き中" in office.call("GET", f"/v1/receipts/{token}", "").text


def test_the_api_describes_itself(office: Office) -> None:
    described = office.call("GET", "/openapi.json", "").json
    assert described["openapi"].startswith("3.1")
    wanted = {"/v1/submissions", "/v1/submissions/{submission}", "/v1/certificates"}
    assert wanted <= described["paths"].keys()


def test_it_tells_that_it_lives_and_how_much_it_holds(office: Office) -> None:
    assert office.call("GET", "/healthz", "").text == "ok"
    assert office.call("GET", "/readyz", "").text == "ok"
    office.put(envelope())
    metrics = office.call("GET", "/metrics", "").text
    assert re.search(r'^kakanai_submissions\{state="received"\} [1-9]\d*$', metrics, re.MULTILINE)
    assert NAME not in metrics


def test_a_store_that_takes_nothing_is_a_problem_and_not_ready(tmp_path: Path) -> None:
    with running(tmp_path, *ENROLLED) as office:
        held = sqlite3.connect(tmp_path / "office.db", isolation_level=None)
        held.execute("BEGIN EXCLUSIVE")
        try:
            answer = office.call("GET", "/readyz", "")
        finally:
            held.close()
        assert answer.status == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert office.call("GET", "/readyz", "").text == "ok"


def test_neither_tokens_nor_codes_are_kept(tmp_path: Path) -> None:
    with running(tmp_path, *ENROLLED) as office:
        said = office_pairs(tmp_path, "K09", "--role", "kiosk")
        (code,) = (word.rpartition(".")[2] for word in said.split() if word.startswith("KKP1."))
        assert len(code) == 16
        kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
        assert b"K01" in kept
        secrets = [code, *office.tokens.values()]
        assert not [secret for secret in secrets if secret.encode() in kept]
        assert (tmp_path / "office.db").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("foreign", ["another program", "a text"])
def test_a_foreign_database_is_named_and_left_as_it_was(tmp_path: Path, foreign: str) -> None:
    file = tmp_path / "office.db"
    if foreign == "a text":
        file.write_text("this is a letter and no database\n" * 200, "utf-8")
    else:
        other = sqlite3.connect(file)
        other.execute("CREATE TABLE recipes (name TEXT)")
        other.commit()
        other.close()
    before = file.read_bytes()
    assert str(file) in refused_in_one_line(start_in_vain(tmp_path, "--port", "0"))
    assert file.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["office.db"]


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = refused_in_one_line(start_in_vain(tmp_path, "--port", str(port)))
        assert f"127.0.0.1:{port}" in line


def test_a_port_that_cannot_be_is_named(tmp_path: Path) -> None:
    assert "99999" in refused_in_one_line(start_in_vain(tmp_path, "--port", "99999"))


def test_a_role_that_is_none_is_named(tmp_path: Path) -> None:
    line = refused_in_one_line(start_in_vain(tmp_path, "--port", "0", "--enrol", "K01:king"))
    assert "K01:king" in line


def test_a_home_that_is_a_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "home"
    file.write_text("not a folder")
    assert str(file) in refused_in_one_line(start_in_vain(file, "--port", "0"))


def test_a_start_in_vain_puts_no_device_out(tmp_path: Path) -> None:
    with running(tmp_path, *ENROLLED) as office:
        port = office.url.rpartition(":")[2]
        refused_in_one_line(start_in_vain(tmp_path, "--port", port, *ENROLLED))
        assert office.put(envelope()).status == 201


def test_two_offices_never_stand_over_one_home(tmp_path: Path) -> None:
    with running(tmp_path, *ENROLLED):
        line = refused_in_one_line(start_in_vain(tmp_path, "--port", "0"))
        assert "another office" in line


def test_it_ends_when_its_parent_does(tmp_path: Path) -> None:
    with running(tmp_path, *ENROLLED) as office:
        assert office.call("GET", "/healthz", "").status == 200
        assert office.process.poll() is None
        assert office.process.stdin is not None
        office.process.stdin.close()
        assert office.process.wait(timeout=10) == 0
