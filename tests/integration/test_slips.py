"""Slips from data to a roll of paper: the codes are read from the dots, by two programs."""

import subprocess
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from statistics import median

import pytest
import zxingcpp
from PIL import Image
from pypdfium2 import PdfDocument

from devices.escpos import EscposPrinter
from devices.escpostalk import Patience, bands
from devices.faults import PaperOut
from kiosk.adapters.slips import SlipPrinter
from printing.bars import code128
from printing.codes import qr
from printing.letters.glyphs import find_fonts
from printing.raster import black, pages
from printing.slips.receipt import ReceiptPress
from printing.slips.roll import ROLL_58, ROLL_80, ROLLS, TM_T88V, Roll
from printing.slips.ticket import TicketPress
from tests.fakes.escpos_printer import FakeEscposPrinter
from tests.unit.test_printing_slips import ALL, FONTS, RECEIPT, TICKET

BRISK = Patience(line=2.0, answer=0.3, stall=2.0)
CODES = {
    "receipt": {RECEIPT.number, RECEIPT.status_url},
    "kept": {RECEIPT.number},
    "ticket": {TICKET.code, TICKET.url},
    "fees": {"https://kakanai.example.jp/fees"},
}


def _dots(pdf: bytes, roll: Roll) -> Image.Image:
    (page,) = pages(pdf, roll.dpi)
    return black(page, roll.dots)


