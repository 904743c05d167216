"""Japanese era dates, read as people write them and shown as papers print them."""

import re
import unicodedata
from datetime import date

ERAS = (
    ("令和", "R", date(2019, 5, 1)),
    ("平成", "H", date(1989, 1, 8)),
    ("昭和", "S", date(1926, 12, 25)),
    ("大正", "T", date(1912, 7, 30)),
    ("明治", "M", date(1868, 1, 25)),
)
FIRST_YEAR, LAST_YEAR = 1000, 2117  # 令和99年: what is shown can be read again
_WRITTEN = re.compile(
    r"(?P<era>令和|平成|昭和|大正|明治|[RHSTM])(?P<year>元|\d{1,2})[年./-](?P<month>\d{1,2})"
    r"[月./-](?P<day>\d{1,2})日?"
)
_WESTERN = re.compile(r"(?P<year>\d{4})[年./-](?P<month>\d{1,2})[月./-](?P<day>\d{1,2})日?")


def show_era(day: date) -> str:
    """The date as Japanese papers carry it: 昭和19年5月3日."""
    for name, _, start in ERAS:
        if day >= start:
            year = day.year - start.year + 1
            return f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    return f"{day.year}年{day.month}月{day.day}日"


def parse_era(text: str) -> date | None:
    """A date written in an era or in the Western way; None where no such day existed."""
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    if western := _WESTERN.fullmatch(folded):
        return _day(int(western["year"]), int(western["month"]), int(western["day"]))
    if not (written := _WRITTEN.fullmatch(folded)):
        return None
    number = next(i for i, era in enumerate(ERAS) if written["era"] in era[:2])
    first = ERAS[number][2]
    year = 1 if written["year"] == "元" else int(written["year"])
    day = _day(first.year + year - 1, int(written["month"]), int(written["day"]))
    if day is None or day < first:
        return None
    if number and day >= ERAS[number - 1][2]:
        return None
    return day


def _day(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
