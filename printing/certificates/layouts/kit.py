"""What layouts are made of: labelled cells in ruled rows, lists with a head, lines of text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace

from reportlab.lib.colors import Color

from printing.blocks import space, stacked, under
from printing.certificates.layouts.setting import Setting, set_text
from printing.letters.glyphs import Fonts, GlyphGate
from printing.sheet import Align, Block, Sheet, Style

INK = Color(0.10, 0.11, 0.13)
LABEL = Color(0.26, 0.36, 0.38)
LINE = Color(0.45, 0.55, 0.57)
LEFT, RIGHT, MIDDLE = 20.0, 190.0, 105.0
TOP, BOTTOM = 42.0, 226.0  # what is below belongs to the words that certify
FULL = 256.0  # where a page ends that others follow
INLINE = 12.0
OMITTED = "省略"
_PART = 110.0  # a frame taller than this is cut, so that every part finds a page
_PAD = 2.5
_LINE = 6.7  # the least height of a line in a list


@dataclass(frozen=True)
class Cell:
    """A labelled value; `over` stands beside the label, as kana do above a name.

    With `column` the label has a column of that width to itself.
    """

    label: str
    value: str
    width: float
    size: float = 14.0
    over: str = ""
    column: float = 0.0


@dataclass(frozen=True)
class Row:
    """Cells side by side, at least so high."""

    height: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Column:
    """One column of a list."""

    label: str
    width: float
    align: Align = "left"
    size: float = 11.0


@dataclass(frozen=True)
class _Laid:
    """A row whose words have found their room."""

    cells: tuple[tuple[Cell, Setting], ...]
    height: float
    inline: bool


class Kit:
    """The faces of a certificate, and the blocks that layouts share."""

    def __init__(self, fonts: Fonts) -> None:
        self.mincho = GlyphGate(fonts.names())
        self.gothic = GlyphGate(fonts.labels(fonts.gothic))
        self.bold = GlyphGate(fonts.labels(fonts.bold))
        self.label = Style(self.gothic, 9, LABEL)
        self.value = Style(self.mincho, 14, INK)

    def agreeing(self, agreed: Mapping[str, str]) -> "Kit":
        """The same faces, with a clerk's substitutes for one paper."""
        kit = copy(self)
        for name in ("mincho", "gothic", "bold"):
            setattr(kit, name, getattr(self, name).agreeing(agreed))
        kit.label = replace(self.label, face=kit.gothic)
        kit.value = replace(self.value, face=kit.mincho)
        return kit

    def table(self, rows: tuple[Row, ...], gap: float = 0.0) -> Block:
        """Ruled rows in a frame, with a gap below."""
        return self._framed([self._lay(row) for row in rows], gap)

    def parts(self, rows: tuple[Row, ...], gap: float = 0.0) -> Iterator[Block]:
        """A frame that may be taller than a page, in parts that all begin with its first row."""
        first, *rest = (self._lay(row) for row in rows)
        taken = [first]
        for laid in rest:
            if len(taken) > 1 and sum(each.height for each in (*taken, laid)) > _PART:
                yield self._framed(taken, gap)
                taken = [first]
            taken.append(laid)
        yield self._framed(taken, gap)

    def list(
        self, columns: Sequence[Column], lines: Iterable[Sequence[str]], gap: float = 0.0
    ) -> Iterator[Block]:
        """Line under line in ruled columns, under their labels on every page."""
        blocks = [self._line(columns, line) for line in lines]
        if blocks:
            blocks[-1] = stacked(blocks[-1], space(gap))
        yield from under(self._heads(columns), blocks)

    def title(self, words: str) -> Block:
        """What the part below it is about."""
        style = replace(self.label, size=10.5, colour=INK)
        return Block(6.5, lambda sheet, y: sheet.write(LEFT, y + 4.6, words, style, RIGHT - LEFT))

    def paragraph(self, words: str, size: float = 14.0) -> Iterator[Block]:
        """Running words, line by line, so that they break anywhere."""
        style = replace(self.value, size=size)
        for line in style.wrapped(words, RIGHT - LEFT):
            yield self._words(LEFT, line, style, size * 0.55)
        yield space(2.5)

    def note(self, note: str) -> Block:
        """A remark in as many lines as it takes."""
        return stacked(*self.notes(note))

    def notes(self, note: str) -> Iterator[Block]:
        """A remark line by line, so that a long one goes on on the next page."""
        style = replace(self.value, size=11)
        lines = style.wrapped(note, RIGHT - LEFT - 14)
        for number, line in enumerate(lines, 1):
            parts = [self._words(LEFT, "備考", self.label, 0)] if number == 1 else []
            parts.append(self._words(LEFT + 12, line, style, 5))
            yield stacked(*parts, space(2.5 if number == len(lines) else 0))

    def draw_table(self, sheet: Sheet, y: float, rows: tuple[Row, ...]) -> None:
        """The rows from the height y downwards."""
        self.table(rows).draw(sheet, y)

    def _framed(self, rows: Sequence[_Laid], gap: float) -> Block:
        rows = tuple(rows)
        height = sum(row.height for row in rows)

        def draw(sheet: Sheet, y: float) -> None:
            top = y
            for row in rows:
                if y > top:
                    sheet.rule((LEFT, y), (RIGHT, y), 0.4, LINE)
                self._draw_row(sheet, y, row)
                y += row.height
            sheet.box((LEFT, top), (RIGHT - LEFT, height), 0.9, LINE)

        return Block(height + gap, draw)

    def _draw_row(self, sheet: Sheet, y: float, row: _Laid) -> None:
        x = LEFT
        for cell, setting in row.cells:
            if x > LEFT:
                sheet.rule((x, y), (x, y + row.height), 0.4, LINE)
            self._draw_cell(sheet, (x, y), (cell, setting), row)
            x += cell.width

    def _lay(self, row: Row) -> _Laid:
        inline = row.height < INLINE
        cells = tuple((cell, self._set(cell, inline=inline)) for cell in row.cells)
        needed = (
            setting.height + (3.2 if inline or (cell.column and not cell.over) else 6.4)
            for cell, setting in cells
        )
        return _Laid(cells, max(row.height, *needed), inline)

    def _words(self, x: float, words: str, style: Style, height: float) -> Block:
        base = height - 0.5 if height else 4.5
        return Block(height, lambda sheet, y: sheet.write(x, y + base, words, style))

    def _set(self, cell: Cell, *, inline: bool) -> Setting:
        taken = cell.column or (self._beside(cell) if inline else 0.0)
        return set_text(cell.value, replace(self.value, size=cell.size), cell.width - taken - 5)

    def _beside(self, cell: Cell) -> float:
        """What a label before its value takes; never more than half of the cell."""
        return min(self.label.width(cell.label) + 3, cell.width / 2)

    def _draw_cell(
        self, sheet: Sheet, corner: tuple[float, float], put: tuple[Cell, Setting], row: _Laid
    ) -> None:
        """The label above its value; in a low row or in a column of its own, before it."""
        (x, y), (cell, setting) = corner, put
        left, top, taken = x + _PAD, y, self._beside(cell)
        if cell.column:
            left, top = left + cell.column, y + (3.4 if cell.over else 0)
            base, taken = y + row.height / 2 + 1.2, cell.column
            large = replace(self.label, size=11)
            sheet.write(x + _PAD, base + 0.2, cell.label, large, cell.column - 4)
            sheet.rule((x + cell.column, y), (x + cell.column, y + row.height), 0.4, LINE)
        elif row.inline:
            left += taken
            sheet.write(x + _PAD, y + row.height * 0.5 + 1.4, cell.label, self.label, taken - 2)
        else:
            top = y + 4.6
            sheet.write(x + _PAD, top, cell.label, self.label, cell.width - 4)
        if cell.over:
            kana = replace(self.value, size=10.5)
            sheet.write(x + _PAD + taken, y + 4.7, cell.over, kana, cell.width - taken - 5)
        setting.draw(sheet, left, top, row.height - (top - y))

    def _heads(self, columns: Sequence[Column]) -> Block:
        height = 7.0

        def draw(sheet: Sheet, y: float) -> None:
            middle = replace(self.label, align="centre")
            x = LEFT
            for column in columns:
                wide = column.width
                sheet.write(x + wide / 2, y + 4.7, column.label, middle, wide - 3)
                x += wide
            _rule_columns(sheet, (y, height), columns)
            sheet.rule((LEFT, y), (RIGHT, y), 0.9, LINE)
            sheet.rule((LEFT, y + height), (RIGHT, y + height), 0.6, LINE)

        return Block(height, draw)

    def _line(self, columns: Sequence[Column], values: Sequence[str]) -> Block:
        """One line of a list, as high as its highest entry."""
        settings = [
            set_text(value, replace(self.value, size=column.size), column.width - 5, column.align)
            for column, value in zip(columns, values, strict=True)
        ]
        height = max(_LINE, *(setting.height + 1.7 for setting in settings))

        def draw(sheet: Sheet, y: float) -> None:
            x = LEFT
            for column, setting in zip(columns, settings, strict=True):
                setting.draw(sheet, x + _PAD, y, height)
                x += column.width
            _rule_columns(sheet, (y, height), columns)
            sheet.rule((LEFT, y + height), (RIGHT, y + height), 0.4, LINE)

        return Block(height, draw)


def _rule_columns(sheet: Sheet, down: tuple[float, float], columns: Sequence[Column]) -> None:
    y, height = down
    x = LEFT
    for column in columns:
        sheet.rule((x, y), (x, y + height), 0.9 if x == LEFT else 0.4, LINE)
        x += column.width
    sheet.rule((x, y), (x, y + height), 0.9, LINE)
