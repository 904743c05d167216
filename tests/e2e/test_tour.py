"""The whole journey as a stranger would run it: the program as a process, with a real office."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COUNTER_PAGES = 4
CLASS_PAGES = 3
KIOSK_PAGES = 12


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
    assert all("住民票の写し" in slip for slip in slips)


def test_every_paper_of_the_class_is_a_specimen(tour):
    papers = list((tour / "papers").glob("class-*.pdf"))
    assert papers
    assert all("見本" in text_of(paper) for paper in papers)
