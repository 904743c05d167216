"""Sample papers as others see them: poppler's words and their places, and pixels."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs
from PIL import Image

from printing.answers import content_from
from printing.certificates.layouts import fuhyo, juri, juri_fine, koseki, risai
from printing.certificates.layouts.kit import TOP, Kit
from printing.certificates.layouts.paging import paged
from printing.certificates.press import CertificatePress
from printing.contents import Certificate, City, Fuhyo, Juri, Koseki, Risai
from printing.letters.glyphs import find_fonts
from printing.sheet import Block, Sheet

PAPERS = Path(__file__).parents[1] / "data" / "papers"
FAMILIES = ("koseki", "fuhyo", "juri", "risai")
NAMES = sorted(path.stem for family in FAMILIES for path in PAPERS.glob(f"{family}*.json"))
FONTS = find_fonts()
KIT = Kit(FONTS)
PRESS = CertificatePress(FONTS)
LAYOUTS: dict[type, Callable[[Any, Kit], Iterator[Block]]] = {
    Koseki: koseki.blocks,
    Fuhyo: fuhyo.blocks,
    Juri: juri.blocks,
    Risai: risai.blocks,
}
POINTS = 72 / 25.4


def sample(name: str) -> Certificate:
    raw = json.loads((PAPERS / f"{name}.json").read_text())
    return Certificate(
        number=raw["number"],
        issued=date.fromisoformat(raw["issued"]),
        city=msgspec.convert(raw["city"], City),
        content=content_from(raw["content"]),
    )


def content_of(name: str) -> Any:
    return sample(name).content


def sample_with(name: str, **changes: Any) -> Certificate:
    certificate = sample(name)
    return replace(certificate, content=structs.replace(certificate.content, **changes))


def pages_of(content: Any) -> list[list[Block]]:
    return paged(LAYOUTS[type(content)](content, KIT))


def layout_alone(content: Any) -> bytes:
    """The layout alone: nothing around it, so that all ink is its own."""
    if isinstance(content, Juri) and content.fine:
        sheet = Sheet(juri_fine.WIDE, juri_fine.HIGH, "layout")
        certificate = replace(sample("juri-fine"), content=content)
        juri_fine.draw(sheet, certificate, content, KIT)
        sheet.turn()
        return sheet.pdf()
    sheet = Sheet(210, 297, "layout")
    for blocks in pages_of(content):
        y = TOP
        for block in blocks:
            block.draw(sheet, y)
            y += block.height
        sheet.turn()
    return sheet.pdf()


def read_pages(pdf: bytes) -> list[str]:
    """The text of each page in the order of drawing, without any space."""
    command = ["pdftotext", "-raw", "-", "-"]
    run = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return [re.sub(r"\s", "", page) for page in run.stdout.decode().split("\f")[:-1]]


def text_of(certificate: Certificate) -> str:
    return "".join(read_pages(PRESS.render(certificate)))


@dataclass(frozen=True)
class Box:
    """A word and where poppler saw it, in millimetres."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def read_boxes(pdf: bytes) -> list[Box]:
    command = ["pdftotext", "-bbox", "-", "-"]
    run = subprocess.run(command, input=pdf, capture_output=True, check=True)
    pattern = r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>'
    return [
        Box(found[4], *(float(each) / POINTS for each in found[:4]))
        for found in re.findall(pattern, run.stdout.decode())
    ]


def look(pdf: bytes, folder: Path, dpi: int = 100) -> list[Image.Image]:
    command = ["pdftoppm", "-r", str(dpi), "-", str(folder / "page")]
    subprocess.run(command, input=pdf, check=True, capture_output=True)
    images = []
    for path in sorted(folder.glob("page*.ppm")):
        with Image.open(path) as image:
            images.append(image.convert("L"))
    return images


def inked(image: Image.Image, left: float, top: float, right: float, bottom: float) -> bool:
    """Is there ink between these edges (millimetres of a picture of 100 dpi)?"""
    corners = tuple(round(each * 100 / 25.4) for each in (left, top, right, bottom))
    darkest = image.crop((corners[0], corners[1], corners[2], corners[3])).getextrema()[0]
    return isinstance(darkest, int | float) and darkest < 200


def brightness(image: Image.Image, place: tuple[int, int]) -> float:
    value = image.getpixel(place)
    assert isinstance(value, int | float)
    return value


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def in_order(text: str, *every: str) -> bool:
    """Whether all of it stands there, one after the other."""
    place = 0
    for each in every:
        place = text.find(each, place)
        if place < 0:
            return False
        place += len(each)
    return True
