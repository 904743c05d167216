"""What a resident may be asked to agree to: who would get what, after which form, for how long.

`docs/consent.md` explains the file; the words stand beside it, in every language.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from msgspec import Meta

from forms.definition import FormId, Id, Part

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
