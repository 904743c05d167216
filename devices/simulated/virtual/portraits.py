"""Pictures for a card's face: words as two-colour PNG, and a face nobody has as JPEG 2000."""

from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_SIZE = 24
_WIDE, _TALL = 240, 320


@cache
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for root in (Path("/usr/share/fonts"), Path("/usr/local/share/fonts")):
        for file in sorted(root.rglob("ipamjm.ttf")):
            return ImageFont.truetype(file, _SIZE)
    return ImageFont.load_default(_SIZE)


def words(text: str) -> bytes:
    """The words as the register draws them, in black and white."""
    font = _font()
    _, _, right, bottom = font.getbbox(text)
    picture = Image.new("1", (max(8, int(right) + 8), max(8, int(bottom) + 8)), 1)
    ImageDraw.Draw(picture).text((4, 4), text, font=font, fill=0)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@cache
def face(seed: str) -> bytes:
    """A face drawn from a name, unlike any real one."""
    dice = sha256(seed.encode()).digest()
    picture = Image.new("L", (_WIDE, _TALL), 232)
    draw = ImageDraw.Draw(picture)
    hair, skin = 30 + dice[0] % 90, 190 + dice[1] % 40
    draw.ellipse((50, 40, 190, 240), fill=hair)
    draw.ellipse((62, 70 + dice[2] % 20, 178, 250), fill=skin)
    for eye in (95, 145):
        draw.ellipse((eye - 8, 150, eye + 8, 162), fill=20)
    draw.arc((95, 185, 145, 215 + dice[3] % 10), 20, 160, fill=60, width=4)
    draw.rectangle((70, 250, 170, 320), fill=60 + dice[4] % 100)
    out = BytesIO()
    picture.save(out, "JPEG2000", quality_layers=[40])
    return out.getvalue()
