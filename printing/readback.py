"""A paper read back from its own pixels, as a scanner would see it."""

from collections.abc import Collection, Sequence

import zxingcpp

from printing.raster import pages

_DPI = 200
_WHITENED = [grey if grey < 200 else 255 for grey in range(256)]  # the screen is no code


def codes(pdf: bytes) -> Sequence[Collection[str]]:
    """What the codes of each page say; only kinds that we print: others are seen in their noise."""
    ours = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128])
    return [
        frozenset(found.text for found in zxingcpp.read_barcodes(page.point(_WHITENED), ours))
        for page in pages(pdf, _DPI)
    ]
