"""What kiosk and counter both stand on: the store, the office, the papers, the printer's door."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

from msgspec import MsgspecError
from msgspec.json import decode

from devices.faults import PrinterStopped
from devices.ports import PaymentTerminal, Printer
from forms.definition import Channel
from forms.form import Form
from forms.purposes import Purposes
from forms.scope import Occasion
from kiosk.adapters.clock import WallClock
from kiosk.adapters.consents import SqliteConsents
from kiosk.adapters.devicekeys import DeviceKeys
from kiosk.adapters.journal import SqliteJournal
from kiosk.adapters.keys import KeyFolder, usable_keys
from kiosk.adapters.life import series
from kiosk.adapters.line import HttpLine
from kiosk.adapters.memo import SqliteMemo
from kiosk.adapters.office import HttpOffice
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.rowkeys import row_keys
from kiosk.adapters.sqlite_ledger import SqliteLedger
from kiosk.adapters.store import Store, open_store
from kiosk.config import Settings
from kiosk.errors import SetupFault
from kiosk.ports.lanes import Clock
from kiosk.usecases.account import Account
from kiosk.usecases.again import Again
from kiosk.usecases.anchor import Anchor
from kiosk.usecases.consent import Consent
from kiosk.usecases.deliver import Deliver
from kiosk.usecases.issue import Issue
from kiosk.usecases.receive import Receive
from kiosk.usecases.release import Release
from kiosk.usecases.report import Health, Reporter
from kiosk.usecases.spare import NoSpareCodes, SpareCodes
from kiosk.usecases.submit import Submit
from kiosk.usecases.tend import Tend
from printing.faults import Undrawable
from printing.room.jobs import Furnishing
from printing.room.room import PaperRoom

NONE = Purposes()


@dataclass(frozen=True)
class Ground:
    """One terminal's own things, opened once."""

    settings: Settings
    store: Store
    keys: KeyFolder
    outbox: SqliteOutbox
    consents: SqliteConsents
    person_key: bytes = field(repr=False)
    office: HttpOffice
    line: HttpLine
    series: str
    papers: PaperRoom
    clock: Clock
    anchoring: Lock = field(default_factory=Lock)

    def submit(
        self,
        till: PaymentTerminal,
        forms: Mapping[str, Form],
        channel: Channel,
        purposes: Purposes = NONE,
    ) -> Submit:
        """Applications become promises of this device; what hangs on consent goes with consent."""
        device, by = self.settings.device, channel.value
        consent = self.consent(purposes, by)
        deliver = Deliver(
            self.outbox,
            self.office,
            self.clock,
            monotonic,
            why_not=consent.why_not,
            delivered=self._anchor().tell,
            term=timedelta(days=int(self.settings.keep_days)),
            by=by,
        )
        return Submit(
            self.outbox,
            deliver,
            till,
            forms,
            self.clock,
            device,
            channel,
            by,
            consent,
            self.series,
            (self.settings.receipt_url or self.settings.office_url).rstrip("/"),
        )

    def consent(self, purposes: Purposes, by: str) -> Consent:
        """What people said to purposes, here and at the office."""
        own = (self.clock, self.person_key, self.settings.device, by)
        return Consent(self.consents, self.office, purposes, *own)

    def issue(
        self,
        printer: Printer,
        till: PaymentTerminal,
        forms: Mapping[str, Form],
        occasion: Callable[[], Occasion],
    ) -> Issue:
        """Certificates, behind one door to the printer."""
        door = Release(printer, self.papers.codes, self.account(), monotonic)
        return Issue(self.office, self.papers, door, till, forms, occasion, specimen=False)

    def check_papers(self, told: Callable[[str], Exception] = SetupFault) -> None:
        """Whatever fonts or letterhead lack is told before anybody stands here."""
        try:
            self.papers.check()
        except Undrawable as fault:
            raise told(str(fault)) from fault
        finally:
            self.papers.leave()

    def look_at_papers(self) -> None:
        """Whether papers can be drawn again, where lately they could not."""
        if self.papers.ailing:
            self.check_papers(PrinterStopped)

    def account(self) -> Account:
        """The book of this device's numbers."""
        return Account(SqliteLedger(self.store), self.office)

    def tend(self) -> Tend:
        """Staff look after what waits."""
        journal = SqliteJournal(self.store, self.clock)
        return Tend(self.outbox, self.account(), journal, self.clock)

    def reporter(self, health: Health, by: str) -> Reporter:
        """How this terminal is, for the office; what the city tells everybody, from there."""
        memo, told = SqliteMemo(self.store, "notices"), self._anchor().tell
        own = (self.outbox, self.office, memo, self.clock)
        return Reporter(*own, health, told, self.again(by).hear)

    def again(self, by: str) -> Again:
        """An office that came back from a backup is told again what it forgot."""
        memo = SqliteMemo(self.store, "restored")
        return Again(self.outbox, self.consents, memo, self.clock, by)

    def _anchor(self) -> Anchor:
        return Anchor(SqliteJournal(self.store, self.clock), self.office, self.anchoring)

    def receive(self, printer: Printer, forms: Mapping[str, Form]) -> Receive:
        """Receipts, in this office's name."""
        own = self.settings
        return Receive(
            self.papers,
            printer,
            forms,
            self.clock,
            own.city,
            own.office_name,
            own.how_to_ask,
            specimen=False,
            spares=SpareCodes(self.outbox, self.keys, self.office.reseed_key)
            if own.reseed == "yes"
            else NoSpareCodes(),
        )


