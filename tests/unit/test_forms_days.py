"""How the law counts: years of age, school and fiscal years, terms, open days."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.days import (
    age,
    city_hall_closed,
    fiscal_year,
    month_end,
    moved,
    next_open,
    school_year_end,
)

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def shifted(day, *, days=0, months=0, years=0):
    return moved(day, days=days, months=months, years=years)


@pytest.mark.parametrize(
    ("birth", "on", "by_birthday", "by_law"),
    [
        (date(2000, 5, 3), date(2020, 5, 1), 19, 19),
        (date(2000, 5, 3), date(2020, 5, 2), 19, 20),
        (date(2000, 5, 3), date(2020, 5, 3), 20, 20),
        (date(2008, 2, 29), date(2026, 2, 27), 17, 17),
        (date(2008, 2, 29), date(2026, 2, 28), 17, 18),
        (date(2008, 2, 29), date(2026, 3, 1), 18, 18),
        (date(2008, 2, 29), date(2028, 2, 28), 19, 20),
        (date(2008, 2, 29), date(2028, 2, 29), 20, 20),
        (date(2008, 3, 1), date(2028, 2, 28), 19, 19),
        (date(2008, 3, 1), date(2028, 2, 29), 19, 20),
        (date(2008, 3, 1), date(2027, 2, 28), 18, 19),
        (date(2020, 4, 1), date(2026, 3, 31), 5, 6),
        (date(2020, 1, 1), date(2025, 12, 31), 5, 6),
        (date(2026, 11, 20), date(2026, 11, 20), 0, 0),
    ],
)
def test_an_age_is_reached_on_the_birthday_or_the_day_before(birth, on, by_birthday, by_law):
    assert age(birth, on, day_before=False) == by_birthday
    assert age(birth, on, day_before=True) == by_law


@settings(max_examples=200, deadline=None)
@given(DAYS, st.integers(0, 40_000))
def test_the_law_counts_a_day_earlier_than_people_do(birth, lived):
    on = birth + timedelta(days=lived)
    assert age(birth, on, day_before=True) == age(birth, on + timedelta(days=1), day_before=False)
    assert 0 <= age(birth, on, day_before=False) <= lived // 365


@pytest.mark.parametrize(
    ("birth", "years", "end"),
    [
        (date(2020, 4, 1), 6, date(2026, 3, 31)),
        (date(2020, 4, 2), 6, date(2027, 3, 31)),
        (date(2020, 3, 31), 6, date(2026, 3, 31)),
        (date(2020, 1, 1), 6, date(2026, 3, 31)),
        (date(2019, 12, 31), 6, date(2026, 3, 31)),
        (date(2008, 4, 1), 18, date(2026, 3, 31)),
        (date(2008, 4, 2), 18, date(2027, 3, 31)),
        (date(2008, 2, 29), 18, date(2026, 3, 31)),
        (date(2011, 4, 1), 15, date(2026, 3, 31)),
    ],
)
def test_a_child_of_april_1st_is_of_the_older_school_year(birth, years, end):
    assert school_year_end(birth, years) == end


@settings(max_examples=200, deadline=None)
@given(DAYS, st.integers(0, 18))
def test_the_school_year_ends_on_the_first_march_31st_once_the_age_is_reached(birth, years):
    end = school_year_end(birth, years)
    assert age(birth, end, day_before=True) == years
    assert age(birth, date(end.year - 1, 3, 31), day_before=True) == years - 1


@pytest.mark.parametrize(
    ("day", "begins", "year"),
    [
        (date(2026, 3, 31), "04-01", 2025),
        (date(2026, 4, 1), "04-01", 2026),
        (date(2026, 5, 31), "06-01", 2025),
        (date(2026, 6, 1), "06-01", 2026),
        (date(2026, 1, 1), "01-01", 2026),
        (date(2026, 12, 31), "01-01", 2026),
    ],
)
def test_a_fiscal_year_is_named_for_the_year_it_began_in(day, begins, year):
    assert fiscal_year(day, begins) == year


@pytest.mark.parametrize(
    ("day", "steps", "found"),
    [
        (date(2026, 1, 31), {"months": 1}, date(2026, 2, 28)),
        (date(2028, 1, 31), {"months": 1}, date(2028, 2, 29)),
        (date(2026, 3, 31), {"months": -1}, date(2026, 2, 28)),
        (date(2026, 10, 31), {"months": 1}, date(2026, 11, 30)),
        (date(2026, 12, 15), {"months": 1}, date(2027, 1, 15)),
        (date(2026, 1, 15), {"months": -1}, date(2025, 12, 15)),
        (date(2026, 12, 31), {"months": 2}, date(2027, 2, 28)),
        (date(2026, 5, 5), {"months": 12}, date(2027, 5, 5)),
        (date(2028, 2, 29), {"years": 1}, date(2029, 2, 28)),
        (date(2028, 2, 29), {"years": 4}, date(2032, 2, 29)),
        (date(2028, 2, 29), {"years": -1}, date(2027, 2, 28)),
        (date(2026, 11, 20), {"days": 14}, date(2026, 12, 4)),
        (date(2026, 1, 31), {"months": 1, "days": 1}, date(2026, 3, 1)),
        (date(2026, 11, 20), {}, date(2026, 11, 20)),
    ],
)
def test_months_and_years_go_by_the_calendar(day, steps, found):
    assert shifted(day, **steps) == found


@settings(max_examples=200, deadline=None)
@given(DAYS, st.integers(-500, 500))
def test_a_month_moved_is_so_many_months_away_and_never_skips_one(day, months):
    found = shifted(day, months=months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == min(day.day, month_end(found).day)


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2028, 2, 29), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_a_month_ends_on_its_last_day(day, last):
    assert month_end(day) == last


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 21),  # a Saturday
        date(2026, 11, 22),  # a Sunday
        date(2026, 11, 23),  # 勤労感謝の日
        date(2026, 9, 22),  # between two holidays
        date(2026, 12, 29),
        date(2027, 1, 2),
        date(2027, 1, 3),
        date(2026, 5, 6),  # for 憲法記念日, which is a Sunday
        date(2019, 5, 1),  # the accession
    ],
)
def test_the_city_hall_rests(day):
    assert city_hall_closed(day)


@pytest.mark.parametrize("day", [date(2026, 11, 20), date(2026, 12, 28), date(2027, 1, 4)])
def test_the_city_hall_works(day):
    assert not city_hall_closed(day)


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2026, 11, 20), date(2026, 11, 20)),
        (date(2026, 11, 21), date(2026, 11, 24)),
        (date(2026, 12, 28), date(2026, 12, 28)),
        (date(2026, 12, 29), date(2027, 1, 4)),
        (date(2025, 12, 27), date(2026, 1, 5)),
        (date(2026, 5, 2), date(2026, 5, 7)),
        (date(2027, 4, 29), date(2027, 4, 30)),
        (date(2027, 5, 1), date(2027, 5, 6)),
        (date(2026, 9, 19), date(2026, 9, 24)),
        (date(2019, 4, 27), date(2019, 5, 7)),
    ],
)
def test_a_term_that_ends_on_a_closed_day_ends_on_the_next_open_one(day, found):
    assert next_open(day, city_hall_closed) == found


def test_a_hall_that_never_opens_does_not_keep_anybody_counting():
    assert next_open(date(2026, 11, 20), lambda _: True) == date(2026, 12, 20)
