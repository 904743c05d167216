"""What is known about a person, from where and since when: asked once, used by every form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class Source(StrEnum):
    """Where a fact came from; a clerk trusts a card more than a phone."""

    CARD = "card"
    PREFILL = "prefill"
    PHONE = "phone"
    REGISTER = "register"
    TYPED = "typed"
    SAID = "said"


@dataclass(frozen=True)
class Fact:
    """One thing known, with its origin."""

    name: str
    value: Any
    source: Source
    at: datetime


@dataclass(frozen=True)
class Facts:
    """Everything known in this visit; a new set replaces an old one, nothing is changed.

    Several sources may speak of the same thing. Where they say the same, the first stands;
    where they differ, nothing stands until a person has said which is right.
    """

    known: tuple[Fact, ...] = ()
    settled: tuple[Fact, ...] = ()

    def about(self, name: str) -> Fact | None:
        """The fact of that name, if it is known and undisputed."""
        if settled := next((fact for fact in self.settled if fact.name == name), None):
            return settled
        said = self.said(name)
        return said[0] if said and not self.disputed(name) else None

    def value(self, name: str) -> Any:
        """The undisputed value of that name, or None."""
        fact = self.about(name)
        return fact.value if fact else None

    def said(self, name: str) -> tuple[Fact, ...]:
        """Everything that any source said of it, in the order it was learnt."""
        return tuple(fact for fact in self.known if fact.name == name)

    def disputed(self, name: str) -> bool:
        """Whether two sources differ and nobody has said which is right."""
        if any(fact.name == name for fact in self.settled):
            return False
        said = self.said(name)
        return any(fact.value != said[0].value for fact in said[1:])

    def disputes(self) -> tuple[str, ...]:
        """The names of which somebody has to say what is right."""
        return tuple(name for name in self.names() if self.disputed(name))

    def names(self) -> tuple[str, ...]:
        """Everything of which something is known."""
        return tuple(dict.fromkeys(fact.name for fact in self.known))

    def sources(self) -> frozenset[Source]:
        """Where these facts came from."""
        return frozenset(fact.source for fact in self.known)

    def learn(self, facts: Iterable[Fact]) -> "Facts":
        """The same and these; a source that speaks again corrects itself."""
        new = tuple(fact for fact in facts if fact.value not in (None, "", [], ()))
        renewed = {(fact.name, fact.source) for fact in new}
        kept = tuple(fact for fact in self.known if (fact.name, fact.source) not in renewed)
        differing = {
            settled.name
            for settled in self.settled
            if any(f.name == settled.name and f.value != settled.value for f in new)
        }
        settled = tuple(fact for fact in self.settled if fact.name not in differing)
        return Facts(kept + new, settled)

    def settle(self, chosen: Fact) -> "Facts":
        """The same with a dispute ended: a person said that this one is right."""
        others = tuple(fact for fact in self.settled if fact.name != chosen.name)
        return replace(self, settled=(*others, chosen))


def from_mapping(values: Mapping[str, Any], source: Source, at: datetime) -> Facts:
    """Facts of one reading, all from one source at one time."""
    return Facts(tuple(Fact(name, value, source, at) for name, value in values.items()))
