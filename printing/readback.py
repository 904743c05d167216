"""A paper read back from its own pixels, as a scanner would see it."""

from collections.abc import Collection, Sequence
from typing import Any

import pypdfium2
import zxingcpp

_DPI = 200
_POINTS = 72


def codes(pdf: bytes) -> Sequence[Collection[str]]:
    """What the codes of each page say."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_read(page) for page in document]
    finally:
        document.close()


def _read(page: Any) -> Collection[str]:
    picture = page.render(scale=_DPI / _POINTS, grayscale=True).to_pil()
    return frozenset(found.text for found in zxingcpp.read_barcodes(picture))
