"""The gate, and what fits, with a font that needs no disk."""

from pathlib import Path

import pytest

from printing.bars import code128
from printing.codes import qr
from printing.letters.glyphs import GlyphGate, MissingFont, MissingGlyph, find_font
from printing.sheet import Style
from tests.fakes.faces import SquareFace

HARD = ("\U00020bb7", "邉\U000e010f", "か\u3099")
GATE = GlyphGate(
    (SquareFace("first", (*"渡一郎邉AB", *HARD)), SquareFace("second", tuple("郎。、")))
)
LENIENT = GlyphGate((SquareFace("first", tuple("渡邉あ")),), stand_ins=True)
STYLE = Style(GATE, 10)


def test_a_character_without_a_font_is_named_with_its_code_point() -> None:
    assert GATE.missing("渡鱻一鱻") == ("鱻 (U+9C7B)",)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("𠮸", "𠮸 (U+20BB8)"),
        ("邉\U000e0110", "邉\U000e0110 (U+9089 U+E0110)"),
        ("\u3099", "U+3099"),
        ("\ue000", "U+E000"),
        ("渡\n", "U+000A"),
    ],
)
def test_a_shape_that_no_face_has_is_named_with_all_its_codes(text: str, named: str) -> None:
    assert GATE.missing(text) == (named,)


@pytest.mark.parametrize("text", HARD)
def test_a_registered_shape_goes_through_whole(text: str) -> None:
    GATE.check((text, f"渡{text}郎"))
    assert [glyph.text for _, glyph in GATE.glyphs(f"渡{text}郎")] == ["渡", text, "郎"]


def test_a_mark_that_was_met_alone_still_belongs_to_the_character_before_it() -> None:
    every = GlyphGate((SquareFace("every"),))
    told = [
        [glyph.text for _, glyph in every.glyphs(text)] for text in ("か", "\u3099", "か\u3099")
    ]
    assert told == [["か"], ["\u3099"], ["か\u3099"]]


def test_all_missing_characters_are_told_at_once() -> None:
    with pytest.raises(MissingGlyph) as refusal:
        GATE.check(("渡鱻", "𠮸"))
    assert refusal.value.characters == ("鱻 (U+9C7B)", "𠮸 (U+20BB8)")
    assert str(refusal.value) == "鱻 (U+9C7B)、𠮸 (U+20BB8)"


def test_a_selector_at_the_start_of_a_text_changes_no_character_of_another_text() -> None:
    with pytest.raises(MissingGlyph, match=r"U\+E010F"):
        GATE.check(("邉", "\U000e010f"))


def test_a_kanji_may_stand_in_for_its_variant_where_the_paper_says_so() -> None:
    text = "渡邉\U000e0102"
    assert LENIENT.missing(text) == ()
    assert LENIENT.stand_ins(text) == [(1, "邉\U000e0102")]
    assert [glyph.text for _, glyph in LENIENT.glyphs(text)] == ["渡", "邉\U000e0102"]


@pytest.mark.parametrize("text", ["あ\U000e0100", "邉\ufe00", "鱻\U000e0100", "邉\u3099"])
def test_nothing_else_is_stood_in_for(text: str) -> None:
    assert LENIENT.missing(text)
    assert LENIENT.stand_ins("渡邉あ") == []


def test_a_substitute_is_drawn_only_where_a_clerk_agreed_and_keeps_the_registered_text() -> None:
    agreed = GATE.agreeing({"鱻": "渡", "𠮸": "nothing that a face has"})
    assert GATE.missing("鱻") == ("鱻 (U+9C7B)",)
    assert agreed.missing("鱻𠮸") == ("𠮸 (U+20BB8)",)
    ((_, glyph),) = agreed.glyphs("鱻")
    ((_, plain),) = agreed.glyphs("渡")
    assert (glyph.text, glyph.id) == ("鱻", plain.id)
    assert agreed.stand_ins("一鱻渡") == [(1, "鱻")]


def test_what_has_its_own_shape_is_never_substituted() -> None:
    ((_, glyph),) = GATE.agreeing({"邉\U000e010f": "邉"}).glyphs("邉\U000e010f")
    ((_, plain),) = GATE.glyphs("邉\U000e010f")
    assert glyph == plain


def test_text_is_cut_where_its_font_changes_and_the_first_font_wins() -> None:
    runs = [
        (face.name, "".join(glyph.text for glyph in run)) for face, run in GATE.runs("一郎。、渡")
    ]
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
