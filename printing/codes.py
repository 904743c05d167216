"""Codes that machines read, as black and white before they have a size."""

from collections.abc import Sequence
from typing import Any

import barcode
import zxingcpp


def code128(text: str) -> str:
    """The modules of a Code 128, "1" for black."""
    return str(barcode.get("code128", text).build()[0])


def qr(text: str) -> Sequence[str]:
    """The rows of a QR code, "1" for black, without a quiet zone."""
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = symbol.to_image(add_quiet_zones=False)
    pixels: Any = memoryview(image).tolist()
    return ["".join("0" if pixel else "1" for pixel in row) for row in pixels]
