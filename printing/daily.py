"""The 日計・突合表: every number of a day and what became of it, and the money to the yen."""

from collections.abc import Iterable
from dataclasses import replace

from reportlab.lib.colors import Color, black, white

from printing.blocks import over_pages, space, stacked, under
from printing.certificates.ornaments import SPECIMEN, draw_specimen
from printing.columns import HEIGHT, LEFT, RIGHT, SHADE, WIDTH, Column
from printing.era import wareki
from printing.letters.glyphs import Fonts, GlyphGate
from printing.paper import DailySheet, IssueLine, texts
from printing.sheet import Block, Sheet, Style

_TOP, _BOTTOM, _ROW = 40.0, 281.0, 6.6
OUTCOMES = {"printed": "印刷済", "spoiled": "書損", "abandoned": "取消"}
UNACCOUNTED = "未確認"
NONE_OPEN = "未確認の番号はありません。"
TO_DO = (
    "1　プリンターの排紙口と中、紙ばさみ、ごみ箱を見て、紙が出ているか確かめる。\n"
    "2　出ていた紙が本人に渡っていなければ、書損として穴をあけ、この表に綴じる。\n"
    "3　結果（印刷済・書損・取消）を職員の画面で番号ごとに登録し、この表を出し直す。\n"
    "4　どうしても分からない番号は、余白に経過を書き、所属長に報告する。"
)
_LINES = (
    Column("発行番号", 16, 44),
    Column("時刻", 60, 16, "centre"),
    Column("種類", 76, 48),
    Column("結果", 124, 18, "centre"),
    Column("金額", 142, 22, "right"),
    Column("備考", 167, 27),
)
_SUMS = (
    Column("種類", 16, 62),
    Column("発行", 78, 18, "right"),
    Column("印刷済", 96, 18, "right"),
    Column("書損", 114, 18, "right"),
    Column("取消", 132, 18, "right"),
    Column("未確認", 150, 18, "right"),
    Column("金額", 168, 26, "right"),
)
_MONEY = (
    Column("金額の突合", 16, 116),
    Column("金額", 132, 36, "right"),
    Column("差", 168, 26, "right"),
)
_SIGNED = ("担当", "確認", "所属長")


