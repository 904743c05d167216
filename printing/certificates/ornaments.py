"""What a paper carries besides its words: seals, the specimen mark, codes, the binding mark."""

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from math import ceil

from reportlab.lib.colors import Color, black
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfdoc

from printing.certificates.impression import Impression
from printing.letters.glyphs import GlyphGate
from printing.sheet import Sheet, Style

VERMILION = Color(0.80, 0.16, 0.12)
BINDING = Color(0.93, 0.62, 0.58)
SPECIMEN = Color(1.0, 0.80, 0.79)
SPECIMEN_SLIP = Color(0.82, 0.82, 0.82)
ROWS_OF_A_SEAL = 3
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MARKS, _MARK, _EDGE = 24, 4.6, 9.0
_DARK = re.compile("1+")
_QUIET = 4  # modules of white around a QR code


def draw_seal(sheet: Sheet, x: float, y: float, side: float, words: tuple[GlyphGate, str]) -> None:
    """A square office seal, read in columns from the right, each character filling its cell."""
    face, text = words
    sheet.box((x, y), (side, side), 1.8, VERMILION)
    sheet.box((x + 0.9, y + 0.9), (side - 1.8, side - 1.8), 0.5, VERMILION)
    inner = side - 3.4
    columns = ceil(len(text) / ROWS_OF_A_SEAL)
    rows = ceil(len(text) / columns)
    wide, tall = inner / columns, inner / rows
    size = tall * mm * 1.02
    style = Style(face, size, VERMILION, "centre", min(1.6, wide / tall))
    for place, character in enumerate(text):
        column, row = divmod(place, rows)
        middle = x + side - 1.7 - (column + 0.5) * wide
        sheet.write(middle, y + 1.7 + (row + 0.87) * tall, character, style)


def draw_impression(
    sheet: Sheet, middle: tuple[float, float], picture: Impression, colour: Color = black
) -> None:
    """A seal from its picture in its true size; what has no ink lets the paper through."""
    canvas = sheet.canvas
    name = f"impression-{sha256(picture.packed).hexdigest()[:16]}"
    if not canvas.hasForm(name):
        wide, tall = picture.pixels
        head = {
            "Type": "/XObject",
            "Subtype": "/Image",
            "ImageMask": "true",
            "Decode": "[ 1 0 ]",
            "BitsPerComponent": "1",
            "Width": str(wide),
            "Height": str(tall),
            "Filter": "/FlateDecode",
        }
        stream = pdfdoc.PDFStream(pdfdoc.PDFDictionary(head), picture.packed)
        canvas._doc.Reference(stream, pdfdoc.xObjectName(name))  # noqa: SLF001 (once, as bits)
    (x, y), (width, height) = middle, picture.size
    canvas.saveState()
    canvas.setFillColor(colour)
    canvas.translate((x - width / 2) * mm, (sheet.height - y - height / 2) * mm)
    canvas.scale(width * mm, height * mm)
    canvas.doForm(name)
    canvas.restoreState()


def draw_specimen(sheet: Sheet, face: GlyphGate, colour: Color, centre: float) -> None:
    """「見本」 slanted across the page around the height `centre`, below the words."""
    canvas = sheet.canvas
    size = min(sheet.width, sheet.height) * 0.46 * mm
    canvas.saveState()
    canvas.translate(sheet.width * mm / 2, (sheet.height - centre) * mm)
    canvas.rotate(45)
    canvas.translate(-sheet.width * mm / 2, (centre - sheet.height) * mm)
    style = Style(face, size, colour, "centre")
    sheet.write(sheet.width / 2, centre + size / mm * 0.36, "見本", style)
    canvas.restoreState()


def draw_square_code(
    sheet: Sheet, corner: tuple[float, float], side: float, rows: Sequence[str]
) -> None:
    """A QR code in a white square of this side, its quiet zone included."""
    (x, y), cell = corner, side / (len(rows) + 2 * _QUIET)
    quiet = _QUIET * cell
    _draw_modules(sheet, (x + quiet, y + quiet), rows, (cell, cell), (quiet, quiet))


def draw_bars(
    sheet: Sheet, corner: tuple[float, float], bars: str, cell: tuple[float, float]
) -> None:
    """A bar code with white around it; `cell` is one module, wide and tall."""
    _draw_modules(sheet, corner, [bars], cell, (10 * cell[0], 1.4))


def _draw_modules(
    sheet: Sheet,
    corner: tuple[float, float],
    rows: Sequence[str],
    cell: tuple[float, float],
    quiet: tuple[float, float],
) -> None:
    """One shape, told in whole modules: short to write and quick to make."""
    columns = len(rows[0])
    wide, tall = (each * mm for each in cell)
    across, down = quiet[0] / cell[0], quiet[1] / cell[1]
    code = [f"q {wide:.6g} 0 0 {-tall:.6g} {corner[0] * mm:.6g}"]
    code.append(f"{(sheet.height - corner[1]) * mm:.6g} cm 1 g")
    code.append(f"{-across:.5g} {-down:.5g}")
    code.append(f"{columns + 2 * across:.5g} {len(rows) + 2 * down:.5g} re f 0 g")
    for y, row in enumerate(rows):
        eights = [_dark(x, row[x : x + 8]) for x in range(0, columns, 8)]
        code.append("".join(eights).replace("y", str(y)))
    sheet.canvas.addLiteral(" ".join([*code, "f Q"]))


@lru_cache(8192)
def _dark(x: int, bits: str) -> str:
    """The black ones of eight modules from x on, at any height y: there are not many such."""
    return "".join(f"{x + run.start()} y {len(run[0])} 1 re " for run in _DARK.finditer(bits))


def binding_code(document: str) -> str:
    """Eight letters that only the sheets of one document share."""
    number = int.from_bytes(sha256(document.encode()).digest()[:5])
    letters = "".join(_CROCKFORD[number >> shift & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"


def draw_binding(sheet: Sheet, label: Style, document: str, page: str) -> None:
    """The 契印: marks down the left edge that match from sheet to sheet, and their code."""
    canvas = sheet.canvas
    bits = int.from_bytes(sha256(document.encode()).digest()[5:8])
    top = (sheet.height - _MARKS * _MARK) / 2 - 24
    canvas.setFillColor(BINDING)
    canvas.setStrokeColor(BINDING)
    canvas.setLineWidth(0.5)
    for number in range(_MARKS):
        middle = sheet.height - top - (number + 0.5) * _MARK
        shape = canvas.beginPath()
        shape.moveTo((_EDGE - 2) * mm, middle * mm)
        for x, y in ((_EDGE, middle + 1.9), (_EDGE + 2, middle), (_EDGE, middle - 1.9)):
            shape.lineTo(x * mm, y * mm)
        shape.close()
        canvas.drawPath(shape, stroke=1, fill=bits >> number & 1)
    canvas.saveState()
    canvas.translate((_EDGE + 1.2) * mm, (sheet.height - top - _MARKS * _MARK - 4) * mm)
    canvas.rotate(-90)
    canvas.translate(0, -sheet.height * mm)
    sheet.write(0, 0, f"契印　{binding_code(document)}　{page}", label)
    canvas.restoreState()
