"""How Japanese law counts days, years of age and school years."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

Closed = Callable[[date], bool]
_NEW_YEAR = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}
_LONGEST_REST = 30
_SATURDAY = 5


def city_hall_closed(day: date) -> bool:
    """地方自治法第4条の2: Saturdays, Sundays, holidays, the turn of the year."""
    if day.weekday() >= _SATURDAY or (day.month, day.day) in _NEW_YEAR:
        return True
    import jpholiday  # noqa: PLC0415 (four hundred kilobytes; few rules ask for it)

    return bool(jpholiday.is_holiday(day))


def next_open(day: date, closed: Closed) -> date:
    """民法第142条: a term that ends on a closed day ends on the next open one."""
    for _ in range(_LONGEST_REST):
        if not closed(day):
            break
        day += timedelta(days=1)
    return day


def age(birth: date, on: date, *, day_before: bool) -> int:
    """Full years; 年齢計算ニ関スル法律 completes one on the day before the birthday."""
    if day_before:
        on += timedelta(days=1)
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def school_year_end(birth: date, years: int) -> date:
    """The first March 31st on or after the day that this age is reached.

    Born on April 1st, the age is reached on March 31st, and the school year ends that very day.
    """
    reached_early = (birth.month, birth.day) <= (4, 1)
    return date(birth.year + years + (not reached_early), 3, 31)


def fiscal_year(day: date, begins: str) -> int:
    """The year in which the year that holds this day began."""
    month, first = (int(part) for part in begins.split("-"))
    return day.year - ((day.month, day.day) < (month, first))


def moved(day: date, *, days: int, months: int, years: int) -> date:
    """民法第143条: months and years by the calendar, a missing day is the month's last."""
    total = day.year * 12 + day.month - 1 + months + 12 * years
    year, month = divmod(total, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)) + timedelta(days=days)


def month_end(day: date) -> date:
    """The last day of the month."""
    return day.replace(day=monthrange(day.year, day.month)[1])
