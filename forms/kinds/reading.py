"""What every kind shares: a reason for refusing, and text free of what nobody types."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from forms.definition import ALL_CHANNELS, Channel, Field

LONGEST_TEXT = 200
LONGEST_NOTE = 2000
LONGEST_NAME = 200  # names of several parts, with another in brackets
_FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
STROKES = re.compile("[-‐‑‒–—―−ー() ]")  # however a phone writes them between digits
_BLANKS = " \t\u3000"


class Unreadable(ValueError):
    """The answer is not of its kind; `reason` is a key of the texts."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Kind:
    """How one kind of answer is read, how it is shown, and where it can be asked."""

    parse: Callable[[Field, object], object]
    show: Callable[[Field, object], str]
    channels: tuple[Channel, ...] = ALL_CHANNELS
    parts: tuple[str, ...] = ()


def plain(value: object, longest: int) -> str:
    """One line of text without controls, direction marks or private characters."""
    if not isinstance(value, str):
        raise Unreadable("not-text")
    text = value.strip(_BLANKS)
    if len(text) > longest:
        raise Unreadable("too-long")
    if any(unicodedata.category(c) in _FORBIDDEN and not _is_kanji(c) for c in text):
        raise Unreadable("odd-character")
    return text


def _is_kanji(character: str) -> bool:
    """Planes 2 and 3 are kanji's alone, also those younger than our tables."""
    return 0x20000 <= ord(character) < 0x3FFFE and ord(character) & 0xFFFF < 0xFFFE


def folded(value: object, longest: int = LONGEST_NAME) -> str:
    """The same with full-width letters and digits made plain."""
    return plain(unicodedata.normalize("NFKC", plain(value, longest)), longest)


def as_is(_: Field, value: object) -> str:
    """A value that reads as it is stored."""
    return str(value)


def among(value: int, field: Field) -> int:
    """The number, if it lies between the field's bounds."""
    low = field.minimum is not None and value < field.minimum
    high = field.maximum is not None and value > field.maximum
    if low or high:
        raise Unreadable("out-of-range")
    return value
