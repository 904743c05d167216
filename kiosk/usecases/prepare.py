"""Before money is taken: would the paper really come out?"""

from collections.abc import Sequence
from dataclasses import dataclass

from devices.ports import PaymentTerminal, Printer
from kiosk.domain.events import Paid, Ready
from kiosk.ports.office import Office


@dataclass(frozen=True)
class Prepare:
    """Asks printer and office first, then takes the fee."""

    printers: Sequence[Printer]
    office: Office
    till: PaymentTerminal

    def preflight(self) -> Ready:
        """Paper is in every printer that will be needed, and the office answers."""
        for printer in self.printers:
            printer.check()
        self.office.ready()
        return Ready()

    def take(self, yen: int) -> Paid:
        """The fee, against a reference."""
        return Paid(self.till.take(yen))
