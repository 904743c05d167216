"""The class: the kiosk with practice cards, composed of parts that have no way out.

It takes no settings, so no address, key, home folder or printer can be given to it; an import
contract keeps the real adapters away from this file.
"""

from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes
from time import monotonic

from devices.simulated.card.deck import holders
from devices.simulated.card.person import Holder
from devices.simulated.printer import MemoryPrinter
from devices.simulated.reader import SimulatedReader
from devices.simulated.scanner import SimulatedScanner
from devices.simulated.till import SimulatedTill
from kiosk.adapters.clock import WallClock
from kiosk.adapters.ledger import MemoryLedger
from kiosk.adapters.memory_consents import MemoryConsents, PracticeConsents
from kiosk.adapters.memory_outbox import MemoryOutbox
from kiosk.adapters.practice import PracticeKeys, PracticeOffice
from kiosk.adapters.procedures import Folders
from kiosk.domain.session import Journey
from kiosk.ui.kit.tokens import Layout
from kiosk.ui.resident.pages import every_page
from kiosk.ui.resident.window import KioskWindow
from kiosk.ui.terminal import Assembled, Terminal
from kiosk.ui.texts import load_texts
from kiosk.usecases.account import Account
from kiosk.usecases.attend import Attend, Crew
from kiosk.usecases.consent import Consent
from kiosk.usecases.deliver import Deliver
from kiosk.usecases.identify import Identify
from kiosk.usecases.issue import Issue
from kiosk.usecases.prefill import OpenPrefill
from kiosk.usecases.prepare import Prepare
from kiosk.usecases.receive import Receive
from kiosk.usecases.release import Release
from kiosk.usecases.submit import Submit
from printing.certificates.press import CertificatePress
from printing.letters.glyphs import GlyphGate, find_fonts
from printing.readback import codes
from printing.slips.receipt import ReceiptPress

CITY = "書蒼市"


@dataclass(frozen=True)
class Classroom:
    """A practice kiosk and the tools that stand beside it."""

    terminal: Terminal
    cards: tuple[Holder, ...]
    reader: SimulatedReader
    scanner: SimulatedScanner
    printer: MemoryPrinter
    till: SimulatedTill
    office: PracticeOffice


def open_class(resources: Path, layout: Layout) -> Classroom:
    """Everything of a class, out of the program's own resources alone."""
    clock = WallClock()
    folders = Folders(resources)
    forms = folders.forms()
    words = folders.words_of(forms)
    purposes = folders.purposes("", forms)
    journey = Journey(forms, lambda: clock.now().date(), words=words, purposes=purposes)
    office = PracticeOffice(resources / "people" / "register.yaml", clock.now)
    reader, scanner, printer, till = (
        SimulatedReader(),
        SimulatedScanner(),
        MemoryPrinter(),
        SimulatedTill(),
    )

    def assemble() -> Assembled:
        fonts, outbox = find_fonts(), MemoryOutbox()
        said = (MemoryConsents(outbox), PracticeConsents())
        consent = Consent(*said, purposes, clock, token_bytes(32), "R00")
        crew = Crew(
            Identify(reader, journey.forms, clock),
            OpenPrefill(scanner, PracticeKeys(), journey.forms, clock),
            Prepare((printer,), office, till, GlyphGate(fonts.names()).missing),
            Submit(
                outbox,
                Deliver(outbox, office, clock, monotonic, why_not=consent.why_not),
                till,
                journey.forms,
                clock,
                "R00",
                consent=consent,
            ),
            Issue(
                office,
                CertificatePress(fonts),
                Release(printer, codes, Account(MemoryLedger(), office), monotonic),
                till,
                journey.forms,
                journey.occasion,
                specimen=True,
            ),
            Receive(
                ReceiptPress(fonts),
                printer,
                journey.forms,
                clock,
                CITY,
                "教室",
                "これは練習です。",
                specimen=True,
            ),
            office.ready,
        )
        return Assembled(
            journey, every_page, lambda lanes, shown: Attend(journey, crew, lanes, shown)
        )

    texts = load_texts(resources / "texts")
    window = KioskWindow(texts, layout, journey, CITY, every_page, practice=True)
    cards = holders(resources / "people" / "cards.yaml")
    return Classroom(Terminal(window, assemble), cards, reader, scanner, printer, till, office)
