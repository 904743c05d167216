"""What stands in a ruled table of a form, and how tables are spread over pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from reportlab.lib.colors import Color
from reportlab.lib.units import mm

from printing.sheet import Sheet, Style

INK = Color(0.10, 0.11, 0.13)
FAINT = Color(0.42, 0.45, 0.47)
LINE = Color(0.40, 0.43, 0.45)
SHADE = Color(0.925, 0.935, 0.94)
LINE_HEIGHT = 8.0  # a line to write on by hand
PAD = 2.0
BOX = 3.1
Corner = tuple[float, float]


class Content(Protocol):
    """What stands in a cell: it knows its height once it knows its width."""

    def wanted(self) -> float:
        """The width at which it needs the fewest lines."""
        ...

    def height(self, width: float) -> float:
        """How tall it is in this width."""
        ...

    def draw(self, sheet: Sheet, corner: Corner, size: tuple[float, float]) -> None:
        """Draw it into this room, in the middle of its height."""
        ...


def pitch(style: Style) -> float:
    """From baseline to baseline, in millimetres."""
    return style.size / mm * 1.42


@dataclass(frozen=True)
class Words:
    """Text in as many lines as it takes."""

    text: str
    style: Style

    def wanted(self) -> float:
        """The longest line."""
        return max((self.style.width(line) for line in self.text.splitlines()), default=0.0) + 0.01

    def lines(self, width: float) -> list[str]:
        """The text in this width."""
        return self.style.wrapped(self.text, width)

    def height(self, width: float) -> float:
        """All lines."""
        return pitch(self.style) * len(self.lines(width))

    def draw(self, sheet: Sheet, corner: Corner, size: tuple[float, float]) -> None:
        """Line under line."""
        step, lines = pitch(self.style), self.lines(size[0])
        x = corner[0] + {"left": 0, "centre": size[0] / 2, "right": size[0]}[self.style.align]
        y = corner[1] + (size[1] - step * len(lines)) / 2 + step / 2 + self.style.size * 0.128
        for number, line in enumerate(lines):
            sheet.write(x, y + number * step, line, self.style)
            self._dot(sheet, (x, y + number * step), line)

    def _dot(self, sheet: Sheet, corner: Corner, line: str) -> None:
        """A dotted line under characters that are not drawn as they are registered."""
        for place, each in self.style.face.stand_ins(line):
            start = corner[0] + self.style.width(line[:place])
            end = start + self.style.width(each)
            sheet.canvas.setDash(0.8, 1.2)
            sheet.rule((start, corner[1] + 1.0), (end, corner[1] + 1.0), 0.7, INK)
            sheet.canvas.setDash()


@dataclass(frozen=True)
class Marks:
    """Options with a box each, ticked or to be ticked; they line up where they take lines."""

    options: tuple[tuple[str, bool], ...]
    style: Style

    def wanted(self) -> float:
        """All of them on one line."""
        return sum(self._wide(label) + self._gap() for label, _ in self.options) - self._gap() + 0.1

    def height(self, width: float) -> float:
        """All lines of options."""
        return self._step() * sum(deep for _, deep in self._rows(width))

    def draw(self, sheet: Sheet, corner: Corner, size: tuple[float, float]) -> None:
        """Row after row."""
        y = corner[1] + (size[1] - self.height(size[0])) / 2
        for row, deep in self._rows(size[0]):
            for x, label, chosen in row:
                self._option(sheet, (corner[0] + x, y), (label, chosen), size[0])
            y += deep * self._step()

    def _option(self, sheet: Sheet, corner: Corner, option: tuple[str, bool], room: float) -> None:
        x, middle = corner[0], corner[1] + self._step() / 2
        sheet.box((x, middle - BOX / 2), (BOX, BOX), 0.7, INK)
        if option[1]:
            tick = replace(self.style, size=13.5, align="centre")
            sheet.write(x + BOX / 2, middle + 1.75, "✓", tick)
        base = middle + self.style.size * 0.128
        for number, line in enumerate(self.style.wrapped(option[0], room - BOX - 1.2)):
            sheet.write(x + BOX + 1.2, base + number * self._step(), line, self.style)

    def _rows(self, width: float) -> list[tuple[list[tuple[float, str, bool]], int]]:
        """Rows of options with their place, and how many lines each row takes."""
        rows: list[tuple[list[tuple[float, str, bool]], int]] = [([], 1)]
        tab = 0.01 if self.wanted() <= width else max(width / 12, 6.0)
        x = 0.0
        for label, chosen in self.options:
            wide = self._wide(label)
            if x and x + wide > width + 0.01:
                rows.append(([], 1))
                x = 0.0
            rows[-1][0].append((x, label, chosen))
            if wide > width:
                lines = len(self.style.wrapped(label, width - BOX - 1.2))
                rows[-1] = (rows[-1][0], lines)
            x = -(-(x + wide + self._gap()) // tab) * tab
        return rows

    def _wide(self, label: str) -> float:
        return BOX + 1.2 + self.style.width(label)

    def _gap(self) -> float:
        return 3.2

    def _step(self) -> float:
        return max(pitch(self.style), 5.6)


@dataclass(frozen=True)
class Blank:
    """Room to write by hand: units where they belong, boxes for digits, or lines."""

    style: Style
    head: str = ""
    units: tuple[str, ...] = ()
    lines: int = 1
    boxes: int = 0

    def wanted(self) -> float:
        """Enough for a hand."""
        if self.boxes:
            return self.boxes * 6.5
        return max(15.0 * len(self.units), 30.0 if self.lines == 1 else 120.0)

    def height(self, width: float) -> float:  # noqa: ARG002 (a hand writes on the same lines)
        """Lines of a hand's size."""
        return LINE_HEIGHT * self.lines + (3.6 if self.head else 0.0)

    def draw(self, sheet: Sheet, corner: Corner, size: tuple[float, float]) -> None:
        """Guides, faint enough to be written over."""
        x, y = corner[0], corner[1] + (size[1] - self.height(size[0])) / 2
        small = replace(self.style, size=8, colour=FAINT)
        if self.head:
            sheet.write(x, y + 3.2, self.head, small, size[0])
        bottom = corner[1] + size[1]
        if self.boxes:
            side = min(6.5, size[0] / self.boxes)
            for number in range(self.boxes):
                sheet.box((x + number * side, bottom - 7.4), (side, 6.8), 0.4, LINE)
        step = min(size[0] / max(len(self.units), 1), 26.0)
        right = replace(self.style, size=9, colour=FAINT, align="right")
        for number, unit in enumerate(self.units, 1):
            sheet.write(x + number * step, bottom - 2.4, unit, right)
        for line in range(1, self.lines):
            sheet.canvas.setDash(0.6, 2)
            level = bottom - line * LINE_HEIGHT
            sheet.rule((x - 0.5, level), (x + size[0] + 0.5, level), 0.4, LINE)
            sheet.canvas.setDash()


