"""Sample certificates as others see them: poppler's words, and its pixels at 200 dpi."""

import json
import re
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from printing.answers import certificate_from
from printing.certificates.press import CertificatePress
from printing.contents import Certificate
from printing.letters.glyphs import find_fonts

FONTS = find_fonts()
SAMPLES = Path(__file__).parents[1] / "data" / "papers"
ALL = sorted(path.stem for path in SAMPLES.glob("*.json"))
SEAL = "KKC1:" + "A1B2C3$%*+" * 21 + "ABCDEF"  # 221 letters, as many as the office ever sends
LONGEST_SEAL = "KKC1:" + "Z9Y8X7W6V5" * 29 + "ABCDE"
MM = 200 / 25.4  # dots of a picture at 200 dpi
LIGHT = 150  # darker than this is ink; screen, binding marks and specimens are lighter


def sample(name: str, **changes: Any) -> Certificate:
    """A paper as the office would answer it, sealed, with whatever is to be otherwise."""
    raw = json.loads((SAMPLES / f"{name}.json").read_text())
    return replace(certificate_from(raw), **{"seal": SEAL, **changes})


@cache
def press() -> CertificatePress:
    """One for all tests."""
    return CertificatePress(FONTS)


def read_pages(pdf: bytes) -> list[str]:
    """The words of each page in the order of drawing, without the gaps."""
    run = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return [re.sub(r"\s", "", page) for page in run.stdout.decode().split("\f")[:-1]]


def pictures(pdf: bytes, folder: Path, dpi: int = 200, page: str = "page") -> list[Path]:
    """Each page as a grey picture in a file."""
    command = ["pdftoppm", "-r", str(dpi), "-gray", "-", str(folder / page)]
    subprocess.run(command, input=pdf, check=True, capture_output=True)
    return sorted(folder.glob(f"{page}*.pgm"))


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of all that is dark."""
    box = picture.point([255] * LIGHT + [0] * (256 - LIGHT)).getbbox()
    assert box is not None
    return box


def box(*sides: float) -> tuple[int, int, int, int]:
    """Left, top, right and bottom in millimetres, as dots."""
    left, top, right, bottom = (round(side * MM) for side in sides)
    return left, top, right, bottom
