"""The slip of an application: 80 mm wide, black, and large enough for old eyes."""

from dataclasses import replace

from reportlab.lib.colors import black

from printing.codes import code128, qr
from printing.era import wareki
from printing.glyphs import Fonts, GlyphGate
from printing.ornaments import SPECIMEN_SLIP, draw_specimen
from printing.paper import Receipt, texts
from printing.sheet import QUIET_MODULES, Block, Sheet, Style

WIDTH, LEFT, RIGHT, MIDDLE = 80.0, 5.0, 75.0, 40.0
ROOM = RIGHT - LEFT
MARGIN = 6.0
QR_SIDE = 38.0
WEEKDAYS = "月火水木金土日"
TAKEN, WAITING = "受け付けました", "お預かりしました(送信待ち)"


class ReceiptPress:
    """Turns a receipt into a slip as long as it needs to be."""

    def __init__(self, fonts: Fonts) -> None:
        self._plain = Style(GlyphGate(fonts.labels(fonts.gothic)), 12)
        self._bold = Style(GlyphGate(fonts.labels(fonts.bold)), 12)

    def render(self, receipt: Receipt) -> bytes:
        """The slip as PDF; the same receipt gives the same bytes."""
        self._plain.face.check(texts(receipt))
        blocks = self._blocks(receipt)
        height = sum(block.height for block in blocks) + 2 * MARGIN
        sheet = Sheet(WIDTH, height, f"{receipt.procedure} {receipt.number}")
        if receipt.specimen:
            draw_specimen(sheet, self._bold.face, SPECIMEN_SLIP, 46)
        y = MARGIN
        for block in blocks:
            block.draw(sheet, y)
            y += block.height
        sheet.turn()
        return sheet.pdf()

    def _blocks(self, receipt: Receipt) -> list[Block]:
        place = f"{receipt.city}　{receipt.office_name}"
        blocks = [
            self._centred(place, 12, bold=False),
            self._banner(WAITING if receipt.waiting else TAKEN),
            *self._paragraph(receipt.procedure, replace(self._bold, size=15), centred=True),
            self._centred("受付番号", 11, bold=False),
            self._centred(receipt.number, 30, bold=True),
            self._centred(_moment(receipt), 12, bold=False),
            _rule(),
            *(self._pair(label, amount, self._plain) for label, amount in receipt.lines),
        ]
        if receipt.lines or receipt.fee:
            paid = replace(self._bold, size=15)
            blocks += [self._pair("お支払い済み", f"{receipt.fee:,}円", paid), _rule()]
        if receipt.status_url:
            blocks += [self._centred("いまの状況を見る", 12, bold=True), _qr(receipt.status_url)]
            blocks += self._paragraph(receipt.status_url, replace(self._plain, size=9))
        blocks += self._paragraph(receipt.how_to_ask, self._plain)
        return [*blocks, _bars(receipt.number)]

    def _centred(self, text: str, size: float, *, bold: bool) -> Block:
        style = replace(self._bold if bold else self._plain, size=size, align="centre")
        height = size * 0.52 + 0.6
        return Block(
            height, lambda sheet, y: sheet.write(MIDDLE, y + size * 0.36, text, style, ROOM)
        )

    def _banner(self, text: str) -> Block:
        style = replace(self._bold, size=15, align="centre")

        def draw(sheet: Sheet, y: float) -> None:
            sheet.box((LEFT, y + 1), (ROOM, 11), 1.4, black)
            sheet.write(MIDDLE, y + 8.4, text, style, ROOM - 4)

        return Block(16, draw)

    def _pair(self, label: str, amount: str, style: Style) -> Block:
        room = ROOM - min(style.width(amount), ROOM / 2) - 3
        base = style.size * 0.40

        def draw(sheet: Sheet, y: float) -> None:
            sheet.write(LEFT, y + base, label, style, room)
            sheet.write(RIGHT, y + base, amount, replace(style, align="right"), ROOM / 2)

        return Block(style.size * 0.56, draw)

    def _paragraph(self, text: str, style: Style, *, centred: bool = False) -> list[Block]:
        x = MIDDLE if centred else LEFT
        placed = replace(style, align="centre" if centred else "left")
        lines = style.wrapped(text, ROOM)
        step = style.size * 0.50

        def draw(sheet: Sheet, y: float) -> None:
            for number, line in enumerate(lines):
                sheet.write(x, y + style.size * 0.36 + number * step, line, placed)

        return [Block(len(lines) * step + 3, draw)]


def _moment(receipt: Receipt) -> str:
    weekday = WEEKDAYS[receipt.at.weekday()]
    return f"{wareki(receipt.at.date())}（{weekday}）{receipt.at:%H:%M}"


def _rule() -> Block:
    return Block(4.5, lambda sheet, y: sheet.rule((LEFT, y + 2), (RIGHT, y + 2), 0.8, black))


def _qr(url: str) -> Block:
    rows = qr(url)
    side = QR_SIDE / len(rows)
    return Block(
        QR_SIDE + 5,
        lambda sheet, y: sheet.modules(MIDDLE - QR_SIDE / 2, y + 1.5, rows, (side, side)),
    )


def _bars(number: str) -> Block:
    bars = code128(number)
    module = min(0.375, WIDTH / (len(bars) + 2 * QUIET_MODULES))
    start = MIDDLE - module * len(bars) / 2
    return Block(13, lambda sheet, y: sheet.modules(start, y + 1, [bars], (module, 11)))
