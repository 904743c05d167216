"""Before money is taken: would the paper really come out?"""

from dataclasses import dataclass

from devices.ports import PaymentTerminal, Printer
from kiosk.domain.events import Paid, Ready
from kiosk.ports.office import Office


@dataclass(frozen=True)
class Prepare:
    """Asks printer and office first, then takes the fee."""

    printer: Printer
    office: Office
    till: PaymentTerminal

    def preflight(self) -> Ready:
        """Paper is in the printer and the office answers."""
        self.printer.check()
        self.office.ready()
        return Ready()

    def take(self, yen: int) -> Paid:
        """The fee, against a reference."""
        return Paid(self.till.take(yen))
