"""Codes in a picture or PDF file; a file that is neither is said, and nothing is half read."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from PIL import Image, UnidentifiedImageError

from devices.scanners.frames import codes_in

LARGEST_FILE = 30 * 1024 * 1024
MOST_PIXELS, LONGEST_SIDE = 60_000_000, 65_535
MOST_PAGES = 20
_SCALE = 200 / 72  # dots per point
_PDF = b"%PDF-"
# Pillow would hand an EPS to Ghostscript: only what it reads by itself is opened.
_KINDS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")


class UnreadableFile(ValueError):
    """Not a picture or PDF that can be looked at; `reason` is a key of the texts."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def codes_in_file(file: Path) -> tuple[str, ...]:
    """The text of every code in the file, page by page."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise UnreadableFile("too-large")
        with file.open("rb") as opened:
            is_pdf = opened.read(len(_PDF)) == _PDF
        pictures = _pages(file) if is_pdf else _picture(file)
        found = [code for picture in pictures for code in codes_in(picture)]
    except OSError as fault:
        raise UnreadableFile("cannot-be-read") from fault
    return tuple(dict.fromkeys(found))


def _picture(file: Path) -> Iterator[Image.Image]:
    try:
        with Image.open(file, formats=_KINDS) as picture:
            _within(picture.width, picture.height)
            picture.load()
            yield picture
    except (UnidentifiedImageError, SyntaxError, EOFError) as fault:
        raise UnreadableFile("no-picture") from fault
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise UnreadableFile("too-large") from fault
    except (OSError, TypeError, ValueError) as fault:
        if isinstance(fault, UnreadableFile):
            raise
        raise UnreadableFile("damaged") from fault


def _within(width: float, height: float) -> None:
    """No more than can be looked through."""
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise UnreadableFile("too-large")


def _pages(file: Path) -> Iterator[Image.Image]:
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as fault:
        locked = "password" in str(fault).lower()
        raise UnreadableFile("locked" if locked else "damaged") from fault
    try:
        if len(document) > MOST_PAGES:
            raise UnreadableFile("too-large")
        for page in document:
            _within(*(side * _SCALE for side in page.get_size()))
            yield page.render(scale=_SCALE, grayscale=True).to_pil()
    except pypdfium2.PdfiumError as fault:
        raise UnreadableFile("damaged") from fault
    finally:
        document.close()
