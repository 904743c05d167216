"""Kinds of words: text, notes, names, kana, the registered domicile."""

import re
from functools import lru_cache

from forms.definition import Field
from forms.kinds.reading import (
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_TEXT,
    Unreadable,
    folded,
    plain,
)

_KANA = re.compile(r"[ァ-ヺー・ ]+")


def text(field: Field, value: object) -> object:
    """One line, of the form that the field wants."""
    longest = LONGEST_TEXT if field.maximum is None else field.maximum
    line = plain(value, longest)
    if line and field.pattern and not _pattern(field.pattern).fullmatch(line):
        line = plain(folded(line, longest).upper(), longest)
        if not _pattern(field.pattern).fullmatch(line):
            raise Unreadable("not-of-form")
    return line


def note(field: Field, value: object) -> object:
    """Several lines of a person's own words."""
    if not isinstance(value, str):
        raise Unreadable("not-text")
    longest = LONGEST_NOTE if field.maximum is None else field.maximum
    if len(value) > 2 * longest:
        raise Unreadable("too-long")
    lines = [plain(line, longest) for line in re.split(r"\r\n|\r|\n", value)]
    whole = "\n".join(lines).strip("\n")
    if len(whole) > longest:
        raise Unreadable("too-long")
    return whole


def name(_: Field, value: object) -> object:
    """A name keeps its code points; only the gap between 姓 and 名 is made one width."""
    return re.sub(r"[ \u3000]+", "\u3000", plain(value, LONGEST_NAME))


def kana(_: Field, value: object) -> object:
    """A reading in full-width katakana, from whatever kana it was typed in."""
    return as_kana(value)


def as_kana(value: object) -> str:
    """Hiragana, half-width and full-width kana as full-width katakana; small ones stay small."""
    wide = folded(value)
    whole = hiragana_to_katakana(wide)
    if whole and not _KANA.fullmatch(whole):
        raise Unreadable("not-kana")
    return re.sub(" +", "\u3000", whole)


def hiragana_to_katakana(text: str) -> str:
    """The same sounds in katakana."""
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in text)


def email(_: Field, value: object) -> object:
    """An address that a message can be sent to; whether it arrives is another matter."""
    line = folded(value, 254)
    if line and not re.fullmatch(r"[^\s@\"(),:;<>\[\\\]]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", line):
        raise Unreadable("not-email")
    return line


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)