def paper_room(settings: Settings) -> PaperRoom:
    """Where this terminal's papers are drawn; what is missing there is said when it is checked."""
    table = substitutes_in(settings)
    return PaperRoom(
        Furnishing(
            fonts=tuple(str(file.absolute()) for file in settings.own_fonts),
            letterhead=str(Path(settings.letterhead).absolute()) if settings.letterhead else "",
            roll=settings.slip_width,
            substitutes={character: tuple(instead) for character, instead in table.items()},
        )
    )


def substitutes_in(settings: Settings) -> Mapping[str, Sequence[str]]:
    """The city's own table of substitutes, if it has one."""
    if not settings.substitutes:
        return {}
    file = Path(settings.substitutes)
    try:
        return decode(file.read_bytes(), type=dict[str, list[str]])
    except (OSError, MsgspecError) as fault:
        raise SetupFault(f"{file}: no table of substitutes ({fault})") from fault


def page_printer(settings: Settings, folder: Printer) -> Printer:
    """Where certificates come out."""
    if settings.printer == "folder":
        return folder
    from devices.pages import CupsPrinter

    if not settings.printer_queue:
        raise SetupFault('printer_queue must name a queue of CUPS where printer = "cups"')
    return CupsPrinter(
        settings.printer_queue,
        server=settings.printer_server,
        tray=settings.printer_tray,
        owner=settings.device,
    )


def slip_printer(settings: Settings, folder: Printer, page: Printer) -> Printer:
    """Where receipts come out."""
    if settings.slip_printer in ("folder", "page"):
        return folder if settings.slip_printer == "folder" else page
    from devices.escpos import EscposPrinter
    from kiosk.adapters.slips import SlipPrinter
    from printing.slips.roll import ROLLS

    roll = ROLLS[settings.slip_width]
    cut: Any = settings.slip_cut  # one of those that the settings allow
    try:
        head = EscposPrinter(settings.slip_printer, roll.dots, cut=cut)
    except ValueError as fault:
        raise SetupFault(f"slip_printer: {fault}") from fault
    return SlipPrinter(head, roll.dots, roll.dpi)


def office_of(settings: Settings, home: Path) -> HttpOffice:
    """The office, as this terminal is known there."""
    keys = DeviceKeys(home / "keys")
    return HttpOffice(settings.office_url, settings.device, keys, settings.office_ca)


def stand_on(
    settings: Settings, home: Path, heard: Callable[[str], object] | None = None
) -> Ground:
    """Open what is kept in `home`; whatever is wrong there is said in one line.

    `heard` is told each statement to the database, for whoever drills.
    """
    with usable_keys(home / "keys") as keys:
        rows, person_key = row_keys(settings.row_key, home), keys.person_key()
    store = open_store(home / "terminal.db", heard)
    with usable_keys(home / "keys") as keys:
        numbers = series(settings.device, store, keys)
    return Ground(
        settings=settings,
        store=store,
        keys=keys,
        outbox=SqliteOutbox(store, *rows.keys),
        consents=SqliteConsents(store),
        person_key=person_key,
        office=office_of(settings, home),
        line=HttpLine(settings.office_url, settings.office_ca),
        series=numbers,
        papers=paper_room(settings),
        clock=WallClock(),
    )
