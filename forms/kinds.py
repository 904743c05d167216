"""The kinds of answer: each reads what a person gives and shows it back the same."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from forms.definition import Field
from forms.era import parse_era, show_era

LONGEST_TEXT = 200
LONGEST_NAME = 200  # names of several parts, with another in brackets
_KANA = re.compile(r"[ァ-ヺー・ ]+")
_PHONE = re.compile(r"0[0-9]{9,10}")
_FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


class Unreadable(ValueError):
    """The answer is not of its kind; `reason` is a key of the texts."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Kind:
    """How one kind of answer is read, and how it is shown."""

    parse: Callable[[Field, object], object]
    show: Callable[[Field, object], str]


def _plain(value: object, longest: int) -> str:
    if not isinstance(value, str):
        raise Unreadable("not-text")
    text = value.strip(" \t\u3000")
    if len(text) > longest:
        raise Unreadable("too-long")
    if any(unicodedata.category(character) in _FORBIDDEN for character in text):
        raise Unreadable("odd-character")
    return text


def _text(_: Field, value: object) -> object:
    return _plain(value, LONGEST_TEXT)


def _name(_: Field, value: object) -> object:
    """A name keeps its code points; only the gap between 姓 and 名 is made one width."""
    return re.sub(r"[ \u3000]+", "\u3000", _plain(value, LONGEST_NAME))


def _kana(_: Field, value: object) -> object:
    wide = _plain(unicodedata.normalize("NFKC", _plain(value, LONGEST_NAME)), LONGEST_NAME)
    kana = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in wide)
    if kana and not _KANA.fullmatch(kana):
        raise Unreadable("not-kana")
    return re.sub(" +", "\u3000", kana)


def _phone(_: Field, value: object) -> object:
    digits = re.sub(r"[-() ]", "", unicodedata.normalize("NFKC", _plain(value, LONGEST_NAME)))
    if digits and not _PHONE.fullmatch(digits):
        raise Unreadable("not-phone")
    return digits


def _date(_: Field, value: object) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        value = value.isoformat()
    text = _plain(value, LONGEST_NAME)
    if not text:
        return ""
    if (day := parse_era(text)) is None:
        raise Unreadable("not-date")
    return day.isoformat()


def _choice(field: Field, value: object) -> object:
    if value not in [option.value for option in field.options]:
        raise Unreadable("not-a-choice")
    return value


def _yes_no(_: Field, value: object) -> object:
    if not isinstance(value, bool):
        raise Unreadable("not-a-choice")
    return value


def _count(field: Field, value: object) -> object:
    if isinstance(value, str) and value.isdecimal() and len(value) < 10:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unreadable("not-a-number")
    if not field.minimum <= value <= field.maximum:
        raise Unreadable("out-of-range")
    return value


def _as_is(_: Field, value: object) -> str:
    return str(value)


def _show_choice(field: Field, value: object) -> str:
    return next((o.label for o in field.options if o.value == value), str(value))


def _show_date(_: Field, value: object) -> str:
    return show_era(date.fromisoformat(str(value))) if value else ""


KINDS: Mapping[str, Kind] = {
    "text": Kind(_text, _as_is),
    "address": Kind(_text, _as_is),
    "name": Kind(_name, _as_is),
    "kana": Kind(_kana, _as_is),
    "phone": Kind(_phone, _as_is),
    "date": Kind(_date, _show_date),
    "choice": Kind(_choice, _show_choice),
    "yes-no": Kind(_yes_no, lambda _, value: "はい" if value else "いいえ"),
    "count": Kind(_count, _as_is),
}


def parse(field: Field, value: object) -> object:
    """The answer in its stored form, or `Unreadable` with the reason."""
    return KINDS[field.kind].parse(field, value)


def show(field: Field, value: object) -> str:
    """The stored answer as a person reads it; what can be typed, `parse` takes back unchanged."""
    return KINDS[field.kind].show(field, value)
