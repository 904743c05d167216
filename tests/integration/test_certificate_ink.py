"""The ink of certificates: margins, codes for two readers, seals in true size, the screen."""

import base64
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from msgspec import structs
from PIL import Image, ImageFilter, ImageStat

from printing.certificates.letterhead import letterhead
from printing.certificates.press import CertificatePress
from printing.faults import BadImpression
from tests.fakes.certificates import (
    ALL,
    FONTS,
    LIGHT,
    LONGEST_SEAL,
    MM,
    SEAL,
    box,
    ink,
    pictures,
    press,
    read_pages,
    sample,
)


@pytest.mark.parametrize("name", ALL)
def test_no_ink_stands_outside_the_margins(name: str, tmp_path: Path) -> None:
    for path in pictures(press().render(sample(name)), tmp_path):
        with Image.open(path) as page:
            left, top, right, bottom = ink(page)
            edge = 4.0 * MM  # what most printers leave white
            assert left >= edge
            assert top >= edge
            assert right <= page.width - edge
            assert bottom <= page.height - edge
            if page.height > page.width:  # the binding code stands left of the words
                words_alone = page.crop((round(14 * MM), 0, page.width, page.height))
                assert ink(words_alone)[0] >= round(5.9 * MM)
                assert right <= 190.6 * MM


@pytest.mark.parametrize("name", ALL)
def test_two_readers_read_both_codes_of_every_page(name: str, tmp_path: Path) -> None:
    certificate = sample(name)
    pages = pictures(press().render(certificate), tmp_path)
    for number, path in enumerate(pages, 1):
        bars = certificate.number if len(pages) == 1 else f"{certificate.number}-{number}"
        with Image.open(path) as page:
            assert {code.text for code in zxingcpp.read_barcodes(page)} == {bars, SEAL}
        run = subprocess.run(
            ["zbarimg", "-q", "--raw", str(path)], capture_output=True, text=True, check=False
        )
        assert set(run.stdout.splitlines()) == {bars, SEAL}


@pytest.mark.parametrize("name", ["inkan", "juri-fine", "juminhyo-household"])
def test_the_longest_code_is_read_by_both_too(name: str, tmp_path: Path) -> None:
    certificate = sample(name, seal=LONGEST_SEAL, specimen=True)
    (path,) = pictures(press().render(certificate), tmp_path)
    with Image.open(path) as page:
        found = {code.text for code in zxingcpp.read_barcodes(page)}
    assert found == {certificate.number, LONGEST_SEAL}
    run = subprocess.run(
        ["zbarimg", "-q", "--raw", str(path)], capture_output=True, text=True, check=False
    )
    assert set(run.stdout.splitlines()) == found


def test_an_impression_is_printed_in_its_true_size(tmp_path: Path) -> None:
    told = sample("inkan")
    content: Any = structs.replace(told.content, side=20.0)
    for side, certificate in ((15.0, told), (20.0, replace(told, content=content))):
        (path,) = pictures(press().render(certificate), tmp_path, page=f"side{side}")
        with Image.open(path) as page:
            left, top, right, bottom = ink(page.crop(box(56, 44, 188, 92)))
        drawn = side * (360 - 8) / 360  # the sample has a white edge of four of its 360 dots
        assert (right - left) / MM == pytest.approx(drawn, abs=0.3)
        assert (bottom - top) / MM == pytest.approx(drawn, abs=0.3)


def _png(size: tuple[int, int] = (100, 100), ink: int = 0, mode: str = "L") -> bytes:
    picture = Image.new(mode, size, "white")
    picture.paste(ink, (10, 10, size[0] - 10, size[1] - 10))
    held = BytesIO()
    picture.save(held, "PNG")
    return held.getvalue()


def _gif() -> bytes:
    held = BytesIO()
    Image.new("L", (50, 50)).save(held, "GIF")
    return held.getvalue()


@pytest.mark.parametrize(
    ("file", "side"),
    [
        (b"", 15.0),
        (b"no picture", 15.0),
        (_png()[:80], 15.0),
        (_png()[:40] + b"\xff" * 40, 15.0),
        (_gif(), 15.0),
        (_png(ink=255), 15.0),
        (_png(size=(4000, 30)), 15.0),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 500_000, 15.0),
        (_png(), 7.9),
        (_png(), 25.1),
        (_png(), float("nan")),
        (_png(), -15.0),
    ],
)
def test_what_is_no_impression_is_refused_with_a_reason(file: bytes, side: float) -> None:
    told = sample("inkan")
    sent = base64.b64encode(file).decode()
    content: Any = structs.replace(told.content, impression=sent, side=side)
    with pytest.raises(BadImpression) as refusal:
        press().render(replace(told, content=content))
    assert refusal.value.reason


