"""The 障害訓練の報告: what was played on this terminal, and what became of each application."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from reportlab.lib.colors import Color, black, white
from reportlab.lib.units import mm

from printing.era import wareki
from printing.letters.glyphs import Fonts, GlyphGate
from printing.paper import DrillReport, DrillScene, texts
from printing.sheet import Align, Sheet, Style

WIDTH, HEIGHT, LEFT, RIGHT = 210.0, 297.0, 16.0, 194.0
TITLE = "障害訓練の報告"
HELD, FAILED = "合格", "不合格"
NOTHING_LOST = (
    "預かった申請はすべて一度だけ届きました。"
    "失われたもの、二重になったもの、漏れたものはありません。"
)
SOMETHING_LOST = (
    "下の場面で約束が守られませんでした。この端末は、原因がわかるまで使わないでください。"
)
_TOP, _BOTTOM, _TALL, _LINE = 72.0, 262.0, 13.0, 5.2
_SHADE = Color(0.9, 0.9, 0.9)


@dataclass(frozen=True)
class _Column:
    """Where a column stands, and to which side its words keep."""

    title: str
    start: float
    width: float
    align: Align = "right"


_COLUMNS = (
    _Column("場面", LEFT, 78, "left"),
    _Column("預かり", 94, 18),
    _Column("到着", 112, 16),
    _Column("紛失", 128, 16),
    _Column("二重", 144, 16),
    _Column("漏れ", 160, 16),
    _Column("結果", 176, 18, "centre"),
)


class DrillPress:
    """Turns what a drill found into A4 pages."""

    def __init__(self, fonts: Fonts) -> None:
        self._gate = GlyphGate(fonts.labels(fonts.gothic))
        self._plain = Style(self._gate, 10)
        self._bold = Style(GlyphGate(fonts.labels(fonts.bold)), 10)

    def render(self, report: DrillReport) -> bytes:
        """The pages as PDF; the same drill gives the same bytes."""
        self._gate.check(texts(report))
        sheet = Sheet(WIDTH, HEIGHT, f"{TITLE} {report.device} {report.made:%Y-%m-%d %H:%M}")
        pages = _paged([(scene, self._notes(scene)) for scene in report.scenes])
        for number, page in enumerate(pages, 1):
            self._head(sheet, report, f"{number}／{len(pages)}ページ")
            y = self._titles(sheet, _TOP)
            for scene, notes in page:
                y = self._scene(sheet, scene, notes, y)
            self._foot(sheet, report)
            sheet.turn()
        return sheet.pdf()

    def _head(self, sheet: Sheet, report: DrillReport, place: str) -> None:
        right = replace(self._plain, align="right")
        sheet.write(LEFT, 20, TITLE, replace(self._bold, size=18))
        sheet.write(RIGHT, 17, f"{report.city}　{report.office_name}", right, 110)
        sheet.write(RIGHT, 23, f"{wareki(report.made.date())}　{report.made:%H:%M}", right)
        words = f"端末 {report.device}　　かかった時間 {report.seconds}秒"
        sheet.write(LEFT, 30, words, replace(self._bold, size=13), 130)
        sheet.write(RIGHT, 30, place, replace(right, size=11))
        sheet.rule((LEFT, 34), (RIGHT, 34), 1.2, black)
        self._verdict(sheet, report)

    def _verdict(self, sheet: Sheet, report: DrillReport) -> None:
        """The one thing that whoever opens this wants to know."""
        holds = all(scene.holds for scene in report.scenes)
        kept, arrived = (
            sum(getattr(each, name) for each in report.scenes) for name in ("kept", "arrived")
        )
        sheet.box((LEFT, 39), (RIGHT - LEFT, 27), 1.6, black)
        self._mark(sheet, (LEFT + 4, 43), HELD if holds else FAILED, 18, filled=not holds)
        counted = f"預かった申請 {kept:,}件　　届いた申請 {arrived:,}件"
        sheet.write(LEFT + 44, 49.5, counted, replace(self._bold, size=14), 128)
        words = NOTHING_LOST if holds else SOMETHING_LOST
        for place, line in enumerate(self._plain.wrapped(words, 128)):
            sheet.write(LEFT + 44, 56.5 + place * _LINE, line, self._plain, 128)

    def _mark(
        self, sheet: Sheet, at: tuple[float, float], words: str, size: float, *, filled: bool
    ) -> None:
        wide, tall = size * 1.9, size * 1.05
        if filled:
            sheet.canvas.setFillColor(black)
            corner = (at[0] * mm, (HEIGHT - at[1] - tall) * mm)
            sheet.canvas.rect(*corner, wide * mm, tall * mm, stroke=0, fill=1)
        else:
            sheet.box(at, (wide, tall), size / 12, black)
        style = replace(
            self._bold, size=size * 1.25, align="centre", colour=white if filled else black
        )
        sheet.write(at[0] + wide / 2, at[1] + tall * 0.68, words, style, wide - 1)

    def _titles(self, sheet: Sheet, y: float) -> float:
        sheet.canvas.setFillColor(_SHADE)
        area = (LEFT * mm, (HEIGHT - y - 7) * mm, (RIGHT - LEFT) * mm, 7 * mm)
        sheet.canvas.rect(*area, stroke=0, fill=1)
        for column in _COLUMNS:
            self._cell(sheet, column, y + 5, column.title, self._bold)
        return y + 7

    def _scene(
        self, sheet: Sheet, scene: DrillScene, notes: list[tuple[str, Style]], y: float
    ) -> float:
        counts = (scene.kept, scene.arrived, scene.lost, scene.doubled, scene.leaked)
        self._cell(sheet, _COLUMNS[0], y + 5.4, scene.title, replace(self._bold, size=11))
        for column, count in zip(_COLUMNS[1:-1], counts, strict=True):
            style = self._plain if column.title in ("預かり", "到着") or not count else self._bold
            self._cell(sheet, column, y + 5.4, f"{count:,}", replace(style, size=11))
        verdict = HELD if scene.holds else FAILED
        self._mark(sheet, (178, y + 1.4), verdict, 7.6, filled=not scene.holds)
        y += 10.6
        for words, style in notes:
            sheet.write(LEFT + 2, y, words, style, 152)
            y += _LINE
        y += _TALL - 10.6
        sheet.rule((LEFT, y), (RIGHT, y), 0.5, black)
        return y

    def _notes(self, scene: DrillScene) -> list[tuple[str, Style]]:
        """What was played, and what went wrong in it."""
        small = replace(self._plain, size=9)
        told = [(line, small) for line in small.wrapped(scene.played, 152)]
        strong = replace(self._bold, size=9)
        return told + [(line, strong) for line in strong.wrapped(scene.words, 152) if line]

    def _cell(self, sheet: Sheet, column: _Column, y: float, words: str, style: Style) -> None:
        x = {"left": 2.0, "centre": column.width / 2, "right": column.width - 2}[column.align]
        aligned = replace(style, align=column.align)
        sheet.write(column.start + x, y, words, aligned, column.width - 3)

    def _foot(self, sheet: Sheet, report: DrillReport) -> None:
        small = replace(self._plain, size=8)
        words = "この端末の記録の写しで行った訓練です。実際の市役所には何も送っていません。"
        sheet.rule((LEFT, 268), (RIGHT, 268), 0.5, black)
        sheet.write(LEFT, 273, words, small)
        sheet.write(LEFT, 278, f"監査記録の末尾　{report.journal}", small, RIGHT - LEFT)
        sheet.write(LEFT, 283, "このファイルは、この端末の鍵で電子署名されています。", small)


_Told = tuple[DrillScene, list[tuple[str, Style]]]


def _paged(scenes: Iterable[_Told]) -> list[list[_Told]]:
    """The scenes over pages; none is torn apart."""
    pages: list[list[_Told]] = [[]]
    left = _BOTTOM - _TOP
    for scene, notes in scenes:
        tall = _TALL + len(notes) * _LINE
        if tall > left and pages[-1]:
            pages.append([])
            left = _BOTTOM - _TOP
        pages[-1].append((scene, notes))
        left -= tall
    return pages
