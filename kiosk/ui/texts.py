"""Words by key and language; data from resources/texts, checked to be complete."""

import json
from collections.abc import Mapping
from pathlib import Path

LANGUAGES = ("ja", "ja_easy", "en")


class Texts:
    """Every sentence of one language."""

    def __init__(self, language: str, words: Mapping[str, str]) -> None:
        self.language = language
        self._words = words

    def __call__(self, key: str, **facts: object) -> str:
        """The words of the key, with facts filled in."""
        words = self._words[key]
        return words.format(**facts) if facts else words

    def __contains__(self, key: str) -> bool:
        return key in self._words

    def keys(self) -> frozenset[str]:
        """Every key, for the test that compares languages."""
        return frozenset(self._words)


def load_texts(folder: Path) -> dict[str, Texts]:
    """All languages of the terminal."""
    return {
        language: Texts(language, json.loads((folder / f"{language}.json").read_text("utf-8")))
        for language in LANGUAGES
    }
