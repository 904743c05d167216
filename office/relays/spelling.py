"""How one value is written for machines that are older than its spelling."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from forms.era import ERAS, show_known
from forms.kinds.places import ADDRESS_PARTS

ADDRESS = "address"
_TOKYO = ZoneInfo("Asia/Tokyo")
_DIACRITICS = {"\u3099": "ﾞ", "\u309a": "ﾟ"}
_HALF = {
    unicodedata.normalize("NFKC", chr(point)): chr(point)
    for point in [*range(0xFF61, 0xFF9E), *range(0x21, 0x7F)]
}
_FULL = {half: full for full, half in ((chr(p + 0xFEE0), chr(p)) for p in range(0x21, 0x7F))}


class Unspeakable(ValueError):
    """The value is not what its column says it is; the value itself is not repeated."""


def one_line(parts: Mapping[str, Any]) -> str:
    """An address in its parts as one line, without its postcode."""
    said = {name: str(parts.get(name) or "") for name in ADDRESS_PARTS}
    line = "".join(said[name] for name in ADDRESS_PARTS if name not in ("postcode", "building"))
    return f"{line}　{said['building']}" if said["building"] else line


def _text(value: str) -> str:
    return value


def _one_line(value: str) -> str:
    return re.sub(r"\s*[\r\n\v\f\x85\u2028\u2029]+\s*", "　", value.strip())


def _zenkaku(value: str) -> str:
    """Wide: ｶﾅ becomes カナ, A1 becomes Ａ１, a space becomes 　; kanji stay as they are."""
    wide = re.sub(r"[\uff61-\uff9f]+", lambda m: unicodedata.normalize("NFKC", m[0]), value)
    return "".join(_FULL.get(each, "　" if each == " " else each) for each in wide)


def _hankaku(value: str) -> str:
    """Half wide kana, letters and digits; anything that has no half width is told."""
    found = []
    for each in unicodedata.normalize("NFD", _katakana(value)):
        half = _DIACRITICS.get(each) or _HALF.get(unicodedata.normalize("NFKC", each))
        if each in "　 ":
            half = " "
        if half is None:
            raise Unspeakable(f"{each} (U+{ord(each):04X}) has no half width")
        found.append(half)
    return "".join(found)


def _katakana(value: str) -> str:
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in value)


def _digits(value: str) -> str:
    """Digits alone: 012-345 becomes 012345."""
    found = re.sub(r"[\s()‐‑–—−ー－-]", "", unicodedata.normalize("NFKC", value))
    if not re.fullmatch(r"[0-9]*", found):
        raise Unspeakable("has more than digits in it")
    return found


def _day(value: str) -> date:
    try:
        if "T" in value:
            return _moment(value).date()
        return date.fromisoformat(value)
    except ValueError:
        raise Unspeakable("is no whole date") from None


def _moment(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value).astimezone(_TOKYO)
    except ValueError:
        raise Unspeakable("is no moment") from None


def _wareki(value: str) -> str:
    if re.fullmatch(r"\d{4}(-\d\d)?", value):
        return show_known(value)
    return show_known(_day(value).isoformat())


def _era_number(value: str) -> str:
    """元号コード: 1 明治 … 5 令和, then year, month, day: 5081121."""
    day = _day(value)
    for place, (_, _, first) in enumerate(ERAS):
        if day >= first:
            return f"{len(ERAS) - place}{day.year - first.year + 1:02d}{day:%m%d}"
    raise Unspeakable("is before the eras that have a number")


SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "text": _text,
    ADDRESS: _text,
    "one-line": _one_line,
    "zenkaku": _zenkaku,
    "hankaku": _hankaku,
    "digits": _digits,
    "yyyymmdd": lambda value: f"{_day(value):%Y%m%d}",
    "yyyy-mm-dd": lambda value: _day(value).isoformat(),
    "yyyy/mm/dd": lambda value: f"{_day(value):%Y/%m/%d}",
    "wareki": _wareki,
    "era-number": _era_number,
    "yyyymmddhhmmss": lambda value: f"{_moment(value):%Y%m%d%H%M%S}",
}
