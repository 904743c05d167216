"""Codes in frames: whatever the camera does to them, and each told once."""

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageEnhance, ImageFilter

from devices.scanners.frames import FrameWatch, codes_in

TEXT = "KKN2.ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGHIJKLMNOPQRS"
EMPTY = Image.new("L", (64, 64), 200)


def code(text: str, scale: int = 8) -> Image.Image:
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    return Image.fromarray(zxingcpp.write_barcode_to_image(made, scale=scale)).convert("L")


def frame(text: str = TEXT) -> Image.Image:
    page = Image.new("L", (1280, 720), 235)
    page.paste(code(text), (440, 160))
    return page


def grainy(picture: Image.Image, sigma: float) -> Image.Image:
    return ImageChops.add(picture, Image.effect_noise(picture.size, sigma), 1, -128)


def moved(picture: Image.Image, pixels: int) -> Image.Image:
    """As a hand that moves while the shutter is open."""
    smear = picture
    for step in range(1, pixels):
        smear = Image.blend(smear, ImageChops.offset(picture, step, 0), 1 / (step + 1))
    return smear


def faint(picture: Image.Image, contrast: float) -> Image.Image:
    return ImageEnhance.Contrast(picture).enhance(contrast)


def tilted(picture: Image.Image) -> Image.Image:
    return picture.rotate(30, Image.Resampling.BICUBIC, fillcolor=235)


# The conditions of paper.md section 6 under which zxing was measured to read 55 bytes.
@pytest.mark.parametrize(
    "seen",
    [
        lambda p: p.filter(ImageFilter.GaussianBlur(4)),
        lambda p: moved(p, 9),
        lambda p: grainy(p, 40),
        lambda p: faint(p, 0.2),
        lambda p: faint(p, 0.08),
        lambda p: grainy(faint(p, 0.08), 4),
        lambda p: grainy(faint(tilted(p).filter(ImageFilter.GaussianBlur(1)), 0.4), 8),
    ],
    ids=["blur", "motion", "noise", "pale", "very pale", "very pale and noisy", "all at once"],
)
def test_what_was_measured_to_be_readable_is_read(seen):
    assert codes_in(seen(frame())) == (TEXT,)


def test_several_symbols_of_one_frame_all_come_out():
    page = Image.new("L", (1280, 720), 235)
    for place, text in enumerate(("KKN2.ONE", "KKN2.TWO", "KKN2.THREE")):
        page.paste(code(text, 6), (40 + place * 420, 200))
    assert set(codes_in(page)) == {"KKN2.ONE", "KKN2.TWO", "KKN2.THREE"}


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"]),
    st.integers(1, 40),
    st.integers(1, 40),
    st.binary(min_size=1, max_size=64),
)
def test_no_picture_breaks_it(mode, width, height, grain):
    size = len(Image.new(mode, (width, height)).tobytes())
    picture = Image.frombytes(mode, (width, height), (grain * size)[:size])
    assert all(isinstance(text, str) for text in codes_in(picture))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(st.sampled_from("ABC")), max_size=25), st.integers(1, 4))
def test_a_code_is_told_again_only_when_it_was_gone_for_long_enough(shown, patience):
    pictures = {names: _page(names) for names in map(frozenset, shown)}
    watch, gone = FrameWatch(forgets_after=patience), dict.fromkeys("ABC", patience + 1)
    for names in shown:
        told = watch.new_in(pictures[frozenset(names)])
        assert sorted(told) == sorted(n for n in names if gone[n] > patience)
        gone = {n: 0 if n in names else gone[n] + 1 for n in gone}


def _page(names: frozenset[str]) -> Image.Image:
    page = Image.new("L", (420, 140), 255)
    for place, name in enumerate("ABC"):
        if name in names:
            page.paste(code(name, 4), (10 + place * 135, 10))
    return page


def test_a_watch_of_empty_frames_tells_nothing():
    watch = FrameWatch()
    assert [watch.new_in(EMPTY) for _ in range(3)] == [()] * 3
