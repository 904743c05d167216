"""A journal on a sheet of paper, as long as there is room on it."""

from kiosk.domain.journal import Deed, entry
from kiosk.errors import StoreUnusable


class WrittenJournal:
    """Keeps what was written, and refuses whatever the real one would."""

    def __init__(self) -> None:
        self.full = False
        self.deeds: list[tuple[str, Deed]] = []

    def write(self, who: str, what: Deed, about: str = "", more: str = "") -> None:
        if self.full:
            raise StoreUnusable("OperationalError")
        entry(len(self.deeds) + 1, "", who, what, about, more)
        self.deeds.append((who, what))
