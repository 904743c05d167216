"""Words by key and language; data from resources/texts, checked to be complete."""

import json
from collections.abc import Mapping
from pathlib import Path

from forms.definition import Field
from forms.kinds import show
from forms.questions import ROWS
from forms.words import LANGUAGES, FormWords


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


class FormTexts:
    """A form's words in one language, and the terminal's own where it says the same of all."""

    def __init__(self, words: FormWords, texts: Texts) -> None:
        self._words, self._texts = words, texts

    def title(self) -> str:
        """The procedure's name."""
        return self._words.name("title", self._texts.language)

    def hint(self) -> str:
        """One line under the name, where there is one."""
        return self._words.say("hint", self._texts.language) or ""

    def question(self, field: Field) -> str:
        """What is asked."""
        return self._words.question(field, self._texts.language)

    def help(self, field: Field) -> str:
        """One line of help, where there is one."""
        return self._words.help(field, self._texts.language) or ""

    def name(self, key: str) -> str:
        """The words of a key such as `field.copies`."""
        return self._words.name(key, self._texts.language)

    def answer(self, field: Field, value: object) -> str:
        """An answer as the pages show it."""
        if value is None or value in ("", []):
            return self._texts("answer.none")
        if field.kind == "choice":
            return self.name(f"option.{field.id}.{value}")
        if field.kind == "choices" and isinstance(value, list):
            return "、".join(self.name(f"option.{field.id}.{each}") for each in value)
        if field.kind == "yes-no":
            return self._texts("answer.yes" if value else "answer.no")
        if field.kind in ("count", ROWS):
            return self.counted(field, len(value) if isinstance(value, list) else value)
        if f"{field.id}.{value}" in self._texts:
            return self._texts(f"{field.id}.{value}")
        return show(field, value)

    def counted(self, field: Field, count: object) -> str:
        """A number with what it counts, where that has a word."""
        key = f"unit.{field.id}"
        return self._texts(key if key in self._texts else "unit", count=count)


def load_texts(folder: Path) -> dict[str, Texts]:
    """All languages of the terminal."""
    return {
        language: Texts(language, json.loads((folder / f"{language}.json").read_text("utf-8")))
        for language in LANGUAGES
    }
