"""Draws the round seals of made-up people into the end of the register.

`python -m tests.data.make_seals`, after a name was changed; the same names give the same bytes.
"""

import base64
import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

REGISTER = Path(__file__).resolve().parents[2] / "resources" / "people" / "register.yaml"
FONT = Path("/usr/share/fonts/truetype/ipamj/ipamjm.ttf")
SIDE = 168  # pixels; 18 mm at about 240 dpi
SEALS = (
    ("r1", "0012345", 15.0, "髙橋花子"),
    ("r2", "0023456", 18.0, "渡邉之印"),
    ("r6", "0034567", 12.0, "CHAU"),
    ("r7", "0045678", 13.5, "鈴木"),
    ("r14", "0056789", 15.0, "山田"),
    ("r17", "0067890", 16.5, "髙﨑"),
)


def impression(letters: str) -> str:
    """A ring, and the letters in columns from right to left."""
    image = Image.new("1", (SIDE, SIDE), 1)
    draw = ImageDraw.Draw(image)
    draw.ellipse((2, 2, SIDE - 3, SIDE - 3), outline=0, width=6)
    rows = 2 if len(letters) != 3 else 3
    columns = -(-len(letters) // rows)
    size = 58 if columns > 1 else 66
    font = ImageFont.truetype(FONT, size)
    for place, letter in enumerate(letters):
        column, row = divmod(place, rows)
        x = SIDE / 2 + (columns - 1 - 2 * column) * size / 2
        y = SIDE / 2 + (2 * row - rows + 1) * size / 2
        draw.text((x, y), letter, fill=0, font=font, anchor="mm")
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return base64.b64encode(out.getvalue()).decode()


def main() -> None:
    """Everything after `seals:` is written anew."""
    kept, _, _ = REGISTER.read_text("utf-8").partition("\nseals:")
    lines = [
        f'  {owner}: {{number: "{number}", side: {side}, png: {impression(letters)}}}'
        for owner, number, side, letters in SEALS
    ]
    made = "  # drawn by `python -m tests.data.make_seals`"
    REGISTER.write_text("\n".join([kept, "seals:", made, *lines, ""]), "utf-8")


if __name__ == "__main__":
    main()
