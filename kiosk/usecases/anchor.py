"""The office is told where the journal ends, so that nobody can shorten it unseen."""

from dataclasses import dataclass

from kiosk.errors import OfficeUnreachable
from kiosk.ports.journal import Anchorage, Ends


@dataclass(frozen=True)
class Anchor:
    """Tells the office the end of this device's journal."""

    journal: Ends
    office: Anchorage

    def tell(self) -> bool:
        """True where the office knows the end now; a refusal is its clerks' business."""
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
