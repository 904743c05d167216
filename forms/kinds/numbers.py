"""Kinds of numbers: counts, money, digits with their check digits, telephones, times, points."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime

from forms.definition import Field
from forms.era import parse_era, parse_known, show_known
from forms.kinds.reading import STROKES, Unreadable, among, folded, plain

_PHONE = re.compile(r"0[0-9]{9,10}")
_LARGEST = 10**12


def whole(field: Field, value: object) -> object:
    """A whole number between the field's bounds."""
    if isinstance(value, str):
        value = _number(folded(value))
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= _LARGEST:
        raise Unreadable("not-a-number")
    return among(value, field)


def money(field: Field, value: object) -> object:
    """Yen, typed with or without commas and sign."""
    if isinstance(value, str):
        value = re.sub(r"[,¥円 ]", "", folded(value))
    return whole(field if field.minimum is not None else _no_debt(field), value)


def show_money(_: Field, value: object) -> str:
    """1,500円."""
    return f"{value:,}円"


def digits(field: Field, value: object) -> object:
    """Digits that are a name, not a number: leading zeros count, a check digit is checked."""
    line = STROKES.sub("", folded(value))
    if not line:
        return line
    if not (line.isascii() and line.isdecimal()):
        raise Unreadable("not-digits")
    if field.length is not None and len(line) != field.length:
        raise Unreadable("wrong-length")
    if not (field.minimum or 0) <= len(line) <= (field.maximum or 30):
        raise Unreadable("wrong-length")
    if field.check and not CHECKS[field.check](line):
        raise Unreadable("wrong-check-digit")
    return line


def phone(_: Field, value: object) -> object:
    """A Japanese telephone number, without its strokes."""
    line = STROKES.sub("", folded(value))
    if line.startswith("+81"):
        line = "0" + line[3:].removeprefix("0")
    if line and not _PHONE.fullmatch(line):
        raise Unreadable("not-phone")
    return line


def day(field: Field, value: object) -> object:
    """A day in ISO; where the field allows it, a month or a year of which no more is known."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = value.isoformat()
    line = plain(value, 40)
    if not line:
        return ""
    if field.partial:
        known = parse_known(line)
    else:
        known = found.isoformat() if (found := parse_era(line)) else None
    if known is None:
        raise Unreadable("not-date")
    return known


def show_day(_: Field, value: object) -> str:
    """昭和19年5月3日."""
    return show_known(str(value)) if value else ""


def time(_: Field, value: object) -> object:
    """A time of day, 09:30."""
    line = folded(value)
    found = re.fullmatch(r"(\d{1,2})(?::|時)(\d{2})?分?", line)
    if not line:
        return line
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise Unreadable("not-time")
    return f"{int(found[1]):02d}:{int(found[2] or 0):02d}"


def point(_: Field, value: object) -> object:
    """A place on the map, to about ten centimetres."""
    if isinstance(value, str):
        if not value.strip():
            return ""
        latitude, _comma, longitude = folded(value).partition(",")
        value = {"latitude": latitude, "longitude": longitude}
    if not isinstance(value, Mapping) or set(value) != {"latitude", "longitude"}:
        raise Unreadable("not-a-point")
    try:
        place = {name: round(float(value[name]), 6) for name in ("latitude", "longitude")}
    except (TypeError, ValueError, OverflowError) as fault:
        raise Unreadable("not-a-point") from fault
    if not (abs(place["latitude"]) <= 90 and abs(place["longitude"]) <= 180):
        raise Unreadable("not-a-point")
    return place


def show_point(_: Field, value: object) -> str:
    """35.681236,139.767125."""
    place: Mapping[str, float] = value  # type: ignore[assignment]
    return f"{place['latitude']:.6f},{place['longitude']:.6f}"


def _number(line: str) -> object:
    return int(line) if re.fullmatch(r"-?[0-9]{1,12}", line) else line


def _no_debt(field: Field) -> Field:
    return Field(id=field.id, kind=field.kind, label=field.label, minimum=0, maximum=field.maximum)


def _mynumber(line: str) -> bool:
    """平成26年総務省令第85号第5条."""
    if len(line) != 12:
        return False
    total = sum(int(d) * (n + 1 if n <= 6 else n - 5) for n, d in enumerate(line[10::-1], 1))
    rest = total % 11
    return int(line[11]) == (0 if rest <= 1 else 11 - rest)


def _juminhyo_code(line: str) -> bool:
    """住民票コードの検査数字: weights 2 to 7 from the right, modulus 11."""
    if len(line) != 11:
        return False
    total = sum(int(d) * (2 + n % 6) for n, d in enumerate(line[9::-1]))
    rest = total % 11
    return int(line[10]) == (0 if rest <= 1 else 11 - rest)


def _corporate(line: str) -> bool:
    """法人番号: the first digit checks the twelve others, weights 1 and 2 from the right."""
    if len(line) != 13:
        return False
    total = sum(int(d) * (1 + n % 2) for n, d in enumerate(line[:0:-1]))
    return int(line[0]) == 9 - total % 9


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "mynumber": _mynumber,
    "juminhyo-code": _juminhyo_code,
    "corporate": _corporate,
}
