"""What a person said to one purpose, and what of it stands."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Word(StrEnum):
    """A yes, a no, and a yes taken back."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Said:
    """The answer to one purpose, under the wording that was shown."""

    purpose: str
    notice: str
    word: Word


@dataclass(frozen=True)
class Agreement:
    """A yes that stands: since when, and until when."""

    purpose: str
    since: date
    until: date | None
