"""Pictures of seals, whoever sent them: read within bounds, kept as ink or no ink."""

import binascii
import math
import zlib
from base64 import b64decode
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from printing.faults import BadImpression

_LARGEST_FILE = 400_000
_LARGEST_SIDE = 2_000
_DPI, _MM = 600, 25.4
_INK = 140  # grey below which there is ink
_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})
_LEVEL = 6


@dataclass(frozen=True)
class Impression:
    """Ink in rows of bits, packed, and how large it is in millimetres."""

    pixels: tuple[int, int]
    size: tuple[float, float]
    packed: bytes


def impression_of(text: str, side: float, limits: tuple[float, float]) -> Impression:
    """The picture that stands in base64, its longer side being so many millimetres."""
    try:
        file = b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError) as fault:
        raise BadImpression("no base64") from fault
    return read_impression(file, side, limits)


def read_impression(file: bytes, side: float, limits: tuple[float, float]) -> Impression:
    """The picture in its true size; BadImpression for whatever is no plain, inked PNG."""
    if not (math.isfinite(side) and limits[0] <= side <= limits[1]):
        raise BadImpression(f"a side of {side} mm")
    grey = _grey(file)
    share = side / max(grey.size)
    size = grey.width * share, grey.height * share
    fine = tuple(max(1, round(each / _MM * _DPI)) for each in size)
    if fine[0] > grey.width:  # its edges become smooth before they become ink
        grey = grey.resize((fine[0], fine[1]), Image.Resampling.LANCZOS)
    bits = grey.point([255] * _INK + [0] * (256 - _INK), "1")
    if bits.getbbox() is None:
        raise BadImpression("no ink")
    return Impression(bits.size, size, zlib.compress(bits.tobytes(), _LEVEL))


def _grey(file: bytes) -> Image.Image:
    if len(file) > _LARGEST_FILE:
        raise BadImpression("too large")
    try:
        with Image.open(BytesIO(file), formats=("PNG",)) as image:
            if max(image.size) > _LARGEST_SIDE or image.mode not in _MODES:
                raise BadImpression("too many pixels, or of an odd kind")
            image.load()
            return _flattened(image)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as fault:
        raise BadImpression("no whole PNG") from fault


def _flattened(image: Image.Image) -> Image.Image:
    """What is transparent has no ink."""
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("L")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image.convert("RGBA")).convert("L")
