"""The slip of an application: black, and large enough for old eyes."""

from printing.era import wareki
from printing.letters.glyphs import Fonts
from printing.paper import Receipt, texts
from printing.sheet import Block
from printing.slips.roll import ROLL_80, WEEKDAYS, Roll, SlipKit

TAKEN, WAITING = "受け付けました", "お預かりしました(送信待ち)"
SPARE = (
    "この端末が使えなくなったときに使います。どの窓口でも、職員がこのコードを"
    "読み取ると、申請をお受けできます。中身は市役所だけが読めます。"
)
NO_PHOTOS = "写真は含まれません。"
TOO_LONG = "申請が長いため、予備のコードはありません。"
SPARE_SIDE = 50.0  # millimetres: three dots of the narrow head for each module, four of the wide
KEPT = "通信がつながりしだい、自動で市役所へ送ります。この票をお持ちください。"


class ReceiptPress:
    """Turns a receipt into a slip as long as it needs to be."""

    def __init__(self, fonts: Fonts, roll: Roll = ROLL_80) -> None:
        self._kit = SlipKit(fonts, roll)

    def render(self, receipt: Receipt) -> bytes:
        """The slip as PDF; the same receipt gives the same bytes."""
        self._kit.gate.check(texts(receipt))
        title = f"{receipt.procedure} {receipt.number}"
        return self._kit.draw(title, self._blocks(receipt), specimen=receipt.specimen)

    def _blocks(self, receipt: Receipt) -> list[Block]:
        kit = self._kit
        return [
            kit.words(f"{receipt.city}　{receipt.office_name}", kit.body, after=1),
            kit.words(_title(receipt), kit.heading, after=1),
            kit.banner(WAITING if receipt.waiting else TAKEN, filled=not receipt.waiting),
            *([kit.words(KEPT, kit.body, "left", after=2)] if receipt.waiting else []),
            kit.words(receipt.procedure, kit.heading, after=2.5),
            kit.words("受付番号", kit.body),
            kit.words(receipt.number, kit.number, after=1),
            kit.words(_moment(receipt), kit.body),
            kit.rule(),
            *self._money(receipt),
            *self._status(receipt),
            kit.words(receipt.how_to_ask, kit.body, "left", after=1),
            kit.bars(receipt.number),
            *self._spare(receipt),
        ]

    def _spare(self, receipt: Receipt) -> list[Block]:
        """The application itself, sealed: large, for it is read by whatever scanner is there."""
        kit, of = self._kit, len(receipt.spare)
        if receipt.no_spare:
            return [kit.rule(), kit.words(TOO_LONG, kit.body, "left", after=1)]
        if not receipt.spare:
            return []
        said = SPARE + (NO_PHOTOS if receipt.no_photos else "")
        blocks = [kit.rule(), kit.words("予備のコード", kit.heading, after=1)]
        blocks.append(kit.words(said, kit.body, "left", after=2))
        for number, code in enumerate(receipt.spare, 1):
            blocks.append(kit.words(f"{number}／{of}", kit.strong))
            blocks.append(kit.qr(code, side=SPARE_SIDE))
        return blocks

    def _money(self, receipt: Receipt) -> list[Block]:
        kit = self._kit
        lines = [kit.pair(label, amount, kit.body) for label, amount in receipt.lines]
        if not receipt.lines and not receipt.fee:
            return []
        if not receipt.fee:  # nothing was paid: that is not "0円 paid"
            return [*lines, kit.rule()]
        paid = kit.pair("お支払い済み", f"{receipt.fee:,}円", kit.heading)
        return [*lines, kit.gap(1), paid, kit.rule()]

    def _status(self, receipt: Receipt) -> list[Block]:
        if not receipt.status_url:
            return []
        kit = self._kit
        return [
            kit.words("いまの状況を見る", kit.strong),
            kit.qr(receipt.status_url),
            kit.words(receipt.status_url, kit.body, "left", after=2),
        ]


def _title(receipt: Receipt) -> str:
    kind = "預かり票" if receipt.waiting else "受付票"
    return f"領収・{kind}" if receipt.fee else kind


def _moment(receipt: Receipt) -> str:
    weekday = WEEKDAYS[receipt.at.weekday()]
    return f"{wareki(receipt.at.date())}（{weekday}）{receipt.at:%H:%M}"
