"""Finding QR codes in scans and photos: as it is first, then helped step by step."""

import time
from collections.abc import Iterator

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

ENOUGH = 8.0  # seconds: who waits longer takes a better picture
_MOST_PIXELS = 36_000_000
_SMALLEST = 50


def spot(image: Image.Image, mark: str, seconds: float = ENOUGH) -> tuple[str, ...]:
    """The texts of the codes; those that begin with `mark` are what is looked for."""
    others: dict[str, None] = {}
    until = time.monotonic() + seconds
    for attempt in _attempts(image.convert("L")):
        texts = _read(attempt)
        found = tuple(dict.fromkeys(text for text in texts if text.startswith(mark)))
        if found:
            return found
        others.update(dict.fromkeys(texts))
        if time.monotonic() > until:
            break
    return tuple(others)


def _read(image: Image.Image) -> list[str]:
    wanted = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    return [code.text for code in zxingcpp.read_barcodes(image, formats=wanted)]


def _attempts(image: Image.Image) -> Iterator[Image.Image]:
    yield image
    yield from _helped(image)
    for turn in (20, 45, 70):
        if _area(image, 2) <= _MOST_PIXELS:
            yield ImageOps.autocontrast(image.rotate(turn, expand=True, fillcolor=255), cutoff=2)
    for tile in _tiles(image):
        yield from _helped(tile)


def _helped(image: Image.Image) -> Iterator[Image.Image]:
    """Against little contrast, few pixels, blur, noise: what was measured to help, in turn."""
    yield ImageOps.autocontrast(image, cutoff=2)
    yield ImageOps.equalize(image)
    for times in (2, 3):
        if _area(image, times) <= _MOST_PIXELS:
            larger = _enlarged(image, times)
            yield larger
            yield larger.filter(ImageFilter.UnsharpMask(3, 200, 0))
    if _area(image, 2) <= _MOST_PIXELS:
        soft = _enlarged(image.filter(ImageFilter.GaussianBlur(1)), 2)
        yield soft.filter(ImageFilter.UnsharpMask(4, 150, 0))


def _area(image: Image.Image, times: int) -> int:
    return image.width * image.height * times * times


def _enlarged(image: Image.Image, times: int) -> Image.Image:
    size = image.width * times, image.height * times
    return image.resize(size, Image.Resampling.BICUBIC)


def _tiles(image: Image.Image, across: int = 3) -> Iterator[Image.Image]:
    """Overlapping parts, so that no code lies on a cut."""
    wide, tall = image.width // (across + 1), image.height // (across + 1)
    if min(wide, tall) < _SMALLEST:
        return
    for y in range(across):
        for x in range(across):
            yield image.crop((x * wide, y * tall, (x + 2) * wide, (y + 2) * tall))
