"""Fonts read by others: fontTools reads the tables, format 14 included, Pillow fills the outlines.

What judges glyphs shares nothing with what it judges: no uharfbuzz, no Qt, no poppler here.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageDraw

EM = 240  # pixels
BASE = round(EM * 0.86)  # where the baseline is in a cell
SAME, SEEN = 0.9, 0.985


@dataclass(frozen=True)
class Drawn:
    """One character as it came out: a cell as tall as an em, and what is below."""

    text: str
    cell: Image.Image
    below: Image.Image


@cache
def table(path: Path) -> tuple[TTFont, dict[int, str], dict[int, dict[int, str | None]]]:
    font = TTFont(path, lazy=True)
    variants = next((t.uvsDict for t in font["cmap"].tables if t.format == 14), {})
    pairs = {selector: dict(entries) for selector, entries in variants.items()}
    return font, font.getBestCmap(), pairs


def named(path: Path, cluster: str) -> str | None:
    """The glyph that the tables of this font name for it."""
    _, plain, pairs = table(path)
    if unicodedata.combining(cluster[-1]):
        cluster = unicodedata.normalize("NFC", cluster)
    if len(cluster) == 1:
        return plain.get(ord(cluster))
    base, selector = (ord(c) for c in cluster)
    if base not in pairs.get(selector, {}):
        return None
    return pairs[selector][base] or plain[base]


def wanted(fonts: tuple[Path, ...], cluster: str) -> tuple[Path, str]:
    """The first font of these that has it, and its name there."""
    return next((path, name) for path in fonts if (name := named(path, cluster)))


class _Contours(BasePen):
    """Contours as polygons, fine enough for the eye of a pixel."""

    def __init__(self, glyphs: object, scale: float) -> None:
        super().__init__(glyphs)
        self._scale = scale
        self.found: list[list[tuple[float, float]]] = []

    def _at(self, point: tuple[float, float]) -> tuple[float, float]:
        return point[0] * self._scale, -point[1] * self._scale

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self.found.append([self._at(pt)])

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self.found[-1].append(self._at(pt))

    def _curveToOne(self, pt1, pt2, pt3) -> None:
        start = self._getCurrentPoint()
        for step in range(1, 13):
            t, u = step / 12, 1 - step / 12
            parts = ((u**3, start), (3 * u * u * t, pt1), (3 * u * t * t, pt2), (t**3, pt3))
            x, y = (sum(weight * point[axis] for weight, point in parts) for axis in (0, 1))
            self.found[-1].append(self._at((x, y)))


@cache
def ink(path: Path, glyph: str) -> Image.Image:
    """The glyph in black on white in a cell of its own advance, filled by winding number."""
    font = table(path)[0]
    fine = 4
    pen = _Contours(font.getGlyphSet(), EM * fine / font["head"].unitsPerEm)
    font.getGlyphSet()[glyph].draw(pen)
    wide = round(font["hmtx"][glyph][0] * EM / font["head"].unitsPerEm)
    size = wide * fine, EM * fine
    turns = [Image.new("L", size), Image.new("L", size)]
    for contour in pen.found:
        moved = [(x, y + BASE * fine) for x, y in contour]
        area = sum(
            a[0] * b[1] - b[0] * a[1] for a, b in zip(moved, (*moved[1:], moved[0]), strict=True)
        )
        one = Image.new("L", size)
        ImageDraw.Draw(one).polygon(moved, fill=1)
        turns[area > 0] = ImageChops.add(turns[area > 0], one)
    filled = ImageChops.difference(*turns).point(lambda value: 255 if value else 0)
    return black(ImageChops.invert(filled.resize((wide, EM), Image.Resampling.BOX)))


def black(picture: Image.Image) -> Image.Image:
    """Where there is ink."""
    return picture.convert("L").point(lambda value: 255 if value < 128 else 0).convert("1")


def alike(one: Image.Image, other: Image.Image) -> float:
    """How much of their ink two cells share, one of them moved by a pixel or two."""
    other = other.crop((0, 0, *one.size))
    return max(
        _shared(one, ImageChops.offset(other, x, y)) for x in range(-2, 3) for y in range(-2, 3)
    )


def _shared(one: Image.Image, other: Image.Image) -> float:
    both, either = ImageChops.logical_and(one, other), ImageChops.logical_or(one, other)
    return count(both) / (count(either) or 1)


def count(picture: Image.Image) -> int:
    return picture.histogram()[255]


def judge(fonts: tuple[Path, ...], each: Drawn) -> None:
    """The cell holds the glyph of the table, and no other glyph of the same character."""
    path, name = wanted(fonts, each.text)
    right, cell = ink(path, name), black(each.cell)
    if not count(right):
        assert count(cell) < EM, each.text  # a neighbour's serif at most
        return
    likeness = alike(right, cell)
    assert likeness >= SAME, (each.text, path.name, name, likeness)
    for other in rivals(path, each.text) - {name}:
        seen = alike(ink(path, other), right)
        if seen < SEEN:  # it differs; the more it does, the clearer must be which one this is
            lead = (1 - seen) / 4
            assert alike(ink(path, other), cell) < likeness - lead, (each.text, name, other)


def rivals(path: Path, cluster: str) -> set[str]:
    """What else this font might have drawn: the plain character, the other variants."""
    _, plain, pairs = table(path)
    base = ord(cluster[0])
    if len(cluster) == 1 and base not in range(0x3400, 0x40000):
        return set()
    others = {entries[base] or plain[base] for entries in pairs.values() if base in entries}
    return others | {plain[base]}
