"""What a resident may be asked to agree to: who would get what, after which form, for how long.

`docs/consent.md` explains the file; the words stand beside it, in every language.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from forms.definition import FormId, Id, Part
from forms.form import Form
from forms.loader import shaped
from forms.person import PARTS
from forms.sources import FormFault, read
from forms.words import LANGUAGES, words_in

SAID = ("title", "who", "why")


class Purpose(Part, frozen=True):
    """One thing that is shared only with consent; a new `notice` is a new wording of the page."""

    id: FormId
    forms: Annotated[tuple[FormId, ...], Meta(min_length=1)]
    shares: Annotated[tuple[Id, ...], Meta(min_length=1, description="these fields, no other")]
    notice: Annotated[str, Meta(pattern=r"^[!-~]{1,40}$", description="letters and numbers")]
    months: Annotated[int, Meta(ge=1, le=120, description="how long a yes holds")]

    def until(self, day: date) -> date:
        """The last day of a yes that was said on this day."""
        months = day.year * 12 + day.month - 1 + self.months
        year, month = months // 12, months % 12 + 1
        return date(year, month, min(day.day, monthrange(year, month)[1]))


class _File(Part, frozen=True):
    purposes: tuple[Purpose, ...]


@dataclass(frozen=True)
class Purposes:
    """Every purpose of the city, in the order they are asked, and their words."""

    every: tuple[Purpose, ...] = ()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)

    def of(self, form: str) -> tuple[Purpose, ...]:
        """What is asked after this form."""
        return tuple(each for each in self.every if form in each.forms)

    def named(self, name: str) -> Purpose | None:
        """The purpose of that id, if the city has it."""
        return next((each for each in self.every if each.id == name), None)

    def say(self, part: str, purpose: str, language: str) -> str:
        """The title of a purpose, who gets it, or why; its id where the city has it no more."""
        return self.words.get(f"{part}.{purpose}", {}).get(language, purpose)


def load_purposes(file: Path) -> tuple[Purpose, ...]:
    """The purposes of the file; what is wrong in it is told with its line."""
    source = read(file)
    found = shaped(source, _File).purposes
    for place, purpose in enumerate(found):
        if any(purpose.id == other.id for other in found[:place]):
            line = source.line_of(["purposes", place])
            raise FormFault(file, f"line {line}", f"{purpose.id!r} stands here twice")
    return found


def told_purposes(file: Path, words: Path, forms: Mapping[str, Form]) -> Purposes:
    """The purposes with their words, checked against the forms that they name."""
    every, said = load_purposes(file), words_in(words)
    source = read(file)
    for place, purpose in enumerate(every):
        for key, wrong in _wrong(purpose, forms):
            line = source.line_of(["purposes", place, key])
            raise FormFault(file, f"line {line}", f"{purpose.id}.{key}: {wrong}")
        for name in (f"{part}.{purpose.id}" for part in SAID):
            for language in LANGUAGES:
                if not said.get(name, {}).get(language):
                    raise FormFault(words, "file", f"{name}: says nothing in {language}")
    return Purposes(every, said)


def _wrong(purpose: Purpose, forms: Mapping[str, Form]) -> Iterable[tuple[str, str]]:
    for name in purpose.forms:
        if name not in forms:
            yield "forms", f"there is no form {name!r}"
        elif forms[name].definition.anonymous:
            yield "forms", f"{name!r} asks nobody who they are"
        else:
            known = {*PARTS, *(item.id for item in forms[name].fields)}
            yield from (
                ("shares", f"{name!r} has no field {each!r}")
                for each in purpose.shares
                if each not in known
            )
