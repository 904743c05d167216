"""What stands in a ledger: words on lines, lines in entries, long entries in portions."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from printing.certificates.layouts import ruby
from printing.era import written
from printing.sheet import Sheet, Style

NARROW = 0.86  # what would need a second line for a few characters is made narrower instead
TALLEST, PORTION = 78.0, 58.0  # what stays on one page, and each part of what is taller
_UNBROKEN = re.compile(r"[0-9A-Za-z０-９]+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
Picture = Callable[[Sheet, float], None]


@dataclass(frozen=True)
class Run:
    """Words so far from the left and the foot of their line; `kana` stands above them."""

    at: float
    text: str
    style: Style
    room: float
    kana: str = ""
    up: float = 0.0


@dataclass(frozen=True)
class Line:
    """Words on one height."""

    runs: tuple[Run, ...]
    height: float


@dataclass(frozen=True)
class Entry:
    """What stays together: `section` opens a part of the register, `mark` stands in a box.

    `whose` is told where it goes on on another page; what `leads` never ends a page; a picture
    takes the whole width.
    """

    lines: tuple[Line, ...] = ()
    section: str = ""
    title: str = ""
    mark: str = ""
    whose: str = ""
    picture: Picture | None = None
    tall: float = 0.0
    leads: bool = False
    rest: bool = False  # of an entry that was parted


def said(value: str) -> str:
    """An entry as it is printed: a day in its era, everything else as the register has it."""
    return written(value) if _DAY.fullmatch(value) else value


def wrapped(text: str, style: Style, width: float) -> Iterator[str]:
    """Lines that end between words where there are any, and never within a number."""
    while style.width(text) * NARROW > width:
        longest = len(style.wrapped(text, width)[0])
        gap = text.rfind(ruby.GAP, 0, longest) + 1
        cut = gap if gap > longest * 0.4 else longest
        within = (found for found in _UNBROKEN.finditer(text) if found.start() < cut < found.end())
        cut = next((found.start() for found in within), cut) or longest
        yield text[:cut]
        text = text[cut:]
    yield text


def portions(entry: Entry) -> Iterator[Entry]:
    """An entry that may not fit on what is left of a page, in parts that do."""
    part = entry
    while sum(line.height for line in part.lines) > TALLEST:
        heights = accumulate(line.height for line in part.lines)
        cut = max(1, sum(height <= PORTION for height in heights))
        yield replace(part, lines=part.lines[:cut], leads=False)
        part = replace(part, lines=part.lines[cut:], section="", mark="", rest=True)
    yield part
