"""The columns of an A4 list: where they stand, and how their words keep to them."""

from dataclasses import dataclass, replace

from reportlab.lib.colors import Color

from printing.sheet import Align, Sheet, Style

WIDTH, HEIGHT, LEFT, RIGHT = 210.0, 297.0, 16.0, 194.0
SHADE = Color(0.9, 0.9, 0.9)


@dataclass(frozen=True)
class Column:
    """Where a column stands, and to which side its words keep."""

    title: str
    start: float
    width: float
    align: Align = "left"
    pad: float = 1.0

    def write(self, sheet: Sheet, y: float, words: str, style: Style) -> None:
        """The words in this column, their baseline at y."""
        x = {"left": self.pad, "centre": self.width / 2, "right": self.width - self.pad}[self.align]
        aligned = replace(style, align=self.align)
        sheet.write(self.start + x, y, words, aligned, self.width - self.pad - 1)
