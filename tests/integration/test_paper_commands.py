"""`kakanai paper` as a clerk and as a program meet it: processes, files and a real office."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from msgspec import to_builtins
from PIL import Image

from kiosk.adapters.sqlite_ledger import SqliteLedger
from kiosk.adapters.store import open_store
from kiosk.domain.sheets import Fate
from tests.integration.test_office import ENROLLED, NAME, ROOT, WATANABE, Office, running
from tests.integration.test_office_certificates import key, report, standing
from tests.unit.test_printing_slips import FEES, RECEIPT, TICKET

PAPERS = sorted((ROOT / "tests" / "data" / "papers").glob("*.json"))
SLIPS = {
    "receipt": (RECEIPT, {RECEIPT.number, RECEIPT.status_url}),
    "ticket": (TICKET, {TICKET.code, TICKET.url}),
    "fees": (FEES, {FEES.url}),
}
DOTS = {"80mm": 576, "58mm": 384, "tm-t88v": 512}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with running(tmp_path_factory.mktemp("office"), *ENROLLED) as started:
        yield started


@pytest.fixture(scope="module")
def trust(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("trust") / "trust.json"
    file.write_bytes(office.call("GET", "/v1/trust", "").content)
    return file


class Place:
    """One terminal's home, and its `paper` commands."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        home.mkdir()
        lines = (f"{name} = {json.dumps(value)}\n" for name, value in settings.items())
        (home / "kakanai.toml").write_text("".join(lines), "utf-8")

    def run(self, *words: str | Path) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "kiosk", "--home", self.home, "paper", *words]
        return subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
        )

    def told(self, status: int, *words: str | Path) -> Any:
        """The one JSON value of stdout."""
        done = self.run(*words, "--json")
        assert done.returncode == status, done
        return json.loads(done.stdout)


def at(office: Office, home: Path, device: str = "C01", **more: str) -> Place:
    place = Place(home, device=device, office_url=office.url, **more)
    office.tokens.lend_keys(device, home)
    return place


@pytest.fixture
def place(office: Office, trust: Path, tmp_path: Path) -> Place:
    return at(office, tmp_path / "home", paper_trust=str(trust))


@pytest.fixture
def lonely(trust: Path, tmp_path: Path) -> Iterator[Place]:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening: refused at once
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        yield Place(tmp_path / "lonely", office_url=url, paper_trust=str(trust))


def answered(office: Office, device: str = "C01", **more: Any) -> dict[str, Any]:
    order = {"type": "juminhyo", "options": {"kind": "person"}, **more}
    answer = office.order(WATANABE, key(), device, **order)
    assert answer.status == 200, answer
    told: dict[str, Any] = answer.json
    return told


def scanned(pdf: Path, dpi: int = 200) -> Path:
    picture = pdf.with_suffix("")
    subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-png", "-singlefile", pdf, picture], check=True, timeout=30
    )
    return picture.with_suffix(".png")


def words_on(pdf: Path) -> str:
    run = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, check=True)
    return run.stdout.decode()


# Papers from data


@pytest.mark.parametrize("source", PAPERS[::7], ids=lambda path: path.stem)
def test_a_certificate_without_the_offices_seal_is_a_specimen(
    place: Place, tmp_path: Path, source: Path
) -> None:
    out = tmp_path / "paper.pdf"
    told = place.told(0, "certificate", source, "--out", out)
    number = json.loads(source.read_text("utf-8"))["number"]
    assert told == {"number": number, "specimen": True, "file": str(out)}
    assert {"見", "本"} <= set(words_on(out))
    assert place.told(1, "verify", out)["answer"] == "no"


def test_a_certificate_under_the_offices_seal_is_the_paper(
    office: Office, place: Place, tmp_path: Path
) -> None:
    answer = answered(office)
    source, out = tmp_path / "answer.json", tmp_path / "paper.pdf"
    source.write_text(json.dumps(answer), "utf-8")
    told = place.told(0, "certificate", source, "--out", out)
    assert (told["number"], told["specimen"]) == (answer["number"], False)
    assert not {"見", "本"} <= set(words_on(out).split())
    assert place.told(0, "verify", scanned(out))["answer"] == "code-only"
    answer["papers"][0]["content"]["address"] = "かかない県書蒼市本町一丁目1番1号"
    source.write_text(json.dumps(answer), "utf-8")
    told = place.told(0, "certificate", source, "--out", out)
    assert told["specimen"] is True


def test_a_name_without_its_shape_is_refused_in_words(place: Place, tmp_path: Path) -> None:
    paper = json.loads(PAPERS[0].read_text("utf-8"))
    paper["city"]["mayor_title"] = "書蒼市長　文\U000323af守"
    source, out = tmp_path / "paper.json", tmp_path / "paper.pdf"
    source.write_text(json.dumps(paper), "utf-8")
    told = place.told(1, "certificate", source, "--out", out)
    assert told["error"]["code"] == "unprintable-name"
    assert "U+323AF" in told["error"]["message"]
    assert not out.exists()


def read_by_zbar(picture: Path) -> set[str]:
    run = subprocess.run(
        ["zbarimg", "--quiet", "--raw", picture], capture_output=True, check=True, timeout=30
    )
    return set(run.stdout.decode().split())


