"""The 障害訓練の報告: what was played on this terminal, and what became of each application."""

from dataclasses import replace

from reportlab.lib.colors import black, white

from printing.blocks import over_pages, stacked, under
from printing.columns import HEIGHT, LEFT, RIGHT, SHADE, WIDTH, Column
from printing.era import wareki
from printing.letters.glyphs import Fonts, GlyphGate
from printing.paper import DrillReport, DrillScene, texts
from printing.sheet import Block, Sheet, Style

TITLE = "障害訓練の報告"
HELD, FAILED = "合格", "不合格"
NOTHING_LOST = (
    "預かった申請はすべて一度だけ届きました。"
    "失われたもの、二重になったもの、漏れたものはありません。"
)
SOMETHING_LOST = (
    "下の場面で約束が守られませんでした。この端末は、原因がわかるまで使わないでください。"
)
_TOP, _ROOM, _TALL, _LINE = 72.0, 197.0, 13.0, 5.2
_COLUMNS = (
    Column("場面", LEFT, 78, "left", 2),
    Column("預かり", 94, 18, "right", 2),
    Column("到着", 112, 16, "right", 2),
    Column("紛失", 128, 16, "right", 2),
    Column("二重", 144, 16, "right", 2),
    Column("漏れ", 160, 16, "right", 2),
    Column("結果", 176, 18, "centre", 2),
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
        pages = over_pages(under(self._titles(), map(self._scene, report.scenes)), _ROOM)
        for number, page in enumerate(pages, 1):
            self._head(sheet, report, f"{number}／{len(pages)}ページ")
            stacked(*page).draw(sheet, _TOP)
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
            sheet.fill(at, (wide, tall), black)
        else:
            sheet.box(at, (wide, tall), size / 12, black)
        style = replace(
            self._bold, size=size * 1.25, align="centre", colour=white if filled else black
        )
        sheet.write(at[0] + wide / 2, at[1] + tall * 0.68, words, style, wide - 1)

    def _titles(self) -> Block:
        def draw(sheet: Sheet, y: float) -> None:
            sheet.fill((LEFT, y), (RIGHT - LEFT, 7), SHADE)
            for column in _COLUMNS:
                column.write(sheet, y + 5, column.title, self._bold)

        return Block(7, draw)

    def _scene(self, scene: DrillScene) -> Block:
        notes = self._notes(scene)
        height = _TALL + len(notes) * _LINE

        def draw(sheet: Sheet, y: float) -> None:
            self._counts(sheet, scene, y + 5.4)
            self._mark(
                sheet, (178, y + 1.4), HELD if scene.holds else FAILED, 7.6, filled=not scene.holds
            )
            for place, (words, style) in enumerate(notes):
                sheet.write(LEFT + 2, y + 10.6 + place * _LINE, words, style, 152)
            sheet.rule((LEFT, y + height), (RIGHT, y + height), 0.5, black)

        return Block(height, draw)

    def _counts(self, sheet: Sheet, scene: DrillScene, y: float) -> None:
        counts = (scene.kept, scene.arrived, scene.lost, scene.doubled, scene.leaked)
        _COLUMNS[0].write(sheet, y, scene.title, replace(self._bold, size=11))
        for column, count in zip(_COLUMNS[1:-1], counts, strict=True):
            style = self._plain if column.title in ("預かり", "到着") or not count else self._bold
            column.write(sheet, y, f"{count:,}", replace(style, size=11))

    def _notes(self, scene: DrillScene) -> list[tuple[str, Style]]:
        """What was played, and what went wrong in it."""
        small = replace(self._plain, size=9)
        told = [(line, small) for line in small.wrapped(scene.played, 152)]
        strong = replace(self._bold, size=9)
        return told + [(line, strong) for line in strong.wrapped(scene.words, 152) if line]

    def _foot(self, sheet: Sheet, report: DrillReport) -> None:
        small = replace(self._plain, size=8)
        words = "この端末の記録の写しで行った訓練です。実際の市役所には何も送っていません。"
        sheet.rule((LEFT, 268), (RIGHT, 268), 0.5, black)
        sheet.write(LEFT, 273, words, small)
        sheet.write(LEFT, 278, f"監査記録の末尾　{report.journal}", small, RIGHT - LEFT)
        sheet.write(LEFT, 283, "このファイルは、この端末の鍵で電子署名されています。", small)
