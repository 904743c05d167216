"""Pictures of a card's face: words as two-colour PNG, and a face nobody has as JPEG 2000."""

from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_FONTS = ("ipamjm.ttf", "BIZUDMincho-Regular.ttf", "BIZUDGothic-Regular.ttf")
_SIZE, _LINE, _WIDE = 24, 30, 480
_FACE = (240, 320)
_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def words(text: str) -> bytes:
    """The words as the register draws them, on as many lines as they need."""
    font, lines = _font(_SIZE), [""]
    for letter in text:
        if font.getlength(lines[-1] + letter) > _WIDE - 8:
            lines.append("")
        lines[-1] += letter
    picture = Image.new("1", (_WIDE, _LINE * len(lines)), 1)
    pen = ImageDraw.Draw(picture)
    for row, line in enumerate(lines):
        pen.text((4, 2 + _LINE * row), line, font=font, fill=0)
    return _png(picture)


def digits(text: str) -> bytes:
    """Digits as small as the surveyed card has them: six by twelve pixels each."""
    picture = Image.new("1", (6 * len(text), 12), 1)
    pen = ImageDraw.Draw(picture)
    for place, digit in enumerate(text):
        pen.text((6 * place, 0), digit, font=_font(11), fill=0)
    return _png(picture)


@cache
def face(seed: str) -> bytes:
    """A cartoon drawn from a name, unlike anybody."""
    dice = sha256(seed.encode()).digest()
    picture = Image.new("L", _FACE, 232)
    pen = ImageDraw.Draw(picture)
    hair, skin, coat = 30 + dice[0] % 90, 190 + dice[1] % 40, 60 + dice[2] % 100
    pen.ellipse((20, 248, 220, 400), fill=coat)
    pen.ellipse((50, 40, 190, 230 + dice[3] % 40), fill=hair)
    pen.ellipse((62, 70 + dice[4] % 24, 178, 250), fill=skin)
    for eye in (95, 145):
        pen.ellipse((eye - 8, 150, eye + 8, 150 + 8 + dice[5] % 8), fill=20)
        pen.line((eye - 12, 138, eye + 12, 138 - dice[6] % 6), fill=hair, width=4)
    pen.line((120, 165, 114, 190, 122, 192), fill=120, width=3)
    pen.arc((95, 190, 145, 220 + dice[7] % 12), 20, 160, fill=60, width=4)
    out = BytesIO()
    picture.save(out, "JPEG2000", quality_layers=[40])
    return out.getvalue()


@cache
def _font(size: int) -> _Font:
    for name in _FONTS:
        for file in sorted(Path("/usr/share/fonts").rglob(name)):
            return ImageFont.truetype(file, size)
    return ImageFont.load_default(size)


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
