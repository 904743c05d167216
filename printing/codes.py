"""QR codes, as black and white before they have a size."""

from collections.abc import Sequence
from typing import Any

import zxingcpp

_PIXELS, _QUIET = 4, 4
_BITS = b"1" + b"0" * 255


def qr(text: str) -> Sequence[str]:
    """The rows of a QR code, "1" for black, without a quiet zone.

    Level M; read back before it is handed out, for some generators make symbols nobody reads.
    """
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = symbol.to_image(add_quiet_zones=False)
    pixels: Any = memoryview(image)
    modules, side = pixels.tobytes().translate(_BITS).decode("ascii"), pixels.shape[1]
    rows = [modules[start : start + side] for start in range(0, len(modules), side)]
    if read(rows) != text:
        raise RuntimeError("a QR code that does not read back")
    return rows


def greys(rows: Sequence[str], pixels: int = _PIXELS) -> memoryview:
    """The modules, crisp, so many pixels each, with the quiet zone: a byte for each pixel."""
    side = (len(rows) + 2 * _QUIET) * pixels
    edge, blank = b"\xff" * _QUIET * pixels, b"\xff" * side * _QUIET * pixels
    black, white = b"\x00" * pixels, b"\xff" * pixels
    drawn = (row.encode().replace(b"1", black).replace(b"0", white) for row in rows)
    lines = b"".join((edge + line + edge) * pixels for line in drawn)
    return memoryview(blank + lines + blank).cast("B", (side, side))


def read(rows: Sequence[str]) -> str | None:
    """What a clean picture of these modules says."""
    found = zxingcpp.read_barcodes(greys(rows), formats=_only_qr())  # others see bars in the noise
    return str(found[0].text) if len(found) == 1 else None


def _only_qr() -> zxingcpp.BarcodeFormats:
    """Made anew each time: one that is kept is a leak to the binding when the program ends."""
    return zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
