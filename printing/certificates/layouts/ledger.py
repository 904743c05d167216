"""A ruled sheet as family registers print it: labels on the left, their entries on the right.

What was begun on one page goes on on the next under the same label, marked as continued.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from reportlab.lib.colors import Color

from printing.certificates.layouts import ruby
from printing.certificates.layouts.entries import NARROW, Entry, Line, Run, portions, said, wrapped
from printing.certificates.layouts.kit import BOTTOM, FULL, LEFT, LINE, RIGHT, Kit
from printing.certificates.layouts.setting import READABLE
from printing.contents import Item
from printing.sheet import NARROWEST, Block, Sheet, Style

HAIR = Color(0.72, 0.79, 0.79)
PAD = 1.6
SINK = 0.28  # of a line: how far its foot is below its writing


@dataclass
class _Pen:
    """Where the last entry ended: whoever starts elsewhere is the first on a page."""

    y: float = -1.0


class Ledger:
    """Entries as blocks of one frame."""

    def __init__(self, kit: Kit, size: float = 12.5, labels: float = 45.0) -> None:
        self._kit, self._labels = kit, labels
        self.style = replace(kit.value, size=size)
        self.pitch = size * 0.51
        self.width = RIGHT - LEFT - labels - 5

    def line(self, label: str, value: str) -> tuple[Line, ...]:
        """【label】value in as many lines as it takes; spaces before a label move it in."""
        bare = label.lstrip("\u3000")
        indent = self.style.width(label[: len(label) - len(bare)])
        head = f"【{bare}】" if bare else ""
        first, *more = said(value).splitlines() or [""]
        hang = min(self.style.width(head), self.width / 3)
        opening = next(wrapped(head + first, self.style, self.width - indent))
        words = [(indent, opening)]
        for part in filter(None, [(head + first)[len(opening) :], *more]):
            room = self.width - indent - hang
            words += [(indent + hang, each) for each in wrapped(part, self.style, room)]
        return tuple(
            Line((Run(at, text, self.style, self.width - at),), self.pitch) for at, text in words
        )

    def lines(self, items: Iterable[Item]) -> tuple[Line, ...]:
        """Entry under entry."""
        return tuple(each for item in items for each in self.line(item.label, item.value))

    def words(self, text: str, size: float | None = None) -> tuple[Line, ...]:
        """Words without a label of their own."""
        style = replace(self.style, size=size or self.style.size)
        pitch = self.pitch * style.size / self.style.size
        return tuple(
            Line((Run(0, each, style, self.width),), pitch)
            for part in text.splitlines()
            for each in wrapped(part, style, self.width)
        )

    def name(self, label: str, name: str, kana: str = "", size: float = 0.0) -> tuple[Line, ...]:
        """A name on one line, its kana above it; on more where it would be too small to read."""
        style = replace(self.style, size=size or self.style.size)
        pitch = self.pitch * style.size / self.style.size
        head = f"【{label}】" if label else ""
        at = self.style.width(head)
        runs = (Run(0, head, self.style, at),) if head else ()
        room = self.width - at
        if max(style.width(name), ruby.width(name, kana, style)) <= room * self._most(style):
            tall = pitch + (style.size * 0.2 if kana else 0)
            return (Line((*runs, Run(at, name, style, room, kana)), tall),)
        style = replace(style, size=min(style.size, READABLE + 1))
        small = replace(style, size=READABLE - 1)
        told = [(part, small) for part in wrapped(kana, small, room) if part]
        told += [(part, style) for part in wrapped(name, style, room)]
        lines = [Line((Run(at, part, each, room),), self.pitch) for part, each in told]
        return (replace(lines[0], runs=(*runs, *lines[0].runs)), *lines[1:])

    def across(
        self, words: Sequence[str], places: Sequence[tuple[float, float]], style: Style
    ) -> Line:
        """Words side by side, each (from, room); what is too long there goes on below itself."""
        columns = [
            (at, room, list(wrapped(text, style, room * self._most(style) * NARROW)))
            for text, (at, room) in zip(words, places, strict=True)
        ]
        rows = max(len(parts) for _, _, parts in columns)
        runs = tuple(
            Run(at, part, style, room, up=(rows - number) * self.pitch)
            for at, room, parts in columns
            for number, part in enumerate(parts, 1)
        )
        return Line(runs, rows * self.pitch)

    def _most(self, style: Style) -> float:
        """How many times its room a text may be before it is too small to read."""
        return style.size / NARROWEST / min(READABLE, style.size)

    def blocks(self, entries: Sequence[Entry], gap: float = 4.0) -> Iterator[Block]:
        """The frame, entry by entry; long ones in portions, leading ones with what they lead."""
        pen = _Pen()
        groups: list[list[Entry]] = []
        for part in (part for entry in entries for part in portions(entry)):
            if groups and groups[-1][-1].leads:
                groups[-1].append(part)
            else:
                groups.append([part])
        for number, group in enumerate(groups, 1):
            after = groups[number] if number < len(groups) else []
            last = number >= len(groups) - 1  # with what follows, the words that certify
            needed = self._tall(after) + (gap if last else 0.0)
            block = self._block(group, after, (BOTTOM if last else FULL) - needed, pen)
            yield block if after else replace(block, height=block.height + gap)

    def _block(self, group: list[Entry], after: list[Entry], most: float, pen: _Pen) -> Block:
        """Entries that stay together; ended further down than `most`, they end the page."""
        height = self._tall(group)

        def draw(sheet: Sheet, y: float) -> None:
            fresh = abs(y - pen.y) > 0.01  # than where the entry before ended
            closing = not after or y + height > most
            for entry, under in zip_longest(group, [*group[1:], *after[:1]]):
                foot = y + self._height(entry)
                self._frame(sheet, (y, foot), entry, fresh=fresh)
                self._rule(sheet, foot, under, closing=closing and entry is group[-1])
                self._draw(sheet, y, entry, again=fresh and not entry.section)
                y, fresh = foot, False
            pen.y = y

        return Block(height, draw)

    def _draw(self, sheet: Sheet, y: float, entry: Entry, *, again: bool) -> None:
        if entry.picture:
            entry.picture(sheet, y)
            return
        self._labels_of(sheet, y, entry)
        if again:
            self._say_again(sheet, y, entry)
        self._lines_of(sheet, y, entry)

    def _tall(self, group: list[Entry]) -> float:
        return sum(self._height(entry) for entry in group)

    def _height(self, entry: Entry) -> float:
        if entry.picture:
            return entry.tall
        rows = sum(line.height for line in entry.lines) + self._lead(entry)
        titles = [entry.section, entry.title, entry.mark, entry.mark]
        return max(rows, self.pitch * len(list(filter(None, titles)))) + 2 * PAD

    def _lead(self, entry: Entry) -> float:
        """A section that has titles stands on a line of its own."""
        return self.pitch if entry.section and entry.title else 0.0

    def _frame(
        self, sheet: Sheet, reach: tuple[float, float], entry: Entry, *, fresh: bool
    ) -> None:
        """The entry's own stretch of the frame."""
        top, foot = reach
        if fresh:
            sheet.rule((LEFT, top), (RIGHT, top), 0.9, LINE)
        for x in (LEFT, RIGHT):
            sheet.rule((x, top), (x, foot), 0.9, LINE)
        if not entry.picture:
            middle = LEFT + self._labels
            sheet.rule((middle, top), (middle, foot), 0.4, LINE)

    def _rule(self, sheet: Sheet, y: float, under: Entry | None, *, closing: bool) -> None:
        """Below an entry: the frame's end, a section's, or a hair between entries of one kind."""
        if closing or under is None:
            sheet.rule((LEFT, y), (RIGHT, y), 0.9, LINE)
        elif under.section:
            sheet.rule((LEFT, y), (RIGHT, y), 0.5, LINE)
        elif not under.rest:
            sheet.rule((LEFT + self._labels, y), (RIGHT, y), 0.3, HAIR)

    def _base(self, y: float, entry: Entry) -> float:
        """Where labels stand: on the foot of the first line, if they stand beside it."""
        first = entry.lines[0].height if entry.lines and not self._lead(entry) else self.pitch
        return y + PAD + first - self.pitch * SINK

    def _labels_of(self, sheet: Sheet, y: float, entry: Entry) -> None:
        base, room = self._base(y, entry), self._labels - 4
        if entry.section:
            sheet.write(LEFT + 2, base, entry.section, self.style, room)
            base += self.pitch
        if entry.mark:
            self._mark(sheet, base, entry.mark)
        if entry.title:
            at = LEFT + 2 + self.pitch * 0.6
            sheet.write(at, base, _loose(entry.title), self.style, room - self.pitch * 0.6)

    def _say_again(self, sheet: Sheet, y: float, entry: Entry) -> None:
        """On a new page: what goes on there, below the title or, on a single line, after it."""
        below = bool(entry.title) and len(entry.lines) > 1
        base = self._base(y, entry) + (self.pitch * 0.85 if below else 0)
        taken = self.style.width(_loose(entry.title)) + 6 if entry.title and not below else 0
        told = f"（{entry.whose}・続き）" if entry.whose else "（続き）"
        small = replace(self._kit.label, size=9, align="right")
        sheet.write(LEFT + self._labels - 1.5, base, told, small, self._labels - 4 - taken)

    def _mark(self, sheet: Sheet, base: float, mark: str) -> None:
        """A word in a box, as 除籍 stands beside whoever has left."""
        wide = self.style.width(_loose(mark)) + 5
        left = LEFT + (self._labels - wide) / 2
        top = base - self.pitch * 0.55
        sheet.box((left, top), (wide, self.pitch * 1.25), 0.9, self.style.colour)
        middle = replace(self.style, align="centre")
        sheet.write(left + wide / 2, top + self.pitch * 0.9, _loose(mark), middle)

    def _lines_of(self, sheet: Sheet, y: float, entry: Entry) -> None:
        x = LEFT + self._labels + 2.5
        y += PAD + self._lead(entry)
        for line in entry.lines:
            y += line.height
            for run in line.runs:
                at = x + run.at, y - self.pitch * SINK - run.up
                if run.kana:
                    ruby.write(sheet, at, run.text, run.kana, run.style, run.room)
                else:
                    sheet.write(*at, run.text, run.style, run.room)


def _loose(word: str) -> str:
    """Two characters stand apart, as on forms."""
    return "\u3000".join(word) if len(word) == 2 else word
