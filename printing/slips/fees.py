"""The 手数料一覧, to take home or to hang up."""

from printing.era import wareki
from printing.letters.glyphs import Fonts
from printing.paper import FeeGroup, FeeList, texts
from printing.sheet import Block
from printing.slips.roll import ROLL_80, Roll, SlipKit

FREE = "無料"


class FeeListPress:
    """Turns the fees of an office into a slip."""

    def __init__(self, fonts: Fonts, roll: Roll = ROLL_80) -> None:
        self._kit = SlipKit(fonts, roll)

    def render(self, fees: FeeList) -> bytes:
        """The slip as PDF; the same list gives the same bytes."""
        kit = self._kit
        kit.gate.check(texts(fees))
        blocks = [
            kit.words(f"{fees.city}　{fees.office_name}", kit.body, after=1.5),
            kit.banner("手数料一覧", filled=True),
            kit.words(f"{wareki(fees.day)}現在", kit.body, after=1),
            *(block for group in fees.groups for block in self._group(group)),
            kit.rule(),
            *([kit.words(fees.note, kit.body, "left", after=2)] if fees.note else []),
            *([kit.words("くわしくはこちら", kit.strong), kit.qr(fees.url)] if fees.url else []),
        ]
        return kit.draw("手数料一覧", blocks, specimen=fees.specimen)

    def _group(self, group: FeeGroup) -> list[Block]:
        kit = self._kit
        lines = [
            kit.pair(label, f"{yen:,}円" if yen else FREE, kit.body) for label, yen in group.lines
        ]
        return [kit.rule(), kit.words(group.title, kit.heading, "left", after=0.8), *lines]
