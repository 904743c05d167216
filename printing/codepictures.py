"""QR codes as picture files; a code on a screen or a paper needs none."""

from collections.abc import Sequence
from math import isqrt

from PIL import Image

from printing.codes import greys


def picture(rows: Sequence[str], pixels: int) -> Image.Image:
    """The modules, crisp, so many pixels each, with the quiet zone."""
    drawn = greys(rows, pixels).tobytes()
    side = isqrt(len(drawn))
    return Image.frombytes("L", (side, side), drawn)
