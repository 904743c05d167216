"""Certificates as A4 sheets: the frame that all types share, around their own layout."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from printing.codes import code128
from printing.contents import Certificate, Content, Juminhyo
from printing.era import wareki
from printing.glyphs import Fonts
from printing.layouts import juminhyo
from printing.layouts.kit import INK, LEFT, MIDDLE, RIGHT, Kit
from printing.ornaments import SPECIMEN, draw_pattern, draw_seal, draw_specimen
from printing.paper import texts
from printing.sheet import Block, Sheet

ATTESTATION = "この写しは、住民票の原本と相違ないことを証明する。"
HEADINGS = {"household": "（世帯全員）", "person": "（個人）", "removed": "（除票）"}
TOP, BOTTOM = 42.0, 230.0
Layout = Callable[[Any, Kit], Iterator[Block]]
LAYOUTS: Mapping[type[Content], Layout] = {Juminhyo: juminhyo.blocks}


class CertificatePress:
    """Turns a certificate into a PDF, or refuses a character that it cannot draw."""

    def __init__(self, fonts: Fonts) -> None:
        self._kit = Kit(fonts)

    def render(self, certificate: Certificate) -> bytes:
        """The sheets as PDF; the same certificate gives the same bytes."""
        self._kit.mincho.check(texts(certificate))
        sheet = Sheet(210, 297, f"住民票 {certificate.number}")
        layout = LAYOUTS[type(certificate.content)]
        notes = [self._kit.note(note) for note in certificate.notes]
        pages = _paged([*layout(certificate.content, self._kit), *notes])
        for number, blocks in enumerate(pages, 1):
            self._frame(sheet, certificate, f"{number}／{len(pages)}ページ")
            y = TOP
            for block in blocks:
                block.draw(sheet, y)
                y += block.height
            if number == len(pages):
                self._attest(sheet, certificate, y)
            else:
                style = replace(self._kit.label, size=10.5, align="right")
                sheet.write(RIGHT, BOTTOM + 6, "次のページへ続く", style)
            sheet.turn()
        return sheet.pdf()

    def _frame(self, sheet: Sheet, certificate: Certificate, page: str) -> None:
        draw_pattern(sheet)
        if certificate.specimen:
            draw_specimen(sheet, self._kit.mincho, SPECIMEN, sheet.height / 2)
        heading = replace(self._kit.value, size=27, align="centre")
        sheet.write(MIDDLE, 27, "住民票", heading, 150)
        kind = replace(self._kit.value, size=13, align="centre")
        sheet.write(MIDDLE, 36, HEADINGS[getattr(certificate.content, "kind", "person")], kind)
        self._foot(sheet, certificate, page)

    def _foot(self, sheet: Sheet, certificate: Certificate, page: str) -> None:
        bars = code128(certificate.number)
        module = min(0.33, 80 / len(bars))
        sheet.modules(LEFT, 274, [bars], (module, 8.5))
        small = replace(self._kit.label, size=10, colour=INK)
        sheet.write(LEFT, 287, f"発行番号　{certificate.number}", small, 110)
        sheet.write(RIGHT, 287, page, replace(small, align="right"))

    def _attest(self, sheet: Sheet, certificate: Certificate, y: float) -> None:
        """The end of the entries, and the words that make a copy a certificate."""
        blank = replace(self._kit.label, size=10, align="centre")
        sheet.write(MIDDLE, y + 3.5, "― 以下余白 ―", blank)
        sheet.write(LEFT, 243, ATTESTATION, replace(self._kit.value, size=15))
        sheet.write(LEFT + 6, 254, wareki(certificate.issued), self._kit.value)
        side = 25.0
        draw_seal(
            sheet, RIGHT - side, 247, side, (self._kit.mincho, f"{certificate.city.name}長之印")
        )
        title, city = certificate.city.mayor_title, certificate.city.name
        mayor = title if title.startswith(city) else f"{city}　{title}"
        style = replace(self._kit.value, size=18, align="right")
        sheet.write(RIGHT - side - 4, 264, mayor, style, 110)


def _paged(blocks: Sequence[Block]) -> list[list[Block]]:
    """Blocks page by page; one that does not fit opens the next page."""
    pages: list[list[Block]] = [[]]
    left = BOTTOM - TOP
    for block in blocks:
        if block.height > left and pages[-1]:
            pages.append([])
            left = BOTTOM - TOP
        pages[-1].append(block)
        left -= block.height
    return pages
