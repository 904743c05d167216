"""Every number is accounted for: issued, then printed, spoiled or abandoned, and reported."""

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.domain.sheets import FINAL, Fate
from kiosk.errors import OfficeUnreachable
from kiosk.ports.ledger import Ledger
from kiosk.ports.office import Office


@dataclass(frozen=True)
class Account:
    """The terminal's side of the book of numbers; the office has the other."""

    ledger: Ledger
    office: Office

    def issued(self, numbers: Sequence[str], remark: str = "") -> None:
        """The office gave us these."""
        self.ledger.issue(numbers, remark)

    def move(self, number: str, fate: Fate) -> None:
        """What became of it, reported at once if the office can be reached."""
        self.ledger.move(number, fate)
        if fate in FINAL:
            self.report()

    def report(self) -> int:
        """Tell the office every final fate that it does not know; a lost report comes again."""
        told = 0
        try:
            for entry in self.ledger.open():
                if entry.fate in FINAL:
                    self.office.outcome(entry.number, entry.fate, entry.remark)
                    self.ledger.reported(entry.number)
                    told += 1
        except OfficeUnreachable:
            return told
        return told

    def recover(self) -> Sequence[str]:
        """After a restart nothing of before is printed; which papers somebody has to look for."""
        for entry in self.ledger.open():
            if entry.fate is Fate.ISSUED:
                self.ledger.move(entry.number, Fate.ABANDONED)
            elif entry.fate is Fate.RELEASED:
                self.ledger.move(entry.number, Fate.UNCLEAR)
        return self.unclear()

    def unclear(self) -> Sequence[str]:
        """Papers that may lie in the tray: the device stands still until somebody has looked."""
        return [entry.number for entry in self.ledger.open() if entry.fate is Fate.UNCLEAR]

    def settle(self, number: str, fate: Fate) -> bool:
        """Somebody looked, and says what became of it; False where nobody was to look for it.

        Durable here when this returns; `report` tells the office.
        """
        if number not in self.unclear():
            return False
        self.ledger.move(number, fate)
        return True
