"""Japanese era dates, read as people write them and shown as papers print them."""

import re
import unicodedata
from calendar import monthrange
from datetime import date

ERAS = (
    ("令和", "R", date(2019, 5, 1)),
    ("平成", "H", date(1989, 1, 8)),
    ("昭和", "S", date(1926, 12, 25)),
    ("大正", "T", date(1912, 7, 30)),
    ("明治", "M", date(1868, 1, 25)),
)
FIRST_YEAR, LAST_YEAR = 1000, 2117  # 令和99年: what is shown can be read again
_ERA = r"(?P<era>令和|平成|昭和|大正|明治|[RHSTM])(?P<year>元|\d{1,2})"
_WEST = r"(?P<west>\d{4})"
_SEP = r"[年./-]"
_WRITTEN = re.compile(
    rf"(?:{_ERA}|{_WEST})(?:年|{_SEP}(?P<month>\d{{1,2}})(?:月|[月./-](?P<day>\d{{1,2}})日?)?)?",
    re.ASCII,
)
_UNKNOWN = re.compile(r"(?:月日|月|日)?不詳")


def show_era(day: date) -> str:
    """The date as Japanese papers carry it: 昭和19年5月3日."""
    return f"{_show_year(day)}{day.month}月{day.day}日"


def show_known(stored: str) -> str:
    """A stored date whose day, or month and day, may be unknown: 昭和19年5月日不詳.

    Where two eras share what is known, the Western year names neither of them wrongly.
    """
    if len(stored) == len("1944-05-03"):
        return show_era(date.fromisoformat(stored))
    first, last = _earliest(stored), _latest(stored)
    year = _show_year(first)
    if year != _show_year(last):
        year = f"{first.year}年"
    return f"{year}{first.month}月日不詳" if "-" in stored else f"{year}月日不詳"


def parse_era(text: str) -> date | None:
    """A date written in an era or in the Western way; None where no such day existed."""
    known = parse_known(text)
    return date.fromisoformat(known) if known and known.count("-") == 2 else None


def parse_known(text: str) -> str | None:
    """As much of a date as is known, in ISO; None where no such day, month or year was."""
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    folded = _UNKNOWN.sub("", folded)
    if not (written := _WRITTEN.fullmatch(folded)):
        return None
    month = int(written["month"]) if written["month"] else None
    day = int(written["day"]) if written["day"] else None
    if written["west"]:
        return _known(int(written["west"]), month, day)
    number = next(i for i, era in enumerate(ERAS) if written["era"] in era[:2])
    first = ERAS[number][2]
    year = 1 if written["year"] == "元" else int(written["year"])
    stored = _known(first.year + year - 1, month, day) if year else None
    if stored is None or _latest(stored) < first:
        return None
    if number and _earliest(stored) >= ERAS[number - 1][2]:
        return None
    return stored


def _show_year(day: date) -> str:
    for name, _, start in ERAS:
        if day >= start:
            year = day.year - start.year + 1
            return f"{name}{'元' if year == 1 else year}年"
    return f"{day.year}年"


def _known(year: int, month: int | None, day: int | None) -> str | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    parts = [f"{year:04d}", *(f"{part:02d}" for part in (month, day) if part is not None)]
    return "-".join(parts)


def _earliest(stored: str) -> date:
    return date.fromisoformat(stored + "-01-01"[: 10 - len(stored)])


def _latest(stored: str) -> date:
    year, *rest = (int(part) for part in stored.split("-"))
    match rest:
        case [month, day]:
            return date(year, month, day)
        case [month]:
            return date(year, month, monthrange(year, month)[1])
        case _:
            return date(year, 12, 31)
