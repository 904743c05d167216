"""Tells the city OS how things stand: state, not a queue, so that nothing is lost by waiting."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import SystemRandom
from threading import Event

from msgspec.json import encode
from msgspec.structs import replace
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from office import postgres
from office.cityos.broker import Broker, BrokerAway, BrokerRefuses, Subscription
from office.cityos.config import CityOs
from office.cityos.entities import Entity, QueueMonitor
from office.cityos.figures import applications, day_name, kiosks, queue, statistics
from office.cityos.hearing import heard, note
from office.notices import Notices

LOCK = 0x4B4B4F46_0003  # "KKOF": one office at a time speaks
DAYS = 7
LONGEST = 900.0
_log = logging.getLogger(__name__)
_chance = SystemRandom()


@dataclass
class Publisher:
    """What one office process does for the city OS; `key` names applications at random."""

    engine: Engine
    broker: Broker
    city: CityOs
    notices: Notices
    key: bytes
    callback: str
    now: Callable[[], datetime]
    _told: dict[str, bytes] = field(default_factory=dict)
    _place: int | None = None
    _began: datetime | None = None
    _refused: dict[str, str] = field(default_factory=dict)
    _deaf: str = ""

    def run(self, stop: Event) -> None:
        """Until told to stop; a broker that is away is asked again for ever."""
        failures = 0
        while not stop.is_set():
            wait = float(self.city.every)
            try:
                with alone(self.engine) as held:
                    while held() and not stop.is_set():
                        more = self.round()
                        failures = 0
                        stop.wait(0 if more else self.city.every)
            except (BrokerAway, BrokerRefuses, SQLAlchemyError) as fault:
                failures += 1
                asked = fault.after if isinstance(fault, BrokerAway) else None
                wait = max(asked or 0.0, back_off(failures))
                _log.warning("city OS: %s; again in %.0f s", _said(fault), wait)
            except Exception:  # noqa: BLE001 (said loudly; the next round may not meet it)
                failures += 1
                _log.exception("city OS: a fault of our own")
            stop.wait(wait)

    def round(self) -> bool:
        """Tell what changed; ask for what residents should know. Whether there is more to tell."""
        more = self._tell()
        if self.city.notices is not None:
            self._listen(tuple(sorted(self.city.notices.types)))
        return more

    def _tell(self) -> bool:
        moved = None
        with Session(self.engine) as session:
            entities = list(self._standing(session))
            if "ServiceApplication" in self.city.publish:
                if self._place is None:
                    self._place = heard(session, self.city)
                self._began = self._began or self.now()
                moved = applications(session, self.city, self.key, self._place, self._began)
        bodies = {entity.id: _word(entity) for entity in entities}
        due = [each for each in entities if self._told.get(each.id) != bodies[each.id]]
        refused = self.broker.upsert_many([*due, *(moved.told if moved else ())])
        self._told |= {e.id: bodies[e.id] for e in due if e.id not in refused}
        for place, words in refused.items():
            if self._refused.get(place) != words:
                _log.error("city OS: %s refused: %s", place, words)
        self._refused = dict(refused)
        if moved is None:
            return False
        settled = note(self.engine, self.city, moved.settled)
        self._place = moved.more or settled
        if moved.more is None:
            self._began = None
        return moved.more is not None

    def _standing(self, session: Session) -> Iterator[Entity]:
        now = self.now()
        if "Kiosk" in self.city.publish:
            yield from kiosks(session, self.city, now)
        if "QueueMonitor" in self.city.publish:
            yield queue(session, self.city, now)
        if "CounterDailyStatistics" in self.city.publish:
            for ago in range(1, DAYS + 1):
                day = now.date() - timedelta(days=ago)
                if day_name(self.city, day) not in self._told:
                    yield from filter(None, (statistics(session, self.city, day),))

    def _listen(self, kinds: tuple[str, ...]) -> None:
        """Heard sooner where the broker tells us, and asked for in any case."""
        try:
            self.broker.subscribe(Subscription(self.callback, kinds))
            self._deaf = ""
        except BrokerRefuses as fault:
            if self._deaf != str(fault):
                _log.error("city OS: no subscription: %s", fault)
            self._deaf = str(fault)
        asked = self.now()
        found = [entity for kind in kinds for entity in self.broker.query(kind)]
        self.notices.reconcile(found, asked)


@contextmanager
def alone(engine: Engine) -> Iterator[Callable[[], bool]]:
    """Whether this process is the one that speaks, asked before every round.

    SQLite is held by one process anyway; PostgreSQL lends a lock for as long as the connection
    lives.
    """
    if not postgres.is_one(engine):
        yield lambda: True
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(text(f"SELECT pg_try_advisory_lock({LOCK})")):
            yield lambda: False
            return
        try:
            yield lambda: _lives(connection)
        finally:
            if not connection.invalidated:
                connection.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))


def back_off(failures: int) -> float:
    """Seconds until the next try: longer each time, and never in step with others."""
    return min(LONGEST, 2.0 ** min(failures, 10)) * _chance.uniform(0.5, 1.0)


def _word(entity: Entity) -> bytes:
    """What is told of it, but for the moment of looking."""
    return encode(replace(entity, date_observed="") if isinstance(entity, QueueMonitor) else entity)


def _lives(connection: Connection) -> bool:
    return bool(connection.scalar(text("SELECT 1")))


def _said(fault: Exception) -> str:
    """Which fault; a database's words may hold a row."""
    return type(fault).__name__ if isinstance(fault, SQLAlchemyError) else str(fault)
