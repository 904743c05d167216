"""Writing from top to bottom, and readings beside names, looked at as pixels."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from printing.certificates.layouts import columns, ruby
from printing.sheet import Sheet, Style
from tests.fakes.papers import KIT, POINTS, look, read_boxes, read_pages, squeezed


def _drawn(draw: Callable[[Sheet], None]) -> bytes:
    sheet = Sheet(100, 100, "piece")
    draw(sheet)
    sheet.turn()
    return sheet.pdf()


def _named(name: str, kana: str, style: Style, room: float) -> bytes:
    return _drawn(lambda sheet: ruby.write(sheet, (10, 50), name, kana, style, room))


def _ink_of(text: str, folder: Path) -> tuple[float, float, float, float]:
    """Where the ink of one square is: left, top, right, bottom in parts of the square."""
    style = replace(KIT.value, size=40 * POINTS)
    pdf = _drawn(lambda sheet: columns.write(sheet, (50, 30), text, style))
    (image,) = look(pdf, folder)
    box = image.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert box
    left, top, right, bottom = (each * 25.4 / 100 for each in box)
    return (left - 30) / 40, (top - 30) / 40, (right - 30) / 40, (bottom - 30) / 40


@pytest.mark.parametrize("mark", "、。，．")
def test_points_stand_in_the_upper_right(mark: str, tmp_path: Path) -> None:
    left, top, right, bottom = _ink_of(mark, tmp_path)
    assert left > 0.5
    assert right <= 1
    assert top >= 0
    assert bottom < 0.5


@pytest.mark.parametrize("mark", "ー～〜―－…")
def test_strokes_run_downwards_in_the_middle(mark: str, tmp_path: Path) -> None:
    left, top, right, bottom = _ink_of(mark, tmp_path)
    assert bottom - top > 2 * (right - left)
    assert 0.35 < (left + right) / 2 < 0.65


@pytest.mark.parametrize("pair", ["（）", "「」", "『』", "【】", "〔〕"])
def test_brackets_embrace_from_above_and_below(pair: str, tmp_path: Path) -> None:
    opening, closing = (_ink_of(each, tmp_path) for each in pair)
    assert opening[1] > 0.4  # it hugs what comes below it
    assert closing[3] < 0.6
    assert opening[2] - opening[0] > opening[3] - opening[1]


def test_small_kana_move_to_the_right_and_up(tmp_path: Path) -> None:
    small = _ink_of("ッ", tmp_path)
    assert (small[0] + small[2]) / 2 > 0.55
    upright = _ink_of("国", tmp_path)
    assert 0.45 < (upright[0] + upright[2]) / 2 < 0.55
    assert upright[1] > 0
    assert upright[3] < 1


def test_two_digits_share_a_square_and_three_stand_one_by_one(tmp_path: Path) -> None:
    style = replace(KIT.value, size=20)
    square = columns.height("国", style)
    assert columns.height("10", style) == pytest.approx(square)
    assert columns.height("1", style) == pytest.approx(square)
    assert columns.height("101", style) > 2 * square
    left, top, right, bottom = _ink_of("10", tmp_path)
    assert left >= 0
    assert right <= 1
    assert bottom - top < 0.9


def test_latin_names_lie_on_their_side(tmp_path: Path) -> None:
    style = replace(KIT.value, size=20)
    text = "NGUYEN THI MINH CHAU"
    pdf = _drawn(lambda sheet: columns.write(sheet, (50, 5), text, style))
    assert read_pages(pdf) == [squeezed(text)]
    (image,) = look(pdf, tmp_path)
    box = image.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert box
    assert box[3] - box[1] > 5 * (box[2] - box[0])


def test_a_column_reads_back_in_its_order() -> None:
    text = "「コーポ・みどり」203号（書蒼市、緑ケ丘10番地～12番地）。キャッチ𠮷葛\U000e0102"
    style = replace(KIT.value, size=5)
    assert read_pages(_drawn(lambda sheet: columns.write(sheet, (50, 5), text, style))) == [text]


def test_no_column_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    style = replace(KIT.value, size=10)
    text = "右の婚姻届は、令和八年（二〇二六年）に「受理」したことをッー証明する。" * 3
    for room in range(12, 90):
        parts = columns.broken(text, style, room)
        assert "".join(parts) == text
        assert not [part for part in parts[1:] if part[0] in "、。）」ッー"]
        assert not [part for part in parts[:-1] if part[-1] in "（「"]


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("令和8年11月21日", "令和八年十一月二十一日"),
        ("平成10年10月30日", "平成十年十月三十日"),
        ("昭和元年12月25日", "昭和元年十二月二十五日"),
        ("西暦1867年1月1日", "西暦一八六七年一月一日"),
        ("年月日不詳", "年月日不詳"),
    ],
)
def test_days_in_columns_have_kanji_numbers(told: str, shown: str) -> None:
    assert columns.in_kanji(told) == shown


def test_a_reading_stands_above_its_own_part_of_the_name() -> None:
    style = replace(KIT.value, size=20)
    name, kana = "髙橋　花", "タカハシ　ハ"
    pdf = _named(name, kana, style, 80)
    boxes = {box.text: box for box in read_boxes(pdf)}
    assert read_pages(pdf) == ["タカハシハ髙橋花"]
    for text, reading in (("髙橋", "タカハシ"), ("花", "ハ")):
        below, above = boxes[text], boxes[reading]
        middle = (above.left + above.right) / 2
        assert middle == pytest.approx((below.left + below.right) / 2, abs=1)
        assert above.top < below.top


def test_a_long_reading_makes_room_and_a_long_name_gets_narrower() -> None:
    style = replace(KIT.value, size=20)
    assert ruby.width("楠　一", "クスノキヤマモト　ハジメ", style) > style.width("楠　一")
    for room in (80, 40, 20):
        long = "勅使河原　権左衛門", "テシガワラ　ゴンザエモン"
        pdf = _named(*long, style, room)
        assert max(box.right for box in read_boxes(pdf)) <= 10 + room + 0.5


def test_a_reading_that_does_not_match_stands_over_the_whole_name() -> None:
    assert ruby.parts("NGUYEN THI", "グエン　ティ") == (ruby.Part("NGUYEN THI", "グエン　ティ"),)


def test_beside_a_column_the_reading_stands_on_the_right() -> None:
    style = replace(KIT.value, size=20)
    pdf = _drawn(
        lambda sheet: columns.write_name(sheet, (50, 10), "髙橋　花", "たかはし　はな", style)
    )
    assert read_pages(pdf) == ["たかはしはな髙橋花"]
    boxes = read_boxes(pdf)
    kana = [box for box in boxes if box.text[0] in "たかはしな"]
    name = [box for box in boxes if box.text[0] in "髙橋花"]
    assert min(box.left for box in kana) > 50
    assert max(box.left for box in name) < 50
