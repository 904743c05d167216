"""How tables are spread over pages, and codes that read back: with a font that needs no disk."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printing.applications.form import Entry, Option, Section
from printing.applications.layout import Blank, Marks, Strip, Words, paged
from printing.applications.tables import LOWEST, PIECE, Tables
from printing.codes import qr, read
from printing.letters.glyphs import GlyphGate
from printing.sheet import Style
from tests.fakes.faces import SquareFace

STYLE = Style(GlyphGate((SquareFace("square"),)), 10)
TABLES = Tables(STYLE, STYLE, STYLE)


def _strip(height: float, *, keep: bool = False) -> Strip:
    return Strip(height, lambda sheet, y, opens: None, keep=keep)


def test_a_heading_never_stays_behind_at_the_foot_of_a_page():
    strips = [_strip(80), _strip(10, keep=True), _strip(20)]
    pages = paged(strips, (0, 0), 100)
    assert [[each.strip for each in page] for page in pages] == [strips[:1], strips[1:]]


def test_a_table_that_goes_on_begins_with_its_head_again():
    head = _strip(5)
    rows = [replace(_strip(40), again=head) for _ in range(4)]
    pages = paged(rows, (0, 10), 100)
    assert [[each.strip is head for each in page] for page in pages] == [
        [False, False],
        [True, False, False],
    ]
    assert [each.opens for each in pages[1]] == [True, True, False]
    assert pages[1][1].top == 15


@given(st.lists(st.tuples(st.floats(1, 90), st.booleans()), min_size=1, max_size=40))
def test_strips_keep_their_order_and_never_leave_the_page(heights):
    strips = [_strip(height, keep=keep) for height, keep in heights]
    pages = paged(strips, (5, 5), 100)
    assert [each.strip for page in pages for each in page] == strips
    for page in pages:
        for above, below in pairwise(page):
            assert below.top == pytest.approx(above.top + above.strip.height)
        chained = any(each.strip.keep for each in page)
        assert chained or page[-1].top + page[-1].strip.height <= 100.001


def test_two_short_items_share_a_row_and_a_long_one_has_its_own():
    short = Entry("氏名", "渡邉")
    long = Entry("住所", "あ" * 30)
    heading, first, second = TABLES.strips(Section("人", (short, short, long)))
    assert heading.keep
    assert first.height >= LOWEST
    assert second.height >= LOWEST


def test_a_long_text_is_cut_into_pieces_that_go_on():
    note = Entry("意見", "あ" * 2000, wide=True)
    pieces = list(TABLES.strips(Section("声", (note,))))[1:]
    lines = len(Words("あ" * 2000, STYLE).lines(172 - 31 - 4))
    assert len(pieces) == -(-lines // PIECE)
    assert [piece.joined for piece in pieces] == [False] + [True] * (len(pieces) - 1)


def test_few_columns_are_a_table_and_many_are_cards():
    few = (Entry("氏名", "渡邉"), Entry("続柄", "子"))
    many = tuple(Entry(f"項目{n}", "あ" * 12) for n in range(9))
    table = list(TABLES.strips(Section("人", rows=(few,) * 5)))
    cards = list(TABLES.strips(Section("人", rows=(many,) * 2)))
    assert len(table) == 1 + 1 + 5
    assert all(row.again is table[1] for row in table[2:])
    assert len(cards) > len(table)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=25), st.floats(30, 150))
def test_options_never_leave_their_cell(lengths, width):
    marks = Marks(tuple(("あ" * length, False) for length in lengths), STYLE)
    rows = marks._rows(width)
    labels = [label for row, _ in rows for _, label, _ in row]
    assert labels == ["あ" * length for length in lengths]
    for row, deep in rows:
        ends = [x + marks._wide(label) for x, label, _ in row]
        starts = [x for x, _, _ in row[1:]]
        assert all(start >= end for end, start in zip(ends, starts, strict=False))
        assert deep > 1 or max(ends) <= width + 0.01
    assert marks.height(width) >= 5.6 * len(rows)


def test_a_hand_has_lines_of_eight_millimetres():
    assert Blank(STYLE).height(50) == 8
    assert Blank(STYLE, lines=6).height(50) == 48
    assert Blank(STYLE, head="〒", lines=2).height(50) > 16


def test_an_option_says_whether_it_is_chosen():
    assert Option("はい", chosen=True) != Option("はい")


@settings(max_examples=30, deadline=None)
@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567.", min_size=1, max_size=900))
def test_a_code_reads_back_as_it_was_written(text):
    rows = qr(text)
    assert {len(row) for row in rows} == {len(rows)}
    assert read(rows) == text


def test_letters_and_digits_take_the_small_mode():
    assert len(qr("A" * 900)) == 97 - 4  # version 19, as alphanumeric text at level M


def test_modules_that_are_no_code_read_as_nothing():
    assert read(["1" * 21] * 21) is None
