"""A sheet to draw on, in millimetres from its top left corner."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal

from reportlab.lib.colors import Color, black, white
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from printing.letters.embedding import EmbeddedFont, packed
from printing.letters.faces import Face, Glyph, Outline, clusters
from printing.letters.glyphs import GlyphGate

NARROWEST = 0.8
SMALLEST = 7.0
QUIET_MODULES = 10
_NEVER_FIRST = "、。，．・：；？！」』）〕】〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々)]:;,.!?"
_FACE = itemgetter(0)
Align = Literal["left", "centre", "right"]


@dataclass(frozen=True)
class Style:
    """How a text looks; `scale` is its horizontal scaling."""

    face: GlyphGate
    size: float
    colour: Color = black
    align: Align = "left"
    scale: float = 1.0

    def width(self, text: str) -> float:
        """How wide the text comes out, in millimetres."""
        return self.face.width(text, self.size) / mm * self.scale

    def fitted(self, text: str, width: float) -> "Style":
        """The same style made narrower, then smaller, then as narrow as it takes."""
        narrow = width / max(self.width(text), width)
        if narrow >= NARROWEST:
            return self if narrow == self.scale else _scaled(self, narrow)
        smaller = replace(self, size=max(self.size * narrow / NARROWEST, min(SMALLEST, self.size)))
        return _scaled(smaller, width / smaller.width(text))

    def wrapped(self, text: str, width: float) -> list[str]:
        """The text in lines that fit; no line starts with a closing mark."""
        return [line for part in text.splitlines() for line in self._broken(part, width)]

    def _broken(self, text: str, width: float) -> list[str]:
        lines: list[list[str]] = [[]]
        left = width
        for each in clusters(text):
            wide = self.width(each)
            if lines[-1] and wide > left:
                brought = [lines[-1].pop()] if each in _NEVER_FIRST and len(lines[-1]) > 1 else []
                lines.append(brought)
                left = width - sum(self.width(one) for one in brought)
            lines[-1].append(each)
            left -= wide
        return ["".join(line) for line in lines]


def _scaled(style: Style, scale: float) -> Style:
    """What `replace` does slowly, for every text of a paper."""
    return Style(style.face, style.size, style.colour, style.align, scale)


class Sheet:
    """The pages of one PDF; the same drawing gives the same bytes."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self.width = width
        self.height = height
        self._bytes = BytesIO()
        self.canvas: Any = Canvas(
            self._bytes, pagesize=(width * mm, height * mm), invariant=1, lang="ja"
        )
        _forget_helvetica(self.canvas)
        self._fonts: dict[str, EmbeddedFont] = {}
        self.canvas.setTitle(title)
        self.canvas.setCreator("kakanai")

    def write(
        self, x: float, y: float, text: str, style: Style, width: float | None = None
    ) -> None:
        """A line of text with its baseline at y; never wider than `width`."""
        style = style if width is None else style.fitted(text, width)
        drawn = style.face.glyphs(text)
        left, base = x * mm, (self.height - y) * mm
        if style.align != "left":
            wide = sum([glyph.advance for _, glyph in drawn]) * style.size / 1000 * style.scale
            left -= wide / 2 if style.align == "centre" else wide
        code = [f"BT {_rgb(style.colour)} rg {100 * style.scale:.5g} Tz"]
        code.append(f"1 0 0 1 {left:.5g} {base:.5g} Tm")
        for face, run in groupby(drawn, _FACE):
            font = self._font(face)
            code.append(f"/{font.name} {style.size:.4g} Tf {font.encode(run)} Tj")
        self.canvas.addLiteral(" ".join([*code, "100 Tz ET"]))
        if [glyph for _, glyph in drawn if glyph.marks]:
            self._draw_marks((left, base), drawn, style)

    def rule(
        self, start: tuple[float, float], end: tuple[float, float], weight: float, colour: Color
    ) -> None:
        """A straight line, `weight` in points."""
        (left, top), (right, bottom) = start, end
        self.canvas.addLiteral(
            f"{_rgb(colour)} RG {weight:.6g} w"
            f" n {left * mm:.6g} {(self.height - top) * mm:.6g} m"
            f" {right * mm:.6g} {(self.height - bottom) * mm:.6g} l S"
        )

    def box(
        self, corner: tuple[float, float], size: tuple[float, float], weight: float, colour: Color
    ) -> None:
        """An empty box, `corner` being its top left one."""
        (left, top), (wide, tall) = corner, size
        self.canvas.addLiteral(
            f"{_rgb(colour)} RG {weight:.6g} w"
            f" n {left * mm:.6g} {(self.height - top - tall) * mm:.6g}"
            f" {wide * mm:.6g} {tall * mm:.6g} re S"
        )

    def fill(self, corner: tuple[float, float], size: tuple[float, float], colour: Color) -> None:
        """A plain coloured ground, `corner` being its top left one."""
        (left, top), (wide, tall) = corner, size
        low = (self.height - top - tall) * mm
        self.canvas.setFillColor(colour)
        self.canvas.rect(left * mm, low, wide * mm, tall * mm, stroke=0, fill=1)

    def modules(self, x: float, y: float, rows: Sequence[str], cell: tuple[float, float]) -> None:
        """A code as one vector shape in a white quiet zone; every "1" is a black cell."""
        self._whiten(x, y, rows, cell)
        shape = self.canvas.beginPath()
        wide, tall = cell
        for number, row in enumerate(rows):
            column = 0
            for dark, run in groupby(row):
                length = len(list(run))
                if dark == "1":
                    shape.rect(
                        (x + column * wide) * mm,
                        (self.height - y - (number + 1) * tall) * mm,
                        length * wide * mm,
                        tall * mm,
                    )
                column += length
        self.canvas.setFillColor(black)
        self.canvas.drawPath(shape, stroke=0, fill=1)

    def _whiten(self, x: float, y: float, rows: Sequence[str], cell: tuple[float, float]) -> None:
        quiet = 1.4
        wide, tall = len(rows[0]) * cell[0] + 2 * quiet, len(rows) * cell[1] + 2 * quiet
        self.canvas.setFillColor(white)
        corner = (x - quiet) * mm, (self.height - y + quiet - tall) * mm
        self.canvas.rect(*corner, wide * mm, tall * mm, stroke=0, fill=1)

    def _font(self, face: Face) -> EmbeddedFont:
        if face.name not in self._fonts:
            font = EmbeddedFont(face, f"K{len(self._fonts)}")
            self._fonts[face.name] = font
            self.canvas._doc.delayedFonts.append(font)  # noqa: SLF001 (reportlab offers no other way)
        return self._fonts[face.name]

    def _draw_marks(
        self, start: tuple[float, float], drawn: Sequence[tuple[Face, Glyph]], style: Style
    ) -> None:
        """Marks that no font has in one piece with their character, as plain shapes over it."""
        (left, base), unit = start, style.size / 1000
        for face, glyph in drawn:
            for mark in glyph.marks:
                self.canvas.saveState()
                self.canvas.setFillColor(style.colour)
                self.canvas.translate(left, base)
                self.canvas.scale(unit * style.scale, unit)
                self.canvas.translate(mark.x, mark.y)
                _fill(self.canvas, face.outline(mark.id))
                self.canvas.restoreState()
            left += glyph.advance * unit * style.scale

    def turn(self) -> None:
        """End this page; reportlab would pack it into text, a quarter longer and far slower."""
        document = self.canvas._doc  # noqa: SLF001
        name = document.thisPageName()
        self.canvas.showPage()
        page = document.idToObject[name]
        page.Contents = packed(page.stream.encode("ascii"))

    def pdf(self) -> bytes:
        """The bytes of all ended pages."""
        self.canvas.save()
        return self._bytes.getvalue()


