"""Files as pixels, whoever made them, within bounds."""

import math
from collections.abc import Iterator
from io import BytesIO

import pypdfium2 as pdfium
from PIL import Image

MOST_PAGES = 20
MOST_PIXELS = 64_000_000
_FORMATS = ("PNG", "JPEG", "WEBP")
_LONGEST_SIDE = 14_400  # points: the largest page that PDF viewers open
_PAGE_PIXELS = 9_000_000  # A3 at 200 dpi


class Unreadable(Exception):
    """A file that is not looked at further; `reason` is a key of the words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def picture(file: bytes) -> Image.Image:
    """A scan or a photo, in grey."""
    try:
        with Image.open(BytesIO(file), formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Unreadable("picture-too-large")
            image.load()
            return _flattened(image).convert("L")
    except Image.DecompressionBombError as fault:
        raise Unreadable("picture-too-large") from fault
    except (OSError, ValueError, SyntaxError, EOFError) as fault:
        raise Unreadable("broken") from fault


def _flattened(image: Image.Image) -> Image.Image:
    """What is transparent is white, as on paper."""
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image.convert("RGBA"))


def sheets(pdf: bytes, dpi: int) -> Iterator[Image.Image]:
    """The pages as they are seen, notes and form fields included."""
    try:
        document = pdfium.PdfDocument(pdf)
        try:
            document.init_forms()
            if not 0 < len(document) <= MOST_PAGES:
                raise Unreadable("too-many-pages" if len(document) else "broken")
            for page in document:
                width, height = page.get_size()
                if max(width, height) > _LONGEST_SIDE:
                    raise Unreadable("page-too-large")
                scale = min(dpi / 72, math.sqrt(_PAGE_PIXELS / (width * height)))
                yield page.render(scale=scale).to_pil().convert("RGB")
                page.close()
        finally:
            document.close()
    except pdfium.PdfiumError as fault:
        raise Unreadable("broken") from fault
