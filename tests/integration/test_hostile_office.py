"""An office that is none, or gone mad: nothing is taken for its word, and nobody is held up."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kiosk.adapters import web
from kiosk.adapters.devicekeys import DeviceKeys
from kiosk.adapters.handed import lies_of, outcome_of
from kiosk.adapters.line import HttpLine
from kiosk.adapters.office import HttpOffice
from kiosk.adapters.passes import Pass, Session
from kiosk.domain.agreement import Word
from kiosk.errors import OfficeUnreachable, SetupFault
from kiosk.ports.consents import ConsentRecord
from kiosk.ports.office import Later
from kiosk.trusting import KEPT, kept
from tests.integration.test_handed import PORTAL, SHA, answering, heard

RECORD = ConsentRecord(
    "01930000-0000-7000-8000-000000000001",
    "ab" * 32,
    "disaster-care",
    "2026-11",
    Word.WITHDRAWN,
    datetime(2026, 11, 21, tzinfo=UTC),
)
TELLING = {
    "consent": lambda office: office.consent(RECORD),
    "anchor": lambda office: office.anchor(3, SHA),
    "outcome": lambda office: office.outcome("R8-000001", "printed"),
    "key": lambda office: office.replace_key({"public_key": "", "proof": ""}),
}


@contextmanager
def known_at(url: str) -> Iterator[HttpOffice]:
    """A terminal's way there as after a session was opened, while the line was the office's."""
    with closing(HttpOffice(url, "K01")) as office:
        office.known_by._session = Session("token", time.monotonic() + 900, "kiosk")
        yield office


@contextmanager
def speaking(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server of bytes: it says whatever it likes."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)

    def serve() -> None:
        with listener:
            caller, _ = listener.accept()
            with caller:
                caller.recv(65536)
                try:
                    talk(caller)
                except OSError:
                    return  # nobody listens any more

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.parametrize("what", TELLING)
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, PORTAL),
        (200, b"[]"),
        (200, b"{}"),
        (204, b""),
        (302, b""),
        (404, PORTAL),
        (403, PORTAL),
        (400, b"{}"),
    ],
)
def test_what_is_no_office_has_heard_nothing_and_refused_nothing(
    what: str, status: int, body: bytes
) -> None:
    with answering(status, body) as url, known_at(url) as office, pytest.raises(OfficeUnreachable):
        TELLING[what](office)


def test_what_stands_before_an_office_is_not_the_office() -> None:
    with answering(200, PORTAL) as url:
        with closing(HttpOffice(url)) as office, pytest.raises(OfficeUnreachable):
            office.ready()
        with pytest.raises(OfficeUnreachable):
            HttpLine(url).ask()


def test_a_portals_page_is_no_list_of_seal_keys(tmp_path: Path) -> None:
    refused = pytest.raises(SetupFault, match=r"not reached \(no list of seal keys\)")
    with answering(200, PORTAL) as url, closing(HttpOffice(url)) as office, refused:
        kept(tmp_path, office, renew=False)
    assert not (tmp_path / KEPT).exists()


def test_an_answer_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MOST", 1_000_000)
    sent = 0

    def flood(caller: socket.socket) -> None:
        nonlocal sent
        caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while sent < 200_000_000:
            sent += caller.send(b" " * 65536)

    with speaking(flood) as url, known_at(url) as office, pytest.raises(OfficeUnreachable):
        office.trust()
    assert sent < 50_000_000


def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "LONGEST", 1.0)

    def drip(caller: socket.socket) -> None:
        caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(200):
            caller.sendall(b" ")
            time.sleep(0.05)

    with speaking(drip) as url, closing(HttpOffice(url)) as office:
        began = time.monotonic()
        with pytest.raises(OfficeUnreachable):
            office.reseed_key()
        assert time.monotonic() - began < 4


ASKING = {
    "standing": lambda office: office.consents("ab" * 32),
    "became": lambda office: office.submission(RECORD.id),
    "put": lambda office: office.put(RECORD.id, b"{}"),
    "report": lambda office: office.report({}),
    "consent": TELLING["consent"],
    "list": lambda office: office.submissions(None),
}


@pytest.mark.parametrize("what", ASKING)
@pytest.mark.parametrize("body", [b"[" * 200_000, b"9" * 5000, b"\xff\xfe"])
def test_json_that_is_none_is_nobodys_word(what: str, body: bytes) -> None:
    with answering(200, body) as url, known_at(url) as office, pytest.raises(OfficeUnreachable):
        ASKING[what](office)


def test_words_that_no_database_takes_are_nobodys_words() -> None:
    half = b'{"title": "\\ud800 no"}'
    with pytest.raises(OfficeUnreachable):
        outcome_of(heard(422, half), SHA)
    with answering(422, half) as url, known_at(url) as office:
        with pytest.raises(OfficeUnreachable):
            office.consent(RECORD)
        with pytest.raises(OfficeUnreachable):
            office.report({})


@pytest.mark.parametrize("told", ["\u00b2", "9" * 400, "Fri, 31 Dec 9999 23:59:59 -9999"])
def test_a_time_to_wait_that_is_none_is_none(told: str) -> None:
    answer = heard(429, b"")
    answer.headers["Retry-After"] = told
    assert isinstance(outcome_of(answer, SHA), Later)


@pytest.mark.parametrize("have", ["-5", "1" + "0" * 30, "true", "1.5"])
def test_a_photo_lies_there_from_nought_to_its_end(have: str) -> None:
    with pytest.raises(OfficeUnreachable):
        lies_of(heard(200, f'{{"have": {have}, "whole": false}}'.encode()))


@pytest.mark.parametrize("seconds", [int("1" + "0" * 400), -5, True])
def test_a_session_has_an_end_or_the_key_is_not_confirmed(tmp_path: Path, seconds: Any) -> None:
    keys = DeviceKeys(tmp_path)
    pem = keys.next()
    known = Pass(
        "K01", keys, lambda *_: (200, {"challenge": "c", "token": "t", "seconds": seconds})
    )
    with pytest.raises(OfficeUnreachable):
        known.token()
    assert keys.next() == pem
    assert not (tmp_path / "device.pem").exists()
