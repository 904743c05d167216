"""Era dates: every day reads back, every edge holds, nothing that never was is a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.era import parse_era, show_era

EDGES = [
    (date(1868, 1, 25), "明治元年1月25日"),
    (date(1868, 12, 31), "明治元年12月31日"),
    (date(1869, 1, 1), "明治2年1月1日"),
    (date(1912, 7, 29), "明治45年7月29日"),
    (date(1912, 7, 30), "大正元年7月30日"),
    (date(1926, 12, 24), "大正15年12月24日"),
    (date(1926, 12, 25), "昭和元年12月25日"),
    (date(1926, 12, 31), "昭和元年12月31日"),
    (date(1927, 1, 1), "昭和2年1月1日"),
    (date(1944, 5, 3), "昭和19年5月3日"),
    (date(1989, 1, 1), "昭和64年1月1日"),
    (date(1989, 1, 7), "昭和64年1月7日"),
    (date(1989, 1, 8), "平成元年1月8日"),
    (date(1989, 12, 31), "平成元年12月31日"),
    (date(2019, 4, 30), "平成31年4月30日"),
    (date(2019, 5, 1), "令和元年5月1日"),
    (date(2020, 1, 1), "令和2年1月1日"),
    (date(2024, 2, 29), "令和6年2月29日"),
]


def every_day(first, last):
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


@pytest.mark.parametrize(("day", "shown"), EDGES)
def test_a_day_is_shown_in_the_era_it_fell_in(day, shown):
    assert show_era(day) == shown


@pytest.mark.parametrize(("day", "shown"), EDGES)
def test_a_day_at_the_edge_of_an_era_reads_back(day, shown):
    assert parse_era(shown) == day


def test_every_day_from_before_meiji_to_2100_reads_back():
    days = every_day(date(1867, 12, 1), date(2100, 12, 31))
    assert [day for day in days if parse_era(show_era(day)) != day] == []


@settings(max_examples=300, deadline=None)
@given(st.dates(date(1000, 1, 1), date(2117, 12, 31)))
def test_a_day_written_the_western_way_is_the_same_day(day):
    assert parse_era(day.isoformat()) == day
    assert parse_era(f"{day.year}年{day.month}月{day.day}日") == day
    assert parse_era(f"{day.year}/{day.month}/{day.day}") == day


def test_a_day_before_the_first_era_is_shown_the_western_way():
    assert show_era(date(1868, 1, 24)) == "1868年1月24日"


def test_the_first_year_may_be_written_as_a_number():
    assert show_era(date(2019, 5, 1)) == "令和元年5月1日"
    assert parse_era("令和1年5月1日") == parse_era("令和元年5月1日") == date(2019, 5, 1)


@pytest.mark.parametrize(
    "written",
    [
        "昭和64年1月7日",
        "昭和64年1月7",
        "昭和６４年１月７日",
        "昭和 64年 1月 7日",
        "昭和\u300064年\u30001月\u30007日",
        "昭和64年01月07日",
        "昭和64.1.7",
        "昭和64/1/7",
        "昭和64-01-07",
        "S64.1.7",
        "s64.1.7",
        "Ｓ６４．１．７",
        "ｓ64/1/7",
        "㍼64年1月7日",
        "1989年1月7日",
        "1989-01-07",
        "１９８９／１／７",
    ],
)
def test_a_day_is_read_however_people_write_it(written):
    assert parse_era(written) == date(1989, 1, 7)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("M元.1.25", date(1868, 1, 25)),
        ("T1.7.30", date(1912, 7, 30)),
        ("S元.12.25", date(1926, 12, 25)),
        ("H元.1.8", date(1989, 1, 8)),
        ("R元.5.1", date(2019, 5, 1)),
        ("㋿元年5月1日", date(2019, 5, 1)),
    ],
)
def test_an_era_is_known_by_its_letter_or_its_sign(written, day):
    assert parse_era(written) == day


@pytest.mark.parametrize(
    "written",
    [
        "明治元年1月24日",
        "明治45年7月30日",
        "大正元年7月29日",
        "大正15年12月25日",
        "昭和元年12月24日",
        "昭和64年1月8日",
        "昭和65年1月1日",
        "平成元年1月7日",
        "平成31年5月1日",
        "令和元年4月30日",
    ],
)
def test_a_day_outside_its_era_never_was(written):
    assert parse_era(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "令和5年2月29日",
        "令和5年13月1日",
        "令和5年4月31日",
        "令和0年5月1日",
        "令和5年0月1日",
        "2023-02-29",
        "2023年6月31日",
        "0000-01-01",
    ],
)
def test_a_day_that_is_in_no_calendar_is_none(written):
    assert parse_era(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "",
        "昭和",
        "昭和19年",
        "昭和19年5月",
        "慶応3年1月1日",
        "X1.1.1",
        "19.5.3",
        "5月3日",
        "きのう",
    ],
)
def test_words_that_are_no_date_are_none(written):
    assert parse_era(written) is None


@settings(max_examples=300, deadline=None)
@given(st.text() | st.text("令和平成昭和大正明治元年月日RHSTM0123456789./- ", max_size=14))
def test_whatever_is_written_is_a_day_or_none(written):
    day = parse_era(written)
    assert day is None or isinstance(day, date)
