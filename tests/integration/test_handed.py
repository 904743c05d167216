"""What any answer means to something that was handed in, heard over real HTTP."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from kiosk.adapters.handed import lies_of, outcome_of
from kiosk.adapters.office import HttpOffice
from kiosk.errors import OfficeUnreachable
from kiosk.ports.office import Delivered, Later, Lies, Refused

SHA = "ab" * 32
PORTAL = b"<html>Please sign in to this network</html>"


def problem(**more: object) -> bytes:
    return json.dumps({"title": "The body does not fit", "status": 422, **more}).encode()


@contextmanager
def answering(status: int, body: bytes, **headers: str) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_PUT = do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def heard(status: int, body: bytes = b"", **headers: str) -> requests.Response:
    with answering(status, body, **headers) as url:
        return requests.get(url, timeout=5, allow_redirects=False)


@pytest.mark.parametrize("status", [200, 201])
def test_delivered_is_what_the_office_itself_says_back(status: int) -> None:
    assert outcome_of(heard(status, json.dumps({"sha256": SHA}).encode()), SHA) == Delivered()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, PORTAL),
        (200, b"{}"),
        (200, json.dumps({"sha256": "cd" * 32}).encode()),
        (200, b'"words"'),
        (204, b""),
        (302, b""),
        (404, PORTAL),
        (404, b"{}"),
        (400, b"[]"),
    ],
)
def test_what_is_no_office_takes_nothing_and_refuses_nothing(status: int, body: bytes) -> None:
    with pytest.raises(OfficeUnreachable):
        outcome_of(heard(status, body), SHA)


@pytest.mark.parametrize(
    ("status", "doubtful"), [(401, False), (403, False), (502, True), (503, True), (504, True)]
)
def test_what_is_everybodys_trouble_is_nobody_there(status: int, doubtful: bool) -> None:  # noqa: FBT001
    with pytest.raises(OfficeUnreachable) as fault:
        outcome_of(heard(status, problem(), Retry_After="17"), SHA)
    assert (fault.value.doubtful, fault.value.seconds) == (doubtful, 17.0)


@pytest.mark.parametrize(
    ("status", "doubtful"),
    [(408, False), (425, False), (429, False), (500, True), (501, True), (507, True)],
)
def test_what_is_this_ones_trouble_is_later(status: int, doubtful: bool) -> None:  # noqa: FBT001
    answer = heard(status, problem(), Retry_After="9")
    assert outcome_of(answer, SHA) == Later(f"HTTP {status}", 9.0, doubtful)


@pytest.mark.parametrize("status", [400, 404, 409, 410, 413, 422])
def test_a_refusal_has_the_offices_words(status: int) -> None:
    assert outcome_of(heard(status, problem()), SHA) == Refused("The body does not fit")


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        ("Sat, 21 Nov 2026 01:01:30 GMT", 90.0),
        ("Sat, 21 Nov 2026 00:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_how_long_to_wait_is_read_by_the_offices_own_clock(
    told: str, seconds: float | None
) -> None:
    answer = heard(429, b"", Retry_After=told)
    answer.headers["Date"] = "Sat, 21 Nov 2026 01:00:00 GMT"
    assert outcome_of(answer, SHA) == Later("HTTP 429", seconds)


def test_how_much_of_a_photo_lies_there() -> None:
    assert lies_of(heard(200, b'{"have": 5, "whole": false}')) == Lies(5, whole=False)
    assert lies_of(heard(201, b'{"have": 9, "whole": true}')) == Lies(9, whole=True)
    assert lies_of(heard(409, problem(have=7))) == Lies(7, whole=False)
    assert lies_of(heard(422, problem(have=0))) == Later("damaged on its way")
    assert lies_of(heard(404, problem())) == Refused("The body does not fit")
    with pytest.raises(OfficeUnreachable):
        lies_of(heard(200, PORTAL))


def test_what_never_left_is_not_doubtful() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        office = HttpOffice(f"http://127.0.0.1:{nobody.getsockname()[1]}")
        with pytest.raises(OfficeUnreachable) as fault:
            office.ready()
        office.close()
    assert not fault.value.doubtful
    nowhere = HttpOffice("not an address")
    with pytest.raises(OfficeUnreachable) as fault:
        nowhere.ready()
    assert not fault.value.doubtful
    nowhere.close()


def test_an_answer_that_was_cut_is_doubtful() -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def hang_up() -> None:
        caller, _ = listener.accept()
        caller.recv(65536)
        caller.close()

    thread = threading.Thread(target=hang_up, daemon=True)
    thread.start()
    office = HttpOffice(f"http://127.0.0.1:{listener.getsockname()[1]}")
    with pytest.raises(OfficeUnreachable) as fault:
        office.ready()
    assert fault.value.doubtful
    office.close()
    thread.join(5)
    listener.close()
