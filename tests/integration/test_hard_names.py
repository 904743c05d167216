"""Hard names on screen and on paper: each glyph beside the one that the font's own table names.

The judge (tests/fakes/fonttable.py) shares nothing with what it judges.
"""

import json
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QFontMetricsF, QImage
from reportlab.lib.units import mm

from kiosk.ui.kit.fonts import face
from kiosk.ui.kit.lettering import Lettering
from kiosk.ui.kit.name_label import NameBlock, NameLabel, Style
from printing.faults import MissingGlyph
from printing.letters.glyphs import GlyphGate, find_fonts
from printing.sheet import Sheet
from printing.sheet import Style as PaperStyle
from tests.fakes.fonttable import (
    BASE,
    EM,
    SEEN,
    Drawn,
    alike,
    black,
    count,
    ink,
    judge,
    named,
    table,
    wanted,
)

NAMES = json.loads((Path(__file__).parents[1] / "data/hard_names.json").read_text("utf-8"))
EXACT = [each["name"] for each in NAMES if not each["gate"]]
GATED = [(each["name"], each["gate"]) for each in NAMES if each["gate"]]
POINTS = EM * 72 / 300  # on paper at 300 dpi as large as on the screen
GETA = "〓"
GOTHIC, MINCHO, IPAMJ, SERIF, SANS = (
    next(Path("/usr/share/fonts").rglob(name))
    for name in (
        "BIZUDPGothic-Regular.ttf",
        "BIZUDMincho-Regular.ttf",
        "ipamjm.ttf",
        "DejaVuSerif.ttf",
        "DejaVuSans.ttf",
    )
)
ON_SCREEN, ON_PAPER = (GOTHIC, IPAMJ, MINCHO, SERIF), (IPAMJ, MINCHO, SERIF, GOTHIC)
SENTENCE = "点線の字：{codes}"


def cut(text: str) -> list[str]:
    """The characters of a text; marks and selectors belong to the one before them."""
    found: list[str] = []
    for character in text:
        kind = unicodedata.category(character)
        joins = found and kind in ("Mn", "Mc", "Me")
        found[-1:] = [found[-1] + character] if joins else [*found[-1:], character]
    return found


def on_screen(name: str) -> list[tuple[Path, ...]]:
    """The fonts for each character: a word of Latin letters is never of two."""
    found: list[tuple[Path, ...]] = []
    for latin, part in groupby(cut(name), lambda each: "LATIN" in unicodedata.name(each[0], "")):
        letters = list(part)
        foreign = latin and not all(named(GOTHIC, each) for each in letters)
        found += [(SANS,) if foreign else ON_SCREEN] * len(letters)
    return found


