"""Dates in Japanese eras, as papers print them."""

import re
from datetime import date

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
ERAS = (
    ("令和", date(2019, 5, 1)),
    ("平成", date(1989, 1, 8)),
    ("昭和", date(1926, 12, 25)),
    ("大正", date(1912, 7, 30)),
    ("明治", date(1868, 1, 25)),
)


def wareki(day: date) -> str:
    """The day in the era that it fell in; before 明治, in the Western year."""
    for name, start in ERAS:
        if day >= start:
            year = day.year - start.year + 1
            return f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    return f"西暦{day.year}年{day.month}月{day.day}日"


def written(day: str) -> str:
    """A register's day in its era; the register's own words where it knows no day."""
    try:
        return wareki(date.fromisoformat(day)) if _DAY.fullmatch(day) else day
    except ValueError:
        return day
