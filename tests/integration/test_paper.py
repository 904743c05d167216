"""Papers as others see them: poppler reads the words, zxing the codes, pixels the rest."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from msgspec import structs
from PIL import Image

from printing.certificates.press import CertificatePress
from printing.contents import Certificate, City, Juminhyo, Resident
from printing.faults import MissingGlyph
from printing.letters.glyphs import find_fonts
from printing.paper import Receipt
from printing.slips.receipt import ReceiptPress

FONTS = find_fonts()
ICHIRO = Resident(
    name="渡邉　一郎",
    kana="ワタナベ　イチロウ",
    birth="1989-01-07",
    sex="男",
    relationship="世帯主",
    became_resident="2019-05-01",
    domicile="かかない県書蒼市緑ケ丘四丁目10番地",
    head_of_domicile="渡邉　髙之",
)
WHOLE = "この写しは、世帯全員の住民票の原本と相違ないことを証明する。"
HOUSEHOLD = Juminhyo(
    kind="household",
    address="かかない県書蒼市緑ケ丘四丁目10番地　コーポみどり203",
    head="山﨑　塚～〜－−",
    residents=(ICHIRO,),
)
CERTIFICATE = Certificate(
    number="20251121-000123",
    issued=date(2025, 11, 21),
    city=City(code="000000", name="書蒼市", mayor_title="書蒼市長　青山　葵"),
    content=HOUSEHOLD,
)
RECEIPT = Receipt(
    number="A-0042",
    city="書蒼市",
    office_name="市民課",
    at=datetime(2025, 11, 21, 14, 5),  # noqa: DTZ001 - the paper shows the office's wall clock
    procedure="住民票の写しの交付",
    fee=1300,
    lines=(("住民票の写し　1通", "300円"),),
    waiting=False,
    status_url="https://kakanai.example.jp/status/7Q2M9KD4",
    how_to_ask="市民課（1番窓口）へ。\n受付番号をお伝えください。",
    specimen=False,
)


def _certificate(certificate: Certificate = CERTIFICATE) -> bytes:
    return CertificatePress(FONTS).render(certificate)


def _of(*residents: Resident, **more: Any) -> Certificate:
    content = structs.replace(HOUSEHOLD, residents=residents, **more)
    return replace(CERTIFICATE, content=content)


def _receipt(receipt: Receipt = RECEIPT) -> bytes:
    return ReceiptPress(FONTS).render(receipt)


def _pages(pdf: bytes) -> list[str]:
    """The text of each page in the order of drawing."""
    run = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return run.stdout.decode().split("\f")[:-1]


def _images(pdf: bytes, folder: Path, dpi: int = 200) -> list[Image.Image]:
    command = ["pdftoppm", "-r", str(dpi), "-", str(folder / "page")]
    subprocess.run(command, input=pdf, check=True, capture_output=True)
    images = []
    for path in sorted(folder.glob("page*.ppm")):
        with Image.open(path) as image:
            images.append(image.convert("RGB"))
    return images


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _outside(image: Image.Image, left: float, right: float) -> bool:
    """Is there ink outside these edges (parts of the width)?"""
    wide, tall = image.size
    margins = (0, 0, int(wide * left), tall), (int(wide * right), 0, wide, tall)
    darkest = [image.crop(margin).convert("L").getextrema()[0] for margin in margins]
    return any(isinstance(value, int | float) and value < 150 for value in darkest)


def test_every_word_of_a_certificate_reads_back_equal() -> None:
    text = _squeezed(_pages(_certificate(replace(CERTIFICATE, notes=("更正なし",))))[0])
    for words in (
        "住民票（世帯全員）",
        "住所" + _squeezed(HOUSEHOLD.address),
        "世帯主山﨑塚～〜－−",
        "氏名ワタナベイチロウ渡邉一郎",
        "生年月日昭和64年1月7日",
        "性別男",
        "続柄世帯主",
        "住民となった年月日令和元年5月1日",
        "本籍かかない県書蒼市緑ケ丘四丁目10番地",
        "筆頭者渡邉髙之",
        "備考更正なし",
        WHOLE + "令和7年11月21日",
        "書蒼市長之印",
        "書蒼市長青山葵",
        "発行番号20251121-000123",
        "1／1ページ",
    ):
        assert words in text


def test_what_was_not_asked_for_is_not_on_the_paper() -> None:
    bare = structs.replace(
        ICHIRO,
        relationship=None,
        domicile=None,
        head_of_domicile=None,
        became_resident=None,
        sex="2",
    )
    text = _squeezed(_pages(_certificate(_of(bare, head=None)))[0])
    assert "本籍" not in text
    assert "筆頭者" not in text
    assert "続柄省略" in text
    assert "世帯主省略" in text
    assert "住民となった年月日記載なし" in text
    assert "性別女" in text


def test_more_than_four_residents_go_on_and_only_the_last_page_attests() -> None:
    pages = _pages(_certificate(_of(*(ICHIRO,) * 9)))
    assert [page.count("筆頭者") for page in pages] == [5, 4]
    assert [WHOLE in page for page in pages] == [False, True]
    assert [f"{n}／2ページ" in page for n, page in enumerate(pages, 1)] == [True] * 2
    assert all(CERTIFICATE.number in page for page in pages)


def test_notes_that_find_no_room_go_on_on_the_next_page() -> None:
    notes = ("備えの文を長く書く。" * 24,)
    pages = _pages(_certificate(replace(_of(*(ICHIRO,) * 4), notes=notes)))
    assert len(pages) == 2
    first, second = (_squeezed(page).count("備えの文を長く書く。") for page in pages)
    assert first
    assert second
    assert sum(_squeezed(page).count("備え") for page in pages) == 24


def test_a_specimen_says_so_on_every_page_and_a_real_paper_nowhere(tmp_path: Path) -> None:
    many = _of(*(ICHIRO,) * 5)
    specimen = _certificate(replace(many, specimen=True))
    assert all({"見", "本"} <= set(page.split()) for page in _pages(specimen))
    assert not any("見" in page for page in _pages(_certificate(many)))
    for image in _images(specimen, tmp_path, 50):
        red = sum(
            number
            for number, colour in image.getcolors(1 << 24) or ()
            if isinstance(colour, tuple) and colour[0] > 245 and colour[1] < 215
        )
        assert red > image.width * image.height * 0.03


def test_a_specimen_slip_says_so() -> None:
    assert {"見", "本"} <= set(_pages(_receipt(replace(RECEIPT, specimen=True)))[0].split())
    assert "見本" not in _squeezed(_pages(_receipt())[0])


@pytest.mark.parametrize("specimen", [True, False])
def test_the_number_is_read_from_the_bars_of_every_page(tmp_path: Path, specimen: bool) -> None:  # noqa: FBT001
    rows = (ICHIRO,) * 5
    pdf = _certificate(replace(_of(*rows), specimen=specimen))
    for page, image in enumerate(_images(pdf, tmp_path), 1):
        (code,) = zxingcpp.read_barcodes(image)
        assert code.text == f"{CERTIFICATE.number}-{page}"


@pytest.mark.parametrize("specimen", [True, False])
def test_both_codes_of_a_slip_are_read(tmp_path: Path, specimen: bool) -> None:  # noqa: FBT001
    image = _images(_receipt(replace(RECEIPT, specimen=specimen)), tmp_path)[0]
    codes = {code.text for code in zxingcpp.read_barcodes(image)}
    assert codes == {RECEIPT.number, RECEIPT.status_url}


def test_every_word_of_a_slip_reads_back_equal() -> None:
    text = _squeezed(_pages(_receipt())[0])
    for words in (
        "書蒼市市民課",
        "受け付けました",
        "住民票の写しの交付",
        "受付番号A-0042",
        "令和7年11月21日（金）14:05",
        "住民票の写し1通300円",
        "お支払い済み1,300円",
        "https://kakanai.example.jp/status/7Q2M9KD4",
        "市民課（1番窓口）へ。受付番号をお伝えください。",
    ):
        assert words in text


def test_a_waiting_slip_says_that_the_office_has_not_got_it_yet() -> None:
    text = _pages(_receipt(replace(RECEIPT, waiting=True, status_url=None)))[0]
    assert "お預かりしました(送信待ち)" in text
    assert "受け付けました" not in text
    assert "いまの状況" not in text


def test_a_slip_is_as_long_as_it_needs_to_be(tmp_path: Path) -> None:
    short = _images(_receipt(replace(RECEIPT, status_url=None)), tmp_path, 100)[0]
    long = _images(_receipt(replace(RECEIPT, lines=RECEIPT.lines * 9)), tmp_path, 100)[0]
    assert short.width == long.width == 315
    assert short.height < long.height


@pytest.mark.parametrize(
    "name",
    [
        "NGUYEN THI MINH CHAU CHRISTINA MARIA FERNANDEZ DE LA CRUZ",
        "髙" * 60,
        "W" * 200,
    ],
)
def test_a_long_name_is_whole_and_stays_within_its_table(tmp_path: Path, name: str) -> None:
    long = structs.replace(
        ICHIRO, name=name, kana="ア" * 60, domicile=name, head_of_domicile=name, relationship=name
    )
    pdf = _certificate(
        replace(
            _of(*(long,) * 4, address=name, head=name),
            city=structs.replace(CERTIFICATE.city, mayor_title=name),
        )
    )
    pages = _pages(pdf)
    told = sum(_squeezed(page).count(_squeezed(name)) for page in pages)
    again = sum(page.count("氏名") for page in pages) - 4  # who goes on on a page is named on it
    assert told == 4 * 4 + 2 * len(pages) + again + 1  # address and head stand on every page
    for image in _images(pdf, tmp_path, 100):
        words = image.crop((image.width // 15, 0, image.width, image.height))  # beside the 契印
        assert not _outside(words, 0.03, 0.905)


def test_long_words_stay_within_the_slip(tmp_path: Path) -> None:
    long = "長い手続の名前" * 12
    slip = replace(
        RECEIPT, office_name=long, procedure=long, lines=((long, "1" * 60),), how_to_ask=long
    )
    assert not _outside(_images(_receipt(slip), tmp_path)[0], 0.05, 0.95)


@pytest.mark.parametrize(
    "name", ["\U000323af田", "渡邉\U000e0101", "鱻\ue000", "鱻\u3099", "改\n行\x07"]
)
def test_a_missing_glyph_refuses_before_anything_is_drawn(name: str) -> None:
    with pytest.raises(MissingGlyph):
        _certificate(_of(ICHIRO, structs.replace(ICHIRO, name=name)))
    with pytest.raises(MissingGlyph):
        _receipt(replace(RECEIPT, procedure=name))


_AGAIN = """
import hashlib, sys
sys.path[:0] = ["tests/integration"]
import test_paper as paper
print(hashlib.sha256(paper._certificate() + paper._receipt()).hexdigest())
"""


def test_the_same_data_gives_the_same_bytes_in_any_process() -> None:
    assert _certificate() == _certificate()
    assert _receipt() == _receipt()
    root = Path(__file__).parents[2]
    told = {
        subprocess.run(
            [sys.executable, "-c", _AGAIN],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root), "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