def drawn(text: str, picture: Image.Image, left: float, base: float, wide: float) -> Drawn:
    """The cell of a character whose origin is there."""
    x, right, top = round(left), round(left + wide), round(base) - BASE
    below = picture.crop((x, top + EM, right, top + EM + EM // 10))
    return Drawn(text, picture.crop((x, top, right, top + EM)), below)


def screen(label: NameLabel) -> Iterator[Drawn]:
    """Every character of a label, where it stands in a picture of the screen."""
    label.resize(1800, label.heightForWidth(1800))
    shot = label.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    picture = Image.frombuffer(
        "L",
        (shot.width(), shot.height()),
        bytes(shot.constBits()),
        "raw",
        "L",
        shot.bytesPerLine(),
        1,
    )
    metrics = QFontMetricsF(face(EM))
    block = label.block()
    assert isinstance(block, NameBlock)
    for number, row in enumerate(block.rows):
        base, x = block.head + metrics.ascent() + number * block.line_height, 0.0
        for run in row:
            done = ""
            for each in cut(run.text):
                left = x + (0 if run.shape else metrics.horizontalAdvance(done))
                wide = run.width if run.shape else metrics.horizontalAdvance(each)
                yield drawn(each, picture, left, base, wide)
                done += each
            x += run.width


@pytest.fixture(scope="module")
def papers(tmp_path_factory) -> dict[str, tuple[str, Image.Image]]:
    """Every name that is exact, alone on its page: the text of the page, and its picture."""
    sheet, gate = Sheet(1400, 45, "names"), GlyphGate(find_fonts().names())
    for name in EXACT:
        sheet.write(10, 30, name, PaperStyle(gate, POINTS))
        sheet.turn()
    pdf, folder = sheet.pdf(), tmp_path_factory.mktemp("papers")
    raw = ["pdftotext", "-raw", "-", "-"]
    texts = subprocess.run(raw, input=pdf, capture_output=True, check=True).stdout.decode()
    shown = ["pdftoppm", "-r", "300", "-gray", "-", str(folder / "page")]
    subprocess.run(shown, input=pdf, check=True)
    pictures = []
    for file in sorted(folder.glob("*.pgm")):
        with Image.open(file) as picture:
            pictures.append(picture.convert("L"))
    return dict(zip(EXACT, zip(texts.split("\f"), pictures, strict=False), strict=True))


def printed(name: str, picture: Image.Image) -> Iterator[Drawn]:
    """Every character of a page, where the advances of the fonts put it."""
    x, base = 10 * mm / 72 * 300, 30 * mm / 72 * 300
    for each in cut(name):
        path, glyph = wanted(ON_PAPER, each)
        font = table(path)[0]
        wide = font["hmtx"][glyph][0] * EM / font["head"].unitsPerEm
        yield drawn(each, picture, x, base, wide)
        x += wide


def label_of(qtbot, name: str) -> NameLabel:
    made = NameLabel(name, Lettering(), Style(EM, SENTENCE, 40), colour="#000000")
    made.setStyleSheet("background: white")
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize("name", EXACT)
def test_the_screen_shows_the_glyph_that_the_table_names(qtbot, name):
    label = label_of(qtbot, name)
    found = list(screen(label))
    squeezed = re.sub(r"\s", "", name)
    assert re.sub(r"\s", "", "".join(each.text for each in found)) == squeezed
    fonts = [fonts for fonts, each in zip(on_screen(name), cut(name), strict=True) if each.strip()]
    for known, each in zip(fonts, (each for each in found if each.text.strip()), strict=True):
        judge(known, each)
    assert label.accessibleName() == name
    assert label.accessibleDescription() == ""


@pytest.mark.parametrize("name", EXACT)
def test_the_paper_shows_the_glyph_that_the_table_names_and_reads_back(papers, name):
    text, picture = papers[name]
    assert text.strip("\n") == name.replace("\u3000", " ")  # poppler writes any space so
    for each in printed(name, picture):
        judge(ON_PAPER, each)


@pytest.mark.parametrize(("name", "gate"), GATED)
def test_what_no_font_has_is_dotted_and_named_and_never_printed(qtbot, name, gate):
    label = label_of(qtbot, name)
    assert label.accessibleDescription() == SENTENCE.format(codes="、".join(gate)).replace(
        " ", "\u00a0"
    )
    with pytest.raises(MissingGlyph) as refusal:
        Sheet(900, 30, "").write(10, 20, name, PaperStyle(GlyphGate(find_fonts().names()), 40))
    assert [re.findall(r"U\+[0-9A-F]+", each) for each in refusal.value.characters] == [
        each.split() for each in gate
    ]
    for each in screen(label):
        dotted = count(black(each.below)) > each.below.width
        code = " ".join(f"U+{ord(c):04X}" for c in each.text)
        assert dotted == (code in gate), code
        private = unicodedata.category(each.text[0]) == "Co"
        known = not private and any(named(path, each.text[0]) for path in ON_SCREEN)
        plain = (each.text[0] if known else GETA) if code in gate else each.text
        judge(ON_SCREEN, Drawn(plain, each.cell, each.below))


def without_variants(name: str) -> str:
    return "".join(c for c in name if ord(c) < 0xE0100 and c not in "\ufe00\ufe0f")


def visible(name: str) -> list[str]:
    """The characters of a name that an eye tells from the same without a variant."""
    found = []
    for each in cut(name):
        path, glyph = wanted(ON_SCREEN, each)
        plain = named(path, without_variants(each))
        if plain and plain != glyph and alike(ink(path, plain), ink(path, glyph)) < SEEN:
            found.append(each)
    return found


@pytest.mark.parametrize("name", [name for name in EXACT if without_variants(name) != name])
def test_a_name_that_lost_its_variants_does_not_pass_the_judge(qtbot, name):
    shown = screen(label_of(qtbot, without_variants(name)))
    told = (each for each in cut(name) if each.strip())
    wrong = dict(zip(told, (each for each in shown if each.text.strip()), strict=True))
    for each in visible(name):
        with pytest.raises(AssertionError):
            judge(ON_SCREEN, Drawn(each, wrong[each].cell, wrong[each].below))


def test_enough_of_the_variants_are_seen_by_eye():
    assert len({each for name in EXACT for each in visible(name)}) >= 18
