"""What is known about a person, from where and since when: asked once, used by every form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Source(StrEnum):
    """Where a fact came from; a clerk trusts a card more than a phone."""

    CARD = "card"
    PREFILL = "prefill"
    TYPED = "typed"


@dataclass(frozen=True)
class Fact:
    """One thing known, with its origin."""

    name: str
    value: object
    source: Source
    at: datetime


@dataclass(frozen=True)
class Facts:
    """Everything known in this visit; a new set replaces an old one, nothing is changed."""

    known: tuple[Fact, ...] = ()

    def about(self, name: str) -> Fact | None:
        """The fact of that name, if it is known."""
        return next((fact for fact in self.known if fact.name == name), None)

    def sources(self) -> frozenset[Source]:
        """Where these facts came from."""
        return frozenset(fact.source for fact in self.known)


def from_mapping(values: Mapping[str, object], source: Source, at: datetime) -> Facts:
    """Facts of one reading, all from one source at one time."""
    return Facts(tuple(Fact(name, value, source, at) for name, value in values.items()))


def prefilled(
    definition_fields: Iterable[tuple[str, str | None]], facts: Facts
) -> dict[str, object]:
    """The answers that need no asking: field id to value, for fields that take a known fact."""
    answers: dict[str, object] = {}
    for field_id, fact_name in definition_fields:
        fact = facts.about(fact_name) if fact_name else None
        if fact is not None and fact.value not in (None, ""):
            answers[field_id] = fact.value
    return answers
