"""The sections of a form as ruled tables: items two by two, rows of items, cards."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from printing.applications.layout import (
    FAINT,
    INK,
    PAD,
    Blank,
    Cell,
    Content,
    Marks,
    Strip,
    Words,
    row,
)
from printing.sheet import Sheet, Style

LEFT, RIGHT = 20.0, 192.0
WIDTH = RIGHT - LEFT
HALF = WIDTH / 2
LABEL_WIDTH = 31.0
LOWEST = 8.6
PIECE = 8  # lines of a long text that are never parted
COLUMNS = 6
TOGETHER = 112.0  # a card up to this height is not cut
SIGNED = 48.0  # a section up to this height is not cut: who signs sees what for
GOES_ON = "（つづき）"


@dataclass(frozen=True)
class Option:
    """One of several to choose from."""

    label: str
    chosen: bool = False


@dataclass(frozen=True)
class Entry:
    """One item of a form: what was answered, or room to write it."""

    label: str
    value: str = ""
    options: tuple[Option, ...] = ()
    note: str = ""  # when it is to be filled in
    head: str = ""  # what stands small above the room to write
    units: tuple[str, ...] = ()  # 年, 月, 日 where a hand writes between them
    lines: int = 1
    boxes: int = 0
    wide: bool = False


@dataclass(frozen=True)
class Section:
    """Items under a heading, or rows of items when they come several times."""

    heading: str
    entries: tuple[Entry, ...] = ()
    rows: tuple[tuple[Entry, ...], ...] = ()
    note: str = ""


class Tables:
    """Sections as strips across the page."""

    def __init__(self, label: Style, bold: Style, value: Style) -> None:
        self._label, self._bold, self._value = label, bold, value

    def strips(self, section: Section) -> Iterator[Strip]:
        """The heading and what stands under it."""
        yield self.heading(section.heading, section.note)
        more = self.heading(f"{section.heading}{GOES_ON}", "")
        rows = [replace(each, again=more) for each in self._fields(section.entries)]
        yield from _together(rows, SIGNED)
        if section.rows:
            yield from self._rows(section)

    def heading(self, words: str, note: str) -> Strip:
        """What a section is about, and who fills it in."""
        bold = replace(self._bold, size=10.5)
        said = Words(note, replace(self._label, size=8.5, colour=FAINT, align="right"))
        beside = WIDTH - 6 - bold.width(words)
        under = bool(note) and said.wanted() > beside
        height = 10.5 + (said.height(WIDTH) if under else 0.0)

        def draw(sheet: Sheet, y: float, opens: bool) -> None:  # noqa: FBT001, ARG001
            sheet.fill((LEFT, y + 4.2), (1.5, 4.6), INK)
            sheet.write(LEFT + 3.4, y + 7.9, words, bold)
            if under:
                left = Words(note, replace(said.style, align="left"))
                left.draw(sheet, (LEFT, y + 9.6), (WIDTH, said.height(WIDTH)))
            elif note:
                sheet.write(RIGHT, y + 7.9, note, said.style)

        return Strip(height, draw, framed=False, keep=True)

    def _fields(self, entries: Sequence[Entry]) -> Iterator[Strip]:
        """Items two by two where both are short."""
        waiting: Entry | None = None
        for entry in entries:
            if self._short(entry):
                if waiting is None:
                    waiting = entry
                else:
                    yield self._row((waiting, entry))
                    waiting = None
                continue
            if waiting is not None:
                yield self._row((waiting,))
                waiting = None
            yield from self._long(entry)
        if waiting is not None:
            yield self._row((waiting,))

    def _short(self, entry: Entry) -> bool:
        room = HALF - LABEL_WIDTH - 2 * PAD
        return not entry.wide and self._content(entry).wanted() <= room

    def _long(self, entry: Entry) -> Iterator[Strip]:
        """One row; a long text in pieces, each of which says what it belongs to."""
        content = self._content(entry)
        if not isinstance(content, Words):
            yield self._row((entry,))
            return
        lines = content.lines(WIDTH - LABEL_WIDTH - 2 * PAD)
        for start in range(0, max(len(lines), 1), PIECE):
            piece = replace(entry, value="\n".join(lines[start : start + PIECE]))
            if not start:
                yield self._row((piece,))
                continue
            plain = self._row((replace(piece, label="　", note=""),))
            named = self._row((replace(piece, label=f"{entry.label}{GOES_ON}", note=""),))
            yield _either(plain, named)

    def _row(self, entries: Sequence[Entry]) -> Strip:
        width = WIDTH / len(entries)
        cells = [
            Cell(self._content(each), width, each.label, each.note, LABEL_WIDTH) for each in entries
        ]
        return row(LEFT, cells, self._label, LOWEST)

    def _content(self, entry: Entry) -> Content:
        if entry.options:
            marks = tuple((each.label, each.chosen) for each in entry.options)
            return Marks(marks, replace(self._label, size=9.5))
        if entry.value:
            return Words(entry.value, self._value)
        return Blank(self._label, entry.head, entry.units, entry.lines, entry.boxes)

    def _rows(self, section: Section) -> Iterator[Strip]:
        widths = self._columns(section)
        if widths is None:
            for number, entries in enumerate(section.rows, 1):
                yield from self._card(section, number, entries)
            return
        grey = [Cell(Words("", self._label), 8.0, shaded=True)]
        for entry, width in zip(section.rows[0], widths, strict=True):
            grey.append(Cell(Words(entry.label, self._label), width, shaded=True))
        header = replace(row(LEFT, grey, self._label, 7.0), keep=True)
        yield header
        for number, entries in enumerate(section.rows, 1):
            cells = [Cell(Words(str(number), self._label), 8.0, shaded=True)]
            for entry, width in zip(entries, widths, strict=True):
                cells.append(Cell(self._content(entry), width))
            yield replace(row(LEFT, cells, self._label, LOWEST), again=header)

    def _columns(self, section: Section) -> list[float] | None:
        """How wide the columns are; None where there are too many for a table."""
        if any(len(each) != len(section.rows[0]) for each in section.rows):
            return None
        if len(section.rows[0]) > COLUMNS:
            return None
        wanted = []
        for column in zip(*section.rows, strict=True):
            label = min(self._label.width(column[0].label), 26.0)
            contents = [self._content(each) for each in column]
            most = 38.0 if any(isinstance(each, Marks) for each in contents) else 62.0
            content = max(each.wanted() for each in contents)
            wanted.append(max(label, min(content, most)) + 2 * PAD + 0.5)
        rest = WIDTH - 8.0 - sum(wanted)
        if rest < 0:
            return None
        return [width + rest * width / sum(wanted) for width in wanted]

    def _card(self, section: Section, number: int, entries: Sequence[Entry]) -> Iterator[Strip]:
        """One person or thing under a heading of its own, on one page where it can be."""
        name = f"{section.heading}　{number}／{len(section.rows)}"
        more = self._card_heading(f"{name}{GOES_ON}")
        rows = [replace(each, again=more) for each in self._fields(entries)]
        if len(section.rows) > 1:
            yield self._card_heading(name)
        yield from _together(rows, TOGETHER)

    def _card_heading(self, words: str) -> Strip:
        style = replace(self._bold, size=9.5)

        def draw(sheet: Sheet, y: float, opens: bool) -> None:  # noqa: FBT001, ARG001
            sheet.write(LEFT, y + 5.4, words, style)

        return Strip(7.2, draw, framed=False, keep=True)


def _together(rows: Sequence[Strip], most: float) -> Iterator[Strip]:
    """The rows, none parted from the others by a page unless they are taller than this."""
    whole = sum(each.height for each in rows) <= most
    for place, each in enumerate(rows, 1):
        yield replace(each, keep=whole and place < len(rows))


def _either(plain: Strip, named: Strip) -> Strip:
    """The rest of a long text; where it opens a page, it says what it belongs to."""

    def draw(sheet: Sheet, y: float, opens: bool) -> None:  # noqa: FBT001
        (named if opens else plain).draw(sheet, y, opens)

    return Strip(max(plain.height, named.height), draw, joined=True)
