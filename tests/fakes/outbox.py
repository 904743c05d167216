"""The practice outbox on a disk that can be full or fail."""

from kiosk.adapters.practice import MemoryOutbox
from kiosk.errors import StoreUnusable


class FillingOutbox(MemoryOutbox):
    """Keeps nothing more once it is full; `heard` is told of every envelope before it is kept."""

    def __init__(self, heard=lambda _: None) -> None:
        super().__init__()
        self.full = self.damaged = False
        self._heard = heard

    def keep(self, fill):
        if self.full:
            raise StoreUnusable("OperationalError")

        def watched(number):
            envelope = fill(number)
            self._heard(envelope)
            return envelope

        return super().keep(watched)

    def due(self):
        if self.damaged:
            raise StoreUnusable("DatabaseError")
        return super().due()