def _fill(canvas: Any, outline: Outline) -> None:
    shape = canvas.beginPath()
    here = (0.0, 0.0)
    for kind, points in outline:
        match kind, points:
            case "move", (x, y):
                shape.moveTo(x, y)
            case "line", (x, y):
                shape.lineTo(x, y)
            case "quad", (a, b, x, y):
                from_x, from_y = here
                near = from_x + (a - from_x) * 2 / 3, from_y + (b - from_y) * 2 / 3
                shape.curveTo(*near, x + (a - x) * 2 / 3, y + (b - y) * 2 / 3, x, y)
            case "cubic", (a, b, c, d, x, y):
                shape.curveTo(a, b, c, d, x, y)
            case _:
                shape.close()
        here = (points[-2], points[-1]) if points else here
    canvas.drawPath(shape, stroke=0, fill=1)


def _rgb(colour: Color) -> str:
    """Its three shares, as a page names them."""
    return "{:.4g} {:.4g} {:.4g}".format(*colour.rgb())


def _forget_helvetica(canvas: Any) -> None:
    """Reportlab names a font on every page that no paper of ours uses and no archive allows."""
    canvas._preamble = "1 0 0 1 0 0 cm"  # noqa: SLF001
    document = canvas._doc  # noqa: SLF001
    document.idToObject["BasicFonts"].dict.clear()


@dataclass(frozen=True)
class Block:
    """A part of a page that knows its height before it is drawn at its top edge."""

    height: float
    draw: Callable[[Sheet, float], None]
