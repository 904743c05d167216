"""A paper read back from its own pixels, as a scanner would see it."""

from collections.abc import Collection, Sequence

import zxingcpp

from printing.raster import pages

_DPI = 200


def codes(pdf: bytes) -> Sequence[Collection[str]]:
    """What the codes of each page say."""
    return [
        frozenset(found.text for found in zxingcpp.read_barcodes(page)) for page in pages(pdf, _DPI)
    ]
