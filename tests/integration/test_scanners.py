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


def scroll(file):
    document = pypdfium2.PdfDocument.new()
    document.new_page(9, 30_000)
    document.save(file)
    document.close()


def begun_nowhere(file):
    """Its lines begin at a fraction of a byte."""
    Image.new("L", (64, 64)).save(file, "TIFF")
    file.write_bytes(file.read_bytes().replace(b"\x11\x01\x04\0", b"\x11\x01\x0b\0"))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda f: f.write_bytes(b"just words"), "no-picture"),
        (lambda f: f.write_bytes(b""), "no-picture"),
        (lambda f: f.write_bytes(b"%PDF-1.7\nbroken"), "damaged"),
        (lambda f: f.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 50), "no-picture"),
        (lambda f: Image.new("1", (30_000, 30_000)).save(f, "PNG"), "too-large"),
        (lambda f: Image.new("1", (70_000, 9)).save(f, "PNG"), "too-large"),
        (scroll, "too-large"),
        (begun_nowhere, "damaged"),
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
        "ribbon",
        "scroll",
        "begun nowhere",
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


class HandClock:
    """Time moves when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Plugged:
    """A scanner that looks at its port; we are what is plugged in there."""

    def __init__(self, ours: int, scanner: SerialScanner) -> None:
        self._ours, self._scanner = ours, scanner
        self.scan, self.forget = scanner.scan, scanner.forget
        assert self.scan() is None

    def sends(self, raw: bytes) -> int:
        """What fits of it lies in the port afterwards; a pty needs a moment."""
        count = os.write(self._ours, raw)
        end = time.monotonic() + 2
        while self._scanner._port.in_waiting < count and time.monotonic() < end:
            time.sleep(0.005)
        return count

    def scanned(self, seconds: float = 1.0) -> str | None:
        """What a look finds before so many seconds are over."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if (found := self.scan()) is not None:
                return found
            time.sleep(0.01)
        return None

    def scans_next(self, text: str) -> None:
        """Another code comes, and is read whole at the next look."""
        self.sends(f"{text}\r\n".encode())
        assert self.scan() == text


@pytest.fixture
def plugged(port):
    ours, path = port
    scanner = SerialScanner(path)
    yield Plugged(ours, scanner)
    scanner.close()


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def timed(port, clock):
    """The same, where time moves by hand."""
    ours, path = port
    scanner = SerialScanner(path, clock)
    yield Plugged(ours, scanner)
    scanner.close()


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b""])
def test_a_serial_scanner_ends_a_code_its_own_way(plugged, end):
    plugged.sends(TEXT.encode() + end)
    assert plugged.scanned() == TEXT
    assert plugged.scan() is None


def test_two_codes_in_a_row_are_two(plugged):
    plugged.sends(b"one\r\ntwo\r\n")
    found = [plugged.scanned(), plugged.scanned(), plugged.scanned(0.2)]
    assert found == ["one", "two", None]


def test_japanese_is_understood_in_both_its_encodings(plugged):
    for encoding in ("utf-8", "cp932"):
        plugged.sends("渡辺花子".encode(encoding) + b"\r")
        assert plugged.scanned() == "渡辺花子"


def test_a_line_without_end_is_dropped_and_the_next_is_read(plugged):
    sent = 0
    while sent < serial.LONGEST * 2:
        sent += plugged.sends(b"x" * 1024)
        plugged.scan()
    plugged.sends(b"\rgood\r")
    assert plugged.scanned() == "good"


def test_a_scanner_that_is_unplugged_is_told_and_comes_back(port, tmp_path):
    ours, path = port
    link = tmp_path / "ttyACM0"
    scanner = SerialScanner(str(link))
    with pytest.raises(ScannerGone):
        scanner.scan()
    link.symlink_to(path)
    plugged = Plugged(ours, scanner)
    plugged.sends(b"back again\r")
    assert plugged.scanned() == "back again"
    scanner.close()


def test_an_empty_line_hides_no_code_from_the_next_look(plugged):
    plugged.sends(b"\none\r\n\r\ntwo\r\n")
    assert [plugged.scan(), plugged.scan(), plugged.scan()] == ["one", "two", None]


@pytest.mark.parametrize("before", [b"A\r\n", b"\nA\r\n", b"A", b"A\r\nA", b"A\rA\r"], ids=repr)
def test_what_one_resident_showed_is_never_scanned_for_the_next(timed, clock, before):
    timed.sends(before)
    timed.forget()
    for _ in range(5):
        clock.now += 0.25
        assert timed.scan() is None
    timed.scans_next("B")


def test_the_rest_of_a_forgotten_code_is_forgotten_too(timed, clock):
    timed.sends(b"first half, ")
    timed.forget()
    timed.sends(b"second half\r\n")
    clock.now += 0.25
    assert timed.scan() is None
    timed.scans_next("B")


def test_noise_without_end_does_not_take_the_next_code_with_it(timed, clock):
    sent = 0
    while sent <= serial.LONGEST:
        sent += timed.sends(b"x" * 1024)
        assert timed.scan() is None
    clock.now += 2
    timed.scans_next("good")


def test_a_scanner_pulled_while_it_is_open_is_gone_at_every_look():
    ours, theirs = os.openpty()
    scanner = SerialScanner(os.ttyname(theirs))
    assert scanner.scan() is None
    os.close(theirs)
    os.close(ours)
    for _ in range(3):
        with pytest.raises(ScannerGone):
            scanner.scan()
