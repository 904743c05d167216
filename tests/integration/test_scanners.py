"""Codes as they are really shown: on paper, on a phone, by a scanner on a port, in a file."""

import os
import random
import time
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageEnhance, ImageFilter
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from devices.faults import ScannerGone
from devices.scanners import serial
from devices.scanners.files import UnreadableFile, codes_in_file
from devices.scanners.frames import FrameWatch, codes_in
from devices.scanners.serial import SerialScanner

TEXT = "KKN2.ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 3
JAPANESE = "渡邉 花子 ABC123"


def qr(text: str = TEXT, side: int = 480) -> Image.Image:
    """A code on a page, as a camera of 1280 by 720 would see it."""
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    array = zxingcpp.write_barcode_to_image(made, scale=8)
    code = Image.fromarray(array).convert("L").resize((side, side), Image.Resampling.NEAREST)
    page = Image.new("L", (1280, 720), 235)
    page.paste(code, (400, 120))
    return page


def noisy(picture: Image.Image, amount: int) -> Image.Image:
    dice = random.Random(1)  # noqa: S311 (the same grain in every run)
    grain = bytes(dice.randrange(256) for _ in range(picture.width * picture.height))
    noise = Image.frombytes("L", picture.size, grain)
    return Image.blend(picture, noise, amount / 100)


@pytest.mark.parametrize(
    "seen",
    [
        lambda p: p,
        lambda p: p.filter(ImageFilter.GaussianBlur(2)),
        lambda p: p.rotate(30, fillcolor=235),
        lambda p: p.rotate(180),
        lambda p: ImageEnhance.Contrast(p).enhance(0.2),
        lambda p: noisy(p, 30),
        lambda p: p.resize((640, 360)),
        lambda p: p.convert("RGB"),
    ],
    ids=["clean", "blurred", "askew", "upside down", "pale", "noisy", "small", "colour"],
)
def test_a_code_is_read_as_people_hold_it(seen):
    assert codes_in(seen(qr())) == (TEXT,)


def test_a_black_code_on_nothing_is_read():
    code = qr().crop((400, 120, 880, 600))
    clear = Image.new("RGBA", code.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=code.point(lambda value: 255 if value < 128 else 0))
    assert codes_in(clear) == codes_in(clear.convert("LA")) == (TEXT,)


def test_a_picture_of_no_size_has_no_code():
    assert codes_in(Image.new("L", (0, 5))) == ()


def test_a_very_pale_code_is_rescued():
    pale = qr().point(lambda value: 120 + value * 18 // 255)
    assert codes_in(pale) == (TEXT,)


def test_japanese_comes_out_as_it_went_in():
    assert codes_in(qr(JAPANESE)) == (JAPANESE,)


def test_a_picture_without_a_code_has_none():
    assert codes_in(Image.new("L", (640, 480), 200)) == ()


def test_a_code_held_before_the_camera_is_told_once():
    watch, page, empty = FrameWatch(forgets_after=3), qr(), Image.new("L", (320, 240), 200)
    assert watch.new_in(page) == (TEXT,)
    assert [watch.new_in(page) for _ in range(5)] == [()] * 5
    assert [watch.new_in(empty) for _ in range(5)] == [()] * 5
    assert watch.new_in(page) == (TEXT,)


def test_a_picture_file_and_a_pdf_of_two_pages_are_read(tmp_path):
    picture, paper = tmp_path / "a.png", tmp_path / "a.pdf"
    qr().save(picture)
    qr().save(paper, save_all=True, append_images=[qr("second page of it")])
    assert codes_in_file(picture) == (TEXT,)
    assert codes_in_file(paper) == (TEXT, "second page of it")


def locked(file: Path) -> None:
    """The smallest PDF that says it is encrypted."""
    file.write_bytes(
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"3 0 obj<</Filter/Standard/V 1/R 2/P -4/O<" + b"00" * 32 + b">/U<" + b"11" * 32 + b">>>"
        b"endobj\ntrailer<</Root 1 0 R/Encrypt 3 0 R/ID[<00><00>]>>\n%%EOF\n"
    )


def encrypted(file: Path) -> None:
    """A PDF as an office makes it, with a password."""
    paper = Canvas(str(file), encrypt=StandardEncryption("secret", "owner", strength=128))
    paper.drawString(72, 72, "x")
    paper.save()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda f: f.write_bytes(b"just words"), "no-picture"),
        (lambda f: f.write_bytes(b""), "no-picture"),
        (lambda f: f.write_bytes(b"%PDF-1.7\nbroken"), "damaged"),
        (lambda f: f.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 50), "no-picture"),
        (lambda f: Image.new("1", (30_000, 30_000)).save(f, "PNG"), "too-large"),
        (lambda f: None, "cannot-be-read"),
        (lambda f: f.mkdir(), "cannot-be-read"),
        (locked, "locked"),
        (encrypted, "locked"),
        (
            lambda f: f.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
            "no-picture",
        ),
    ],
    ids=[
        "words",
        "empty",
        "broken pdf",
        "broken png",
        "bomb",
        "missing",
        "folder",
        "locked",
        "encrypted",
        "eps",
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, make, reason):
    file = tmp_path / "shown"
    make(file)
    with pytest.raises(UnreadableFile) as caught:
        codes_in_file(file)
    assert caught.value.reason == reason


def test_a_picture_cut_off_is_damaged(tmp_path):
    file = tmp_path / "a.png"
    qr().save(file)
    file.write_bytes(file.read_bytes()[:-300])
    with pytest.raises(UnreadableFile, match="damaged"):
        codes_in_file(file)


