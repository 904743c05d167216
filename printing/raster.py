"""Pages as the dots of a print head: the home of pdfium in printing."""

from PIL import Image
from pypdfium2 import PdfDocument

# Grey at which a dot is burnt: thin strokes of mincho are 0.7 dots wide at 10 points. One that
# falls between two dots has to survive, and the counters of 髙 and 邉 have to stay open.
BURNT = 168
_TABLE = [0] * BURNT + [255] * (256 - BURNT)
_INK = [255] * BURNT + [0] * (256 - BURNT)
_NO_DOT_MORE = 1 - 1e-6  # pdfium rounds up: a page of whole dots must not grow by one


def pages(pdf: bytes, dpi: float) -> list[Image.Image]:
    """Every page as a grey picture, rendered once and at these very dots."""
    document = PdfDocument(pdf)
    try:
        return [_picture(document, number, dpi) for number in range(len(document))]
    finally:
        document.close()


def _picture(document: PdfDocument, number: int, dpi: float) -> Image.Image:
    page = document[number]
    bitmap = page.render(scale=dpi / 72 * _NO_DOT_MORE, grayscale=True, may_draw_forms=False)
    try:
        picture: Image.Image = bitmap.to_pil().copy()
    finally:
        bitmap.close()
        page.close()
    return picture


def black(picture: Image.Image, dots: int) -> Image.Image:
    """The picture in pure black, as wide as the head; margins give way, words never do."""
    grey = picture.convert("L")
    left = (grey.width - dots) // 2
    inked = grey.point(_INK).getbbox()
    if inked and grey.width > dots and (inked[0] < left or inked[2] > left + dots):
        tall = max(1, round(grey.height * dots / grey.width))
        grey, left = grey.resize((dots, tall), Image.Resampling.BOX), 0
    fitted = Image.new("L", (dots, grey.height), 255)
    fitted.paste(grey, (-left, 0))
    return fitted.point(_TABLE, "1")
