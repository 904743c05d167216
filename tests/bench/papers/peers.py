"""The same certificate by Typst and by WeasyPrint, each in its own best way.

Both are given what costs them least: their fonts are found once, their template is read once,
the background is a picture that was made beforehand (for Typst the page of a PDF, its quickest of
three that were tried), and each code is one path in an SVG.
"""

import html
import json
import re
from base64 import b64encode
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Any

import typst
import zxingcpp
from msgspec import to_builtins
from PIL import Image
from pypdfium2 import PdfDocument
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from printing.bars import code128
from printing.certificates.layouts.kit import Kit
from printing.certificates.letterhead import default_letterhead
from printing.certificates.screen import draw_screen
from printing.contents import Certificate, Juminhyo
from printing.era import wareki, written
from printing.letters.glyphs import find_font, find_fonts
from printing.sheet import Sheet

HERE = Path(__file__).parent
MODULE, QUIET = 0.33, 10
BITS = b"1" + b"0" * 255
BRICK = 3600, 1200  # dots of the background's picture before it repeats


def background(folder: Path) -> None:
    """Our own background, as a page for Typst and as a picture that repeats for WeasyPrint."""
    sheet = Sheet(210, 297, "background")
    draw_screen(sheet, Kit(find_fonts()).bold, default_letterhead().screen)
    sheet.turn()
    (folder / "background.pdf").write_bytes(sheet.pdf())
    with PdfDocument(folder / "background.pdf") as document:
        page: Any = document[0].render(scale=600 / 72, fill_color=(255, 255, 255, 255)).to_pil()
    wide, tall = BRICK
    brick = page.crop((0, page.height - tall, wide, page.height)).convert("RGB")
    brick.quantize(2, dither=Image.Dither.NONE).save(folder / "background.png", bits=1)


class Typst:
    """Its persistent compiler: fonts and template stay, the data come as an input."""

    name = "typst"

    def __init__(self, folder: Path) -> None:
        template = folder / "juminhyo.typ"
        template.write_text((HERE / "juminhyo.typ").read_text("utf-8"), "utf-8")
        homes = {str(find_font(name).path.parent) for name in ("IPAmjMincho", "BIZUDPGothic")}
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=sorted(homes)
        )
        self._compiler = typst.Compiler(template, root=folder, font_paths=fonts)

    def press(self, certificate: Certificate) -> bytes:
        """The certificate as PDF, untagged as ours."""
        told = json.dumps(_told(certificate), ensure_ascii=False)
        inputs = {"certificate": told}
        made = self._compiler.compile(format="pdf", sys_inputs=inputs, pdf_tags=False)
        assert isinstance(made, bytes)
        return made


class WeasyPrint:
    """Its fonts are configured once, its pictures kept."""

    name = "weasyprint"

    def __init__(self, folder: Path) -> None:
        self._page = Template((HERE / "juminhyo.html").read_text("utf-8"))
        self._resident = Template((HERE / "resident.html").read_text("utf-8"))
        self._folder, self._fonts, self._pictures = folder, FontConfiguration(), {}

    def press(self, certificate: Certificate) -> bytes:
        """The certificate as PDF."""
        told = _told(certificate)
        people = [self._resident.substitute(_escaped(each)) for each in told.pop("residents")]
        codes = {name: _address(told.pop(name)) for name in ("bars", "qr")}
        text = self._page.substitute(
            _escaped(told), residents="".join(people), seal=_seal("書蒼市長之印"), **codes
        )
        page = HTML(string=text, base_url=str(self._folder) + "/")
        made = page.write_pdf(font_config=self._fonts, cache=self._pictures)
        assert isinstance(made, bytes)
        return made


def _told(certificate: Certificate) -> dict[str, Any]:
    """What both are told: the words as they stand on the paper, and the codes as pictures."""
    content = certificate.content
    assert isinstance(content, Juminhyo)
    people = [
        to_builtins(each)
        | {"birth": written(each.birth), "became_resident": written(each.became_resident or "")}
        for each in content.residents
    ]
    bars, wide = _svg([code128(certificate.number)], (QUIET, 0))
    symbol = zxingcpp.create_barcode(certificate.seal, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    pixels: Any = memoryview(symbol.to_image(add_quiet_zones=False))
    modules, side = pixels.tobytes().translate(BITS).decode("ascii"), pixels.shape[1]
    rows = [modules[start : start + side] for start in range(0, len(modules), side)]
    return {
        "number": certificate.number,
        "address": content.address,
        "head": content.head,
        "residents": people,
        "issued": wareki(certificate.issued),
        "signer": certificate.city.mayor_title,
        "bars": bars,
        "wide": wide * MODULE,
        "qr": _svg(rows, (4, 4))[0],
    }


def _svg(rows: Sequence[str], quiet: tuple[int, int]) -> tuple[str, int]:
    """Modules as one path on white, and how many modules wide it is."""
    across, down = quiet
    wide, tall = len(rows[0]) + 2 * across, len(rows) + 2 * down
    path = []
    for y, row in enumerate(rows, down):
        eights = [_dark(x, row[x : x + 8], across) for x in range(0, len(row), 8)]
        path.append("".join(eights).replace("y", str(y)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}" width="{wide}"'
        f' height="{tall}" preserveAspectRatio="none"><path fill="#fff" d="M0 0h{wide}v{tall}H0z"/>'
        f'<path d="{"".join(path)}"/></svg>'
    ), wide


@lru_cache(8192)
def _dark(x: int, bits: str, across: int) -> str:
    """Eight modules at any height y, as our own press has them."""
    runs = ((x + across + run.start(), len(run[0])) for run in re.finditer("1+", bits))
    return "".join(f"M{start} yh{wide}v1h-{wide}z" for start, wide in runs)


def _seal(words: str) -> str:
    """Three rows, in columns from the right."""
    places = [(11.4 - 10.3 * (n // 3), 1.3 + 7.1 * (n % 3)) for n in range(len(words))]
    pairs = zip(words, places, strict=True)
    return "".join(f'<span style="left:{x}mm;top:{y}mm">{c}</span>' for c, (x, y) in pairs)


def _escaped(words: dict[str, Any]) -> dict[str, str]:
    return {name: html.escape(str(each)) for name, each in words.items()}


def _address(svg: str) -> str:
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
