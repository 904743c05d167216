"""Font files asked glyph by glyph: which shape stands for which registered character.

The home of uharfbuzz. A file is mapped, not read: what nobody asks for costs no memory.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import uharfbuzz as hb

from printing.letters.clusters import MARKS, clusters, is_selector
from printing.letters.subset import Outlines

__all__ = ["Face", "Glyph", "Mark", "Outline", "clusters", "first", "is_selector", "open_face"]

_EM = 1000
_KEPT = 4096
_NO_SHAPE = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
_PRIVATE = "Co"
Outline = tuple[tuple[str, tuple[float, ...]], ...]


@dataclass(frozen=True)
class Mark:
    """A glyph that is set over another one, so far from its origin, in thousandths of the em."""

    id: int
    x: float
    y: float


@dataclass(frozen=True)
class Glyph:
    """The shape of one character as it is registered, its variation selector included."""

    text: str
    id: int
    advance: float
    marks: tuple[Mark, ...] = ()


class Face:
    """One font file; `private` where its private-use characters are the city's own."""

    def __init__(self, name: str, path: Path, *, private: bool = False) -> None:
        self.name = name
        self.path = path
        self.file = hb.Face(hb.Blob.from_file_path(str(path)))
        self._font = hb.Font(self.file)
        self._scale = _EM / self.file.upem
        self._private = private
        self._places = "GPOS" in self.file.table_tags
        self._known: dict[str, Glyph | None] = {}

    def glyph(self, cluster: str) -> Glyph | None:
        """The shape that stands for exactly this; None where the font has none."""
        if cluster not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[cluster] = self._found(cluster)
        return self._known[cluster]

    @cached_property
    def outlines(self) -> Outlines:
        """Its outlines, for papers that carry some of them."""
        return Outlines(self.path)

    def plain(self, cluster: str) -> Glyph | None:
        """The shape of the character without its variation selector, told under its full text."""
        bare = "".join(c for c in cluster if not is_selector(c))
        glyph = self.glyph(bare) if bare else None
        return glyph and Glyph(cluster, glyph.id, glyph.advance, glyph.marks)

    def outline(self, glyph: int) -> Outline:
        """The lines and curves of a glyph, in thousandths of the em."""
        pen = _Pen(self._scale)
        self._font.draw_glyph_with_pen(glyph, pen)
        return tuple(pen.steps)

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Room for every glyph: left, bottom, right, top."""
        extents = self._font.get_font_extents("ltr")
        wide = _EM * 1.5
        return -wide, extents.descender * self._scale, wide, extents.ascender * self._scale

    def _found(self, cluster: str) -> Glyph | None:
        base, rest = cluster[0], cluster[1:]
        kind = unicodedata.category(base)
        if kind in _NO_SHAPE or kind in MARKS or (kind == _PRIVATE and not self._private):
            return None
        if len(rest) == 1 and is_selector(rest):
            return self._made(cluster, self._font.get_variation_glyph(ord(base), ord(rest)))
        if any(is_selector(c) for c in rest):
            return None  # a variant with marks is registered nowhere
        plain = None if rest else self._made(cluster, self._font.get_nominal_glyph(ord(base)))
        return plain or (self._shaped(cluster) if rest or _is_composed(base) else None)

    def _made(self, cluster: str, glyph: int | None) -> Glyph | None:
        if not glyph:
            return None
        return Glyph(cluster, glyph, self._font.get_glyph_h_advance(glyph) * self._scale)

    def _shaped(self, cluster: str) -> Glyph | None:
        """A character with marks: in one piece if the font has it, else as the font places them."""
        buffer = hb.Buffer()
        buffer.add_str(unicodedata.normalize("NFC", cluster))
        buffer.guess_segment_properties()
        hb.shape(self._font, buffer)
        if not all(info.codepoint for info in buffer.glyph_infos):
            return None
        drawn = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
        if len(drawn) > 1 and (not self._places or any(at.x_advance for _, at in drawn[1:])):
            return None  # a font that does not place its marks is guessed at, or sets them beside
        advance = sum(place.x_advance for _, place in drawn) * self._scale
        pen, marks = 0.0, []
        for info, place in drawn:
            x, y = (pen + place.x_offset) * self._scale, place.y_offset * self._scale
            marks.append(Mark(info.codepoint, x, y))
            pen += place.x_advance
        return Glyph(cluster, drawn[0][0].codepoint, advance, tuple(marks[1:]))


class _Pen:
    """Writes down what a glyph is drawn with."""

    def __init__(self, scale: float) -> None:
        self._scale = scale
        self.steps: list[tuple[str, tuple[float, ...]]] = []

    def moveTo(self, point: tuple[float, float]) -> None:
        self._step("move", point)

    def lineTo(self, point: tuple[float, float]) -> None:
        self._step("line", point)

    def qCurveTo(self, control: tuple[float, float], point: tuple[float, float]) -> None:
        self._step("quad", control, point)

    def curveTo(self, *points: tuple[float, float]) -> None:
        self._step("cubic", *points)

    def closePath(self) -> None:
        self._step("close")

    def endPath(self) -> None:
        """Every outline of a glyph is closed."""

    def _step(self, kind: str, *points: tuple[float, float]) -> None:
        self.steps.append((kind, tuple(each * self._scale for point in points for each in point)))


@lru_cache
def open_face(name: str, path: Path, *, private: bool = False) -> Face:
    """The face of this file, opened once per process."""
    return Face(name, path, private=private)


def first(faces: Sequence[Face], cluster: str) -> tuple[Face, Glyph] | None:
    """The first face that has exactly this shape."""
    for face in faces:
        if glyph := face.glyph(cluster):
            return face, glyph
    return None


def _is_composed(character: str) -> bool:
    return unicodedata.normalize("NFD", character) != character
