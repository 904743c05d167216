"""An application form on A4 paper: filled in from answers, or blank to be written by hand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from reportlab.lib.colors import white

from printing.applications.layout import (
    FAINT,
    INK,
    LINE,
    SHADE,
    Placed,
    Strip,
    Words,
    paged,
)
from printing.applications.tables import LEFT, RIGHT, WIDTH, Entry, Option, Section, Tables
from printing.certificates.ornaments import SPECIMEN, draw_specimen
from printing.codes import qr
from printing.faults import named
from printing.letters.glyphs import Fonts, GlyphGate
from printing.paper import texts
from printing.sheet import Sheet, Style

__all__ = ["Entry", "FormPress", "Option", "PaperForm", "Section"]

TOP, BOTTOM = 25.0, 279.0
MODULE, QUIET = 25.4 / 50, 4  # whole pixels at 150, 200 and 300 dpi: others beat and are misread
ACROSS = 3
LOW_CODE = 26.0  # a code that ends above the date
NO_SHAPE = "点線を引いた字は、登録された字体をこの紙に表せないため、もとの字で印刷しています："


@dataclass(frozen=True)
class PaperForm:
    """An application form before anybody thinks of ink."""

    id: str
    version: str
    title: str
    law: str
    city: str
    addressee: str
    number: str
    date: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...]
    papers: tuple[str, ...]
    fees: tuple[tuple[str, str], ...]
    codes: tuple[str, ...]
    code_words: str
    stamps: tuple[str, ...]
    practice: bool


class FormPress:
    """Turns a form into a PDF, or refuses a character that it cannot draw."""

    def __init__(self, fonts: Fonts) -> None:
        self._mincho = GlyphGate(fonts.names(), stand_ins=True)
        self._label = Style(GlyphGate(fonts.labels(fonts.gothic), stand_ins=True), 9, INK)
        self._bold = Style(GlyphGate(fonts.labels(fonts.bold), stand_ins=True), 11, INK)
        self._value = Style(self._mincho, 11.5, INK)
        self._tables = Tables(self._label, self._bold, self._value)

    def render(self, form: PaperForm) -> bytes:
        """The sheets as PDF; the same form gives the same bytes."""
        title = f"{form.title} {form.number}".strip()
        self._mincho.check(texts(form))
        sheet = Sheet(210, 297, title)
        codes = [qr(text) for text in form.codes]
        first = self._first_top(codes)
        pages = paged([*self._strips(form), *self._codes(form, codes)], (first, TOP), BOTTOM)
        for number, placed in enumerate(pages, 1):
            if form.practice:
                draw_specimen(sheet, self._mincho, SPECIMEN, sheet.height / 2)
            if number == 1:
                self._head(sheet, form, codes)
            else:
                self._running_head(sheet, form)
            self._foot(sheet, form, f"{number}／{len(pages)}")
            _draw(sheet, placed)
            sheet.turn()
        return sheet.pdf()

    def _first_top(self, codes: Sequence[Sequence[str]]) -> float:
        return max(52.0, 18.0 + _code_side(codes[0]) if len(codes) == 1 else 0.0)

    def _head(self, sheet: Sheet, form: PaperForm, codes: Sequence[Sequence[str]]) -> None:
        room = RIGHT - LEFT
        side = _code_side(codes[0]) if len(codes) == 1 else 0.0
        if side:
            _draw_code(sheet, codes[0], (RIGHT - side, 13.0))
            small = replace(self._label, size=8, colour=FAINT, align="centre")
            sheet.write(RIGHT - side / 2, 14.0 + side + 1.6, form.code_words, small, max(side, 22))
            room -= side + 5
        title = replace(self._bold, size=19, align="centre")
        lines = (
            title.wrapped(form.title, room)
            if title.width(form.title) > room * 1.2
            else [form.title]
        )
        for number, line in enumerate(lines):
            sheet.write(LEFT + room / 2, 25 + 8.5 * number, line, title, room)
        law = replace(self._label, colour=FAINT, align="centre")
        y = 25 + 8.5 * (len(lines) - 1)
        sheet.write(LEFT + room / 2, y + 7, f"（{form.law}）", law, room)
        beside = side > LOW_CODE
        edge, low = (LEFT + room, 10 + side) if beside else (RIGHT, 47)
        sheet.write(LEFT, low, form.addressee, replace(self._value, size=13), room / 2)
        sheet.write(edge, low, form.date, replace(self._value, align="right"))
        if form.number:
            sheet.write(LEFT, low - 8, form.number, self._label)

    def _running_head(self, sheet: Sheet, form: PaperForm) -> None:
        sheet.write(LEFT, 17, form.title, replace(self._label, size=9.5), WIDTH * 0.7)
        day = form.date if form.date.strip("年月日\u3000 ") else ""
        sheet.write(RIGHT, 17, form.number or day, replace(self._label, align="right"))
        sheet.rule((LEFT, 19.5), (RIGHT, 19.5), 0.4, LINE)

    def _foot(self, sheet: Sheet, form: PaperForm, page: str) -> None:
        sheet.rule((LEFT, 283), (RIGHT, 283), 0.4, LINE)
        small = replace(self._label, size=8, colour=FAINT)
        sheet.write(LEFT, 287.5, f"様式 {form.id}　{form.version}版", small)
        sheet.write((LEFT + RIGHT) / 2, 287.5, page, replace(self._label, align="centre"))
        sheet.write(RIGHT, 287.5, form.city, replace(small, align="right"))

    def _strips(self, form: PaperForm) -> Iterator[Strip]:
        for section in form.sections:
            yield from self._tables.strips(section)
        stand_ins = [each for text in texts(form) for _, each in self._mincho.stand_ins(text)]
        notes = form.notes
        if stand_ins:
            names = "、".join(named(each) for each in dict.fromkeys(stand_ins))
            notes = (*notes, f"{NO_SHAPE}{names}")
        if form.papers or form.fees:
            yield self._lists(form)
        yield from (self._note(note) for note in notes)
        if form.stamps:
            yield self._stamps(form.stamps)

    def _lists(self, form: PaperForm) -> Strip:
        """What to bring on the left, what it costs on the right."""
        small = replace(self._label, size=9.5)
        half = WIDTH / 2 if form.papers and form.fees else WIDTH
        papers = [Words(each, small) for each in form.papers]
        room = half - 11.0
        left = sum(each.height(room) + 1.4 for each in papers)
        height = max(left, 6.0 * len(form.fees)) + 3.4

        def draw(sheet: Sheet, y: float, _opens: bool) -> None:  # noqa: FBT001
            top = y + 10.5
            x = LEFT
            if papers:
                self._bar(sheet, (LEFT, y), "お持ちいただくもの")
                line = top + 2.0
                for words in papers:
                    tall = words.height(room)
                    sheet.box((LEFT + 2.5, line + 0.9), (3.0, 3.0), 0.6, INK)
                    words.draw(sheet, (LEFT + 7.5, line), (room, tall))
                    line += tall + 1.4
                x += half
            if form.fees:
                self._bar(sheet, (x + (2 if papers else 0), y), "手数料の額")
                self._prices(sheet, (x, top + 2.0), form.fees)
            sheet.box((LEFT, top), (WIDTH, height), 0.9, LINE)
            if papers and form.fees:
                sheet.rule((x, top), (x, top + height), 0.4, LINE)

        return Strip(height + 10.5, draw, framed=False)

    def _bar(self, sheet: Sheet, corner: tuple[float, float], words: str) -> None:
        x, y = corner
        sheet.fill((x, y + 4.2), (1.5, 4.6), INK)
        sheet.write(x + 3.4, y + 7.9, words, replace(self._bold, size=10.5))

    def _prices(
        self, sheet: Sheet, corner: tuple[float, float], fees: Sequence[tuple[str, str]]
    ) -> None:
        small = replace(self._label, size=9.5)
        for number, (words, amount) in enumerate(fees):
            y = corner[1] + 4.2 + 6.0 * number
            price = replace(small, align="right")
            sheet.write(RIGHT - 4, y, amount, price)
            room = RIGHT - corner[0] - 12 - small.width(amount)
            sheet.write(corner[0] + 4, y, words, small, room)

    def _note(self, note: str) -> Strip:
        words = Words(note, replace(self._label, size=9))
        height = words.height(WIDTH - 5)

        def draw(sheet: Sheet, y: float, _opens: bool) -> None:  # noqa: FBT001
            sheet.write(LEFT, y + 5.1, "※", self._label)
            words.draw(sheet, (LEFT + 5, y + 2), (WIDTH - 5, height))

        return Strip(height + 2, draw, framed=False)

    def _stamps(self, stamps: Sequence[str]) -> Strip:
        """Boxes for the clerks' seals, at the right."""
        side = 21.0
        left = RIGHT - side * len(stamps)
        small = replace(self._label, align="centre")

        def draw(sheet: Sheet, y: float, _opens: bool) -> None:  # noqa: FBT001
            top = y + 6
            sheet.fill((left, top), (side * len(stamps), 5.4), SHADE)
            sheet.write(left - 3, top + 3.9, "職員記入欄", replace(self._label, align="right"))
            for number, words in enumerate(stamps):
                sheet.write(left + (number + 0.5) * side, top + 3.9, words, small, side - 2)
                if number:
                    x = left + number * side
                    sheet.rule((x, top), (x, top + 5.4 + side * 0.8), 0.4, LINE)
            sheet.rule((left, top + 5.4), (RIGHT, top + 5.4), 0.4, LINE)
            sheet.box((left, top), (RIGHT - left, 5.4 + side * 0.8), 0.9, LINE)

        return Strip(6 + 5.4 + side * 0.8 + 1, draw, framed=False)

    def _codes(self, form: PaperForm, codes: Sequence[Sequence[str]]) -> Iterator[Strip]:
        """Several codes, side by side; one stands in the head."""
        if len(codes) < 2:
            return
        yield self._tables.heading("読み取り用コード", form.code_words)
        for start in range(0, len(codes), ACROSS):
            yield self._codes_beside(codes[start : start + ACROSS], (start, len(codes)))

    def _codes_beside(self, codes: Sequence[Sequence[str]], place: tuple[int, int]) -> Strip:
        side = max(_code_side(code) for code in codes)
        small = replace(self._label, align="centre")
        start, of = place

        def draw(sheet: Sheet, y: float, _opens: bool) -> None:  # noqa: FBT001
            for number, code in enumerate(codes):
                x = LEFT + (number + 0.5) * WIDTH / ACROSS
                _draw_code(sheet, code, (x - side / 2, y + 2))
                sheet.write(x, y + side + 5.5, f"{start + number + 1}／{of}", small)

        return Strip(side + 8, draw, framed=False)


def _draw(sheet: Sheet, placed: Sequence[Placed]) -> None:
    """The strips of a page, and the frames of its tables."""
    for each in placed:
        each.strip.draw(sheet, each.top, each.opens)
    for framed, run in groupby(placed, lambda each: each.strip.framed):
        table = list(run)
        if not framed:
            continue
        for each in table[1:]:
            if not each.strip.joined:
                sheet.rule((LEFT, each.top), (RIGHT, each.top), 0.4, LINE)
        height = table[-1].top + table[-1].strip.height - table[0].top
        sheet.box((LEFT, table[0].top), (WIDTH, height), 0.9, LINE)


def _code_side(code: Sequence[str]) -> float:
    return (len(code) + 2 * QUIET) * MODULE


def _draw_code(sheet: Sheet, code: Sequence[str], corner: tuple[float, float]) -> None:
    side, quiet = _code_side(code), QUIET * MODULE
    sheet.fill(corner, (side, side), white)
    sheet.modules(corner[0] + quiet, corner[1] + quiet, code, (MODULE, MODULE))
