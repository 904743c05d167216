"""Answers of one field that are worth trying: one of each sort, and those around every clue."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import msgspec

from forms import days
from forms.definition import Field

_LONGEST_TERM, _MOST_MONTHS, _OLDEST = 400, 12, 120
_ALIVE = (45, 30, 70)
_SAMPLES: Mapping[str, tuple[Any, ...]] = {
    "text": ("見本", "別の見本"),
    "note": ("見本",),
    "name": ("見本　花子", "別人　太郎"),
    "kana": ("ミホン　ハナコ", "ベツジン　タロウ"),
    "email": ("a@example.jp",),
    "domicile": ("書蒼市一丁目1番",),
    "time": ("09:30", "18:30"),
    "address": ("書蒼市本町1-1", "別市東町2-2"),
    "phone": ("0312345678", "09012345678"),
    "account": tuple(
        {
            "bank": "みどり銀行",
            "branch": "本店",
            "type": kind,
            "number": "0000001",
            "holder": h,
        }
        for h in ("ミホン　ハナコ", "ベツジン　タロウ")
        for kind in ("ordinary", "yucho", "current", "savings")
    ),
    "point": ({"latitude": 35.0, "longitude": 139.0},),
    "signature": ("paper",),
}
_FILE = {"name": "a.jpg", "type": "image/jpeg", "size": 1, "sha256": "0" * 64}
_DIGITS = {"mynumber": "123456789018", "juminhyo-code": "12345678903", "corporate": "7000012050002"}


@dataclass(frozen=True)
class Clues:
    """The numbers, dates and words that a form's conditions speak of."""

    numbers: tuple[int, ...]
    dates: tuple[date, ...]


def clues(parts: Iterable[object]) -> Clues:
    """Everything that a value may be compared with in these conditions and formulas."""
    numbers: set[int] = set()
    dates: set[date] = set()
    for part in _parts([msgspec.to_builtins(each) for each in parts]):
        if isinstance(part, int) and not isinstance(part, bool):
            numbers.add(abs(part))
        elif isinstance(part, str):
            dates |= _days_named(part)
    return Clues(tuple(sorted(numbers)), tuple(sorted(dates)))


def _days_named(text: str) -> set[date]:
    """The day, or the day of some years, that a text names."""
    if re.fullmatch(r"\d\d-\d\d", text):
        text = f"2027-{text}"
    try:
        return {date.fromisoformat(text)}
    except ValueError:
        return set()


def candidates(item: Field, today: date, found: Clues) -> list[Any]:
    """Answers of one field that conditions may tell apart; the likeliest first."""
    match item.kind:
        case "choice":
            return [option.value for option in item.options]
        case "choices":
            each = [[option.value] for option in item.options]
            few, all_ = item.minimum or 1, [option.value for option in item.options]
            return [all_[:few], *each, all_[: item.maximum]]
        case "yes-no":
            return [True, False]
        case "count" | "money":
            return _numbers(item, found)
        case "date":
            return _dates(today, found)
        case "digits":
            return [_digits(item)]
        case "photos" | "files":
            few, many = item.minimum or 1, item.maximum or 10
            return [[_FILE] * few, [_FILE] * many]
        case "text" if item.pattern:
            return [text] if (text := _of_pattern(item.pattern)) else []
        case "text" if item.maximum:
            return [sample[: item.maximum] for sample in _SAMPLES["text"]]
        case _:
            return list(_SAMPLES[item.kind])


def _numbers(item: Field, found: Clues) -> list[Any]:
    low = 0 if item.minimum is None else item.minimum
    high = 10**9 if item.maximum is None else item.maximum
    near = {number + step for number in found.numbers for step in (-1, 0, 1)}
    fit = sorted(number for number in {low, high, *near} if low < number <= high)
    return [min(low + 1, high), low, *fit]


def _dates(today: date, found: Clues) -> list[str]:
    """Days before, on and after each day that may count: terms, ages, days that are named."""
    middle = [today, *found.dates]
    for number in found.numbers:
        if 0 < number <= _LONGEST_TERM:
            middle += [today + timedelta(days=number), today - timedelta(days=number)]
        if 0 < number <= _MOST_MONTHS:
            middle += [days.moved(today, days=0, months=m, years=0) for m in (number, -number)]
        if 0 < number <= _OLDEST:
            middle += [days.moved(today, days=0, months=0, years=y) for y in (-number, -number - 1)]
    middle += [days.moved(today, days=0, months=0, years=-years) for years in _ALIVE]
    around = [day + timedelta(days=step) for step in (0, 1, -1) for day in middle]
    return [day.isoformat() for day in dict.fromkeys(around)]


def _digits(item: Field) -> str:
    if item.check:
        return _DIGITS[item.check]
    length = item.length or max(item.minimum or 1, min(item.maximum or 8, 8))
    return "1234567890123456789012345678901"[:length]


def _of_pattern(pattern: str) -> str | None:
    """A text of the pattern, for patterns made of classes and counts; None for others."""
    found, rest = "", pattern
    step = re.compile(r"(\[[^\]]+\]|\\d|[^\\\[\](){}?*+|.^$])(?:\{(\d+)(?:,\d*)?\}|([?*+]))?")
    while rest:
        piece = step.match(rest)
        if not piece:
            return None
        first = "0" if piece[1] == "\\d" else piece[1].strip("[")[0]
        found += first * (int(piece[2]) if piece[2] else 1)
        rest = rest[piece.end() :]
    return found if re.fullmatch(pattern, found) else None


def _parts(raw: object) -> Iterator[object]:
    if isinstance(raw, dict):
        for value in raw.values():
            yield from _parts(value)
    elif isinstance(raw, list | tuple):
        for value in raw:
            yield from _parts(value)
    else:
        yield raw
