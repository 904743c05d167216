"""The last door before the printer: opened for the turn's own sheet, and for nothing else."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

from devices.faults import DeviceFault, PrintUnclear
from devices.ports import Printer
from kiosk.domain.sheets import Fate, Holder, Sheet, Wrong, wrong
from kiosk.errors import NotIssuableHere, WrongSheet
from kiosk.usecases.account import Account
from printing.faults import Undrawable

PageReader = Callable[[bytes], Sequence[Collection[str]]]


class Release:
    """Reads each sheet back from its own pixels and compares it with who stands here now."""

    def __init__(
        self, printer: Printer, read: PageReader, account: Account, now: Callable[[], float]
    ) -> None:
        self._printer, self._read = printer, read
        self.account, self.now = account, now
        self._holder: Holder | None = None
        self._under_way: str | None = None

    def recover(self) -> Sequence[str]:
        """Destroy what a former run left behind; which papers somebody has to look for."""
        with suppress(DeviceFault):  # a printer that is away is asked again before each sheet
            self._printer.clear()
        return self.account.recover()

    def begin(self, holder: Holder) -> None:
        """A turn may print from now on; never while a sheet of another is under way."""
        if self._under_way is not None:
            raise PrintUnclear(self._under_way)
        self._holder = holder

    def end(self) -> None:
        """Nothing that was made so far may be printed any more."""
        self._holder = None

    def put(self, sheet: Sheet) -> None:
        """Print it, or destroy it and say why; its number has a fate when this returns."""
        holder = self._holder
        try:
            pages = self._read(sheet.pdf)
        except Undrawable as fault:  # nobody looked: it is not printed, and nobody's mistake
            self.account.move(sheet.number, Fate.ABANDONED)
            raise NotIssuableHere("a sheet could not be read back") from fault
        reason = wrong(sheet, holder, pages, self.now())
        if reason is not None:
            self.account.move(sheet.number, Fate.UNCLEAR)
            raise WrongSheet(reason)
        if not self.account.ledger.release(sheet.number):
            raise WrongSheet(Wrong.SPENT)
        self._under_way = sheet.number
        try:
            if self._holder is not holder:  # the turn ended while its sheet was looked at
                self.account.move(sheet.number, Fate.UNCLEAR)
                raise WrongSheet(Wrong.OLD_TURN)
            self._printer.clear()
            self._printer.print(sheet.pdf, sheet.number)
        except PrintUnclear:
            self.account.move(sheet.number, Fate.UNCLEAR)
            raise
        except DeviceFault:
            self.account.move(sheet.number, Fate.SPOILED)
            raise
        finally:
            self._under_way = None
        if self._holder is not holder:
            self.account.move(sheet.number, Fate.UNCLEAR)
            raise PrintUnclear(sheet.number)
        self.account.move(sheet.number, Fate.PRINTED)
