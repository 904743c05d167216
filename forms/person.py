"""Who it is, without saying who: the same person gives the same mark on every terminal."""

import hmac
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

PARTS = ("name", "birth", "sex", "address")
_PRINTED = {"男": "1", "女": "2"}  # as it stands on a card, and in its chip
_NARROW = {0xFF01 + place: 0x21 + place for place in range(94)}
_SHAPES = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_GAPS = re.compile(r"(?P<before>^|\S)\s+(?=(?P<after>\S|$))")


def person_mark(key: bytes, said: Mapping[str, Any]) -> str | None:
    """The mark of whom a card speaks of, under the city's key; None where a part is not known."""
    parts = {part: _alike(str(said.get(part) or "")) for part in PARTS}
    if not all(parts.values()):
        return None
    parts["sex"] = _PRINTED.get(parts["sex"], parts["sex"])
    return hmac.new(key, "|".join(parts.values()).encode(), sha256).hexdigest()


def _alike(words: str) -> str:
    """As a card or a clerk may have written it: wide or narrow, with this gap, dash and shape."""
    narrow = _DASHES.sub("-", _SHAPES.sub("", words.translate(_NARROW)))
    return _GAPS.sub(_gap, narrow)


def _gap(found: re.Match[str]) -> str:
    before, after = found["before"], found["after"]
    if not before or not after:
        return before
    return before + (" " if before.isascii() and after.isascii() else "\u3000")
