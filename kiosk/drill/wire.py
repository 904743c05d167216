"""A line to the office that fails on order: dead, mute, slow, or cut at a given byte."""

import select
import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

_CHUNK = 65536
_TICK = 0.05
_RESET = struct.pack("ii", 1, 0)  # closing sends a reset: nobody is there


@dataclass(frozen=True)
class Trouble:
    """What is wrong with the line.

    `request` and `answer`: so many more bytes pass that way, then the line is cut, once.
    """

    dead: bool = False
    mute: bool = False
    slow: float = 0.0
    request: int | None = None
    answer: int | None = None


FINE = Trouble()


class Wire:
    """Carries bytes between a terminal and the office, and counts them."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.carried = {"request": 0, "answer": 0}
        self.cuts = 0
        self._trouble = FINE
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(_TICK)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._listen, daemon=True)]
        self._threads[0].start()

    def be(self, trouble: Trouble) -> None:
        """From now on the line is like this; bytes are counted from here."""
        with self._lock:
            self._trouble = trouble
            self.carried = {"request": 0, "answer": 0}

    def close(self) -> None:
        """Hang up; returns when nothing is carried any more."""
        self._over.set()
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                caller, _ = self._listener.accept()
            except TimeoutError:
                continue
            if self._trouble.dead:
                _hang_up(caller)
                continue
            thread = threading.Thread(target=self._carry, args=(caller,), daemon=True)
            self._threads = [each for each in self._threads if each.is_alive()] + [thread]
            thread.start()

    def _carry(self, caller: socket.socket) -> None:
        try:
            office = socket.create_connection(self.target, timeout=5)
        except OSError:
            _hang_up(caller)
            return
        with suppress(OSError):
            for end in (caller, office):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while not self._over.is_set() and not self._trouble.dead:
                ready, _, _ = select.select([caller, office], [], [], _TICK)
                if self._trouble.mute:
                    time.sleep(_TICK)
                    continue
                if not all(self._pass(each, caller, office) for each in ready):
                    break
        for end in (caller, office):
            if self._trouble.dead:
                _hang_up(end)
            end.close()

    def _pass(self, source: socket.socket, caller: socket.socket, office: socket.socket) -> bool:
        """Some bytes one way; False where the line ends."""
        got = source.recv(_CHUNK)
        way, other = ("request", office) if source is caller else ("answer", caller)
        if self._trouble.slow and got:
            time.sleep(self._trouble.slow)
        with self._lock:
            left = getattr(self._trouble, way)
            passing = got if left is None else got[: max(left - self.carried[way], 0)]
            self.carried[way] += len(passing)
            cut = left is not None and self.carried[way] >= left
            if cut:
                self._trouble = FINE
                self.cuts += 1
        if passing:
            other.sendall(passing)
        if cut and way == "request":
            time.sleep(_TICK / 10)  # what has passed is read there before the line goes
        return bool(got) and not cut


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    end.close()
