"""The papers of the tour: ordered from the practice office by the use cases of a counter."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from time import monotonic

from devices.simulated.printer import MemoryPrinter
from devices.simulated.till import SimulatedTill
from forms.answers import check, start
from forms.definition import Channel, Operand
from forms.facts import Facts
from forms.form import Form
from forms.scope import Occasion
from kiosk.adapters.clock import WallClock
from kiosk.adapters.ledger import MemoryLedger
from kiosk.adapters.memory_outbox import MemoryOutbox
from kiosk.adapters.practice import PracticeOffice
from kiosk.domain.events import Kept
from kiosk.domain.states import Case, Identity
from kiosk.tour.album import Album, TourStuck
from kiosk.tour.orders import ORDERS, Order
from kiosk.usecases.account import Account
from kiosk.usecases.deliver import Deliver
from kiosk.usecases.issue import Issue
from kiosk.usecases.receive import Receive
from kiosk.usecases.release import Release
from kiosk.usecases.submit import Submit
from printing.certificates.press import CertificatePress
from printing.daily import DailyPress
from printing.letters.glyphs import Fonts, find_fonts
from printing.paper import DailySheet, FeeGroup, FeeList, IssueLine, Ticket
from printing.readback import codes
from printing.slips.fees import FeeListPress
from printing.slips.receipt import ReceiptPress
from printing.slips.ticket import TicketPress

_CITY, _OFFICE, _DEVICE = "書蒼市", "市民課", "C00"
_ASK = "受付番号をお伝えください。"
_FEES = ("juminhyo", "inkan-shomei", "zei-shomei", "koseki")


class PracticeCounter:
    """A counter of the practice city: real use cases, nothing that leaves the process."""

    def __init__(self, register: Path, forms: Mapping[str, Form]) -> None:
        self._forms, self._fonts, self._clock = forms, find_fonts(), WallClock()
        self._office = PracticeOffice(register, self._clock.now, by="counter")
        self._printer, self._till = MemoryPrinter(), SimulatedTill()
        outbox = MemoryOutbox()
        self._submit = Submit(
            outbox,
            Deliver(outbox, self._office, self._clock, monotonic, by="counter"),
            self._till,
            forms,
            self._clock,
            _DEVICE,
            Channel.COUNTER,
            "counter",
        )
        self._issue = _issue(self._office, self._fonts, self._printer, self._till, forms)
        self._receive = Receive(
            ReceiptPress(self._fonts),
            self._printer,
            forms,
            self._clock,
            _CITY,
            _OFFICE,
            _ASK,
            specimen=True,
        )
        self._made: dict[str, tuple[str, int]] = {}

    def serve(self, order: Order) -> Iterator[bytes]:
        """From the answers to the papers in the tray."""
        case, form, occasion = self._case(order), self._forms[order.form], self._issue.occasion()
        if wrong := check(form, case.answers, occasion):
            raise TourStuck(f"{order.title}: {wrong}")
        kept = self._submit.keep(case, None, wants_paper=True)
        self._submit.deliver.one(kept.submission)
        before, nonce = len(self._printer.sheets), token_hex(16)
        self._issue.release.begin(self._issue.holder(case, nonce))
        try:
            self._issue.issue(case, kept, None, nonce)
        finally:
            self._issue.release.end()
        sheets = self._printer.sheets[before:]
        share = form.quote(case.answers.values, occasion).total // len(sheets)
        self._made |= {number: (order.title, share) for number, _ in sheets}
        return iter([pdf for _, pdf in sheets])

    def slips(self) -> Iterator[tuple[str, str, bytes]]:
        """What else comes out of a counter's printers, each under its file and its name."""
        case = self._case(ORDERS[0])
        for file, title, waiting in (
            ("receipt", "領収・受付票", False),
            ("receipt-waiting", "預かり票（市役所とつながらないとき）", True),
        ):
            kept = self._submit.keep(case, None)
            yield file, title, self._receipt(case, kept, waiting=waiting)
        now, day = self._clock.now(), self._clock.now().date()
        yield "ticket", "番号札", TicketPress(self._fonts).render(_ticket(now))
        fees = FeeList(_CITY, _OFFICE, day, tuple(self._fees()), None, "", specimen=True)
        yield "fees", "手数料一覧", FeeListPress(self._fonts).render(fees)
        yield "daily", "日計・突合表", DailyPress(self._fonts).render(self._daily(now))

    def _case(self, order: Order) -> Case:
        """What the clerk entered, as far as this form asks for it, over what it begins with."""
        form = self._forms[order.form]
        answers = start(form, Facts(), self._issue.occasion())
        for name, value in order.answers.items():
            if form.questions.knows(name):
                answers = answers.answer(name, value)
        return Case("ja", form.id, Identity.CLERK, Facts(), answers)

    def _receipt(self, case: Case, kept: Kept, *, waiting: bool) -> bytes:
        self._receive.print(case, kept, waiting=waiting, paid=not waiting, channel=Channel.COUNTER)
        return self._printer.sheets[-1][1]

    def _fees(self) -> Iterator[FeeGroup]:
        """As the forms have them; what has to be worked out case by case is in no list."""
        for name in _FEES:
            fees = [
                (fee.label, _yen(fee.unit))
                for fee in self._forms[name].definition.fees
                if Channel.COUNTER in fee.channels
            ]
            lines = tuple((label, yen) for label, yen in fees if yen is not None)
            yield FeeGroup(self._forms[name].label, lines)

    def _daily(self, now: datetime) -> DailySheet:
        rows = self._office.day(now.date())
        lines = tuple(
            IssueLine(
                number=row["number"],
                at=datetime.fromisoformat(row["at"]),
                type=self._made[row["number"]][0],
                outcome=row["outcome"],
                yen=self._made[row["number"]][1],
            )
            for row in rows
        )
        tills = (("窓口", sum(line.yen for line in lines)),)
        return DailySheet(_CITY, _OFFICE, _DEVICE, now.date(), now, lines, tills, specimen=True)


def papers(album: Album, register: Path, forms: Mapping[str, Form]) -> None:
    """Every certificate and every slip, as a chapter of its own."""
    counter = PracticeCounter(register, forms)
    for order in ORDERS:
        sheets = list(counter.serve(order))
        for number, pdf in enumerate(sheets, start=1):
            file = order.file if len(sheets) == 1 else f"{order.file}-{number}"
            album.paper(file, pdf, order.title)
    for file, title, pdf in counter.slips():
        album.paper(file, pdf, title)


def _issue(
    office: PracticeOffice,
    fonts: Fonts,
    printer: MemoryPrinter,
    till: SimulatedTill,
    forms: Mapping[str, Form],
) -> Issue:
    door = Release(printer, codes, Account(MemoryLedger(), office), monotonic)

    def occasion() -> Occasion:
        return Occasion(WallClock().now().date(), Channel.COUNTER)

    return Issue(office, CertificatePress(fonts), door, till, forms, occasion, specimen=True)


def _ticket(now: datetime) -> Ticket:
    return Ticket(
        number="A-12",
        city=_CITY,
        office_name=_OFFICE,
        at=now,
        procedure="住民票・印鑑・税の証明",
        waiting=3,
        code="A-12",
        url=None,
        note="",
        specimen=True,
    )


def _yen(unit: Operand) -> int | None:
    return unit if isinstance(unit, int) and not isinstance(unit, bool) else None
