"""The 印鑑登録証明書: the impression in its true size, and whose it is."""

from collections.abc import Iterator
from dataclasses import replace

from printing.blocks import stacked
from printing.certificates.impression import Impression, impression_of
from printing.certificates.layouts.juminhyo import SEXES
from printing.certificates.layouts.kit import LEFT, LINE, MIDDLE, RIGHT, Cell, Kit, Row
from printing.certificates.ornaments import draw_impression
from printing.contents import Inkan
from printing.era import written
from printing.sheet import Block, Sheet

TALL = 52.0
LABELS = 34.0
SMALLEST, LARGEST = 8.0, 25.0  # what may be registered; the cities differ on its ends


def blocks(content: Inkan, kit: Kit) -> Iterator[Block]:
    """The impression above, the person below."""
    picture = impression_of(content.impression, content.side, (SMALLEST, LARGEST))
    told = (
        ("氏名", content.name, 20.0),
        ("旧氏", content.former_name, 15.0),
        ("通称", content.alias, 15.0),
        ("生年月日", written(content.birth), 15.0),
        ("性別", SEXES.get(content.sex or "", content.sex or ""), 15.0),
        ("住所", content.address, 15.0),
    )
    rows = [
        Row(13, (Cell(label, value, RIGHT - LEFT, size, column=LABELS),))
        for label, value, size in told
        if value
    ]
    yield stacked(_impression(picture, kit), kit.table(tuple(rows), 6.0))


def _impression(picture: Impression, kit: Kit) -> Block:
    """A row of the same frame, with the impression in the middle of it."""

    def draw(sheet: Sheet, y: float) -> None:
        sheet.write(LEFT + 2.5, y + TALL / 2 + 1.2, "登録印影", replace(kit.label, size=11))
        sheet.rule((LEFT + LABELS, y), (LEFT + LABELS, y + TALL), 0.4, LINE)
        sheet.box((LEFT, y), (RIGHT - LEFT, TALL), 0.9, LINE)
        draw_impression(sheet, (MIDDLE + LABELS / 2, y + TALL / 2), picture)

    return Block(TALL, draw)
