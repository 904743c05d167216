"""The composition of the clerk's desk: the concrete classes behind the counter."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from devices.simulated.printer import FolderPrinter
from devices.simulated.till import SimulatedTill
from forms.definition import Channel
from forms.form import Form
from kiosk.adapters.clerks import SqliteClerks
from kiosk.adapters.clock import WallClock
from kiosk.adapters.database import open_database
from kiosk.adapters.keys import KeyFolder
from kiosk.adapters.office import HttpOffice
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.postcodes import places
from kiosk.adapters.procedures import RESOURCES, Folders
from kiosk.app import hold_home
from kiosk.config import Settings
from kiosk.domain.desk import Desk
from kiosk.errors import SetupFault, StoreUnusable
from kiosk.ui.counter.terminal import DeskTerminal
from kiosk.ui.counter.window import CounterWindow
from kiosk.ui.texts import load_texts
from kiosk.usecases.issue import Issue
from kiosk.usecases.receive import Receive
from kiosk.usecases.serve import DeskCrew
from kiosk.usecases.submit import Submit
from printing.certificate import CertificatePress
from printing.faults import MissingFont
from printing.glyphs import find_fonts
from printing.receipt import ReceiptPress


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
    folders = Folders.configured(settings.forms)
    forms = folders.forms(home / "forms.cache")
    printer = FolderPrinter(home / "tray")
    desk = Desk(forms, WallClock().now)
    words = folders.words(form.definition for form in forms.values())
    read = {name: each.say("title", "ja_easy") or "" for name, each in words.items()}
    texts = load_texts(RESOURCES / "texts")["ja"]
    window = CounterWindow(texts, desk, settings.city, places, read)
    hold_home(home)
    terminal = DeskTerminal(window, desk, _desk_crew(settings, home, forms, printer))
    return Counter(window, terminal, printer)


def add_clerk(home: Path, clerk: str, name: str, secret: str) -> None:
    """Let a clerk sign in at this counter."""
    if not secret:
        raise SetupFault("the password came empty; give it on standard input")
    engine = open_database(home / "terminal.db")
    try:
        SqliteClerks(engine).add(clerk, name, secret)
    except StoreUnusable as fault:
        file = home / "terminal.db"
        raise SetupFault(f"{file}: another program holds this database; end it first") from fault
    finally:
        engine.dispose()


def _desk_crew(
    settings: Settings, home: Path, forms: dict[str, Form], printer: FolderPrinter
) -> Callable[[], DeskCrew]:
    """Assembles everyone who works for a desk."""

    def assemble() -> DeskCrew:

        clock, till = WallClock(), SimulatedTill()
        engine = open_database(home / "terminal.db")
        try:
            outbox = SqliteOutbox(engine, KeyFolder(home / "keys").row_key())
        except StoreUnusable as fault:
            raise SetupFault(f"{fault}: the keys cannot be kept; check the folder") from fault
        office = HttpOffice(settings.office_url, settings.office_token)
        try:
            fonts = find_fonts()
        except MissingFont as fault:
            raise SetupFault(str(fault)) from fault
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
