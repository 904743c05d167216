"""Before money is taken: would the paper really come out?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from devices.ports import PaymentTerminal, Printer
from kiosk.domain.events import Paid, Ready
from kiosk.domain.states import Case
from kiosk.errors import NotIssuableHere, UnprintableName
from kiosk.ports.office import Office
from printing.faults import Undrawable


@dataclass(frozen=True)
class Prepare:
    """Asks printers, fonts and office first, then takes the fee."""

    printers: Sequence[Printer]
    office: Office
    till: PaymentTerminal
    missing: Callable[[str], Sequence[str]]

    def preflight(self, case: Case) -> Ready:
        """Every printer has paper, the name has its shape in our fonts, and the office answers."""
        for printer in self.printers:
            printer.check()
        said = (fact.value for fact in case.facts.known if isinstance(fact.value, str))
        try:
            missing = [each for value in said for each in self.missing(value)]
        except Undrawable as fault:
            raise NotIssuableHere("no paper can be drawn here") from fault
        if missing:
            raise UnprintableName("、".join(missing))
        self.office.ready()
        return Ready()

    def take(self, yen: int) -> Paid:
        """The fee, against a reference."""
        return Paid(self.till.take(yen))
