"""Characters as people see them: what belongs together in a text, before any font is asked."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
MARKS = {"Mn", "Mc", "Me"}


def clusters(text: str) -> Iterator[str]:
    """The text in characters as people see them: selectors and marks belong to their base."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _joins(text[place]):
            yield text[start:place]
            start = place


def is_selector(character: str) -> bool:
    """Whether it says which variant of the character before it is meant."""
    return any(ord(character) in part for part in SELECTORS)


@lru_cache(4096)
def _joins(character: str) -> bool:
    return is_selector(character) or unicodedata.category(character) in MARKS
