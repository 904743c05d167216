"""What a font inside a PDF has for a code: its glyph, its width, the text it stands for."""

import re
import struct
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from printing.proof.pdfobjects import entry, members

_HEX = rb"<([0-9A-Fa-f\s]+)>"
_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_PAIR = re.compile(_HEX + rb"\s*" + _HEX)
_RANGE = re.compile(_HEX + rb"\s*" + _HEX + rb"\s*(?:" + _HEX + rb"|\[([^\]]*)\])")


class Program:
    """The tables of an embedded TrueType program that concern the codes of a page."""

    def __init__(self, data: bytes) -> None:
        count = int.from_bytes(data[4:6])
        entries = (struct.unpack_from(">4sLLL", data, 12 + 16 * n) for n in range(count))
        self._tables = {tag: data[start : start + size] for tag, _, start, size in entries}

    def width(self, glyph: int) -> float:
        """The advance in thousandths of the size."""
        units = int.from_bytes(self._tables[b"head"][18:20])
        last = int.from_bytes(self._tables[b"hhea"][34:36]) - 1
        place = 4 * min(glyph, last)
        return int.from_bytes(self._tables[b"hmtx"][place : place + 2]) * 1000 / units

    @property
    def count(self) -> int:
        """How many glyphs there are."""
        return int.from_bytes(self._tables[b"maxp"][4:6])

    @cached_property
    def codes(self) -> Mapping[int, int]:
        """Code to glyph, as a symbolic font has it."""
        table = self._tables.get(b"cmap", bytes(4))
        found: dict[int, int] = {}
        for place in range(4, 4 + 8 * int.from_bytes(table[2:4]), 8):
            start = int.from_bytes(table[place + 4 : place + 8])
            found.update(_mapped(table[start:]))
        return {code & 0xFF: glyph for code, glyph in found.items()}


def _mapped(table: bytes) -> Iterator[tuple[int, int]]:
    """The subtables that a symbolic font in a PDF may have: bytes, trimmed, segments."""
    match int.from_bytes(table[:2]):
        case 0:
            yield from enumerate(table[6:262])
        case 6:
            first, count = struct.unpack_from(">HH", table, 6)
            yield from enumerate(struct.unpack_from(f">{count}H", table, 10), first)
        case 4:
            yield from _segments(table)
        case _:
            return


def _segments(table: bytes) -> Iterator[tuple[int, int]]:
    twice = int.from_bytes(table[6:8])
    count = twice // 2
    ends = struct.unpack_from(f">{count}H", table, 14)
    starts = struct.unpack_from(f">{count}H", table, 16 + twice)
    deltas = struct.unpack_from(f">{count}H", table, 16 + 2 * twice)
    offsets = struct.unpack_from(f">{count}H", table, 16 + 3 * twice)
    for n, (start, end, delta, offset) in enumerate(
        zip(starts, ends, deltas, offsets, strict=True)
    ):
        for code in range(start, min(end, 0xFFFE) + 1):
            if offset:
                place = 16 + 3 * twice + 2 * n + offset + 2 * (code - start)
                glyph = int.from_bytes(table[place : place + 2])
            else:
                glyph = code
            yield code, (glyph + delta) & 0xFFFF if glyph or not offset else 0


def texts(cmap: bytes) -> dict[int, str]:
    """What each code stands for, by a ToUnicode map."""
    found: dict[int, str] = {}
    for kind, body in _SECTION.findall(cmap):
        if kind == b"bfchar":
            found.update((int(code, 16), _text(text)) for code, text in _PAIR.findall(body))
        else:
            for first, last, text, several in _RANGE.findall(body):
                codes = range(int(first, 16), int(last, 16) + 1)
                each = re.findall(_HEX, several) if several else _following(text, len(codes))
                found.update(zip(codes, (_text(one) for one in each), strict=False))
    return found


def _following(text: bytes, count: int) -> Iterator[bytes]:
    number = int(text, 16)
    return (b"%0*X" % (len(text), number + step) for step in range(count))


def _text(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be", "replace")


def widths(font: Mapping[str, Any]) -> tuple[dict[int, float], float]:
    """The widths that the page is laid out by, and the one for all other codes."""
    if font["/Subtype"] != "/Type0":
        first = int(font["/FirstChar"])
        return {first + n: float(width) for n, width in enumerate(members(font["/Widths"]))}, 0.0
    descendant = font["/DescendantFonts"][0]
    found: dict[int, float] = {}
    entries = members(entry(descendant, "/W", ()))
    while entries:
        first, second = int(entries.pop(0)), entries.pop(0)
        if isinstance(second, list):
            found.update({first + n: float(width) for n, width in enumerate(second)})
        else:
            width = float(entries.pop(0))
            found.update(dict.fromkeys(range(first, int(second) + 1), width))
    return found, float(entry(descendant, "/DW", 1000))
