"""Today's list: what a desk begins with, and what every other page leads back to."""

from dataclasses import dataclass, field

from forms.answers import Answers
from forms.facts import Facts


@dataclass(frozen=True)
class Arrival:
    """One application of today, as the list shows it."""

    id: str
    receipt: str
    received: str
    form: str
    name: str = field(repr=False)
    channel: str
    state: str
    answers: Answers = field(repr=False)
    facts: Facts = field(default=Facts(), repr=False)


@dataclass(frozen=True)
class Listing:
    """Today's applications, newest first; `away` while the office does not answer.

    `asking`: so many things of this terminal wait for somebody.
    """

    clerk: str
    arrivals: tuple[Arrival, ...] = ()
    away: bool = False
    asking: int = 0
