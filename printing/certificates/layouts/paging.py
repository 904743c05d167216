"""Blocks on pages: whole, below their headings, and with room for the words that certify."""

from collections.abc import Iterable

from printing.blocks import opening, over_pages, tall
from printing.certificates.layouts.kit import BOTTOM, FULL, TOP
from printing.faults import Overfull
from printing.sheet import Block

_PAGE, _LAST = FULL - TOP, BOTTOM - TOP


def paged(blocks: Iterable[Block]) -> list[list[Block]]:
    """Block after block; the last page is shorter, for it certifies all of them."""
    pages = over_pages(blocks, _PAGE)
    for page in pages:
        if tall(page) > _PAGE:
            raise Overfull(f"{page[-1].height:.0f} mm on a page of {_PAGE:.0f}")
    if tall(pages[-1]) > _LAST:
        pages.append(_moved(pages[-1]))
    return pages


def _moved(page: list[Block]) -> list[Block]:
    """What makes room at the end of a page that should be the last: at least its last block."""
    *before, block = page
    if not before or before == opening(block):
        return []
    page.pop()
    return [*opening(block), block]