@dataclass(frozen=True)
class Cell:
    """Content in a width, with its label in a grey cell before it if it has one."""

    content: Content
    width: float
    label: str = ""
    note: str = ""
    label_width: float = 0.0
    shaded: bool = False


@dataclass(frozen=True)
class Strip:
    """A band across the page that is never cut; rows of a table are framed together."""

    height: float
    draw: Callable[[Sheet, float, bool], None]  # sheet, top edge, whether it opens a page
    framed: bool = True
    keep: bool = False  # stays with what comes next
    joined: bool = False  # goes on from the strip above: no rule between
    again: "Strip | None" = None  # what comes first when a table goes on over the page


@dataclass(frozen=True)
class Placed:
    """A strip at its height on a page."""

    strip: Strip
    top: float
    opens: bool


def paged(strips: Sequence[Strip], tops: tuple[float, float], bottom: float) -> list[list[Placed]]:
    """Strips on pages; the first page begins lower than the others."""
    pages: list[list[Placed]] = [[]]
    y = tops[0]
    for number, strip in enumerate(strips):
        turned = bool(pages[-1]) and y + _chain(strips, number) > bottom
        if turned:
            pages.append([])
            y = tops[1]
            if strip.again is not None:
                pages[-1].append(Placed(strip.again, y, opens=True))
                y += strip.again.height
        pages[-1].append(Placed(strip, y, opens=turned))
        y += strip.height
    return pages


def _chain(strips: Sequence[Strip], number: int) -> float:
    """The height that has to find room together."""
    total = strips[number].height
    while strips[number].keep and number + 1 < len(strips):
        number += 1
        total += strips[number].height
    return total


def row(left: float, cells: Sequence[Cell], label: Style, lowest: float) -> Strip:
    """Cells side by side, as tall as the tallest."""
    height = max(lowest, *(_cell_height(cell, label) for cell in cells))

    def draw(sheet: Sheet, y: float, _opens: bool) -> None:  # noqa: FBT001
        x = left
        for number, cell in enumerate(cells):
            _draw_cell(sheet, cell, label, ((x, y), height))
            if number:
                sheet.rule((x, y), (x, y + height), 0.4, LINE)
            x += cell.width

    return Strip(height, draw)


def _label(cell: Cell, label: Style) -> tuple[Words, Words]:
    small = replace(label, size=8, colour=FAINT)
    return Words(cell.label, label), Words(cell.note, small)


def _cell_height(cell: Cell, label: Style) -> float:
    content = cell.content.height(cell.width - cell.label_width - 2 * PAD) + 2.4
    if isinstance(cell.content, Blank):
        content -= 1.4
    if not cell.label_width:
        return content
    name, note = _label(cell, label)
    room = cell.label_width - 2 * PAD
    return max(content, name.height(room) + note.height(room) + 2.4)


def _draw_cell(sheet: Sheet, cell: Cell, label: Style, place: tuple[Corner, float]) -> None:
    (x, y), height = place
    if cell.label_width:
        sheet.fill((x, y), (cell.label_width, height), SHADE)
        sheet.rule((x + cell.label_width, y), (x + cell.label_width, y + height), 0.4, LINE)
        room = cell.label_width - 2 * PAD
        name, note = _label(cell, label)
        tall, low = name.height(room), note.height(room)
        top = y + (height - tall - low) / 2
        name.draw(sheet, (x + PAD, top), (room, tall))
        if low:
            note.draw(sheet, (x + PAD, top + tall), (room, low))
    elif cell.shaded:
        sheet.fill((x, y), (cell.width, height), SHADE)
    corner = x + cell.label_width + PAD, y
    cell.content.draw(sheet, corner, (cell.width - cell.label_width - 2 * PAD, height))