@pytest.mark.parametrize("sent", ["%%%", "あ", "iVBORw0KGgo=\n", "A"])
def test_what_is_no_base64_is_refused_too(sent: str) -> None:
    told = sample("inkan")
    content: Any = structs.replace(told.content, impression=sent)
    with pytest.raises(BadImpression, match="base64"):
        press().render(replace(told, content=content))


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "P"])
def test_an_impression_of_every_kind_of_png_has_its_ink(mode: str) -> None:
    held = BytesIO()
    Image.new("L", (90, 90), 0).convert(mode).save(held, "PNG")
    told = sample("inkan")
    sent = base64.b64encode(held.getvalue()).decode()
    content: Any = structs.replace(told.content, impression=sent)
    assert press().render(replace(told, content=content))


def test_a_city_has_its_own_words_margins_and_seal(tmp_path: Path) -> None:
    (tmp_path / "seal.png").write_bytes(_png(size=(400, 400)))
    file = tmp_path / "city.yaml"
    file.write_text(
        "margins: {left: 26, top: 20}\nseal: {picture: seal.png, side: 20}\n"
        "papers: {inkan: {attestation: '登録されている印影に相違ありません。', "
        "signer: '{city}市民課長　戸籍　司'}}\n"
    )
    pdf = CertificatePress(FONTS, letterhead(file)).render(sample("inkan"))
    (text,) = read_pages(pdf)
    assert "登録されている印影に相違ありません。" in text
    assert "書蒼市市民課長戸籍司" in text
    assert "之印" not in text
    (path,) = pictures(pdf, tmp_path)
    (ours,) = pictures(press().render(sample("inkan")), tmp_path, page="ours")
    with Image.open(path) as page, Image.open(ours) as plain:
        upper = (0, 0, page.width, round(200 * MM))
        assert (ink(page.crop(upper))[0] - ink(plain.crop(upper))[0]) / MM == pytest.approx(
            6, abs=0.2
        )
        assert (ink(page)[1] - ink(plain)[1]) / MM == pytest.approx(3, abs=0.2)
        inked = page.crop(box(176, 244, 196, 264)).point([1] * LIGHT + [0] * (256 - LIGHT))
        assert ImageStat.Stat(inked).mean[0] > 0.6  # a black square comes out as a full one
    specimen = CertificatePress(FONTS, letterhead(file)).render(sample("inkan", specimen=True))
    assert b"impression" in pdf
    assert specimen.count(b"/FormXob.impression") < pdf.count(b"/FormXob.impression")


def test_a_copier_brings_the_hidden_words_out(tmp_path: Path) -> None:
    """Between the word and what is around it: nothing to an eye, plain on the copy."""
    (path,) = pictures(press().render(sample("nozei-paid")), tmp_path, dpi=600)
    with Image.open(path) as page:
        original = page.crop((1850, 3000, 3550, 3600))  # one tile, far from all words
    mask = _word_mask(original)
    outside = mask.point([255, *[0] * 255])
    seen = original.filter(ImageFilter.GaussianBlur(600 / 25.4 * 0.4))  # an eye at arm's length
    scanned = original.filter(ImageFilter.GaussianBlur(600 / 25.4 * 0.1)).resize(
        (original.width // 3, original.height // 3), Image.Resampling.BOX
    )
    white = ImageStat.Stat(scanned).median[0] - 4  # a copier takes the paper's tint away
    table = [0 if grey < white else 255 for grey in range(256)]
    copied = scanned.point(table).resize(original.size, Image.Resampling.NEAREST)
    to_the_eye = _between(seen, mask, outside)
    on_the_copy = _between(copied, mask, outside)
    assert to_the_eye < 1.5
    assert on_the_copy > 25 * to_the_eye


def _between(picture: Image.Image, inside: Image.Image, outside: Image.Image) -> float:
    means = [ImageStat.Stat(picture, mask).mean[0] for mask in (inside, outside)]
    return abs(means[0] - means[1])


def _word_mask(original: Image.Image) -> Image.Image:
    """Where the coarse dots are: what is left of the ink when fine dots are eaten away."""
    ink = original.point([255] * 225 + [0] * 31)
    coarse = ink.filter(ImageFilter.MinFilter(3)).filter(ImageFilter.MaxFilter(25))
    solid = coarse.filter(ImageFilter.MinFilter(13))
    share = ImageStat.Stat(solid).mean[0] / 255
    assert 0.05 < share < 0.6
    return solid
