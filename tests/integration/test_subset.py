"""Some glyphs of a real font in a file of their own, as harfbuzz draws both."""

import struct
from io import BytesIO

import pytest
import uharfbuzz as hb
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from printing.letters.glyphs import find_font
from printing.letters.subset import Outlines

NAMES = ("IPAmjMincho", "BIZUDPGothic", "DejaVuSerif")
TEXT = "渡邉　一郎・齋藤 花子、ﾅｶﾞｲ Ångström é ﬁ 0Aa"


class Steps(list):
    """What a glyph is drawn with."""

    def __getattr__(self, name):
        return lambda *points: self.append((name, points))


def _glyphs(name: str) -> set[int]:
    face = find_font(name)
    every = range(1, face.file.glyph_count, face.file.glyph_count // 2000 or 1)
    return {*every, *(found.id for each in TEXT if (found := face.glyph(each)))}


def _drawn(font: hb.Font, glyph: int) -> tuple[Steps, int]:
    steps = Steps()
    font.draw_glyph_with_pen(glyph, steps)
    return steps, font.get_glyph_h_advance(glyph)


def _tables(data: bytes) -> dict[bytes, tuple[int, bytes]]:
    count = int.from_bytes(data[4:6])
    rows = [struct.unpack_from(">4sLLL", data, 12 + 16 * number) for number in range(count)]
    return {tag: (told, data[start : start + size]) for tag, told, start, size in rows}


def _sum(data: bytes) -> int:
    data += bytes(-len(data) % 4)
    return sum(struct.unpack(f">{len(data) // 4}L", data)) & 0xFFFFFFFF


@pytest.mark.parametrize("name", NAMES)
def test_every_glyph_is_drawn_as_in_its_font(name):
    whole, wanted = hb.Font(find_font(name).file), _glyphs(name)
    data, places = find_font(name).outlines.subset(wanted)
    part = hb.Font(hb.Face(data))
    assert len({places[glyph] for glyph in wanted}) == len(wanted)
    for glyph in wanted:
        assert _drawn(part, places[glyph]) == _drawn(whole, glyph)


def test_glyphs_that_are_made_of_others_bring_them_along():
    face = find_font("DejaVuSerif")
    whole, wanted = hb.Font(face.file), face.glyph("ệ").id
    data, places = face.outlines.subset([wanted])
    assert len(places) > 2
    assert _drawn(hb.Font(hb.Face(data)), places[wanted]) == _drawn(whole, wanted)


@pytest.mark.parametrize(
    "scale",
    [(1, 0, 0, 1), (0.5, 0, 0, 0.5), (0.5, 0, 0, 0.75), (0.5, 0.25, -0.25, 0.5)],
    ids=["as it is", "smaller", "flatter", "turned"],
)
@pytest.mark.parametrize("shift", [5, 500])
def test_parts_may_be_moved_and_scaled(scale, shift, tmp_path):
    pen, made = TTGlyphPen(None), TTGlyphPen({"square": None})
    for step, *points in (("moveTo", (0, 0)), ("lineTo", (9, 400)), ("lineTo", (400, 0))):
        getattr(pen, step)(*points)
    pen.closePath()
    for place in (0, shift):
        made.addComponent("square", (*scale, place, place))
    builder, names = FontBuilder(1000), [".notdef", "unused", "square", "made"]
    builder.setupGlyphOrder(names)
    builder.setupGlyf(dict.fromkeys(names[:3], pen.glyph()) | {"made": made.glyph()})
    builder.setupHorizontalMetrics({name: (500 + len(name), 0) for name in names})
    builder.setupHorizontalHeader()
    builder.setupMaxp()
    builder.save(tmp_path / "made.ttf")
    data, places = Outlines(tmp_path / "made.ttf").subset([3])
    whole = hb.Font(hb.Face((tmp_path / "made.ttf").read_bytes()))
    assert places == {0: 0, 2: 1, 3: 2}
    assert _drawn(hb.Font(hb.Face(data)), 2) == _drawn(whole, 3)


@pytest.mark.parametrize("name", NAMES)
def test_no_hints_are_left(name):
    data, _ = find_font(name).outlines.subset(_glyphs(name))
    outlines = TTFont(BytesIO(data))["glyf"]
    for each in map(outlines.__getitem__, outlines.keys()):
        assert not hasattr(each, "program") or not each.program.getBytecode()
        assert not any(part.flags & 0x100 for part in getattr(each, "components", ()))


@pytest.mark.parametrize("name", NAMES)
def test_the_sums_of_the_file_are_right(name):
    data, _ = find_font(name).outlines.subset(_glyphs(name))
    tables = _tables(data)
    assert _sum(data) == 0xB1B0AFBA
    assert set(tables) == {b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp"}
    for tag, (told, table) in tables.items():
        table = table[:8] + bytes(4) + table[12:] if tag == b"head" else table  # noqa: PLW2901
        assert told == _sum(table), tag


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_asking_changes_no_byte(name):
    outlines, wanted = find_font(name).outlines, sorted(_glyphs(name))
    assert outlines.subset(wanted) == outlines.subset(wanted[9:] + wanted[:9])
