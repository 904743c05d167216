"""The day in its era, at every edge."""

from datetime import date

import pytest

from printing.era import wareki


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(1868, 1, 24), "西暦1868年1月24日"),
        (date(1868, 1, 25), "明治元年1月25日"),
        (date(1912, 7, 29), "明治45年7月29日"),
        (date(1912, 7, 30), "大正元年7月30日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2020, 1, 1), "令和2年1月1日"),
    ],
)
def test_a_day_is_shown_in_the_era_it_fell_in(day: date, shown: str) -> None:
    assert wareki(day) == shown
