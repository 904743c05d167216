"""What all slips are made of: blocks down a roll of paper, codes on whole dots of its head."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from reportlab.lib.colors import Color, black, white
from reportlab.lib.units import mm

from printing.bars import code128
from printing.codes import qr
from printing.letters.glyphs import Fonts, GlyphGate
from printing.sheet import NARROWEST, QUIET_MODULES, Align, Block, Sheet, Style

_MARGIN = 8  # dots at either side that the head could reach and we do not
_ENDS = 32  # dots of blank paper above and below
_QR_QUIET = 4
_BARS_TALL = 88
_LEAST = (30.0, 20.2, 10.2, 0.0)  # points: a call, a number (6 mm), a word (3 mm), fine print
WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True)
class Roll:
    """A roll of paper and the head above it, in dots; `sizes` are body, heading, number, call."""

    paper: int
    dots: int
    dpi: float
    sizes: tuple[float, float, float, float]
    qr_side: float

    @property
    def dot(self) -> float:
        """One dot, in millimetres."""
        return 25.4 / self.dpi

    @property
    def left(self) -> float:
        """Where text begins."""
        return ((self.paper - self.dots) // 2 + _MARGIN) * self.dot

    @property
    def room(self) -> float:
        """How wide text may be."""
        return (self.dots - 2 * _MARGIN) * self.dot

    @property
    def middle(self) -> float:
        """The line down the middle."""
        return self.left + self.room / 2


ROLL_80 = Roll(640, 576, 203.2, (12, 15, 30, 104), 38)
ROLL_58 = Roll(464, 384, 203.2, (11, 13, 22, 72), 32)
TM_T88V = Roll(567, 512, 180.0, (12, 15, 30, 104), 38)
ROLLS = {"80mm": ROLL_80, "58mm": ROLL_58, "tm-t88v": TM_T88V}


class SlipKit:
    """Blocks for one roll, in gothic: thin strokes of mincho burn away on a thermal head.

    A line that is too long is made narrower down to 80 %, then smaller as long as old eyes read
    it, then goes on in the next line as large as it was; nothing is ever cut.
    """

    def __init__(self, fonts: Fonts, roll: Roll) -> None:
        body, heading, number, call = roll.sizes
        plain = GlyphGate(fonts.labels(fonts.gothic))
        bold = GlyphGate(fonts.labels(fonts.bold))
        self.roll = roll
        self.gate = plain
        self.body, self.strong = Style(plain, body), Style(bold, body)
        self.heading, self.number = Style(bold, heading), Style(bold, number)
        self.call = Style(bold, call)

    def draw(self, title: str, blocks: Sequence[Block], *, specimen: bool) -> bytes:
        """The slip as a PDF page that is as long as it needs to be."""
        blocks = [self._mark(), *blocks, self._mark()] if specimen else blocks
        dot, y, placed = self.roll.dot, _ENDS, []
        for block in blocks:
            placed.append((y, block))
            y += ceil(block.height / dot - 1e-9)
        sheet = Sheet(self.roll.paper * dot, (y + _ENDS) * dot, title)
        if specimen:
            self._burn_in(sheet)
        for top, block in placed:
            block.draw(sheet, top * dot)
        sheet.turn()
        return sheet.pdf()

    def words(self, text: str, style: Style, align: Align = "centre", after: float = 0) -> Block:
        """A text in as many lines as it takes, `after` millimetres before what follows."""
        style, lines = self._lines(text, replace(style, align=align), self.roll.room)
        x = {"left": 0.0, "centre": 0.5, "right": 1.0}[align] * self.roll.room + self.roll.left
        step = _step(style.size)

        def draw(sheet: Sheet, y: float) -> None:
            for number, line in enumerate(lines):
                sheet.write(x, y + _rise(style.size) + number * step, line, style)

        return Block(len(lines) * step + after, draw)

    def banner(self, text: str, *, filled: bool) -> Block:
        """The one line that says what this slip is: white on black, or in a double frame."""
        left, room = self.roll.left, self.roll.room
        style = replace(self.heading, align="centre", colour=white if filled else black)
        style, lines = self._lines(text, style, room - 5)
        step = _step(style.size)
        tall = len(lines) * step + 3.4

        def draw(sheet: Sheet, y: float) -> None:
            if filled:
                sheet.fill((left, y), (room, tall), black)
            else:
                sheet.box((left + 0.3, y + 0.3), (room - 0.6, tall - 0.6), 1.6, black)
                sheet.box((left + 1.2, y + 1.2), (room - 2.4, tall - 2.4), 0.6, black)
            for number, line in enumerate(lines):
                base = y + 2 + _rise(style.size) + number * step
                sheet.write(self.roll.middle, base, line, style)

        return Block(tall + 2, draw)

    def pair(self, label: str, amount: str, style: Style) -> Block:
        """A label and its amount, led to each other by dots."""
        room, right = self.roll.room, self.roll.left + self.roll.room
        wide = style.width(amount)
        led, lines = self._lines(label, style, room - wide - 3)
        if len(lines) > 1:
            lines = (led := style).wrapped(label, room)
        if led.width(lines[-1]) + 3 + wide > room:
            parts = [self.words(label, style, "left"), self.words(amount, style, "right", 1)]
            return _stacked(parts)

        def draw(sheet: Sheet, y: float) -> None:
            for number, line in enumerate(lines):
                base = y + _rise(style.size) + number * _step(style.size)
                sheet.write(self.roll.left, base, line, led)
            start = self.roll.left + led.width(lines[-1]) + 1.5
            self._dots(sheet, start, right - wide - 1.5, base - 0.2)
            sheet.write(right, base, amount, replace(style, align="right"))

        return Block(len(lines) * _step(style.size) + 0.6, draw)

    def rule(self, weight: float = 1.1) -> Block:
        """A line across, `weight` in points."""
        start, end = self.roll.left, self.roll.left + self.roll.room
        return Block(4, lambda sheet, y: sheet.rule((start, y + 2), (end, y + 2), weight, black))

    def gap(self, tall: float) -> Block:
        """Nothing, for the eye."""
        return Block(tall, lambda _sheet, _y: None)

    def qr(self, text: str, side: float | None = None) -> Block:
        """A QR code whose modules are whole dots, about `side` millimetres wide."""
        rows, dot = qr(text), self.roll.dot
        room = min(side or self.roll.qr_side, self.roll.room)
        module = max(1, int(room / dot) // len(rows))
        side, quiet = module * len(rows), module * _QR_QUIET
        x, cell = (self.roll.paper - side) // 2 * dot, (module * dot, module * dot)
        return Block(
            (side + 2 * quiet) * dot,
            lambda sheet, y: sheet.modules(x, y + quiet * dot, rows, cell),
        )

    def bars(self, text: str) -> Block:
        """A Code 128 whose modules are whole dots, at least two; upright if that is too wide."""
        bars, dot = code128(text), self.roll.dot
        inner, outer = self.roll.dots - 2 * _MARGIN, self.roll.paper - 2 * _MARGIN
        module = min(inner // len(bars), outer // (len(bars) + 2 * QUIET_MODULES), 3)
        rows, wide, tall = [bars], module * len(bars), _BARS_TALL
        cell = (module * dot, _BARS_TALL * dot)
        if module < 2:
            module, rows, wide, tall = 2, list(bars), _BARS_TALL, 2 * len(bars)
            cell = (_BARS_TALL * dot, 2 * dot)
        x, quiet = (self.roll.paper - wide) // 2 * dot, QUIET_MODULES * module
        return Block(
            (tall + 2 * quiet) * dot,
            lambda sheet, y: sheet.modules(x, y + quiet * dot, rows, cell),
        )

    def _lines(self, text: str, style: Style, room: float) -> tuple[Style, list[str]]:
        widest = max((style.width(line) for line in text.splitlines()), default=0)
        if widest <= room:
            return style, text.splitlines() or [""]
        smallest = next(least for least in _LEAST if least <= style.size)
        size = max(smallest, min(style.size, style.size * room / widest / NARROWEST))
        fitted = replace(style, size=size, scale=min(1.0, style.size * room / widest / size))
        if fitted.scale >= NARROWEST:
            return fitted, text.splitlines()
        lines = style.wrapped(text, room)
        even = (style.wrapped(text, room * part) for part in (0.55, 0.65, 0.75, 0.85))
        if style.align == "centre":
            lines = next((tried for tried in even if len(tried) == len(lines)), lines)
        return style, lines

    def _dots(self, sheet: Sheet, start: float, end: float, y: float) -> None:
        if end - start > 2:
            dot = self.roll.dot * mm
            sheet.canvas.saveState()
            sheet.canvas.setDash([2 * dot, 8 * dot])
            sheet.rule((start, y), (end, y), 2 * dot, black)
            sheet.canvas.restoreState()

    def _mark(self) -> Block:
        return self.banner("見本　この紙は使えません", filled=True)

    def _burn_in(self, sheet: Sheet) -> None:
        """「見本」 in outline all the way: grey would vanish, black would hide the words."""
        style = replace(self.call, size=self.roll.room * mm * 0.42, align="centre")
        times = max(1, round(sheet.height / (self.roll.room * 1.2)))
        for time in range(times):
            centre = sheet.height * (time + 0.5) / times
            canvas = sheet.canvas
            canvas.saveState()
            canvas.translate(self.roll.middle * mm, (sheet.height - centre) * mm)
            canvas.rotate(35)
            canvas.translate(-self.roll.middle * mm, (centre - sheet.height) * mm)
            canvas.setStrokeColor(Color(0, 0, 0))
            canvas.setLineWidth(1.5 * self.roll.dot * mm)
            canvas.addLiteral("1 Tr")
            sheet.write(self.roll.middle, centre + style.size / mm * 0.36, "見本", style)
            canvas.restoreState()


def _rise(size: float) -> float:
    """From the top of a line to its foot, in millimetres; a call wastes no paper."""
    return min(size * 0.37, size * 0.31 + 1.5)


def _step(size: float) -> float:
    """From one line to the next."""
    return min(size * 0.5, size * 0.34 + 3)


def _stacked(parts: Sequence[Block]) -> Block:
    def draw(sheet: Sheet, y: float) -> None:
        for part in parts:
            part.draw(sheet, y)
            y += part.height

    return Block(sum(part.height for part in parts), draw)
