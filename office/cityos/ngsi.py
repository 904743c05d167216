"""What both dialects of NGSI have in common: look, compare, write what is newer, in batches."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from office.cityos.broker import (
    BrokerAway,
    BrokerRefuses,
    Line,
    Plain,
    Subscription,
    newer,
)
from office.cityos.entities import Entity, NotPublishable, leaving

BATCH = 50
PAGE = 100
MOST_PAGES = 100
SUBSCRIBED = "Kakanai: notices for residents"


class Ngsi(ABC):
    """One broker; `own` is every free word that the city lets out."""

    def __init__(self, line: Line, own: frozenset[str]) -> None:
        self.line, self._own = line, own

    def upsert(self, entity: Entity) -> bool:
        """Make it stand there, unless something newer does; whether anything was written."""
        body = leaving(entity, self._own)
        if self.create(self.encode(entity, body)):
            return True
        there = self.get(entity.id)
        if there is None:
            raise BrokerRefuses(f"{type(entity).__name__}: neither takes it nor has it")
        if not newer(there, body, entity.order):
            return False
        self.write([self.encode(entity, body)])
        return True

    def upsert_many(self, entities: Sequence[Entity]) -> Mapping[str, str]:
        """The same for many; what was refused, and in which words."""
        refused: dict[str, str] = {}
        for kind, some in groupby(sorted(entities, key=_kind), key=_kind):
            bodies = list(self._ready(some, refused))
            for first in range(0, len(bodies), BATCH):
                part = bodies[first : first + BATCH]
                there = {found["id"]: found for found in self.find([e.id for e, _ in part], kind)}
                due = [(e, b) for e, b in part if newer(there.get(e.id), b, e.order)]
                self._write([self.encode(e, b) for e, b in due], refused)
        return refused

    def get(self, entity: str) -> Plain | None:
        """The entity as plain values."""
        return next(iter(self.find([entity], entity.split(":")[2])), None)

    def query(self, kind: str) -> Sequence[Plain]:
        """Every entity of the kind."""
        found: list[Plain] = []
        for page in range(MOST_PAGES):
            some = self.page({"type": kind, "limit": str(PAGE), "offset": str(page * PAGE)})
            found += some
            if len(some) < PAGE:
                return found
        raise BrokerAway("the list has no end")

    def find(self, ids: Sequence[str], kind: str) -> Sequence[Plain]:
        """Those of these entities that are there."""
        return self.page({"id": ",".join(ids), "type": kind, "limit": str(PAGE)})

    def subscribe(self, subscription: Subscription) -> str:
        """Its id; asked again, there is still one, and one of an earlier address is gone."""
        kept = None
        for there in self.subscriptions():
            if there.get("description") != SUBSCRIBED:
                continue
            if kept is None and self.same(there, subscription):
                kept = str(there["id"])
            else:
                self.unsubscribe(str(there["id"]))
        return kept or self.announce(subscription)

    def close(self) -> None:
        """Let go of the line."""
        self.line.close()

    def _ready(
        self, entities: Iterable[Entity], refused: dict[str, str]
    ) -> Iterable[tuple[Entity, dict[str, Any]]]:
        for entity in entities:
            try:
                body = leaving(entity, self._own)
                self.encode(entity, body)
            except NotPublishable as fault:
                refused[_kind(entity)] = str(fault)  # its id may be what must not be told
            else:
                yield entity, body

    def _write(self, encoded: Sequence[Plain], refused: dict[str, str]) -> None:
        """One bad or bulky entity does not hold up the others: the batch is halved around it."""
        if not encoded:
            return
        try:
            self.write(encoded)
        except BrokerRefuses as fault:
            if len(encoded) == 1:
                refused[str(encoded[0]["id"])] = str(fault)
                return
            half = len(encoded) // 2
            self._write(encoded[:half], refused)
            self._write(encoded[half:], refused)

    @abstractmethod
    def encode(self, entity: Entity, body: Plain) -> Plain:
        """The entity as this dialect writes it."""

    @abstractmethod
    def create(self, encoded: Plain) -> bool:
        """Whether it was not there before."""

    @abstractmethod
    def write(self, encoded: Sequence[Plain]) -> None:
        """All of them as they are given, over whatever stands there."""

    @abstractmethod
    def page(self, params: Mapping[str, str]) -> Sequence[Plain]:
        """Entities as plain values."""

    @abstractmethod
    def subscriptions(self) -> Sequence[Plain]:
        """Those that are there, as the dialect writes them."""

    @abstractmethod
    def same(self, there: Plain, subscription: Subscription) -> bool:
        """Whether it asks for what we want."""

    @abstractmethod
    def announce(self, subscription: Subscription) -> str:
        """A new subscription's id."""

    @abstractmethod
    def unsubscribe(self, subscription: str) -> None:
        """No more of that."""


def _kind(entity: Entity) -> str:
    return type(entity).__name__
