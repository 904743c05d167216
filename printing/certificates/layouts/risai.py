"""The 罹災証明書 of the nationwide form: what a disaster did to a home, in one of six degrees."""

from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

from reportlab.lib.colors import Color

from printing.certificates.layouts.entries import Entry, Picture, said
from printing.certificates.layouts.kit import BOTTOM, LEFT, RIGHT, TOP, Kit
from printing.certificates.layouts.ledger import Ledger
from printing.contents import Degree, Risai, Victim
from printing.sheet import Block, Sheet

HOUSEHOLD, DEGREES = "世帯構成員", "住家※の被害の程度"
SIZES = (13.0, 12.0, 11.0)
HOME = (
    "※ 住家とは、現実に居住（世帯が生活の本拠として日常的に使用していることをいう。）"
    "のために使用している建物のことをいう。（被災者生活再建支援金や災害救助法による"
    "住宅の応急修理等の対象となる住家）"
)
WIDTHS = {"全壊": 21, "大規模半壊": 29, "中規模半壊": 29, "半壊": 21, "準半壊": 25}
LIGHTEST, LESS = 45, "（一部損壊）"
TALL = 28.0
TINT = Color(0.88, 0.93, 0.92)


def blocks(content: Risai, kit: Kit) -> Iterator[Block]:
    """Whose home, what hit it, where it stands, how badly it was hit: on one page if it can be."""
    made: list[Block] = []
    for size in SIZES:
        ledger = Ledger(kit, size, labels=size * 3.55)
        made = list(ledger.blocks(list(_entries(content, ledger, kit)), 2.0))
        if sum(block.height for block in made) <= BOTTOM - TOP:
            break
    yield from made


def _entries(content: Risai, ledger: Ledger, kit: Kit) -> Iterator[Entry]:
    yield Entry(ledger.words(content.address), section="世帯主住所")
    yield Entry(ledger.name("", content.head, size=18), section="世帯主氏名")
    if content.household:
        yield _household(content.household, ledger, kit)
    cause = f"{said(content.happened)}の{content.disaster}による{content.cause}"
    yield Entry(ledger.words(cause), section="罹災原因")
    yield Entry(ledger.words(content.place), section="被災住家※の所在地")
    yield Entry(ledger.words(content.building), section="被災住家※の種類")
    yield Entry(picture=_degrees(content.degree, kit), tall=TALL, section=DEGREES, leads=True)
    if content.surveyed:
        yield Entry(ledger.words(said(content.surveyed)), section="調査年月日", leads=True)
    if content.remarks:
        yield Entry(ledger.words(content.remarks), section="備考", leads=True)
    yield _footnote(kit)


def _household(household: tuple[Victim, ...], ledger: Ledger, kit: Kit) -> Entry:
    """Everybody of it on a line, below what the columns are."""
    places = ((0.0, 51.0), (54.0, 20.0), (76.0, ledger.width - 76))
    lines = [ledger.across(("氏名", "続柄", "生年月日"), places, replace(kit.label, size=9))]
    for one in household:
        told = one.name, one.relationship, said(one.birth or "")
        lines.append(ledger.across(told, places, ledger.style))
    return Entry(tuple(lines), section=HOUSEHOLD, whose=HOUSEHOLD)


def _degrees(degree: Degree, kit: Kit) -> Picture:
    """All six side by side; the one that holds is ticked, framed and tinted."""

    def draw(sheet: Sheet, y: float) -> None:
        style = replace(kit.value, size=13)
        sheet.write(LEFT + 2, y + 6, DEGREES, style)
        x = LEFT
        for each in get_args(Degree):
            wide = float(WIDTHS.get(each, LIGHTEST))
            _degree(sheet, (x, y + 9), (wide, TALL - 9), (each, each == degree), kit)
            x += wide

    return draw


def _degree(
    sheet: Sheet,
    corner: tuple[float, float],
    size: tuple[float, float],
    told: tuple[str, bool],
    kit: Kit,
) -> None:
    (x, y), (wide, tall), (degree, holds) = corner, size, told
    style = replace(kit.value, size=13, align="centre")
    if holds:
        within = (x + 0.8, y + 0.8), (wide - 1.6, tall - 1.6)
        sheet.fill(*within, TINT)
        sheet.box(*within, 1.8, style.colour)
    middle, room = x + wide / 2, wide - 3
    sheet.write(middle, y + 7, "■" if holds else "□", replace(style, size=16))
    sheet.write(middle, y + 12.4, degree, style, room)
    if degree not in WIDTHS:
        sheet.write(middle, y + 16.5, LESS, replace(style, size=10.5), room)


def _footnote(kit: Kit) -> Entry:
    """What a home is, in the form's own words."""
    style = replace(kit.value, size=10)
    lines = style.wrapped(HOME, RIGHT - LEFT - 5)

    def draw(sheet: Sheet, y: float) -> None:
        for number, line in enumerate(lines):
            sheet.write(LEFT + 2, y + 4.6 + 4.6 * number, line, style)

    return Entry(picture=draw, tall=4.6 * len(lines) + 2.2, section=HOME)
