"""The composition of the clerk's desk: the concrete classes behind the counter."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from devices.ports import Scanner
from devices.simulated.printer import FolderPrinter
from devices.simulated.scanner import SimulatedScanner
from devices.simulated.till import SimulatedTill
from forms.definition import Channel
from forms.reseed import MARK
from kiosk.adapters.clerks import SqliteClerks
from kiosk.adapters.clock import WallClock
from kiosk.adapters.journal import SqliteJournal, this_command
from kiosk.adapters.pictures import codes_pictured
from kiosk.adapters.postcodes import places
from kiosk.adapters.procedures import Folders
from kiosk.adapters.resources import RESOURCES
from kiosk.adapters.store import open_store
from kiosk.app import hold_home, letters, scanner_of
from kiosk.config import Settings
from kiosk.domain.desk import Desk
from kiosk.domain.journal import Deed, plain
from kiosk.errors import SetupFault, StoreUnusable
from kiosk.ground import page_printer, slip_printer, stand_on
from kiosk.ui.counter.terminal import DeskTerminal
from kiosk.ui.counter.window import CounterWindow
from kiosk.ui.texts import load_texts
from kiosk.usecases.report import Health
from kiosk.usecases.reseed import Reseed
from kiosk.usecases.serve import DeskCrew


@dataclass(frozen=True)
class Counter:
    """A clerk's desk, and the simulated devices it stands on."""

    window: CounterWindow
    desk: DeskTerminal
    printer: FolderPrinter
    scanner: SimulatedScanner

    def close(self) -> None:
        """End every lane."""
        self.desk.close()


def open_counter(settings: Settings, home: Path) -> Counter:
    """The counter of these settings, its state in `home`."""
    folders = Folders.configured(settings.forms)
    forms = folders.forms(home / "forms.cache")
    printer = FolderPrinter(home / "tray")
    purposes = folders.purposes(settings.purposes, forms, home / "purposes.cache")
    desk = Desk(forms, WallClock().now, purposes)
    words = folders.words_of(forms, home / "words.cache")
    read = {name: each.say("title", "ja_easy") or "" for name, each in words.items()}
    texts = load_texts(RESOURCES / "texts")["ja"]
    window = CounterWindow(texts, desk, settings.city, places, read, letters=letters(settings))
    hold_home(home)
    shown = SimulatedScanner()
    scanner = scanner_of(settings, shown, MARK)
    terminal = DeskTerminal(window, desk, _desk_crew(settings, home, desk, printer, scanner))
    return Counter(window, terminal, printer, shown)


def add_clerk(home: Path, clerk: str, name: str, secret: str) -> None:
    """Let a clerk sign in at this counter."""
    if not secret:
        raise SetupFault("the password came empty; give it on standard input")
    store = open_store(home / "terminal.db")
    try:
        SqliteClerks(store).add(clerk, name, secret)
        SqliteJournal(store, WallClock()).write(this_command(), Deed.CLERK_ADDED, plain(clerk))
    except StoreUnusable as fault:
        file = home / "terminal.db"
        raise SetupFault(f"{file}: another program holds this database; end it first") from fault
    finally:
        store.close()


def _desk_crew(
    settings: Settings, home: Path, desk: Desk, printer: FolderPrinter, scanner: Scanner
) -> Callable[[], DeskCrew]:
    """Assembles everyone who works for a desk."""

    def assemble() -> DeskCrew:
        ground, till = stand_on(settings, home), SimulatedTill()
        ground.check_papers()
        pages = page_printer(settings, printer)
        issue = ground.issue(pages, till, desk.forms, desk.occasion)
        issue.release.recover()
        journal = SqliteJournal(ground.store, ground.clock)
        return DeskCrew(
            SqliteClerks(ground.store),
            ground.office,
            ground.submit(till, desk.forms, Channel.COUNTER, desk.purposes),
            issue,
            ground.receive(slip_printer(settings, printer, pages), desk.forms),
            ground.papers.substitutes,
            journal,
            ground.line.ask,
            ground.reporter(Health(), Channel.COUNTER.value),
            Reseed(scanner, codes_pictured, ground.office, ground.outbox, journal),
            ground.papers,
        )

    return assemble
