"""A scanner that types, beside people who type."""

from hypothesis import given
from hypothesis import strategies as st

from devices.scanners.wedge import (
    _US_ON_JIS,
    FASTEST_HAND,
    LONGEST,
    Typed,
    Wedge,
    WedgeScanner,
)

MARKS = ("KKN2.", "https://")
CODE = "KKN2.ABCDEFGH234567"


def typed(wedge: Wedge, text: str, step: float = 0.005, begun: float = 100.0) -> Typed | None:
    found = None
    for place, character in enumerate(text):
        found = wedge.key(character, begun + place * step) or found
    return found


def shown(scanner: WedgeScanner) -> list[bool]:
    """What each key of a code that is shown to it ended."""
    return [scanner.key(c, 1 + place * 0.001) for place, c in enumerate(CODE + "\r")]


def test_a_burst_that_ends_with_enter_is_a_code():
    assert typed(Wedge(MARKS), CODE + "\r") == Typed(CODE)


def test_a_burst_that_ends_with_tab_is_a_code_too():
    assert typed(Wedge(MARKS), CODE + "\t") == Typed(CODE)


def test_what_a_hand_types_is_no_code():
    assert typed(Wedge(MARKS), CODE + "\r", step=FASTEST_HAND * 2) is None


def test_a_few_quick_keys_are_no_code():
    assert typed(Wedge(MARKS), "1234\r") is None


def test_what_a_hand_typed_before_is_no_part_of_the_code():
    wedge = Wedge(MARKS)
    typed(wedge, "やまだ", step=0.2)
    assert typed(wedge, CODE + "\r", begun=200.0) == Typed(CODE)


def test_full_width_letters_of_an_input_method_are_folded_and_named():
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in CODE)
    assert typed(Wedge(MARKS), wide + "\r") == Typed(CODE, "ime")


def test_an_american_scanner_on_a_japanese_keyboard_is_understood_and_named():
    # `https://` arrives with the colon of another keyboard.
    assert typed(Wedge(MARKS), "https+//a.example/?q=x\r") == Typed(
        "https://a.example/?q_x", "layout"
    )


def test_what_bears_no_mark_is_left_as_it_came():
    assert typed(Wedge(MARKS), "4901234567894\r") == Typed("4901234567894")


@given(st.text(max_size=60), st.floats(0.0, 0.5))
def test_nothing_a_person_types_breaks_it_or_stays(text, step):
    wedge = Wedge(MARKS)
    typed(wedge, text, step)
    assert len(wedge._burst) <= LONGEST + 1
    assert wedge.key("\r", 1e6) is None


def test_a_code_without_end_is_no_code_and_takes_no_room():
    wedge = Wedge(MARKS)
    assert typed(wedge, "A" * (LONGEST + 50) + "\r", step=0.001) is None


def test_a_typed_code_is_scanned_once():
    scanner = WedgeScanner(MARKS)
    assert shown(scanner) == [False] * len(CODE) + [True]
    assert scanner.scan() == CODE
    assert scanner.scan() is None


def test_letters_that_became_kana_are_named_though_they_cannot_be_undone():
    assert typed(Wedge(MARKS), "っkん1。あBCDEF\r") == Typed("っkん1。あBCDEF", "ime")


def test_a_persons_last_keys_are_let_go_once_they_can_be_no_code():
    wedge = Wedge(MARKS)
    wedge.key("山", 1.0)
    wedge.still(1.0 + FASTEST_HAND * 1.5)
    assert wedge._burst == ""


def test_a_look_in_the_middle_of_a_burst_takes_nothing_from_it():
    wedge = Wedge(MARKS)
    typed(wedge, CODE, begun=1.0)
    wedge.still(1.0 + len(CODE) * 0.005)
    assert wedge.key("\r", 1.0 + len(CODE) * 0.005) == Typed(CODE)


def test_a_typing_scanner_forgets_what_was_typed_before():
    scanner = WedgeScanner(MARKS)
    shown(scanner)
    scanner.forget()
    assert scanner.scan() is None


@given(
    st.lists(st.tuples(st.characters(), st.floats(FASTEST_HAND * 1.01, 3.0)), max_size=40),
)
def test_no_hand_however_steady_types_a_code(keys):
    wedge, at = Wedge(MARKS), 10.0
    for character, pause in [*keys, ("\r", 1.0)]:
        at += pause
        assert wedge.key(character, at) is None
        assert len(wedge._burst) <= 1


@given(st.text("ABCXYZ0189 !#$%,-./;<>?@^&*(_=+[{]}:'\"\\|", max_size=40))
def test_what_an_american_scanner_meant_is_found_again(rest):
    garbled = str.maketrans({meant: chr(came) for came, meant in _US_ON_JIS.items()})
    meant = f"https://{rest}"
    assert typed(Wedge(MARKS), meant.translate(garbled) + "\r") == Typed(meant, "layout")
