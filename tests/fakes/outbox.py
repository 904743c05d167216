"""The practice outbox on a disk that can be full or fail."""

from contextlib import contextmanager
from dataclasses import replace
from itertools import count

from kiosk.adapters.memory_outbox import MemoryOutbox
from kiosk.errors import StoreUnusable
from kiosk.usecases.deliver import Deliver


def delivering(outbox, office, clock, **more):
    """A sender whose time flies, so that no pause outlasts it."""
    minutes = count()
    return Deliver(outbox, office, clock, lambda: 60.0 * next(minutes), **more)


class FillingOutbox(MemoryOutbox):
    """Keeps nothing more once it is full; `heard` is told of every envelope before it is kept."""

    def __init__(self, heard=lambda _: None) -> None:
        super().__init__()
        self.full = self.damaged = False
        self.sends = False  # another process does
        self.broken: set[str] = set()
        self.kept_by: list[str] = []
        self._heard = heard

    def keep(self, fill, attachments=(), by="kiosk", consents=()):
        if self.full:
            raise StoreUnusable("OperationalError")

        def watched(number):
            envelope = fill(number)
            self._heard(envelope)
            return envelope

        self.kept_by.append(by)
        return super().keep(watched, attachments, by, consents)

    @contextmanager
    def sender(self):
        yield not self.sends

    def claim(self, now, limit=25):
        if self.damaged:
            raise StoreUnusable("DatabaseError")
        parcels = super().claim(now, limit)
        return [replace(each, body=None) if each.id in self.broken else each for each in parcels]
