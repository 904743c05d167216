"""The whole journey as a stranger would run it: the program as a process, with a real office."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from kiosk.tour.orders import ORDERS

ROOT = Path(__file__).parents[2]
COUNTER_PAGES = 22
CLASS_PAGES = 3
KIOSK_PAGES = 12
SLIPS_FOR = ("住民票の写し", "罹災証明", "同意の取り消し")


@pytest.fixture(scope="module")
def tour(tmp_path_factory):
    out = tmp_path_factory.mktemp("tour")
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "demo", "--tour", "--out", str(out)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return out


def text_of(pdf: Path) -> str:
    """The words of a paper; how they stand in lines is not asked here."""
    read = subprocess.run(
        ["pdftotext", "-raw", str(pdf), "-"], capture_output=True, text=True, check=True, timeout=30
    )
    return "".join(read.stdout.split())


@pytest.mark.parametrize("layout", ["portrait", "landscape"])
@pytest.mark.parametrize("language", ["ja", "ja_easy", "en"])
def test_the_tour_shows_the_kiosk_in_each_layout_and_language(tour, layout, language):
    assert len(list((tour / f"kiosk-{layout}" / language).glob("*.png"))) >= KIOSK_PAGES


def test_the_tour_shows_counter_and_class(tour):
    assert len(list((tour / "counter").glob("*.png"))) >= COUNTER_PAGES
    assert len(list((tour / "class").glob("*.png"))) >= CLASS_PAGES


def test_the_index_shows_every_picture_and_paper(tour):
    index = (tour / "index.html").read_text("utf-8")
    for file in [*tour.rglob("*.png"), *tour.rglob("*.pdf")]:
        assert str(file.relative_to(tour)) in index


def test_the_certificate_reads_back(tour):
    words = text_of(next((tour / "papers").glob("R*.pdf")))
    assert "渡邉" in words
    assert "住民票" in words
    assert "見本" not in words


def test_the_receipt_of_an_outage_says_so(tour):
    slips = [text_of(file) for file in (tour / "papers").glob("receipt-K*.pdf")]
    assert sum("送信待ち" in slip for slip in slips) == 1
    assert all(any(each in slip for each in SLIPS_FOR) for slip in slips)


def test_every_paper_of_the_class_is_a_specimen(tour):
    papers = list((tour / "papers").glob("class-*.pdf"))
    assert papers
    assert all("見本" in text_of(paper) for paper in papers)


SLIPS = ("receipt", "receipt-waiting", "ticket", "fees", "daily")
FILES = [file for each in ORDERS for file in (
    (f"{each.file}-1", f"{each.file}-2") if each.file == "shotoku" else (each.file,)
)]  # fmt: skip


@pytest.mark.parametrize("file", [*FILES, *SLIPS])
def test_the_tour_shows_each_kind_of_paper_as_a_specimen_and_as_a_picture(tour, file):
    paper = tour / "papers" / f"{file}.pdf"
    assert "見本" in text_of(paper)
    pictures = sorted((tour / "papers").glob(f"{file}-[0-9].png"))
    info = subprocess.run(["pdfinfo", str(paper)], capture_output=True, text=True, check=True)
    assert f"Pages: {len(pictures)}" in " ".join(info.stdout.split())
    with Image.open(pictures[0]) as picture:
        dark = picture.convert("L").histogram()[:64]
    assert sum(dark) > 500, "there is ink on it"
    index = (tour / "index.html").read_text("utf-8")
    assert f'<a href="papers/{file}.pdf">PDF</a>' in index


def test_the_index_says_what_each_paper_is(tour):
    index = (tour / "index.html").read_text("utf-8")
    for name in (*(order.title for order in ORDERS), "預かり票", "番号札", "手数料一覧"):
        assert f"<figcaption>{name}" in index


def test_every_number_of_the_tours_counter_was_printed_and_the_money_agrees(tour):
    words = text_of(tour / "papers" / "daily.pdf")
    assert "未確認の番号はありません" in words
    assert f"合計{len(FILES)}{len(FILES)}000" in words
    assert words.count("印刷済") == len(FILES) + 1  # the head of the sums
