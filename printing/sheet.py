"""A sheet to draw on, in millimetres from its top left corner."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import groupby
from typing import Literal

from reportlab.lib.colors import Color, black, white
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from printing.glyphs import GlyphGate

NARROWEST = 0.8
SMALLEST = 7.0
QUIET_MODULES = 10
_NEVER_FIRST = "、。，．・：；？！」』）〕】〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々)]:;,.!?"
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
            return replace(self, scale=narrow)
        smaller = replace(self, size=max(self.size * narrow / NARROWEST, min(SMALLEST, self.size)))
        return replace(smaller, scale=width / smaller.width(text))

    def wrapped(self, text: str, width: float) -> list[str]:
        """The text in lines that fit; no line starts with a closing mark."""
        return [line for part in text.splitlines() for line in self._broken(part, width)]

    def _broken(self, text: str, width: float) -> list[str]:
        lines = [""]
        for character in text:
            if self.width(lines[-1] + character) <= width or not lines[-1]:
                lines[-1] += character
            elif character in _NEVER_FIRST and len(lines[-1]) > 1:
                lines.append(lines[-1][-1] + character)
                lines[-2] = lines[-2][:-1]
            else:
                lines.append(character)
        return lines


class Sheet:
    """The pages of one PDF; the same drawing gives the same bytes."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self.width = width
        self.height = height
        self._bytes = BytesIO()
        self.canvas = Canvas(
            self._bytes, pagesize=(width * mm, height * mm), invariant=1, lang="ja"
        )
        self.canvas.setTitle(title)
        self.canvas.setCreator("kakanai")

    def write(
        self, x: float, y: float, text: str, style: Style, width: float | None = None
    ) -> None:
        """A line of text with its baseline at y; never wider than `width`."""
        style = style if width is None else style.fitted(text, width)
        shift = {"left": 0.0, "centre": 0.5, "right": 1.0}[style.align] * style.width(text)
        line = self.canvas.beginText((x - shift) * mm, (self.height - y) * mm)
        line.setFillColor(style.colour)
        line.setHorizScale(100 * style.scale)
        for font, run in style.face.runs(text):
            line.setFont(font.name, style.size)
            line.textOut(run)
        line.setHorizScale(100)
        self.canvas.drawText(line)

    def rule(
        self, start: tuple[float, float], end: tuple[float, float], weight: float, colour: Color
    ) -> None:
        """A straight line, `weight` in points."""
        self.canvas.setLineWidth(weight)
        self.canvas.setStrokeColor(colour)
        self.canvas.line(
            start[0] * mm,
            (self.height - start[1]) * mm,
            end[0] * mm,
            (self.height - end[1]) * mm,
        )

    def box(
        self, corner: tuple[float, float], size: tuple[float, float], weight: float, colour: Color
    ) -> None:
        """An empty box, `corner` being its top left one."""
        self.canvas.setLineWidth(weight)
        self.canvas.setStrokeColor(colour)
        self.canvas.rect(
            corner[0] * mm,
            (self.height - corner[1] - size[1]) * mm,
            size[0] * mm,
            size[1] * mm,
        )

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

    def turn(self) -> None:
        """End this page."""
        self.canvas.showPage()

    def pdf(self) -> bytes:
        """The bytes of all ended pages."""
        self.canvas.save()
        return self._bytes.getvalue()


@dataclass(frozen=True)
class Block:
    """A part of a page that knows its height before it is drawn at its top edge."""

    height: float
    draw: Callable[[Sheet, float], None]
