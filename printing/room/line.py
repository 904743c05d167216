"""The line between the room and whoever asks: one message after another, each with its length."""

from socket import socket

from msgspec import Struct, msgpack

_LENGTH = 4


class Line:
    """One end of it."""

    def __init__(self, end: socket) -> None:
        self._end, self._heard = end, end.makefile("rb")

    def say(self, message: Struct) -> None:
        """Send a message."""
        body = msgpack.encode(message)
        self._end.sendall(len(body).to_bytes(_LENGTH, "big") + body)

    def hear(self) -> bytes:
        """The next message; nothing once the other end is gone, or cut off in the middle of one."""
        length = int.from_bytes(self._heard.read(_LENGTH), "big")
        body = self._heard.read(length)
        return body if len(body) == length else b""

    def close(self) -> None:
        """Hang up."""
        self._heard.close()
        self._end.close()
