"""The gate, and what fits, with a font that needs no disk."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from printing.codes import code128, qr
from printing.glyphs import Font, GlyphGate, MissingFont, MissingGlyph, find_font
from printing.sheet import Style


@dataclass(frozen=True)
class SquareFont(Font):
    """Every character is as wide as it is tall."""

    def width(self, text: str, size: float) -> float:
        return len(text) * size


def _font(name: str, characters: str) -> Font:
    return SquareFont(name, {ord(c): 1 for c in characters})


GATE = GlyphGate(
    (_font("first", "渡一郎邉ABか\u3099\ue000𠮷\U000e0100"), _font("second", "郎。、"))
)
STYLE = Style(GATE, 10)


def test_a_character_without_a_font_is_named_with_its_code_point() -> None:
    assert GATE.missing("渡鱻一鱻") == ("鱻 (U+9C7B)",)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("𠮷", "𠮷 (U+20BB7)"),
        ("邉\U000e0100", "U+E0100"),
        ("か\u3099", "U+3099"),
        ("\ue000", "U+E000"),
        ("渡\n", "U+000A"),
    ],
)
def test_what_would_be_drawn_wrong_is_refused_though_a_font_has_it(text: str, named: str) -> None:
    assert GATE.missing(text) == (named,)


def test_all_missing_characters_are_told_at_once() -> None:
    with pytest.raises(MissingGlyph) as refusal:
        GATE.check(("渡鱻", "𠮷"))
    assert refusal.value.characters == ("鱻 (U+9C7B)", "𠮷 (U+20BB7)")
    assert str(refusal.value) == "鱻 (U+9C7B)、𠮷 (U+20BB7)"


def test_text_is_cut_where_its_font_changes_and_the_first_font_wins() -> None:
    runs = [(font.name, run) for font, run in GATE.runs("一郎。、渡")]
    assert runs == [("first", "一郎"), ("second", "。、"), ("first", "渡")]


def test_no_run_is_made_of_a_missing_character() -> None:
    with pytest.raises(MissingGlyph):
        list(GATE.runs("鱻"))


def test_a_font_that_is_not_installed_names_its_package(tmp_path: Path) -> None:
    with pytest.raises(MissingFont) as fault:
        find_font("IPAmjMincho", (tmp_path,))
    assert fault.value.package == "fonts-ipamj-mincho"


def test_a_long_text_is_narrowed_first_and_made_smaller_only_then() -> None:
    natural = STYLE.width("渡" * 10)
    narrow = STYLE.fitted("渡" * 10, natural * 0.9)
    small = STYLE.fitted("渡" * 10, natural * 0.6)
    tiny = STYLE.fitted("渡" * 10, natural * 0.1)
    assert (narrow.size, round(narrow.scale, 3)) == (10, 0.9)
    assert (round(small.size, 3), round(small.scale, 3)) == (7.5, 0.8)
    assert tiny.size == 7
    assert tiny.width("渡" * 10) == pytest.approx(natural * 0.1)


def test_no_line_starts_with_a_closing_mark() -> None:
    three = STYLE.width("渡渡渡") + 0.01
    assert STYLE.wrapped("渡一郎。渡\n一", three) == ["渡一", "郎。渡", "一"]


def test_a_qr_code_is_square_and_bars_start_as_code_128_starts() -> None:
    rows = qr("https://example.jp/")
    assert {len(row) for row in rows} == {len(rows)}
    assert code128("A-0042").startswith("11010010000")
