"""A dense code whose modules look like a bar code of another kind, too: nobody sees two."""

import base64
import random
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from devices.scanners.frames import codes_in
from printing.codepictures import picture
from printing.codes import qr
from printing.readback import codes

_BEFORE = 771  # so many texts of this generator before the one that is told twice


@pytest.fixture(scope="module")
def text() -> str:
    chance = random.Random(7)  # noqa: S311 (a test that is the same each time)
    for _ in range(_BEFORE):
        chance.randbytes(400)
    return "KKN2.1.1.ABCDEFGH." + base64.b32encode(chance.randbytes(400)).decode().rstrip("=")


@pytest.fixture(scope="module")
def dense(text: str) -> Image.Image:
    made = picture(qr(text), 3)
    assert len(zxingcpp.read_barcodes(made)) == 2, "no noise in it any more: look for another"
    return made


def test_a_scanner_tells_one_code(dense: Image.Image, text: str) -> None:
    assert codes_in(dense) == (text,)


def test_a_sheet_is_not_destroyed_for_what_was_never_on_it(dense: Image.Image, text: str) -> None:
    page = BytesIO()
    dense.save(page, "PDF", resolution=200)
    assert list(codes(page.getvalue())) == [{text}]
