"""The composition root: the only file that names the concrete classes of the real terminal."""

import fcntl
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication

from devices.ports import CardReader, Scanner
from devices.simulated.printer import FolderPrinter
from devices.simulated.reader import SimulatedReader
from devices.simulated.scanner import SimulatedScanner
from devices.simulated.till import SimulatedTill
from forms.definition import Channel
from kiosk.adapters.resources import RESOURCES
from kiosk.config import Settings
from kiosk.domain.notices import Notice
from kiosk.domain.session import Journey
from kiosk.domain.states import State
from kiosk.errors import SetupFault
from kiosk.ports.lanes import Clock, Lanes
from kiosk.ui.kit.lettering import Lettering, installed
from kiosk.ui.kit.tokens import LAYOUTS
from kiosk.ui.resident.window import KioskWindow
from kiosk.ui.terminal import Assembled, Terminal
from kiosk.ui.texts import load_texts


@dataclass(frozen=True)
class Kiosk:
    """A kiosk terminal and the simulated devices it stands on."""

    terminal: Terminal
    reader: SimulatedReader
    scanner: SimulatedScanner
    printer: FolderPrinter
    till: SimulatedTill


def open_kiosk(settings: Settings, home: Path) -> Kiosk:
    """The kiosk of these settings, its state in `home`."""
    reader, scanner, till = SimulatedReader(), SimulatedScanner(), SimulatedTill()
    printer = FolderPrinter(home / "tray")
    seen = scanner_of(settings, scanner, "KKN2")
    window = KioskWindow(
        load_texts(RESOURCES / "texts"),
        LAYOUTS[settings.orientation],
        Journey({}, _nobody_knows),
        settings.city,
        letters=letters(settings),
    )
    hold_home(home)
    terminal = Terminal(window, _assembler(settings, home, reader, seen, printer, till))
    return Kiosk(terminal, reader, scanner, printer, till)


def letters(settings: Settings) -> Lettering:
    """How screens draw names: the city's own fonts first, opened at the first name."""
    return Lettering(partial(installed, settings.own_fonts))


def _nobody_knows() -> date:
    """No procedure is offered before the terminal is assembled, so no day is asked for."""
    raise AssertionError


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


def scanner_of(settings: Settings, simulated: SimulatedScanner, mark: str) -> Scanner:
    """The scanner that is configured, for codes of this mark."""
    if settings.scanner == "serial":
        from devices.scanners.serial import SerialScanner

        return SerialScanner(settings.scanner_port)
    if settings.scanner == "wedge":
        from devices.scanners.wedge import WedgeScanner
        from kiosk.ui.keys import KeyWatch

        wedge = WedgeScanner(marks=(f"{mark}.",))
        application = QApplication.instance()
        KeyWatch(wedge.key).setParent(application)
        return wedge
    return simulated


def _card_reader(settings: Settings, simulated: SimulatedReader, clock: Clock) -> CardReader:
    """The reader that is configured, trusting the issuers of real cards and the city's own."""
    if settings.reader == "simulated":
        return simulated
    from devices.cards.issuers import Trust, TrustFault, trust_from
    from devices.cards.reader import SlotReader
    from devices.cards.reading import Standing
    from devices.pcsc import PcscSlot
    from kiosk.adapters.revocation import revocation

    issuers = [RESOURCES / "trust" / "issuers.json"]
    issuers += [Path(settings.card_trust)] if settings.card_trust else []
    trust = Trust()
    for file in issuers:
        try:
            trust = trust.joined(trust_from(file.read_text("utf-8")))
        except (OSError, UnicodeDecodeError, TrustFault) as fault:
            raise SetupFault(f"{file}: no list of card issuers ({fault})") from fault
    revoked = revocation(settings.card_revocation)
    standing = Standing(revoked, clock.now) if revoked else None
    return SlotReader(
        PcscSlot(settings.reader_name),
        trust,
        standing,
        takes_unknown=settings.card_unknown_issuer == "take",
    )


def _assembler(
    settings: Settings,
    home: Path,
    reader: SimulatedReader,
    scanner: Scanner,
    printer: FolderPrinter,
    till: SimulatedTill,
) -> Callable[[], Assembled]:
    """Assembles everyone; called on a lane, behind the first frame."""

    def assemble() -> Assembled:
        from kiosk.adapters.noted import NotedReader, NotedScanner
        from kiosk.adapters.procedures import Folders
        from kiosk.ground import page_printer, slip_printer, stand_on
        from kiosk.ui.resident.pages import every_page
        from kiosk.usecases.attend import Attend, Crew
        from kiosk.usecases.identify import Identify
        from kiosk.usecases.prefill import OpenPrefill
        from kiosk.usecases.prepare import Prepare
        from kiosk.usecases.report import Health, Report

        folders = Folders.configured(settings.forms)
        forms = folders.forms(home / "forms.cache")
        words = folders.words_of(forms, home / "words.cache")
        ground = stand_on(settings, home)
        clock, pages = ground.clock, page_printer(settings, printer)
        slips = slip_printer(settings, printer, pages)
        purposes = folders.purposes(settings.purposes, forms, home / "purposes.cache")
        journey = Journey(forms, lambda: clock.now().date(), words=words, purposes=purposes)
        health = Health()
        cards = NotedReader(_card_reader(settings, reader, clock), health)
        crew = Crew(
            Identify(cards, forms, clock),
            OpenPrefill(NotedScanner(scanner, health), ground.keys, forms, clock),
            Prepare((pages, slips), ground.office, till, ground.papers.missing),
            ground.submit(till, forms, Channel.KIOSK, purposes),
            ground.issue(pages, till, forms, journey.occasion),
            ground.receive(slips, forms),
            ground.line.ask,
            ground.papers,
        )
        ground.check_papers()
        papers = crew.issue.release.recover()

        def attend(lanes: Lanes, shown: Callable[[State], None]) -> Attend:
            return Attend(journey, crew, lanes, shown, papers)

        def look() -> None:
            for each in (pages, slips):
                health.noted("printer", each.check)
            health.noted("printer", ground.look_at_papers)

        def report(lanes: Lanes, told: Callable[[tuple[Notice, ...]], None]) -> Report:
            return Report(ground.reporter(health, Channel.KIOSK.value), lanes, told, look)

        return Assembled(journey, every_page, attend, report)

    return assemble
