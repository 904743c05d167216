"""Consents in memory, for the class: said and told there, gone with it."""

from collections.abc import Sequence
from datetime import datetime

from kiosk.adapters.memory_outbox import MemoryOutbox
from kiosk.domain.agreement import Word
from kiosk.ports.consents import ConsentRecord, StandingThere, last_words


class MemoryConsents:
    """What was said at the practice terminal, beside its outbox."""

    def __init__(self, outbox: MemoryOutbox) -> None:
        self._outbox = outbox
        self._told: dict[str, datetime] = {}

    def withdraw(self, record: ConsentRecord, by: str) -> int:  # noqa: ARG002 (the port's shape)
        """The word, and the end of whatever waits for it."""
        return self._outbox.withdraw(record)

    def of(self, person: str) -> Sequence[ConsentRecord]:
        """Oldest first."""
        return [each for each in self._outbox.said if each.person == person]

    def untold(self) -> Sequence[ConsentRecord]:
        """Oldest first."""
        return [each for each in self._outbox.said if each.id not in self._told]

    def told(self, record: str, at: datetime) -> None:
        """Not asked for again."""
        self._told[record] = at

    def tell_again(self, since: datetime) -> None:
        """Untold, as they were."""
        self._told = {one: at for one, at in self._told.items() if at < since}


class PracticeConsents:
    """The practice office's memory of who agreed to what."""

    def __init__(self) -> None:
        self._heard: dict[str, ConsentRecord] = {}

    def consent(self, record: ConsentRecord) -> str | None:
        """Heard."""
        self._heard[record.id] = record
        return None

    def consents(self, person: str) -> Sequence[StandingThere]:
        """The last word on each purpose."""
        said = [each for each in self._heard.values() if each.person == person]
        return [
            StandingThere(each.purpose, each.word is Word.GIVEN, each.at, None)
            for each in last_words(said).values()
        ]
