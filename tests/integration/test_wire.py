"""The line that the drill spoils is a real one, and spoils just what it is told to."""

import socket
import threading
from collections.abc import Iterator

import pytest

from kiosk.drill.wire import FINE, Trouble, Wire


@pytest.fixture
def echo() -> Iterator[tuple[str, int]]:
    """Says everything back in capitals."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        listener.settimeout(0.05)
        while not over.is_set():
            try:
                caller, _ = listener.accept()
            except TimeoutError:
                continue
            with caller:
                caller.settimeout(2)
                try:
                    while got := caller.recv(1000):
                        caller.sendall(got.upper())
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()
    over.set()
    thread.join(5)
    listener.close()


@pytest.fixture
def wire(echo: tuple[str, int]) -> Iterator[Wire]:
    made = Wire(*echo)
    yield made
    made.close()


def said(wire: Wire, words: bytes, patience: float = 1.0) -> bytes:
    """Everything that comes back until the line ends or nothing more comes."""
    host, port = wire.url.removeprefix("http://").split(":")
    got = b""
    try:
        with socket.create_connection((host, int(port)), timeout=patience) as caller:
            caller.sendall(words)
            while len(got) < len(words):
                piece = caller.recv(1000)
                if not piece:
                    break
                got += piece
    except TimeoutError:
        got += b"..."
    except OSError:
        got += b"!"
    return got


def test_a_fine_line_carries_everything_and_counts_it(wire: Wire) -> None:
    assert said(wire, b"application") == b"APPLICATION"
    assert wire.carried == {"request": 11, "answer": 11}


def test_a_dead_line_says_so_at_once_and_comes_back(wire: Wire) -> None:
    wire.be(Trouble(dead=True))
    assert said(wire, b"x") == b"!"
    wire.be(FINE)
    assert said(wire, b"x") == b"X"


def test_a_mute_line_takes_and_never_answers(wire: Wire) -> None:
    wire.be(Trouble(mute=True))
    assert said(wire, b"application", patience=0.3) == b"..."


@pytest.mark.parametrize("bytes_", range(5))
def test_an_answer_is_cut_at_the_byte(wire: Wire, bytes_: int) -> None:
    wire.be(Trouble(answer=bytes_))
    assert said(wire, b"words") in (b"WORDS"[:bytes_], b"WORDS"[:bytes_] + b"!")
    assert wire.cuts == 1
    assert said(wire, b"words") == b"WORDS"


@pytest.mark.parametrize("bytes_", range(5))
def test_a_request_is_cut_at_the_byte(wire: Wire, bytes_: int) -> None:
    wire.be(Trouble(request=bytes_))
    assert len(said(wire, b"words").rstrip(b"!")) <= bytes_
    assert wire.cuts == 1
    assert said(wire, b"words") == b"WORDS"


def test_nobody_behind_the_line_is_a_line_that_ends(wire: Wire) -> None:
    free = socket.create_server(("127.0.0.1", 0))
    wire.target = free.getsockname()
    free.close()
    assert said(wire, b"x") in (b"", b"!")
