"""Certificates as A4 sheets: from what the office answered to a PDF."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from msgspec import structs

from printing.certificates.frame import SPECIMEN_SEAL, Frame, Leaf
from printing.certificates.layouts import (
    fuhyo,
    inkan,
    juminhyo,
    juri,
    juri_fine,
    kisai,
    koseki,
    nozei,
    risai,
    shotoku,
)
from printing.certificates.layouts.kit import Kit
from printing.certificates.layouts.paging import paged
from printing.certificates.letterhead import Letterhead, Wording, default_letterhead
from printing.codes import qr
from printing.contents import (
    Certificate,
    Content,
    Fuhyo,
    Inkan,
    Juminhyo,
    Juri,
    Kisai,
    Koseki,
    Nozei,
    Risai,
    Shotoku,
)
from printing.letters.glyphs import Fonts
from printing.paper import texts
from printing.sheet import Block, Sheet

Layout = Callable[[Any, Kit], Iterator[Block]]
LAYOUTS: Mapping[type[Content], Layout] = {
    Juminhyo: juminhyo.blocks,
    Kisai: kisai.blocks,
    Inkan: inkan.blocks,
    Shotoku: shotoku.blocks,
    Nozei: nozei.blocks,
    Koseki: koseki.blocks,
    Fuhyo: fuhyo.blocks,
    Juri: juri.blocks,
    Risai: risai.blocks,
}
NOTHING_AGREED: Mapping[str, str] = MappingProxyType({})


class CertificatePress:
    """Turns a certificate into a PDF, or refuses what it cannot draw rightly."""

    def __init__(self, fonts: Fonts, letterhead: Letterhead | None = None) -> None:
        self._kit = Kit(fonts)
        self._letterhead = letterhead or default_letterhead()
        self._kit.mincho.check(self._letterhead.texts())

    def render(self, certificate: Certificate, agreed: Mapping[str, str] = NOTHING_AGREED) -> bytes:
        """The sheets as PDF; the same certificate gives the same bytes.

        `agreed` are the substitutes that a clerk has looked at for this one paper.
        """
        kit = self._kit.agreeing(agreed) if agreed else self._kit
        kit.mincho.check(words(certificate))
        frame = Frame(kit, self._letterhead)
        wording = self._wording(certificate)
        leaf = Leaf(certificate, wording, qr(certificate.seal) if certificate.seal else ())
        mark = f"{SPECIMEN_SEAL} " if certificate.specimen else ""
        title = f"{mark}{wording.title} {certificate.number}"
        if isinstance(certificate.content, Juri) and certificate.content.fine:
            sheet = Sheet(juri_fine.WIDE, juri_fine.HIGH, title)
            frame.draw_fine(sheet, leaf, certificate.content)
            sheet.turn()
            return sheet.pdf()
        sheet = Sheet(210, 297, title)
        notes = [*certificate.notes, *(_stood_in_for(certificate, kit, agreed) if agreed else ())]
        pages = paged([*self._blocks(certificate, kit), *(b for n in notes for b in kit.notes(n))])
        for number, blocks in enumerate(pages, 1):
            frame.draw(sheet, replace(leaf, number=number, pages=len(pages)), blocks)
            sheet.turn()
        return sheet.pdf()

    def _wording(self, certificate: Certificate) -> Wording:
        content, years = certificate.content, {}
        if isinstance(content, Shotoku):
            fiscal = content.fiscal_year
            years = {"year": shotoku.year(fiscal), "earned": shotoku.earned(fiscal)}
        return self._letterhead.wording(content, kind_of(content), certificate.city, years)

    def _blocks(self, certificate: Certificate, kit: Kit) -> Iterator[Block]:
        content: Any = certificate.content
        if isinstance(content, Inkan) and not self._letterhead.inkan_sex:
            content = structs.replace(content, sex=None)
        return LAYOUTS[type(content)](content, kit)


def words(certificate: Certificate) -> Iterator[str]:
    """Every text that is drawn as text: all but the code and the picture."""
    content = certificate.content
    if isinstance(content, Inkan):
        content = structs.replace(content, impression="")
    return texts(replace(certificate, seal="", content=content))


def _stood_in_for(certificate: Certificate, kit: Kit, agreed: Mapping[str, str]) -> Iterator[str]:
    """Which characters are drawn in another shape, for whoever reads the paper."""
    found = {each for text in words(certificate) for _, each in kit.mincho.stand_ins(text)}
    for each in sorted(found):
        codes = " ".join(f"U+{ord(character):04X}" for character in each)
        yield f"登録されている文字（{codes}）は、「{agreed[each]}」の字形で表しています。"


def kind_of(content: Content) -> str:
    """Which of its type's kinds this is, as letterheads call them."""
    match content:
        case Nozei(lines=()):
            return "paid"
        case Juri(fine=True):
            return "fine"
        case _:
            return str(getattr(content, "kind", ""))