class DailyPress:
    """Turns a day's numbers into A4 pages."""

    def __init__(self, fonts: Fonts) -> None:
        self._gate = GlyphGate(fonts.labels(fonts.gothic))
        self._plain = Style(self._gate, 10)
        self._bold = Style(GlyphGate(fonts.labels(fonts.bold)), 10)

    def render(self, daily: DailySheet) -> bytes:
        """The pages as PDF; the same day gives the same bytes."""
        self._gate.check(texts(daily))
        pages = over_pages(self._blocks(daily), _BOTTOM - _TOP)
        sheet = Sheet(WIDTH, HEIGHT, f"日計・突合表 {daily.device} {daily.day}")
        for number, page in enumerate(pages, 1):
            if daily.specimen:
                draw_specimen(sheet, self._bold.face, SPECIMEN, HEIGHT / 2)
            self._head(sheet, daily, f"{number}／{len(pages)}ページ")
            stacked(*page).draw(sheet, _TOP)
            sheet.turn()
        return sheet.pdf()

    def _head(self, sheet: Sheet, daily: DailySheet, place: str) -> None:
        right = replace(self._plain, align="right")
        sheet.write(LEFT, 20, "日計・突合表", replace(self._bold, size=18))
        sheet.write(RIGHT, 17, f"{daily.city}　{daily.office_name}", right, 100)
        sheet.write(RIGHT, 23, f"{wareki(daily.made.date())}　{daily.made:%H:%M} 作成", right)
        words = f"{wareki(daily.day)}分　　端末 {daily.device}"
        sheet.write(LEFT, 30, words, replace(self._bold, size=13), 120)
        sheet.write(RIGHT, 30, place, replace(right, size=11))
        sheet.rule((LEFT, 34), (RIGHT, 34), 1.2, black)

    def _blocks(self, daily: DailySheet) -> list[Block]:
        """What goes down the pages."""
        return [
            *self._open(daily),
            *self._table(_SUMS, _sums(daily.lines)),
            space(6),
            *self._table(_MONEY, _money(daily)),
            space(6),
            *self._table(_LINES, map(_line, daily.lines), last_bold=False),
            space(8),
            self._signatures(),
        ]

    def _open(self, daily: DailySheet) -> list[Block]:
        """The numbers nobody knows about, before anything else, and what to do."""
        lines = [line for line in daily.lines if line.outcome not in OUTCOMES]
        if not lines:
            words = [(NONE_OPEN, replace(self._bold, size=12))]
        else:
            title = f"{UNACCOUNTED}の番号が {len(lines)}件 あります"
            words = [(title, replace(self._bold, size=15))]
            words += [(_told(line), self._bold) for line in lines]
            words += [(line, self._plain) for line in TO_DO.splitlines()]
        last = len(words) - 1
        framed = [
            self._framed(text, style, first=place == 0, last=place == last)
            for place, (text, style) in enumerate(words)
        ]
        return [*framed, space(6)]

    def _framed(self, text: str, style: Style, *, first: bool, last: bool) -> Block:
        """One line of a box that may go on over pages."""
        tall = style.size * 0.56 + 3 * (first + last)

        def draw(sheet: Sheet, y: float) -> None:
            base = y + 3 * first + style.size * 0.42
            sheet.write(LEFT + 4, base, text, style, RIGHT - LEFT - 8)
            for x in (LEFT, RIGHT):
                sheet.rule((x, y), (x, y + tall), 2, black)
            for edge, drawn in ((y, first), (y + tall, last)):
                if drawn:
                    sheet.rule((LEFT - 0.35, edge), (RIGHT + 0.35, edge), 2, black)

        return Block(tall, draw)

    def _table(
        self,
        columns: tuple[Column, ...],
        rows: Iterable[tuple[str, ...]],
        *,
        last_bold: bool = True,
    ) -> list[Block]:
        every = list(rows)
        titles = self._row(columns, tuple(column.title for column in columns), shade=SHADE)
        blocks = [
            self._row(columns, row, bold=last_bold and place == len(every))
            for place, row in enumerate(every, 1)
        ]
        return list(under(titles, blocks)) or [titles]

    def _row(
        self,
        columns: tuple[Column, ...],
        row: tuple[str, ...],
        *,
        shade: Color | None = None,
        bold: bool = False,
    ) -> Block:
        def draw(sheet: Sheet, y: float) -> None:
            if shade:
                sheet.fill((LEFT, y), (RIGHT - LEFT, _ROW), shade)
            for column, words in zip(columns, row, strict=True):
                self._cell(sheet, y, column, words, bold=bold or shade is not None)
            sheet.rule((LEFT, y + _ROW), (RIGHT, y + _ROW), 0.5, black)

        return Block(_ROW, draw)

    def _cell(self, sheet: Sheet, y: float, column: Column, words: str, *, bold: bool) -> None:
        if open_ := words == UNACCOUNTED and column.title == "結果":
            sheet.fill((column.start, y + 0.8), (column.width, _ROW - 1.6), black)
        style = self._bold if bold or open_ else self._plain
        column.write(sheet, y + 4.8, words, replace(style, colour=white if open_ else black))

    def _signatures(self) -> Block:
        wide, tall = 28.0, 26.0

        def draw(sheet: Sheet, y: float) -> None:
            for place, title in enumerate(_SIGNED):
                x = RIGHT - (len(_SIGNED) - place) * wide
                sheet.box((x, y), (wide, 7), 0.8, black)
                sheet.box((x, y + 7), (wide, tall - 7), 0.8, black)
                sheet.write(x + wide / 2, y + 5, title, replace(self._plain, align="centre"))
            words = "上の番号と金額を確かめました。"
            sheet.write(LEFT, y + 5, words, self._plain, RIGHT - LEFT - len(_SIGNED) * wide - 4)
            sheet.write(LEFT, y + 20, "令和　　年　　月　　日", self._plain)

        return Block(tall, draw)


def _told(line: IssueLine) -> str:
    return f"□　{line.number}　　{line.at:%H:%M}　{line.type}　{_yen(line.yen)}　{line.remark}"


def _line(line: IssueLine) -> tuple[str, ...]:
    outcome = OUTCOMES.get(line.outcome, UNACCOUNTED)
    return line.number, f"{line.at:%H:%M}", line.type, outcome, _yen(line.yen), line.remark


def _sums(lines: tuple[IssueLine, ...]) -> list[tuple[str, ...]]:
    """Per type and in all: issued = printed + spoiled + abandoned + unaccounted."""
    types = dict.fromkeys(line.type for line in lines)
    rows = [_sum(name, [line for line in lines if line.type == name]) for name in types]
    return [*rows, _sum("合計", lines)]


def _sum(name: str, lines: Iterable[IssueLine]) -> tuple[str, ...]:
    every = list(lines)
    fates = [sum(line.outcome == fate for line in every) for fate in OUTCOMES]
    counts = (len(every), *fates, len(every) - sum(fates))
    return name, *map(str, counts), _yen(sum(line.yen for line in every))


def _money(daily: DailySheet) -> list[tuple[str, ...]]:
    """What the numbers say against what the tills say."""
    due, taken = sum(line.yen for line in daily.lines), sum(yen for _, yen in daily.tills)
    tills = [(f"受け取った額　{name}", _yen(yen), "") for name, yen in daily.tills]
    difference = f"{taken - due:+,}円" if taken != due else "0円"
    return [
        ("発行番号ごとの手数料の合計", _yen(due), ""),
        *tills,
        ("受け取った額の合計", _yen(taken), difference),
    ]


def _yen(yen: int) -> str:
    return f"{yen:,}円"
