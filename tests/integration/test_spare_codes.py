"""The application on its slip is read back from the dots, tilted and blurred, by two programs."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image, ImageFilter

from devices.scanners.frames import codes_in
from forms.reseed import MARK, MOST, open_body, read, write
from forms.sealing import join
from printing.raster import black, pages
from printing.slips.receipt import NO_PHOTOS, SPARE, TOO_LONG, ReceiptPress
from printing.slips.roll import ROLLS, Roll
from tests.integration.test_slips import by_zbar, on_paper
from tests.unit.test_printing_slips import FONTS, RECEIPT, _texts

OFFICE = ec.derive_private_key(2026, ec.SECP256R1())
CITY = bytes(range(32))
DRAWN = random.Random(6)  # noqa: S311 (words that do not shrink)
SHORT, LONG = 40, 900
WAITING = replace(
    RECEIPT,
    number="K01-7QX-000042",
    fee=0,
    lines=(),
    waiting=True,
    status_url="https://kakanai.city.example.lg.jp/v1/receipts/AbCdEfGhIjKlMnOpQrStUv",
)


def body(characters: int) -> bytes:
    words = "".join(chr(0x4E00 + DRAWN.randrange(20000)) for _ in range(characters))
    return json.dumps({"B票": words}, ensure_ascii=False).encode()


def slip(said: bytes, roll: Roll) -> tuple[Image.Image, tuple[str, ...]]:
    """The paper as the head burns it."""
    codes = write(said, CITY, OFFICE.public_key(), bytes(12))
    pdf = ReceiptPress(FONTS, roll).render(replace(WAITING, spare=codes))
    (page,) = pages(pdf, roll.dpi)
    return on_paper(black(page, roll.dots), roll), codes


def restored(found: set[str]) -> bytes:
    spare = [read(text) for text in found if text.startswith(MARK)]
    return open_body(join(spare), CITY, [OFFICE])


@pytest.mark.parametrize("size", [SHORT, LONG], ids=["one symbol", "as many as a slip bears"])
@pytest.mark.parametrize("roll", ROLLS.values(), ids=list(ROLLS))
def test_the_codes_of_a_slip_are_read_by_two_programs(roll, size, tmp_path: Path) -> None:
    said = body(size)
    paper, codes = slip(said, roll)
    assert len(codes) == (1 if size == SHORT else MOST)
    for found in (set(codes_in(paper)), by_zbar(paper, tmp_path)):
        assert found >= {*codes, WAITING.number, WAITING.status_url}
        assert restored(found) == said


@pytest.mark.parametrize("roll", ROLLS.values(), ids=list(ROLLS))
def test_a_slip_that_was_photographed_askew_and_unsharp_still_holds_it(roll) -> None:
    said = body(300)
    paper, codes = slip(said, roll)
    for tilt, blur in ((4, 1.2), (-7, 1.0), (90, 1.5), (178, 0.8)):
        seen = paper.resize((paper.width * 2, paper.height * 2), Image.Resampling.BICUBIC)
        seen = seen.rotate(tilt, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
        seen = seen.filter(ImageFilter.GaussianBlur(blur * 2))
        seen = seen.point([90 + grey * 130 // 255 for grey in range(256)])
        found = set(codes_in(seen))
        assert found >= set(codes), (tilt, blur)
        assert restored(found) == said


@pytest.mark.parametrize("roll", ROLLS.values(), ids=list(ROLLS))
def test_every_module_is_three_dots_of_the_head_at_least(roll) -> None:
    paper, codes = slip(body(LONG), roll)
    modules = 97  # of the largest symbol there is, version 20
    assert max(map(len, codes)) <= 900
    assert int(min(50.0, roll.room) / roll.dot) // modules >= 3
    assert paper.height * roll.dot < 500  # millimetres, with four of them


def test_a_slip_says_what_its_spare_code_does_not_hold() -> None:
    press = ReceiptPress(FONTS)
    codes = write(body(SHORT), CITY, OFFICE.public_key(), bytes(12))
    (plain,) = _texts(press.render(replace(WAITING, spare=codes)))
    (photos,) = _texts(press.render(replace(WAITING, spare=codes, no_photos=True)))
    (long,) = _texts(press.render(replace(WAITING, no_spare=True)))
    (none,) = _texts(press.render(WAITING))
    assert SPARE in plain
    assert NO_PHOTOS not in plain
    assert NO_PHOTOS in photos
    assert TOO_LONG in long
    assert "予備" not in none
