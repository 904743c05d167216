"""Tag, length, value as cards write it: one parser that never reads past what is there."""

from collections.abc import Iterator
from dataclasses import dataclass

_MORE_TAG = 0x1F
_SHORT = 0x80
_LONGEST_LENGTH = 3


class TlvFault(ValueError):
    """These bytes are no TLV."""


@dataclass(frozen=True)
class Tlv:
    """One object: its tag, its value, and all its bytes, header included."""

    tag: int
    value: bytes
    raw: bytes

    def children(self) -> dict[int, "Tlv"]:
        """The objects inside, by tag; the first of each counts."""
        found: dict[int, Tlv] = {}
        for child in objects(self.value):
            found.setdefault(child.tag, child)
        return found


def header(data: bytes) -> tuple[int, int, int]:
    """Tag, length of the header, length of the value."""
    if not data:
        raise TlvFault("nothing there")
    at = 2 if data[0] & _MORE_TAG == _MORE_TAG else 1
    if len(data) <= at:
        raise TlvFault("cut off in the header")
    tag, first = int.from_bytes(data[:at], "big"), data[at]
    if first < _SHORT:
        return tag, at + 1, first
    size = first - _SHORT
    if not 1 <= size <= _LONGEST_LENGTH or len(data) <= at + size:
        raise TlvFault("a length that cannot be")
    return tag, at + 1 + size, int.from_bytes(data[at + 1 : at + 1 + size], "big")


def first(data: bytes) -> Tlv:
    """The object these bytes begin with; filler behind it is left alone."""
    tag, head, length = header(data)
    if len(data) < head + length:
        raise TlvFault("cut off in the value")
    return Tlv(tag, data[head : head + length], data[: head + length])


def objects(data: bytes) -> Iterator[Tlv]:
    """Every object in a row, to the last byte."""
    while data:
        found = first(data)
        yield found
        data = data[len(found.raw) :]


def encode(tag: int, value: bytes) -> bytes:
    """The bytes of an object."""
    size = len(value)
    if size < _SHORT:
        length = bytes([size])
    else:
        octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
        length = bytes([_SHORT + len(octets)]) + octets
    return tag.to_bytes(2 if tag > 0xFF else 1, "big") + length + value
