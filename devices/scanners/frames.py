"""Codes in a picture: as it is first, then with its contrast rescued."""

from collections.abc import Iterable, Iterator

import zxingcpp
from PIL import Image, ImageOps


def codes_in(picture: Image.Image) -> tuple[str, ...]:
    """The text of every code, by the first treatment of the picture that shows any."""
    if 0 in picture.size:
        return ()
    for treated in _treatments(picture):
        if found := [code.text for code in zxingcpp.read_barcodes(treated, _kinds()) if code.text]:
            return tuple(dict.fromkeys(found))
    return ()


def _kinds() -> zxingcpp.BarcodeFormats:
    """What is shown to us; of all kinds there are, some are seen in the noise of a dense code."""
    return zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128])


def _treatments(picture: Image.Image) -> Iterator[Image.Image]:
    """Grey; stretched between its own extremes; evened out. A raw hit costs a millisecond."""
    grey = picture.convert("L")
    if picture.has_transparency_data:
        yield _on_white(picture)
    yield grey
    yield ImageOps.autocontrast(grey, cutoff=2)
    yield ImageOps.equalize(grey)


def _on_white(picture: Image.Image) -> Image.Image:
    """What is clear counts as black to a plain conversion: a black code on it would vanish."""
    seen = picture.convert("RGBA")
    paper = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(paper, seen).convert("L")


class FrameWatch:
    """Tells each code once for as long as it is held before the camera."""

    def __init__(self, forgets_after: int = 15) -> None:
        self._forgets_after = forgets_after
        self._seen: dict[str, int] = {}

    def new_in(self, picture: Image.Image) -> tuple[str, ...]:
        """The codes of this frame that were not there a moment ago."""
        there = codes_in(picture)
        fresh = tuple(code for code in there if code not in self._seen)
        self._age(there)
        return fresh

    def _age(self, there: Iterable[str]) -> None:
        ages = {code: age + 1 for code, age in self._seen.items() if age < self._forgets_after}
        self._seen = ages | dict.fromkeys(there, 0)
