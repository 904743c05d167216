"""What strangers and broken clients may try: they get an answer, and hold up nobody."""

import base64
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Engine

from forms.envelope import Envelope
from office.api import Figures
from office.arrivals import LARGEST
from office.attempts import MOST
from office.journal import Anchors
from office.ledger import Ledger
from office.meters import Meters
from office.tray import MOST_BYTES, Tray
from tests.fakes.envelopes import NOW
from tests.integration.test_office import ENROLLED, Office, envelope, is_problem, pulled, running

PUTS = ("/v1/journal/anchor", f"/v1/consents/{envelope().id}", "/v1/devices/self/report")
POSTS = ("/v1/pairings", "/v1/session", "/v1/certificates")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with running(tmp_path_factory.mktemp("strangers") / "home", *ENROLLED) as started:
        yield started


def head(office: Office, method: str, path: str, device: str, length: int) -> bytes:
    lines = (
        f"{method} {path} HTTP/1.1",
        "Host: office",
        "Content-Type: application/json",
        f"Authorization: Bearer {office.tokens[device]}",
        f"Content-Length: {length}",
    )
    return "\r\n".join((*lines, "", "")).encode()


def proof_of(device: str) -> str:
    """Looks like a signed challenge, up to the signature."""
    parts = {"alg": "ES256"}, {"iss": device, "nonce": "x"}
    told = [base64.urlsafe_b64encode(json.dumps(each).encode()).decode() for each in parts]
    return ".".join((*(each.rstrip("=") for each in told), "AAAA"))


def test_whoever_hangs_up_in_the_middle_leaves_nothing_on_stderr(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    calls = [("PUT", path) for path in PUTS] + [("POST", path) for path in POSTS]
    calls.append(("PUT", f"/v1/submissions/{envelope().id}"))
    with running(tmp_path, *ENROLLED) as office:
        parts = urlsplit(office.url)
        for method, path in calls:
            with socket.create_connection((str(parts.hostname), int(parts.port or 0))) as line:
                line.sendall(head(office, method, path, "K01", 1000) + b'{"half":')
        assert office.put(envelope()).status == 201
    assert capfd.readouterr().err == ""


def test_no_call_reads_a_body_without_end(office: Office) -> None:
    parts = urlsplit(office.url)
    address = str(parts.hostname), int(parts.port or 0)
    for method, path in [("PUT", path) for path in PUTS] + [("POST", path) for path in POSTS]:
        answer = b""
        with socket.create_connection(address, timeout=10) as line:
            line.sendall(head(office, method, path, "K01", 50_000_000))
            try:
                for _ in range(20):
                    line.sendall(b" " * 100_000)
                answer = line.recv(4096)
            except ConnectionError:  # it hung up on us, which is as good
                continue
            except TimeoutError:
                answer = b"none: it reads on"
        assert b" 413 " in answer.partition(b"\r\n")[0], (path, answer)


@pytest.mark.parametrize("device", ["\ud800", "K01\0", "\x1b[2J", ""])
def test_a_name_that_no_database_holds_is_a_stranger(office: Office, device: str) -> None:
    answer = office.call("POST", "/v1/session", "", json={"proof": proof_of(device)})
    assert is_problem(answer, 401, "unknown-device")


def test_a_made_up_header_lets_no_stranger_past_the_limit(tmp_path: Path) -> None:
    with running(tmp_path, *ENROLLED, "--rate-address", "2") as office:
        assert office.put(envelope()).status == 201
        answers = [office.call("GET", "/v1/challenge", "made-up").status for _ in range(40)]
        assert set(answers) == {200, 429}
        assert office.put(envelope()).status == 201  # a header that was let in still is


def test_a_header_that_is_no_longer_let_in_is_a_strangers_again(tmp_path: Path) -> None:
    with running(tmp_path, *ENROLLED, "--rate-address", "2") as office:
        token = office.tokens["K01"]
        assert office.put(envelope()).status == 201
        office.call("GET", "/v1/challenge", "")
        keys = tmp_path / "keys" / "session.key"
        assert keys.exists()
        path = f"/v1/submissions/{envelope().id}"
        wrong = token[:-4] + "AAAA"
        assert {office.call("GET", path, wrong).status for _ in range(40)} == {401, 429}


def test_a_device_that_is_refused_again_and_again_shuts_nobody_else_out(tmp_path: Path) -> None:
    """All terminals of a city may stand behind one address."""
    with running(tmp_path, *ENROLLED) as office:
        put_out = {"proof": proof_of("K02")}
        answers = [office.call("POST", "/v1/session", "", json=put_out) for _ in range(MOST + 5)]
        assert [each.status for each in answers] == [401] * MOST + [429] * 5
        line = office.tokens.office("K01")  # it proves itself anew
        assert line.known_by.token()
        line.close()


def test_ends_of_a_journal_are_asked_for_from_a_place_that_there_is(office: Office) -> None:
    for after in ("9" * 30, "-1", str(2**63)):
        assert office.call("GET", f"/v1/journal/anchors?after={after}").status == 422


def deep(parts: int) -> Envelope:
    inner: Any = 1
    for _ in range(parts):
        inner = {"a": inner} if isinstance(inner, list) else [inner]
    return replace(envelope(), content={"x": inner})


def test_a_body_without_end_in_depth_never_lies_in_the_way_of_a_list(office: Office) -> None:
    before = len(pulled(office)[0])
    sent = [deep(parts) for parts in (5, 25, 40, 150, 300)]
    assert [office.put(each).status for each in sent] == [201, 201, 422, 422, 422]
    assert [each["id"] for each in pulled(office)[0][before:]] == [str(e.id) for e in sent[:2]]


def test_a_page_of_large_submissions_is_no_larger_than_it_must_be(office: Office) -> None:
    before = len(pulled(office)[0])
    sent = [replace(envelope(), content={"x": "あ" * 600_000}) for _ in range(8)]
    for each in sent:
        assert office.put(each).status == 201
    items, cursors = pulled(office)
    assert [each["id"] for each in items[before:]] == [str(each.id) for each in sent]
    sizes = [
        len(office.call("GET", f"/v1/submissions?after={cursor}", "C01").content)
        for cursor in ("0", *cursors[:-1])
    ]
    assert max(sizes) < MOST_BYTES + LARGEST


def test_a_device_that_cannot_be_is_asked_for_in_vain(office: Office) -> None:
    path = "/v1/certificates?day=2026-11-21&device=%00"
    assert is_problem(office.call("GET", path, "C01"), 422, "invalid")


class SlowTray(Tray):
    """Counts for a while, and knows how many count at once."""

    at_once = most = 0

    def counts(self) -> dict[str, int]:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        time.sleep(0.2)
        self.at_once -= 1
        return {}


def test_figures_are_counted_by_one_at_a_time(engine: Engine) -> None:
    """Anybody may ask for them, and each count looks at whole tables."""
    tray = SlowTray(engine, lambda: NOW, lambda *_: False)
    own = Ledger(engine, lambda: NOW), Anchors(engine, lambda: NOW), Meters()
    figures = Figures(tray, *own, lambda: NOW)
    with ThreadPoolExecutor(20) as pool:
        told = list(pool.map(lambda _: figures.text(), range(20)))
    assert tray.most == 1
    assert all("kakanai_submissions" in each for each in told)
