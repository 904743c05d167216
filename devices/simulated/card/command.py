"""Command bytes taken apart: what the chip is asked, or that nobody could tell."""

from dataclasses import dataclass

_MOST_SHORT, _MOST_LONG = 0x100, 0x10000
_HEAD = 4


@dataclass(frozen=True)
class Command:
    """A command as the chip understands it; `le` is None where no answer is asked for."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    le: int | None = None
    long: bool = False


def parse(command: bytes) -> Command | None:
    """Short and extended forms of ISO 7816-4; None for bytes that are neither."""
    if len(command) < _HEAD:
        return None
    body = command[_HEAD:]
    if not body:
        return _command(command, b"", None)
    if len(body) == 1:
        return _command(command, b"", body[0] or _MOST_SHORT)
    if body[0] == 0:
        return _long(command, body[1:])
    data, rest = body[1 : 1 + body[0]], body[1 + body[0] :]
    if len(data) != body[0] or len(rest) > 1:
        return None
    return _command(command, data, (rest[0] or _MOST_SHORT) if rest else None)


def _long(command: bytes, body: bytes) -> Command | None:
    if len(body) < 2:
        return None
    size = int.from_bytes(body[:2], "big")
    if len(body) == 2:
        return _command(command, b"", size or _MOST_LONG, long=True)
    data, rest = body[2 : 2 + size], body[2 + size :]
    if not size or len(data) != size or len(rest) not in (0, 2):
        return None
    le = (int.from_bytes(rest, "big") or _MOST_LONG) if rest else None
    return _command(command, data, le, long=True)


def _command(command: bytes, data: bytes, le: int | None, *, long: bool = False) -> Command:
    return Command(command[0], command[1], command[2], command[3], data, le, long)
