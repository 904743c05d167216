"""What people said to purposes: kept here first, told to the office, asked of it again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from forms.envelope import Envelope
from kiosk.domain.agreement import Word

Share = Callable[[Envelope, int], Envelope]  # of an application, under a number of its own


@dataclass(frozen=True)
class ConsentRecord:
    """One word of one person on one purpose; it is never changed."""

    id: str
    person: str = field(repr=False)
    purpose: str
    notice: str
    word: Word
    at: datetime


@dataclass(frozen=True)
class Consented:
    """A word that is kept with the application, and what goes out with it if it is a yes."""

    record: ConsentRecord
    share: Share | None = field(default=None, repr=False)


@dataclass(frozen=True)
class StandingThere:
    """How a purpose stands for a person as the office knows it."""

    purpose: str
    stands: bool
    at: datetime
    until: date | None


class Consents(Protocol):
    """What was said at this terminal."""

    def withdraw(self, record: ConsentRecord, by: str) -> int:
        """Durable when this returns; what waits for it is set aside and erased. Counts those."""
        ...

    def of(self, person: str) -> Sequence[ConsentRecord]:
        """Everything this person said here, oldest first."""
        ...

    def untold(self) -> Sequence[ConsentRecord]:
        """What the office has not heard yet, oldest first."""
        ...

    def told(self, record: str, at: datetime) -> None:
        """The office has it, from this moment."""
        ...

    def tell_again(self, since: datetime) -> None:
        """The office may have forgotten what it was told from then on."""
        ...


class ConsentOffice(Protocol):
    """The office, so far as it hears and tells of consents."""

    def consent(self, record: ConsentRecord) -> str | None:
        """Hand it in; the words of a refusal, None when it is there."""
        ...

    def consents(self, person: str) -> Sequence[StandingThere]:
        """How every purpose stands for this person, said at whichever terminal."""
        ...


def last_words(records: Sequence[ConsentRecord]) -> dict[str, ConsentRecord]:
    """The last record on each purpose; of two at one moment, the one that came later."""
    last: dict[str, ConsentRecord] = {}
    for record in records:
        if record.purpose not in last or record.at >= last[record.purpose].at:
            last[record.purpose] = record
    return last
