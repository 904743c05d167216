"""A TrueType file cut down to some of its glyphs, for one paper.

The general subsetter looks through all characters of a font of 60,000 for every paper. Outlines
need only be copied: each is read from the mapped file once, without its hints, and kept.
"""

import mmap
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_KEPT = 4096
_WORDS, _SCALE, _MORE, _BOTH, _MATRIX, _HINTS = 0x01, 0x08, 0x20, 0x40, 0x80, 0x100
_NO_HINTS = struct.pack(">7H", 1, 0, 0, 0, 0, 0, 0)  # of maxp, from maxZones on
_CHECKED = 0xB1B0AFBA


@dataclass(frozen=True)
class _Piece:
    """One glyph: its outline, where it names other glyphs, and its metrics."""

    outline: bytes
    parts: tuple[tuple[int, int], ...]  # where in the outline, and which glyph
    metrics: bytes


class Outlines:
    """The outlines of one file; what nobody asks for is never read."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._file = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._at = self._tables()
        head, hhea, maxp = (self._table(tag) for tag in (b"head", b"hhea", b"maxp"))
        self._head, self._hhea, self._maxp = head, hhea, maxp
        self._long = bool(int.from_bytes(head[50:52]))
        self._full = int.from_bytes(hhea[34:36])  # glyphs that have an advance of their own
        self._pieces: dict[int, _Piece] = {}

    def subset(self, wanted: Iterable[int]) -> tuple[bytes, Mapping[int, int]]:
        """A font with these glyphs alone, and where each of them is now."""
        pieces = self._gathered(wanted)
        places = {glyph: place for place, glyph in enumerate(pieces)}
        outlines = [_renumbered(piece, places) for piece in pieces.values()]
        offsets = [0]
        for outline in outlines:
            offsets.append(offsets[-1] + len(outline))
        count = len(pieces)
        tables = {
            b"glyf": b"".join(outlines),
            b"head": self._head[:8] + bytes(4) + self._head[12:50] + b"\0\1" + self._head[52:54],
            b"hhea": self._hhea[:34] + count.to_bytes(2),
            b"hmtx": b"".join(piece.metrics for piece in pieces.values()),
            b"loca": struct.pack(f">{count + 1}L", *offsets),
            b"maxp": self._maxp[:4]
            + count.to_bytes(2)
            + self._maxp[6:14]
            + _NO_HINTS
            + self._maxp[28:],
        }
        return _file(tables), places

    def _gathered(self, wanted: Iterable[int]) -> dict[int, _Piece]:
        """The glyphs and those that they are made of, in order, after an empty one."""
        found: dict[int, _Piece] = {}
        open_ = list(wanted)
        while open_:
            glyph = open_.pop()
            if glyph not in found:
                found[glyph] = piece = self._piece(glyph)
                open_ += [part for _, part in piece.parts]
        blank = _Piece(b"", (), self._metrics(0))
        return {0: blank} | {glyph: found[glyph] for glyph in sorted(found) if glyph}

    def _piece(self, glyph: int) -> _Piece:
        piece = self._pieces.get(glyph)
        if piece is None:
            outline, parts = _unhinted(self._outline(glyph))
            piece = _Piece(outline + bytes(len(outline) % 2), parts, self._metrics(glyph))
            if len(self._pieces) >= _KEPT:
                self._pieces.clear()
            self._pieces[glyph] = piece
        return piece

    def _outline(self, glyph: int) -> bytes:
        loca, glyf = self._at[b"loca"][0], self._at[b"glyf"][0]
        if self._long:
            start, end = struct.unpack_from(">LL", self._file, loca + 4 * glyph)
        else:
            start, end = (
                2 * each for each in struct.unpack_from(">HH", self._file, loca + 2 * glyph)
            )
        return self._file[glyf + start : glyf + end]

    def _metrics(self, glyph: int) -> bytes:
        """The advance and the left bearing; the last glyphs may share one advance."""
        table, last = self._at[b"hmtx"][0], self._full - 1
        if glyph <= last:
            return self._file[table + 4 * glyph : table + 4 * glyph + 4]
        bearing = table + 4 * self._full + 2 * (glyph - self._full)
        return (
            self._file[table + 4 * last : table + 4 * last + 2] + self._file[bearing : bearing + 2]
        )

    def _tables(self) -> Mapping[bytes, tuple[int, int]]:
        """Where each table is; in a collection, of its first font."""
        first = int.from_bytes(self._file[12:16]) if self._file[:4] == b"ttcf" else 0
        count = int.from_bytes(self._file[first + 4 : first + 6])
        entries = (
            struct.unpack_from(">4sLLL", self._file, first + 12 + 16 * n) for n in range(count)
        )
        return {tag: (start, size) for tag, _, start, size in entries}

    def _table(self, tag: bytes) -> bytes:
        start, size = self._at[tag]
        return self._file[start : start + size]


def _unhinted(outline: bytes) -> tuple[bytes, tuple[tuple[int, int], ...]]:
    """The outline without its instructions, and the places where it names other glyphs."""
    if not outline:
        return b"", ()
    contours = int.from_bytes(outline[:2], signed=True)
    if contours >= 0:
        hints = 10 + 2 * contours
        points = hints + 2 + int.from_bytes(outline[hints : hints + 2])
        return outline[:hints] + b"\0\0" + outline[points:], ()
    parts = tuple(_parts(outline))
    kept = bytearray(outline[: parts[-1][2]])
    for at, _, _ in parts:
        flags = int.from_bytes(kept[at : at + 2]) & ~_HINTS
        kept[at : at + 2] = flags.to_bytes(2)
    return bytes(kept), tuple((at + 2, glyph) for at, glyph, _ in parts)


def _parts(outline: bytes) -> Iterator[tuple[int, int, int]]:
    """Each part of a glyph that is made of others: where it starts, which, and where it ends."""
    at, more = 10, True
    while more:
        flags, glyph = struct.unpack_from(">HH", outline, at)
        end = at + (8 if flags & _WORDS else 6)
        end += 2 if flags & _SCALE else 4 if flags & _BOTH else 8 if flags & _MATRIX else 0
        yield at, glyph, end
        at, more = end, flags & _MORE


def _renumbered(piece: _Piece, places: Mapping[int, int]) -> bytes:
    if not piece.parts:
        return piece.outline
    outline = bytearray(piece.outline)
    for at, glyph in piece.parts:
        outline[at : at + 2] = places[glyph].to_bytes(2)
    return bytes(outline)


def _file(tables: Mapping[bytes, bytes]) -> bytes:
    """The tables behind their directory, with the sums that say that all of it is whole."""
    directory, body = [struct.pack(">LHHHH", 0x00010000, len(tables), 64, 2, 32)], []
    place, whole, head = 12 + 16 * len(tables), 0, 0
    for tag, table in tables.items():
        padded = table + bytes(-len(table) % 4)
        total = _sum(padded)
        directory.append(struct.pack(">4sLLL", tag, total, place, len(table)))
        body.append(padded)
        head = place if tag == b"head" else head
        place += len(padded)
        whole += total
    whole += _sum(b"".join(directory))
    file = bytearray(b"".join(directory + body))
    struct.pack_into(">L", file, head + 8, (_CHECKED - whole) & 0xFFFFFFFF)
    return bytes(file)


def _sum(table: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(table) // 4}L", table)
    return sum(words) & 0xFFFFFFFF
