"""The office is told where the journal ends, so that nobody can shorten it unseen."""

from dataclasses import dataclass, field
from threading import Lock

from kiosk.errors import OfficeUnreachable
from kiosk.ports.journal import Anchorage, Ends


@dataclass(frozen=True)
class Anchor:
    """Tells the office the end of this device's journal.

    One at a time, `turn` sees to it: an end that is overtaken looks as if the journal were cut.
    """

    journal: Ends
    office: Anchorage
    turn: Lock = field(default_factory=Lock)

    def tell(self) -> bool:
        """True where the office knows the end now; a refusal is its clerks' business."""
        with self.turn:
            return self._tell()

    def _tell(self) -> bool:
        place, link = self.journal.end()
        if not place or place in self.journal.told():
            return True
        try:
            if self.office.anchor(place, link) is not None:
                return False
        except OfficeUnreachable:
            return False
        self.journal.remember(place, link)
        return True
