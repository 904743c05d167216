"""The 住民票の写し as A4 sheets."""

from dataclasses import dataclass, replace

from reportlab.lib.colors import Color

from printing.codes import code128
from printing.era import wareki
from printing.glyphs import Fonts, GlyphGate
from printing.ornaments import SPECIMEN, draw_pattern, draw_seal, draw_specimen
from printing.paper import Certificate, Resident, texts
from printing.sheet import Block, Sheet, Style

ATTESTATION = "この写しは、住民票の原本と相違ないことを証明する。"
KINDS = {"household": "（世帯全員）", "person": "（個人）"}
INK = Color(0.10, 0.11, 0.13)
LABEL = Color(0.26, 0.36, 0.38)
LINE = Color(0.45, 0.55, 0.57)
LEFT, RIGHT, MIDDLE = 20.0, 190.0, 105.0
TOP, BOTTOM = 65.0, 230.0
RESIDENTS_PER_PAGE = 4
GAP = 4.0
READABLE = 10.0
INLINE = 12.0
OMITTED = "省略"
SEXES = {"1": "男", "2": "女"}  # as the card codes it; a register writes the word


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


class CertificatePress:
    """Turns a certificate into a PDF, or refuses a character that it cannot draw."""

    def __init__(self, fonts: Fonts) -> None:
        self._mincho = GlyphGate((fonts.mincho, fonts.gothic))
        self._gothic = GlyphGate((fonts.gothic, fonts.mincho))
        self._label = Style(self._gothic, 9, LABEL)
        self._value = Style(self._mincho, 14, INK)

    def render(self, certificate: Certificate) -> bytes:
        """The sheets as PDF; the same certificate gives the same bytes."""
        self._mincho.check(texts(certificate))
        sheet = Sheet(210, 297, f"{certificate.title} {certificate.number}")
        pages = _paged([self._resident(resident) for resident in certificate.rows])
        notes = [self._note(note) for note in certificate.notes]
        for note in notes:
            if sum(block.height for block in [*pages[-1], note]) > BOTTOM - TOP:
                pages.append([])
            pages[-1].append(note)
        for number, blocks in enumerate(pages, 1):
            self._frame(sheet, certificate, f"{number}／{len(pages)}ページ")
            y = TOP
            for block in blocks:
                block.draw(sheet, y)
                y += block.height
            if number == len(pages):
                self._attest(sheet, certificate, y)
            else:
                style = replace(self._label, size=10.5, align="right")
                sheet.write(RIGHT, BOTTOM + 6, "次のページへ続く", style)
            sheet.turn()
        return sheet.pdf()

    def _frame(self, sheet: Sheet, certificate: Certificate, page: str) -> None:
        draw_pattern(sheet)
        if certificate.specimen:
            draw_specimen(sheet, self._mincho, SPECIMEN, sheet.height / 2)
        heading = replace(self._value, size=27, align="centre")
        sheet.write(MIDDLE, 27, certificate.title, heading, 150)
        kind = replace(self._value, size=13, align="centre")
        sheet.write(MIDDLE, 36, KINDS[certificate.kind], kind)
        address = Cell("住所", certificate.address, 115, 15)
        head = Cell("世帯主", certificate.head or OMITTED, 55, 15)
        self._table(sheet, 42, (Row(17, (address, head)),))
        self._foot(sheet, certificate, page)

    def _foot(self, sheet: Sheet, certificate: Certificate, page: str) -> None:
        bars = code128(certificate.number)
        module = min(0.33, 80 / len(bars))
        sheet.modules(LEFT, 274, [bars], (module, 8.5))
        small = replace(self._label, size=10, colour=INK)
        sheet.write(LEFT, 287, f"発行番号　{certificate.number}", small, 110)
        sheet.write(RIGHT, 287, page, replace(small, align="right"))

    def _attest(self, sheet: Sheet, certificate: Certificate, y: float) -> None:
        """The end of the entries, and the words that make a copy a certificate."""
        blank = replace(self._label, size=10, align="centre")
        sheet.write(MIDDLE, y + 3.5, "― 以下余白 ―", blank)
        sheet.write(LEFT, 243, ATTESTATION, replace(self._value, size=15))
        sheet.write(LEFT + 6, 254, wareki(certificate.issued), self._value)
        side = 25.0
        draw_seal(sheet, RIGHT - side, 247, side, (self._mincho, f"{certificate.city}長之印"))
        title, city = certificate.mayor_title, certificate.city
        mayor = title if title.startswith(city) else f"{city}　{title}"
        style = replace(self._value, size=18, align="right")
        sheet.write(RIGHT - side - 4, 264, mayor, style, 110)

    def _resident(self, resident: Resident) -> Block:
        rows = _rows(resident)
        height = sum(row.height for row in rows) + GAP
        return Block(height, lambda sheet, y: self._table(sheet, y, rows))

    def _note(self, note: str) -> Block:
        style = replace(self._value, size=11)
        width = RIGHT - LEFT - 14
        lines = style.wrapped(note, width)

        def draw(sheet: Sheet, y: float) -> None:
            sheet.write(LEFT, y + 4.5, "備考", self._label)
            for number, line in enumerate(lines):
                sheet.write(LEFT + 12, y + 4.5 + 5 * number, line, style)

        return Block(5 * len(lines) + 2, draw)

    def _table(self, sheet: Sheet, y: float, rows: tuple[Row, ...]) -> None:
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
        beside = self._label.width(cell.label) + 3
        if height < INLINE:
            sheet.write(x, y + height * 0.5 + 1.4, cell.label, self._label)
            self._value_in(sheet, (x + beside, y), (room - beside, height), cell)
            return
        sheet.write(x, y + 4.6, cell.label, self._label)
        if cell.over:
            kana = replace(self._value, size=10.5)
            sheet.write(x + beside, y + 4.7, cell.over, kana, room - beside)
        self._value_in(sheet, (x, y + 4.6), (room, height - 4.6), cell)

    def _value_in(
        self, sheet: Sheet, corner: tuple[float, float], size: tuple[float, float], cell: Cell
    ) -> None:
        """One line in the middle of the room, or two where one would be too small to read."""
        x, middle = corner[0], corner[1] + size[1] / 2
        style = replace(self._value, size=cell.size)
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


def _rows(resident: Resident) -> tuple[Row, ...]:
    became = wareki(resident.became_resident) if resident.became_resident else "記載なし"
    name = Row(
        16,
        (
            Cell("氏名", resident.name, 96, 20, resident.kana),
            Cell("生年月日", wareki(resident.birth), 54),
            Cell("性別", SEXES.get(resident.sex, resident.sex), 20),
        ),
    )
    standing = Row(
        10,
        (
            Cell("続柄", resident.relationship or OMITTED, 96),
            Cell("住民となった年月日", became, 74),
        ),
    )
    if resident.domicile is None and resident.head_of_domicile is None:
        return name, standing
    origin = Row(
        10,
        (
            Cell("本籍", resident.domicile or OMITTED, 115, 13),
            Cell("筆頭者", resident.head_of_domicile or OMITTED, 55, 13),
        ),
    )
    return name, standing, origin


def _paged(residents: list[Block]) -> list[list[Block]]:
    starts = range(0, max(len(residents), 1), RESIDENTS_PER_PAGE)
    return [residents[start : start + RESIDENTS_PER_PAGE] for start in starts]
