"""What all certificates share around their own layout: heads, the words that certify, codes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportlab.lib.units import mm

from printing.bars import code128, page_code
from printing.certificates.layouts import juri_fine, koseki
from printing.certificates.layouts.kit import BOTTOM, FULL, INK, LEFT, MIDDLE, RIGHT, TOP, Kit
from printing.certificates.layouts.setting import set_text
from printing.certificates.letterhead import Letterhead, Wording
from printing.certificates.ornaments import (
    SPECIMEN,
    VERMILION,
    draw_bars,
    draw_binding,
    draw_impression,
    draw_seal,
    draw_specimen,
    draw_square_code,
)
from printing.certificates.screen import draw_screen
from printing.contents import Certificate, Juri, Koseki
from printing.era import wareki
from printing.sheet import Block, Sheet

END = "― 以下余白 ―"
GOES_ON = "次のページへ続く"
GENUINE = "真正確認コード"
HOW_GENUINE = "このコードで、本物かどうかを確かめられます。"
SPECIMEN_WORDS, SPECIMEN_SEAL = "見本（証明書としては使えません）", "見本"
QR_SIDE = 22.0
_BARS_ROOM, _BARS_MODULE, _BARS_TALL = 80.0, 0.33, 8.5
_FINE_BARS = 180.5, 5.5  # how far down, and how tall, on the framed paper


@dataclass(frozen=True)
class Leaf:
    """One sheet of a certificate; `code` is the signed one as modules, empty where it has none."""

    certificate: Certificate
    wording: Wording
    code: Sequence[str]
    number: int = 1
    pages: int = 1


class Frame:
    """Draws the sheets of a city's papers around what each of them says."""

    def __init__(self, kit: Kit, letterhead: Letterhead) -> None:
        self._kit, self._letterhead = kit, letterhead

    def draw(self, sheet: Sheet, leaf: Leaf, blocks: Sequence[Block]) -> None:
        """A sheet with these blocks on it."""
        if self._letterhead.screen:
            draw_screen(sheet, self._kit.bold, self._letterhead.screen)
        self._mark_specimen(sheet, leaf)
        right, down = self._letterhead.shift
        sheet.canvas.translate(right * mm, -down * mm)
        self._head(sheet, leaf)
        y = TOP
        for block in blocks:
            block.draw(sheet, y)
            y += block.height
        if leaf.number == leaf.pages:
            self._attest(sheet, leaf, y)
        else:
            style = replace(self._kit.label, size=10.5, align="right")
            sheet.write(RIGHT, FULL + 5, GOES_ON, style)
        self._foot(sheet, leaf)
        if leaf.pages > 1:
            document = f"{leaf.certificate.number}\0{leaf.certificate.city.code}"
            small = replace(self._kit.label, size=8)
            draw_binding(sheet, small, document, f"{leaf.number}／{leaf.pages}")

    def draw_fine(self, sheet: Sheet, leaf: Leaf, content: Juri) -> None:
        """The framed 受理証明書 on its side: its layout draws all but the codes."""
        self._mark_specimen(sheet, leaf)
        juri_fine.draw(sheet, leaf.certificate, content, self._kit)
        bars, module = _bars(leaf)
        top, tall = _FINE_BARS
        left = (sheet.width - len(bars) * module) / 2
        draw_bars(sheet, (left, top), bars, (module, tall))
        if leaf.code:
            x, y, side = juri_fine.CODE_CORNER
            draw_square_code(sheet, (x, y), side, leaf.code)

    def _mark_specimen(self, sheet: Sheet, leaf: Leaf) -> None:
        if leaf.certificate.specimen:
            draw_specimen(sheet, self._kit.mincho, SPECIMEN, sheet.height / 2)

    def _head(self, sheet: Sheet, leaf: Leaf) -> None:
        content: Any = leaf.certificate.content
        if isinstance(content, Koseki):
            koseki.crown(sheet, content, self._kit, (leaf.number, leaf.pages))
            return
        heading = replace(self._kit.value, size=27, align="centre")
        sheet.write(MIDDLE, 27, leaf.wording.heading, heading, 150)
        below = replace(heading, size=13)
        sheet.write(MIDDLE, 36, leaf.wording.subheading, below, RIGHT - LEFT)

    def _attest(self, sheet: Sheet, leaf: Leaf, y: float) -> None:
        """The end of the entries, and the words that make a copy a certificate."""
        blank = replace(self._kit.label, size=10, align="centre")
        sheet.write(MIDDLE, y + 3.9, END, blank)
        side = self._letterhead.seal_side
        sentence = set_text(
            leaf.wording.attestation, replace(self._kit.value, size=15), RIGHT - LEFT
        )
        sentence.draw(sheet, LEFT, BOTTOM + 5, 8)
        issued = wareki(leaf.certificate.issued)
        sheet.write(LEFT + 6, BOTTOM + 21, issued, self._kit.value)
        signer = replace(self._kit.value, size=18, align="right")
        sheet.write(RIGHT - side - 4, BOTTOM + 30, leaf.wording.signer, signer, 136 - side)
        self._seal(sheet, leaf, (RIGHT - side, BOTTOM + 25 - side / 2))

    def _seal(self, sheet: Sheet, leaf: Leaf, corner: tuple[float, float]) -> None:
        """The city's seal; a specimen has one of its own, whatever the letterhead says."""
        side, picture = self._letterhead.seal_side, self._letterhead.seal_picture
        if picture is None or leaf.certificate.specimen:
            sealed = SPECIMEN_SEAL if leaf.certificate.specimen else leaf.wording.seal
            draw_seal(sheet, *corner, side, (self._kit.mincho, sealed))
            return
        middle = corner[0] + side / 2, corner[1] + side / 2
        draw_impression(sheet, middle, picture, VERMILION)

    def _foot(self, sheet: Sheet, leaf: Leaf) -> None:
        certificate = leaf.certificate
        bars, module = _bars(leaf)
        draw_bars(sheet, (LEFT, 271), bars, (module, _BARS_TALL))
        small = replace(self._kit.label, size=10, colour=INK)
        told = f"発行番号　{certificate.number}"
        if certificate.specimen:
            told += f"　{SPECIMEN_WORDS}"
        sheet.write(LEFT, 285, told, small, 112)
        ends = replace(small, align="right")
        page = f"{leaf.number}／{leaf.pages}ページ"
        if not leaf.code:
            sheet.write(RIGHT, 285, page, ends)
            return
        sheet.write(RIGHT - QR_SIDE - 2, 273.5, GENUINE, ends)
        sheet.write(RIGHT - QR_SIDE - 2, 278, HOW_GENUINE, replace(ends, size=8))
        sheet.write(RIGHT - QR_SIDE - 2, 285, page, ends)
        draw_square_code(sheet, (RIGHT - QR_SIDE, 265), QR_SIDE, leaf.code)


def _bars(leaf: Leaf) -> tuple[str, float]:
    """The number of a sheet for whoever scans it, and its module, finer for a long number."""
    bars = code128(page_code(leaf.certificate.number, leaf.number, leaf.pages))
    return bars, min(_BARS_MODULE, _BARS_ROOM / len(bars))
