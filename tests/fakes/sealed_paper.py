"""A certificate of a made-up city, sealed as the office does it, on a page drawn for tests."""

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from office.sealing import SealingKeys
from printing import codes
from printing.proof import seal

CITY = "131211"
FONT = "StandInGothic"
_FILE = "/usr/share/fonts/truetype/bizud-gothic/BIZUDGothic-Regular.ttf"
MODULE = 0.4
DATA = {
    "type": "juminhyo",
    "title": "住民票の写し",
    "number": "R8-000123",
    "issued": "2026-11-21",
    "city": "書蒼市",
    "name": "渡邉　一郎",
    "birth": "昭和55年2月17日",
    "address": "かかない県書蒼市緑ケ丘四丁目10番地",
    "pages": 2,
}


def keys_in(folder: Path) -> SealingKeys:
    """The keys of an office of its own."""
    return SealingKeys(folder / "keys", "書蒼市", lambda: datetime.now(UTC))


def sealed(keys: SealingKeys, *, specimen: bool = False, **changed: Any) -> dict[str, Any]:
    """The data as the office answers it."""
    data = {**DATA, **changed}
    made = seal.seal_of(data, CITY, specimen=specimen)
    return {**data, "seal": seal.sign(made, keys.key())}


def press(data: Mapping[str, Any]) -> bytes:
    """The sheets; the same data give the same bytes."""
    registerFont(TTFont(FONT, _FILE))
    held = BytesIO()
    canvas = Canvas(held, pagesize=(210 * mm, 297 * mm), invariant=1, lang="ja")
    canvas.setTitle(f"{data['title']} {data['number']}")
    for page in range(1, data["pages"] + 1):
        _draw(canvas, data, page)
        canvas.showPage()
    canvas.save()
    return held.getvalue()


def _draw(canvas: Canvas, data: Mapping[str, Any], page: int) -> None:
    lines = ("title", "name", "birth", "address", "city", "number")
    for row, key in enumerate(lines):
        canvas.setFont(FONT, 20 if key == "title" else 13)
        canvas.drawString(25 * mm, (265 - 14 * row) * mm, str(data[key]))
    canvas.drawString(150 * mm, 20 * mm, f"{page}／{data['pages']}ページ")
    rows = codes.qr(data["seal"])
    for y, modules in enumerate(rows):
        for x, module in enumerate(modules):
            if module == "1":
                across, up = 165 + x * MODULE, 60 - y * MODULE
                canvas.rect(across * mm, up * mm, MODULE * mm, MODULE * mm, stroke=0, fill=1)
