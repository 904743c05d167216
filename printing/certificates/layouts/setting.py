"""Words that have to fit a room: on one line, then smaller, then on several lines."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reportlab.lib.units import mm

from printing.faults import Overfull
from printing.sheet import Align, Sheet, Style

READABLE = 10.0
FLOOR = 5.5
_TALLEST = 62.0
_LARGE, _FEW = (16.0, 14.0, 12.0), 3  # a long name takes a few lines before it becomes fine
_SIZES = (READABLE, 9.0, 8.0, 7.0, 6.0, FLOOR)
_LEAD = 1.28 / mm  # millimetres from line to line for each point of size
_RISE = 0.128  # millimetres from the middle of a line to its baseline for each point
_GAPS = " \u3000"


@dataclass(frozen=True)
class Setting:
    """The words as they will stand in their room."""

    lines: tuple[str, ...]
    style: Style
    width: float

    @property
    def height(self) -> float:
        """What the lines take, in millimetres."""
        return len(self.lines) * self.style.size * _LEAD

    def draw(self, sheet: Sheet, x: float, y: float, height: float) -> None:
        """In the middle of the height below y, from x or towards the end of the room."""
        shift = {"left": 0.0, "centre": 0.5, "right": 1.0}[self.style.align] * self.width
        lead = self.style.size * _LEAD
        middle = y + (height - self.height + lead) / 2
        for number, line in enumerate(self.lines):
            base = middle + number * lead + self.style.size * _RISE
            sheet.write(x + shift, base, line, self.style)


def set_text(words: str, style: Style, width: float, align: Align = "left") -> Setting:
    """The words as large as they fit: on one line, on a few, or as fine as it may be."""
    style = style if style.align == align else replace(style, align=align)
    single = words.splitlines() or [""]
    if len(single) == 1:
        fitted = style.fitted(single[0], width)
        if fitted.size >= min(READABLE, style.size):
            return Setting((single[0],), fitted, width)
    for size in _LARGE:
        large = replace(style, size=size)
        if size < style.size and len(lines := tuple(_wrapped(words, large, width))) <= _FEW:
            return Setting(lines, large, width)
    for size in _SIZES:
        small = replace(style, size=min(size, style.size))
        setting = Setting(tuple(_wrapped(words, small, width)), small, width)
        if setting.height <= _TALLEST:
            return setting
    raise Overfull(f"{len(words)} characters")


def _wrapped(words: str, style: Style, width: float) -> Iterator[str]:
    """Lines that end at a gap where there is one, as names and addresses are read."""
    for part in words.splitlines():
        line = ""
        for word in _words(part):
            if style.width((line + word).rstrip(_GAPS)) <= width:
                line += word
                continue
            if line:
                yield line.rstrip(_GAPS)
            *full, line = style.wrapped(word, width)
            yield from full
        yield line.rstrip(_GAPS)


def _words(part: str) -> Iterator[str]:
    """The part in pieces that each end with the gap behind them."""
    start = 0
    for place, character in enumerate(part):
        if character in _GAPS and part[place + 1 : place + 2] not in ("", " ", "\u3000"):
            yield part[start : place + 1]
            start = place + 1
    yield part[start:]
