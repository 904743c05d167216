"""Blocks on pages: whole, below their headings, and with room for the words that certify."""

from collections.abc import Iterable

from printing.certificates.layouts.kit import BOTTOM, FULL, TOP, Following
from printing.faults import Overfull
from printing.sheet import Block

_PAGE, _LAST = FULL - TOP, BOTTOM - TOP


def paged(blocks: Iterable[Block]) -> list[list[Block]]:
    """Block after block; the last page is shorter, for it certifies all of them."""
    pages: list[list[Block]] = [[]]
    for block in blocks:
        if pages[-1] and _height([*pages[-1], block]) > _PAGE:
            pages.append(_opening(block))
        pages[-1].append(block)
        if _height(pages[-1]) > _PAGE:
            raise Overfull(f"{block.height:.0f} mm on a page of {_PAGE:.0f}")
    if _height(pages[-1]) > _LAST:
        pages.append(_moved(pages[-1]))
    return pages


def _moved(page: list[Block]) -> list[Block]:
    """What makes room at the end of a page that should be the last: at least its last block."""
    *before, block = page
    if not before or before == _opening(block):
        return []
    page.pop()
    return [*_opening(block), block]


def _opening(block: Block) -> list[Block]:
    return [block.heading] if isinstance(block, Following) else []


def _height(page: list[Block]) -> float:
    return sum(block.height for block in page)
