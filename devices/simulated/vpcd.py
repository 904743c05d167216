"""A card for vsmartcard's virtual reader, so that a second driver is heard."""

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock

from devices.simulated.t1 import Chip

PORT = 35963

Connect = Callable[[tuple[str, int]], socket.socket]


class VpcdClient:
    """To be connected is to lie in the reader; the reader itself is always there."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = PORT,
        connect: Connect = socket.create_connection,
    ) -> None:
        self._address = (host, port)
        self._connect = connect
        self._lock = Lock()
        self._line: socket.socket | None = None
        self._cards = ThreadPoolExecutor(1, "card")

    def insert(self, chip: Chip) -> None:
        """Lay a card in, in the place of any other."""
        self.remove()
        with self._lock:
            line = self._line = self._connect(self._address)
        line.settimeout(None)  # a connection made with patience would lose a card left alone
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._cards.submit(_serve, line, chip)

    def remove(self) -> None:
        """Take the card out, at once: a command on its way is never answered."""
        with self._lock:
            line, self._line = self._line, None
        if line is not None:
            _hang_up(line)

    def close(self) -> None:
        """End for good; safe to call twice."""
        self.remove()
        self._cards.shutdown(wait=False)


def _serve(line: socket.socket, chip: Chip) -> None:
    """Let one card answer until its line is cut; a card that fails has no other way to say so."""
    try:
        with suppress(OSError):
            while (message := _receive(line)) is not None:
                reply = _obey(chip, message)
                if reply is not None:
                    line.sendall(len(reply).to_bytes(2, "big") + reply)
    finally:
        _hang_up(line)
        line.close()
        chip.power_off()


def _obey(chip: Chip, message: bytes) -> bytes | None:
    match message:
        case b"\x00":
            chip.power_off()
        case b"\x01" | b"\x02":  # on, and reset
            chip.power_on()
        case b"\x04":
            return chip.atr
        case _:
            return chip.transmit(message)
    return None


def _receive(line: socket.socket) -> bytes | None:
    head = _exactly(line, 2)
    return _exactly(line, int.from_bytes(head, "big")) if head else None


def _exactly(line: socket.socket, length: int) -> bytes:
    """So many bytes, or none when the line was cut."""
    received = b""
    while len(received) < length:
        # The driver sends a length and then a body: a late acknowledgement would cost 40 ms.
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        part = line.recv(length - len(received))
        if not part:
            return b""
        received += part
    return received


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):  # it was cut already
        line.shutdown(socket.SHUT_RDWR)