def on_paper(dots: Image.Image, roll: Roll) -> Image.Image:
    """As the eye of a scanner sees it: the paper is wider than the head."""
    paper = Image.new("L", (roll.paper, dots.height), 255)
    paper.paste(dots, ((roll.paper - roll.dots) // 2, 0))
    return paper


def by_zbar(picture: Image.Image, folder: Path) -> set[str]:
    file = folder / "slip.png"
    picture.save(file)
    run = subprocess.run(
        ["zbarimg", "--quiet", "--raw", str(file)], capture_output=True, check=True, timeout=30
    )
    return set(run.stdout.decode().split())


@pytest.mark.parametrize("specimen", [False, True], ids=["real", "specimen"])
@pytest.mark.parametrize("roll", ROLLS.values(), ids=list(ROLLS))
@pytest.mark.parametrize("name", ALL)
def test_every_code_is_read_by_zbar_and_zxing(name, roll, specimen, tmp_path: Path) -> None:
    press, paper = ALL[name]
    slip = press(FONTS, roll).render(replace(paper, specimen=specimen))
    seen = on_paper(_dots(slip, roll), roll)
    assert {code.text for code in zxingcpp.read_barcodes(seen)} == CODES[name]
    assert by_zbar(seen, tmp_path) == CODES[name]


def test_a_long_code_that_stands_upright_is_read_too(tmp_path: Path) -> None:
    number = "HONCHO-MADOGUCHI-01-000042"
    slip = ReceiptPress(FONTS, ROLL_58).render(replace(RECEIPT, number=number, status_url=None))
    seen = on_paper(_dots(slip, ROLL_58), ROLL_58)
    assert {code.text for code in zxingcpp.read_barcodes(seen)} == {number}
    assert by_zbar(seen, tmp_path) == {number}


@pytest.mark.parametrize("roll", [ROLL_80, ROLL_58, TM_T88V])
def test_every_module_of_a_code_is_the_same_whole_number_of_dots(roll: Roll) -> None:
    dots = _dots(TicketPress(FONTS, roll).render(TICKET), roll).convert("L")
    rows = qr(TICKET.url)
    module = int(roll.qr_side / roll.dot) // len(rows)
    side = module * len(rows)
    left = (roll.paper - side) // 2 - (roll.paper - roll.dots) // 2
    drawn = Image.new("L", (side, side), 255)
    for y, row in enumerate(rows):
        for x, bit in enumerate(row):
            if bit == "1":
                drawn.paste(0, (x * module, y * module, (x + 1) * module, (y + 1) * module))
    tops = range(dots.height - side)
    assert any(
        dots.crop((left, y, left + side, y + side)).tobytes() == drawn.tobytes() for y in tops
    )


@pytest.mark.parametrize("roll", [ROLL_80, ROLL_58])
def test_every_bar_is_the_same_whole_number_of_dots(roll: Roll) -> None:
    dots = _dots(ReceiptPress(FONTS, roll).render(RECEIPT), roll).convert("L")
    bars = code128(RECEIPT.number)
    module = 3 if roll is ROLL_80 else 2
    line = b"".join(bytes((255 if bar == "0" else 0,)) * module for bar in bars)
    full = [y for y in range(dots.height) if line in dots.crop((0, y, roll.dots, y + 1)).tobytes()]
    assert len(full) == 88
    assert full[-1] - full[0] == 87


@pytest.mark.parametrize("roll", [ROLL_80, ROLL_58], ids=["80mm", "58mm"])
def test_a_slip_lies_on_the_roll_as_it_was_laid_out(roll: Roll, tmp_path: Path) -> None:
    slip = TicketPress(FONTS, roll).render(TICKET)
    with FakeEscposPrinter(roll.dots) as fake:
        head = EscposPrinter(fake.address, roll.dots, patience=BRISK)
        printer = SlipPrinter(head, roll.dots, roll.dpi)
        printer.check()
        printer.print(slip, "ticket-A128")
        printer.clear()
        (out,) = fake.roll.slips()
    laid = _dots(slip, roll)
    assert out.crop((0, 0, roll.dots, laid.height)).tobytes() == laid.tobytes()
    assert by_zbar(on_paper(out, roll), tmp_path) == CODES["ticket"]


def test_a_slip_that_ran_out_of_paper_is_never_found_on_the_new_roll(tmp_path: Path) -> None:
    press = ReceiptPress(FONTS)
    with FakeEscposPrinter(ROLL_80.dots) as fake:
        head = EscposPrinter(fake.address, ROLL_80.dots, patience=BRISK)
        printer = SlipPrinter(head, ROLL_80.dots, ROLL_80.dpi)
        fake.faults.rows_left = 500
        with pytest.raises(PaperOut):
            printer.print(press.render(RECEIPT), "first")
        fake.mend(rows_left=None)
        other = replace(RECEIPT, number="K01-000043", status_url=None)
        printer.print(press.render(other), "second")
        codes = [by_zbar(on_paper(one, ROLL_80), tmp_path) for one in fake.roll.slips()[1:]]
    assert codes == [{"K01-000043"}]


class _Burnt:
    """A head that keeps its pictures."""

    def __init__(self) -> None:
        self.pictures: list[Image.Image] = []

    def check(self) -> None: ...

    def clear(self) -> None: ...

    def print(self, picture: Image.Image, title: str) -> None:
        self.pictures.append(picture)


def test_two_pages_are_two_slips() -> None:
    document = PdfDocument.new()
    for name in ("ticket", "fees"):
        press, paper = ALL[name]
        with PdfDocument(press(FONTS).render(paper)) as one:
            document.import_pages(one)
    both = BytesIO()
    document.save(both)
    document.close()
    head = _Burnt()
    SlipPrinter(head, ROLL_80.dots, ROLL_80.dpi).print(both.getvalue(), "both")
    laid = [_dots(ALL[name][0](FONTS).render(ALL[name][1]), ROLL_80) for name in ("ticket", "fees")]
    assert [one.tobytes() for one in head.pictures] == [one.tobytes() for one in laid]


def test_a_ticket_is_bytes_in_time() -> None:
    press = TicketPress(find_fonts())
    taken = []
    for number in range(12):
        started = time.perf_counter()
        slip = press.render(replace(TICKET, number=f"A{100 + number}"))
        b"".join(bands(_dots(slip, ROLL_80)))
        taken.append((time.perf_counter() - started) * 1000)
    assert median(taken[2:]) <= 60
