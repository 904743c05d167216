"""What layouts are made of: labelled cells in ruled rows, lines of text, notes."""

from dataclasses import dataclass, replace

from reportlab.lib.colors import Color

from printing.glyphs import Fonts, GlyphGate
from printing.sheet import Block, Sheet, Style

INK = Color(0.10, 0.11, 0.13)
LABEL = Color(0.26, 0.36, 0.38)
LINE = Color(0.45, 0.55, 0.57)
LEFT, RIGHT, MIDDLE = 20.0, 190.0, 105.0
READABLE = 10.0
INLINE = 12.0
OMITTED = "省略"


@dataclass(frozen=True)
class Cell:
    """A labelled value; `over` stands beside the label, as kana do above a name."""

    label: str
    value: str
    width: float
    size: float = 14.0
    over: str = ""


@dataclass(frozen=True)
class Row:
    """Cells side by side."""

    height: float
    cells: tuple[Cell, ...]


class Kit:
    """The faces of a certificate, and the blocks that layouts share."""

    def __init__(self, fonts: Fonts) -> None:
        self.mincho = GlyphGate(fonts.names())
        self.gothic = GlyphGate(fonts.labels(fonts.gothic))
        self.label = Style(self.gothic, 9, LABEL)
        self.value = Style(self.mincho, 14, INK)

    def table(self, rows: tuple[Row, ...], gap: float = 0.0) -> Block:
        """Ruled rows in a frame, with a gap below."""
        height = sum(row.height for row in rows) + gap
        return Block(height, lambda sheet, y: self.draw_table(sheet, y, rows))

    def note(self, note: str) -> Block:
        """A remark in as many lines as it takes."""
        style = replace(self.value, size=11)
        width = RIGHT - LEFT - 14
        lines = style.wrapped(note, width)

        def draw(sheet: Sheet, y: float) -> None:
            sheet.write(LEFT, y + 4.5, "備考", self.label)
            for number, line in enumerate(lines):
                sheet.write(LEFT + 12, y + 4.5 + 5 * number, line, style)

        return Block(5 * len(lines) + 2, draw)

    def draw_table(self, sheet: Sheet, y: float, rows: tuple[Row, ...]) -> None:
        """The rows from the height y downwards."""
        top = y
        for row in rows:
            x = LEFT
            for cell in row.cells:
                if x > LEFT:
                    sheet.rule((x, y), (x, y + row.height), 0.4, LINE)
                self._cell(sheet, x + 2.5, y, cell, row.height)
                x += cell.width
            y += row.height
            if row is not rows[-1]:
                sheet.rule((LEFT, y), (RIGHT, y), 0.4, LINE)
        sheet.box((LEFT, top), (RIGHT - LEFT, y - top), 0.9, LINE)

    def _cell(self, sheet: Sheet, x: float, y: float, cell: Cell, height: float) -> None:
        """The label above its value; in a low row, before it."""
        room = cell.width - 5
        beside = self.label.width(cell.label) + 3
        if height < INLINE:
            sheet.write(x, y + height * 0.5 + 1.4, cell.label, self.label)
            self._value_in(sheet, (x + beside, y), (room - beside, height), cell)
            return
        sheet.write(x, y + 4.6, cell.label, self.label)
        if cell.over:
            kana = replace(self.value, size=10.5)
            sheet.write(x + beside, y + 4.7, cell.over, kana, room - beside)
        self._value_in(sheet, (x, y + 4.6), (room, height - 4.6), cell)

    def _value_in(
        self, sheet: Sheet, corner: tuple[float, float], size: tuple[float, float], cell: Cell
    ) -> None:
        """One line in the middle of the room, or two where one would be too small to read."""
        x, middle = corner[0], corner[1] + size[1] / 2
        style = replace(self.value, size=cell.size)
        if style.fitted(cell.value, size[0]).size >= READABLE:
            sheet.write(x, middle + cell.size * 0.128, cell.value, style, size[0])
            return
        small = replace(style, size=READABLE)
        upper, lower = _halves(cell.value)
        sheet.write(x, middle - 0.6, upper, small, size[0])
        sheet.write(x, middle + 3.8, lower, small, size[0])


def _halves(text: str) -> tuple[str, str]:
    """The text in two, at a gap near its middle if there is one."""
    gaps = [place + 1 for place, character in enumerate(text) if character in " \u3000"]
    middle = len(text) / 2
    cut = min(
        [*gaps, round(middle)], key=lambda place: (abs(place - middle) // 8, place not in gaps)
    )
    return text[:cut], text[cut:]
