"""The city's own character files: several of them, private-use characters included."""

import subprocess
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from printing.faults import MissingFont, MissingGlyph
from printing.letters.glyphs import GlyphGate, find_fonts
from printing.sheet import Sheet, Style

FIRST, SECOND = "\ue001", "\U000f0002"  # one file cannot hold all of the standard's characters
NAME = f"渡{FIRST}{SECOND}郎"


def made(path: Path, character: str, side: int) -> Path:
    """A font of one square character."""
    pen = TTGlyphPen(None)
    for step, point in enumerate(((0, 0), (0, side), (side, side), (side, 0))):
        (pen.lineTo if step else pen.moveTo)(point)
    pen.closePath()
    square = pen.glyph()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", "square"])
    font.setupCharacterMap({ord(character): "square"})
    font.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "square": square})
    font.setupHorizontalMetrics({".notdef": (1000, 0), "square": (1000, 0)})
    font.setupHorizontalHeader(ascent=880, descent=-120)
    font.setupNameTable({"familyName": path.stem, "styleName": "Regular"})
    font.setupOS2()
    font.setupPost()
    font.save(path)
    return path


@pytest.fixture
def own(tmp_path):
    return [made(tmp_path / "first.ttf", FIRST, 900), made(tmp_path / "second.ttf", SECOND, 500)]


def test_without_the_citys_files_its_characters_are_named_and_nothing_is_printed() -> None:
    with pytest.raises(MissingGlyph) as refusal:
        GlyphGate(find_fonts().names()).check((NAME,))
    assert refusal.value.characters == ("U+E001", "U+F0002")


def test_a_name_out_of_two_files_of_the_city_is_drawn_and_read_back(own, tmp_path) -> None:
    gate = GlyphGate(find_fonts(own=own).names())
    gate.check((NAME,))
    assert [face.name for face, _ in gate.runs(NAME)] == [
        "IPAmjMincho",
        "first",
        "second",
        "IPAmjMincho",
    ]
    sheet = Sheet(100, 40, "own")
    sheet.write(10, 20, NAME, Style(gate, 40))
    sheet.turn()
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(sheet.pdf())
    run = subprocess.run(
        ["pdftotext", "-raw", paper, "-"], capture_output=True, text=True, check=True
    )
    assert NAME in run.stdout


def test_a_file_that_is_no_font_of_outlines_is_said_at_the_start(tmp_path) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font at all")
    with pytest.raises(MissingFont, match="broken"):
        find_fonts(own=[broken])
    with pytest.raises(MissingFont, match="nowhere"):
        find_fonts(own=[tmp_path / "nowhere.ttf"])