def test_a_pdf_with_too_many_pages_is_refused(tmp_path):
    file = tmp_path / "a.pdf"
    document = pypdfium2.PdfDocument.new()
    for _ in range(21):
        document.new_page(100, 100)
    document.save(file)
    document.close()
    with pytest.raises(UnreadableFile, match="too-large"):
        codes_in_file(file)


@pytest.fixture
def port():
    """Both ends of a port: ours to write to, the scanner's path."""
    ours, theirs = os.openpty()
    yield ours, os.ttyname(theirs)
    os.close(ours)
    os.close(theirs)


def scanned(scanner: SerialScanner, seconds: float = 1.0) -> str | None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (found := scanner.scan()) is not None:
            return found
        time.sleep(0.01)
    return None


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b""])
def test_a_serial_scanner_ends_a_code_its_own_way(port, end):
    ours, path = port
    scanner = SerialScanner(path)
    assert scanner.scan() is None
    os.write(ours, TEXT.encode() + end)
    assert scanned(scanner) == TEXT
    assert scanner.scan() is None
    scanner.close()


def test_two_codes_in_a_row_are_two(port):
    ours, path = port
    scanner = SerialScanner(path)
    scanner.scan()
    os.write(ours, b"one\r\ntwo\r\n")
    assert [scanned(scanner), scanned(scanner), scanned(scanner, 0.2)] == ["one", "two", None]
    scanner.close()


def test_japanese_is_understood_in_both_its_encodings(port):
    ours, path = port
    scanner = SerialScanner(path)
    scanner.scan()
    for encoding in ("utf-8", "cp932"):
        os.write(ours, "渡辺花子".encode(encoding) + b"\r")
        assert scanned(scanner) == "渡辺花子"
    scanner.close()


def test_a_line_without_end_is_dropped_and_the_next_is_read(port):
    ours, path = port
    scanner = SerialScanner(path)
    scanner.scan()
    sent = 0
    while sent < serial.LONGEST * 2:
        sent += os.write(ours, b"x" * 1024)
        scanner.scan()
    os.write(ours, b"\rgood\r")
    assert scanned(scanner) == "good"
    scanner.close()


def test_a_scanner_that_is_unplugged_is_told_and_comes_back(port, tmp_path):
    ours, path = port
    link = tmp_path / "ttyACM0"
    scanner = SerialScanner(str(link))
    with pytest.raises(ScannerGone):
        scanner.scan()
    link.symlink_to(path)
    assert scanner.scan() is None
    os.write(ours, b"back again\r")
    assert scanned(scanner) == "back again"
    scanner.close()


class HandClock:
    """Time moves when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def arrived(scanner: SerialScanner, count: int) -> None:
    """Wait until the bytes lie in the port; a pty needs a moment."""
    end = time.monotonic() + 2
    while scanner._port.in_waiting < count and time.monotonic() < end:
        time.sleep(0.005)


def test_an_empty_line_hides_no_code_from_the_next_look(port):
    ours, path = port
    scanner = SerialScanner(path)
    scanner.scan()
    os.write(ours, b"\none\r\n\r\ntwo\r\n")
    arrived(scanner, 14)
    assert [scanner.scan(), scanner.scan(), scanner.scan()] == ["one", "two", None]
    scanner.close()


@pytest.mark.parametrize("before", [b"A\r\n", b"\nA\r\n", b"A", b"A\r\nA", b"A\rA\r"], ids=repr)
def test_what_one_resident_showed_is_never_scanned_for_the_next(port, before):
    ours, path = port
    clock = HandClock()
    scanner = SerialScanner(path, clock)
    scanner.scan()
    os.write(ours, before)
    arrived(scanner, len(before))
    scanner.forget()
    for _ in range(5):
        clock.now += 0.25
        assert scanner.scan() is None
    os.write(ours, b"B\r\n")
    arrived(scanner, 3)
    assert scanner.scan() == "B"
    scanner.close()


def test_the_rest_of_a_forgotten_code_is_forgotten_too(port):
    ours, path = port
    clock = HandClock()
    scanner = SerialScanner(path, clock)
    scanner.scan()
    os.write(ours, b"first half, ")
    arrived(scanner, 12)
    scanner.forget()
    os.write(ours, b"second half\r\n")
    arrived(scanner, 13)
    clock.now += 0.25
    assert scanner.scan() is None
    os.write(ours, b"B\r\n")
    arrived(scanner, 3)
    assert scanner.scan() == "B"
    scanner.close()


def test_noise_without_end_does_not_take_the_next_code_with_it(port):
    ours, path = port
    clock = HandClock()
    scanner = SerialScanner(path, clock)
    scanner.scan()
    sent = 0
    while sent <= serial.LONGEST:
        fresh = os.write(ours, b"x" * 1024)
        arrived(scanner, fresh)
        sent += fresh
        assert scanner.scan() is None
    clock.now += 2
    os.write(ours, b"good\r")
    arrived(scanner, 5)
    assert scanner.scan() == "good"
    scanner.close()


def test_a_scanner_pulled_while_it_is_open_is_gone_at_every_look():
    ours, theirs = os.openpty()
    scanner = SerialScanner(os.ttyname(theirs))
    assert scanner.scan() is None
    os.close(theirs)
    os.close(ours)
    for _ in range(3):
        with pytest.raises(ScannerGone):
            scanner.scan()
