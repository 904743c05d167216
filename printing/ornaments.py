"""What a paper carries besides its words: the pattern, the seal, the specimen mark."""

from math import ceil

from reportlab.lib.colors import Color
from reportlab.lib.units import mm

from printing.glyphs import GlyphGate
from printing.sheet import Sheet, Style

PATTERN = Color(0.84, 0.925, 0.905)
VERMILION = Color(0.80, 0.16, 0.12)
SPECIMEN = Color(1.0, 0.80, 0.79)
SPECIMEN_SLIP = Color(0.82, 0.82, 0.82)
ROWS_OF_A_SEAL = 3


def draw_pattern(sheet: Sheet) -> None:
    """The 牽制 pattern: fine interlaced waves, opaque and light, that a copier coarsens."""
    canvas = sheet.canvas
    if not canvas.hasForm("pattern"):
        canvas.beginForm("pattern", 0, 0, sheet.width * mm, sheet.height * mm)
        canvas.setStrokeColor(PATTERN)
        canvas.setLineWidth(0.35)
        for line in range(int(sheet.height / 2.5) + 2):
            for phase in (1, -1):
                _wave(sheet, line * 2.5, phase * 2.5)
        canvas.endForm()
    canvas.doForm("pattern")


def _wave(sheet: Sheet, y: float, lift: float) -> None:
    step, x = 15.0, 0.0
    path = sheet.canvas.beginPath()
    path.moveTo(0, y * mm)
    while x < sheet.width:
        path.curveTo(
            (x + step * 0.36) * mm,
            (y + lift) * mm,
            (x + step * 0.64) * mm,
            (y - lift) * mm,
            (x + step) * mm,
            y * mm,
        )
        x += step
    sheet.canvas.drawPath(path)


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


def draw_specimen(sheet: Sheet, face: GlyphGate, colour: Color, centre: float) -> None:
    """「見本」 slanted across the page around the height `centre`, below the words."""
    canvas = sheet.canvas
    size = sheet.width * 0.46 * mm
    canvas.saveState()
    canvas.translate(sheet.width * mm / 2, (sheet.height - centre) * mm)
    canvas.rotate(45)
    canvas.translate(-sheet.width * mm / 2, (centre - sheet.height) * mm)
    style = Style(face, size, colour, "centre")
    sheet.write(sheet.width / 2, centre + size / mm * 0.36, "見本", style)
    canvas.restoreState()
