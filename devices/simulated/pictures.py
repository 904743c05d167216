"""Codes in picture files: what a simulated scanner is shown instead of paper."""

from pathlib import Path

import zxingcpp
from PIL import Image


def codes_in(file: Path) -> list[str]:
    """The text of every code in the picture."""
    with Image.open(file) as picture:
        return [code.text for code in zxingcpp.read_barcodes(picture.convert("L"))]
