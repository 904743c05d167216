"""Blocks one below the other, and how they go over pages: whole, and below their headings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from printing.sheet import Block, Sheet


@dataclass(frozen=True)
class Following(Block):
    """A block that brings its heading along where it opens a page."""

    heading: Block


def stacked(*blocks: Block) -> Block:
    """Several as one that no page break parts."""

    def draw(sheet: Sheet, y: float) -> None:
        for block in blocks:
            block.draw(sheet, y)
            y += block.height

    return Block(tall(blocks), draw)


def space(height: float) -> Block:
    """Nothing."""
    return Block(height, lambda _sheet, _y: None)


def under(heading: Block, blocks: Iterable[Block]) -> Iterator[Block]:
    """The heading once, never alone at the foot of a page, and again on every later page."""
    for number, block in enumerate(blocks):
        if number == 0:
            yield stacked(heading, block)
        elif isinstance(block, Following):
            yield replace(block, heading=stacked(heading, block.heading))
        else:
            yield Following(block.height, block.draw, heading)


def over_pages(blocks: Iterable[Block], room: float) -> list[list[Block]]:
    """Block after block, each whole; one without room on any page has a page of its own."""
    pages: list[list[Block]] = [[]]
    for block in blocks:
        if pages[-1] and tall([*pages[-1], block]) > room:
            pages.append(opening(block))
        pages[-1].append(block)
    return pages


def opening(block: Block) -> list[Block]:
    """What stands above a block that opens a page."""
    return [block.heading] if isinstance(block, Following) else []


def tall(blocks: Iterable[Block]) -> float:
    """How tall they stand together."""
    return sum(block.height for block in blocks)
