"""The composition root: the only file that names the concrete classes of the real terminal."""

import fcntl
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from devices.simulated.people import PracticeCard, practice_cards
from devices.simulated.printer import FolderPrinter
from devices.simulated.reader import SimulatedReader
from devices.simulated.scanner import SimulatedScanner
from devices.simulated.till import SimulatedTill
from forms.definition import Channel, FormDefinition
from forms.loader import load_all
from kiosk.config import Settings
from kiosk.domain.desk import Desk
from kiosk.domain.session import Journey
from kiosk.errors import SetupFault
from kiosk.ui.counter.terminal import DeskTerminal
from kiosk.ui.counter.window import CounterWindow
from kiosk.ui.kit.tokens import LAYOUTS
from kiosk.ui.resident.window import KioskWindow
from kiosk.ui.terminal import Terminal
from kiosk.ui.texts import load_texts
from kiosk.usecases.attend import Crew
from kiosk.usecases.serve import DeskCrew

RESOURCES = Path(__file__).parents[1] / "resources"


@dataclass(frozen=True)
class Kiosk:
    """A kiosk terminal and the simulated devices it stands on."""

    terminal: Terminal
    cards: tuple[PracticeCard, ...]
    reader: SimulatedReader
    scanner: SimulatedScanner
    printer: FolderPrinter
    till: SimulatedTill


def open_kiosk(settings: Settings, home: Path) -> Kiosk:
    """The kiosk of these settings, its state in `home`."""
    journey = Journey(load_all(RESOURCES / "forms"))
    reader, scanner, till = SimulatedReader(), SimulatedScanner(), SimulatedTill()
    printer = FolderPrinter(home / "tray")
    window = KioskWindow(
        load_texts(RESOURCES / "texts"), LAYOUTS[settings.orientation], journey, settings.city
    )
    hold_home(home)
    terminal = Terminal(
        window, journey, _crew(settings, home, journey, reader, scanner, printer, till)
    )
    cards = practice_cards(RESOURCES / "people" / "cards.yaml")
    return Kiosk(terminal, cards, reader, scanner, printer, till)


def hold_home(home: Path) -> int:
    """Two programs never share one home: the second is told so."""
    held = os.open(home / ".held", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as fault:
        raise SetupFault(
            f"{home}: another Kakanai uses this home; end it, or use --home"
        ) from fault
    return held


def _crew(
    settings: Settings,
    home: Path,
    journey: Journey,
    reader: SimulatedReader,
    scanner: SimulatedScanner,
    printer: FolderPrinter,
    till: SimulatedTill,
) -> Callable[[], Crew]:
    """Assembles everyone; called on a lane, behind the first frame."""

    def assemble() -> Crew:
        from kiosk.adapters.clock import WallClock
        from kiosk.adapters.database import open_database
        from kiosk.adapters.keys import KeyFolder
        from kiosk.adapters.office import HttpOffice
        from kiosk.adapters.outbox import SqliteOutbox
        from kiosk.usecases.identify import Identify
        from kiosk.usecases.issue import Issue
        from kiosk.usecases.prefill import OpenPrefill
        from kiosk.usecases.prepare import Prepare
        from kiosk.usecases.receive import Receive
        from kiosk.usecases.submit import Submit
        from printing.certificate import CertificatePress
        from printing.faults import MissingFont
        from printing.glyphs import find_fonts
        from printing.receipt import ReceiptPress

        clock, forms = WallClock(), journey.forms
        keys = KeyFolder(home / "keys")
        outbox = SqliteOutbox(open_database(home / "terminal.db"), keys.row_key())
        office = HttpOffice(settings.office_url, settings.office_token)
        try:
            fonts = find_fonts()
        except MissingFont as fault:
            raise SetupFault(str(fault)) from fault
        return Crew(
            Identify(reader, forms, clock),
            OpenPrefill(scanner, keys, forms, clock),
            Prepare(printer, office, till),
            Submit(outbox, office, till, forms, clock, settings.device),
            Issue(office, CertificatePress(fonts), printer, till, forms, specimen=False),
            Receive(
                ReceiptPress(fonts),
                printer,
                forms,
                clock,
                settings.city,
                settings.office_name,
                settings.how_to_ask,
                specimen=False,
            ),
        )

    return assemble


@dataclass(frozen=True)
class Counter:
    """A clerk's desk."""

    window: CounterWindow
    desk: DeskTerminal
    printer: FolderPrinter

    def close(self) -> None:
        """End every lane."""
        self.desk.close()


def open_counter(settings: Settings, home: Path) -> Counter:
    """The counter of these settings, its state in `home`."""
    forms = load_all(RESOURCES / "forms")
    printer = FolderPrinter(home / "tray")
    window = CounterWindow(load_texts(RESOURCES / "texts")["ja"], forms, settings.city)
    hold_home(home)
    desk = DeskTerminal(window, Desk(forms), _desk_crew(settings, home, forms, printer))
    return Counter(window, desk, printer)


def add_clerk(home: Path, clerk: str, name: str, secret: str) -> None:
    """Let a clerk sign in at this counter."""
    from kiosk.adapters.clerks import SqliteClerks
    from kiosk.adapters.database import open_database

    if not secret:
        raise SetupFault("the password came empty; give it on standard input")
    engine = open_database(home / "terminal.db")
    SqliteClerks(engine).add(clerk, name, secret)
    engine.dispose()


def _desk_crew(
    settings: Settings, home: Path, forms: dict[str, FormDefinition], printer: FolderPrinter
) -> Callable[[], DeskCrew]:
    """Assembles everyone who works for a desk."""

    def assemble() -> DeskCrew:
        from kiosk.adapters.clerks import SqliteClerks
        from kiosk.adapters.clock import WallClock
        from kiosk.adapters.database import open_database
        from kiosk.adapters.keys import KeyFolder
        from kiosk.adapters.office import HttpOffice
        from kiosk.adapters.outbox import SqliteOutbox
        from kiosk.usecases.issue import Issue
        from kiosk.usecases.receive import Receive
        from kiosk.usecases.submit import Submit
        from printing.certificate import CertificatePress
        from printing.glyphs import find_fonts
        from printing.receipt import ReceiptPress

        clock, till = WallClock(), SimulatedTill()
        engine = open_database(home / "terminal.db")
        outbox = SqliteOutbox(engine, KeyFolder(home / "keys").row_key())
        office = HttpOffice(settings.office_url, settings.office_token)
        fonts = find_fonts()
        return DeskCrew(
            SqliteClerks(engine),
            office,
            Submit(outbox, office, till, forms, clock, settings.device, Channel.COUNTER),
            Issue(office, CertificatePress(fonts), printer, till, forms, specimen=False),
            Receive(
                ReceiptPress(fonts),
                printer,
                forms,
                clock,
                settings.city,
                settings.office_name,
                settings.how_to_ask,
                specimen=False,
            ),
        )

    return assemble
