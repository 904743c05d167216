"""The 牽制 screen of a paper: words in coarse dots among fine ones of the same tone.

On the original both look alike; a copier loses the fine dots, keeps the coarse ones, and the
words appear. The dots are those of a 600-dpi printer, so they stand in the file as a picture:
whoever shows it smaller averages them, which no outline drawn so finely survives.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfdoc

from printing.letters.embedding import Written, placed
from printing.letters.glyphs import GlyphGate
from printing.sheet import Sheet

FINE, COARSE = (2, 6), (4, 12)  # a dot's side and the way to the next one, in printer's dots
_DOT = 72 / 600
_TILE = 1800, 600  # printer's dots: whole inches, so that tiles meet on the dots of any device
_SHARE = 0.84  # of a tile that a word may take
_HAIR = 0.01  # points between tiles: those who round outwards must not draw an edge twice
_LEVEL = 9


@dataclass(frozen=True)
class Screen:
    """Its colour as #rrggbb, and the words that hide in it, in turn."""

    colour: str
    words: tuple[str, ...]


def draw_screen(sheet: Sheet, face: GlyphGate, screen: Screen) -> None:
    """The whole page; what it is made of stands in the file once."""
    document = sheet.canvas._doc  # noqa: SLF001 (reportlab packs its own forms anew each time)
    if not sheet.canvas.hasForm("screen"):
        tiles = [placed(document, _picture(_tile(face, word))) for word in screen.words]
        wide, tall = sheet.width * mm, sheet.height * mm
        code = _laid(wide, tall, screen.colour, len(tiles))
        named = " ".join(f"/T{number} {tile}" for number, tile in enumerate(tiles))
        head = (
            f"<< /Type /XObject /Subtype /Form /BBox [ 0 0 {wide:.3f} {tall:.3f} ]"
            f" /Resources << /XObject << {named} >> >> /Filter /FlateDecode /Length {len(code)} >>"
        )
        document.Reference(Written(head, code), pdfdoc.xObjectName("screen"))
    sheet.canvas.doForm("screen")


@lru_cache(maxsize=8)
def _laid(wide: float, tall: float, colour: str, tiles: int) -> bytes:
    """The page of tiles, packed once for all papers of a size."""
    return zlib.compress("\n".join(_placed(wide, tall, colour, tiles)).encode(), _LEVEL)


def _placed(wide: float, tall: float, colour: str, tiles: int) -> Iterator[str]:
    """Tile beside tile like bricks, their words in turn."""
    across, down = (round(side * _DOT) for side in _TILE)
    yield "{:.4f} {:.4f} {:.4f} rg".format(*HexColor(colour).rgb())
    for row in range(ceil(tall / down)):
        shift = across / 2 * (row % 2)
        for column in range(ceil(wide / across) + row % 2):
            x = column * across - shift + _HAIR / 2
            y = tall - (row + 1) * down + _HAIR / 2
            place = f"{across - _HAIR} 0 0 {down - _HAIR} {x:g} {y:.4f} cm"
            yield f"q {place} /T{(row + column) % tiles} Do Q"


@lru_cache(maxsize=8)
def _tile(face: GlyphGate, word: str) -> bytes:
    """The dots of a tile, packed once for all papers."""
    tile = Image.composite(_dots(*COARSE), _dots(*FINE), _mask(face, word))
    return zlib.compress(tile.tobytes(), _LEVEL)


def _dots(side: int, pitch: int) -> Image.Image:
    """Dots in rows, every other row moved by half a step."""
    cell = Image.new("1", (2 * pitch, 2 * pitch))
    half = pitch // 2
    for x, y in ((0, 0), (pitch, 0), (half, pitch), (half + pitch, pitch)):
        cell.paste(1, (x, y, x + side, y + side))
    row = Image.new("1", (_TILE[0], 2 * pitch))
    for x in range(0, _TILE[0], 2 * pitch):
        row.paste(cell, (x, 0))
    dots = Image.new("1", _TILE)
    for y in range(0, _TILE[1], 2 * pitch):
        dots.paste(row, (0, y))
    return dots


def _mask(face: GlyphGate, word: str) -> Image.Image:
    """The word in the middle of a tile, each character from the file that has it."""
    glyphs = list(face.glyphs(word))
    length = sum(glyph.advance for _, glyph in glyphs) / 1000
    size = min(_TILE[0] * _SHARE / length, _TILE[1] * _SHARE)
    mask = Image.new("1", _TILE)
    pen = ImageDraw.Draw(mask)
    x = (_TILE[0] - length * size) / 2
    for each, glyph in glyphs:
        font = ImageFont.truetype(str(each.path), size)
        pen.text((x, _TILE[1] / 2 + size * 0.38), glyph.text, 1, font, anchor="ls")
        x += glyph.advance * size / 1000
    return mask


def _picture(dots: bytes) -> Written:
    return Written(
        "<< /Type /XObject /Subtype /Image /ImageMask true /Decode [ 1 0 ] /BitsPerComponent 1"
        f" /Width {_TILE[0]} /Height {_TILE[1]} /Filter /FlateDecode /Length {len(dots)} >>",
        dots,
    )
