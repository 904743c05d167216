"""The 住民票記載事項証明書: only the entries that were asked for, person after person."""

from collections.abc import Iterator

from printing.certificates.layouts.kit import LEFT, RIGHT, Cell, Kit, Row
from printing.contents import Item, Kisai
from printing.sheet import Block

LABELS = 42.0
LARGE = 17.0
NAMES = frozenset({"氏名"})


def blocks(content: Kisai, kit: Kit) -> Iterator[Block]:
    """A frame for each person, an entry to a row."""
    for entries in content.residents:
        if entries:
            yield from kit.parts(tuple(_row(entry) for entry in entries), 6.0)


def _row(entry: Item) -> Row:
    size = LARGE if entry.label in NAMES else 14.0
    cell = Cell(entry.label, entry.value, RIGHT - LEFT, size, column=LABELS)
    return Row(11.5, (cell,))