@pytest.mark.parametrize("width", DOTS)
@pytest.mark.parametrize("kind", SLIPS)
def test_the_codes_of_a_slip_are_read_from_the_page_and_from_the_dots(
    place: Place, tmp_path: Path, kind: str, width: str
) -> None:
    slip, codes = SLIPS[kind]
    source = tmp_path / "slip.json"
    source.write_text(json.dumps(to_builtins(slip), ensure_ascii=False), "utf-8")
    for out in (tmp_path / "page.pdf", tmp_path / "dots.png"):
        told = place.told(0, kind, source, "--out", out, "--width", width)
        assert told == {"kind": kind, "file": str(out)}
        picture = scanned(out, 203) if out.suffix == ".pdf" else out
        with Image.open(picture) as image:
            if out.suffix == ".png":
                assert (image.mode, image.width) == ("1", DOTS[width])
            assert {code.text for code in zxingcpp.read_barcodes(image)} == codes
        assert read_by_zbar(picture) == codes


def test_a_slip_of_a_class_says_so(place: Place, tmp_path: Path) -> None:
    source, out = tmp_path / "slip.json", tmp_path / "slip.pdf"
    source.write_text(json.dumps(to_builtins(replace(RECEIPT, specimen=True))), "utf-8")
    place.told(0, "receipt", source, "--out", out)
    assert {"見", "本"} <= set(words_on(out).split())


# What became of the numbers


def test_the_day_is_closed_with_every_number(office: Office, tmp_path: Path) -> None:
    numbers = answered(office, options={"kind": "person", "copies": 3})["numbers"]
    report(office, numbers[0], "spoiled", "C01")
    day, out = standing(office, numbers[0]).json["issued"], tmp_path / "day.pdf"
    desk = at(office, tmp_path / "desk")
    told = desk.told(0, "daily", "--today", day, "--out", out)
    assert told["file"] == str(out)
    assert told["numbers"] >= 3
    words = words_on(out)
    assert all(number in words for number in numbers)
    assert "書損" in words
    assert NAME not in words
    assert desk.told(0, "daily", "--today", "2020-02-02", "--out", out)["numbers"] == 0


def test_a_day_cannot_be_closed_without_the_office(lonely: Place, tmp_path: Path) -> None:
    out = tmp_path / "day.pdf"
    told = lonely.told(9, "daily", "--today", "2026-11-21", "--out", out)
    assert told["error"]["code"] == "office-unreachable"
    assert not out.exists()


def test_a_paper_that_nobody_saw_is_looked_for_and_settled(office: Office, tmp_path: Path) -> None:
    kiosk = at(office, tmp_path / "kiosk", "K01")
    assert kiosk.told(0, "unclear") == {"papers": []}
    order = {"options": {"kind": "person", "copies": 2}}
    lost, fine = answered(office, "K01", **order)["numbers"]
    store = open_store(kiosk.home / "terminal.db")
    book = SqliteLedger(store)
    book.issue([lost, fine])
    book.move(lost, Fate.UNCLEAR)
    store.close()
    assert kiosk.told(1, "unclear") == {"papers": [lost]}
    assert kiosk.run("unclear").stdout == f"{lost}\n"
    assert kiosk.told(1, "settle", fine, "printed")["error"]["code"] == "unknown-paper"
    assert kiosk.told(0, "settle", lost, "spoiled") == {"number": lost, "outcome": "spoiled"}
    assert kiosk.told(0, "unclear") == {"papers": []}
    assert standing(office, lost).json["state"] == "spoiled"
    assert kiosk.told(1, "settle", lost, "printed")["error"]["code"] == "unknown-paper"


# What was asked wrongly

FROM_DATA = ("certificate", *SLIPS)
NO_DATA = {
    "no file": None,
    "no JSON": b"{",
    "no UTF-8": b"\xff\xfe",
    "a list": b"[]",
    "a key missing": b'{"number": "R8-000001"}',
    "another kind of value": b'{"number": [], "city": 1}',
}


@pytest.mark.parametrize("what", NO_DATA)
@pytest.mark.parametrize("kind", FROM_DATA)
def test_data_that_are_none_are_one_line(
    place: Place, tmp_path: Path, kind: str, what: str
) -> None:
    source, content = tmp_path / "data.json", NO_DATA[what]
    if content is not None:
        source.write_bytes(content)
    refused(place, str(source), kind, source, "--out", tmp_path / "paper.pdf")
    assert not (tmp_path / "paper.pdf").exists()


def refused(place: Place, named: str, *words: str | Path) -> None:
    """One line, exit status 2, and the same words as the one JSON value."""
    done = place.run(*words, "--json")
    (line,) = done.stderr.splitlines()
    assert (done.returncode, json.loads(done.stdout).keys()) == (2, {"error"})
    assert line == f"kakanai: {json.loads(done.stdout)['error']['message']}"
    assert named in line
    assert "Traceback" not in line


def test_without_json_the_line_is_all_there_is(place: Place, tmp_path: Path) -> None:
    done = place.run("receipt", tmp_path / "nowhere.json", "--out", tmp_path / "slip.pdf")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_a_paper_that_cannot_be_written_is_one_line(place: Place, tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "paper.pdf"
    refused(place, str(out), "certificate", PAPERS[0], "--out", out)


@pytest.mark.parametrize(
    "words",
    [
        ("receipt", PAPERS[0], "--out", "x.pdf", "--width", "99mm"),
        ("settle", "R8-000001", "eaten"),
        ("daily", "--today", "2026-13-01", "--out", "x.pdf"),
        ("certificate", PAPERS[0]),
    ],
    ids=["a width", "a fate", "a day", "no place to write to"],
)
def test_a_word_that_no_command_knows_is_wrong_usage(
    place: Place, words: tuple[str | Path, ...]
) -> None:
    refused(place, "; see kakanai paper", *words)
