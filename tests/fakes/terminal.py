"""A whole terminal for tests of turns: the real use cases over devices and an office in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from devices.simulated.scanner import SimulatedScanner
from devices.simulated.till import SimulatedTill
from forms.prefill import Prefill, seal
from kiosk.adapters.ledger import MemoryLedger
from kiosk.adapters.memory_consents import MemoryConsents
from kiosk.adapters.practice import PracticeKeys, PracticeOffice
from kiosk.domain import events as e
from kiosk.domain import states as s
from kiosk.domain.pin import Pin
from kiosk.ports.lanes import Lane
from kiosk.ports.papers import PaperRoom
from kiosk.usecases.attend import Attend, Crew
from kiosk.usecases.consent import Consent
from kiosk.usecases.identify import Identify
from kiosk.usecases.prefill import OpenPrefill
from kiosk.usecases.prepare import Prepare
from kiosk.usecases.receive import Receive
from kiosk.usecases.submit import Submit
from tests.fakes.clock import StandingClock
from tests.fakes.consents import ToldConsents
from tests.fakes.issuing import issuing
from tests.fakes.lanes import HeldLanes
from tests.fakes.office import ToldOffice
from tests.fakes.outbox import FillingOutbox, delivering
from tests.fakes.press import PlainPress
from tests.fakes.printer import CountedPrinter
from tests.fakes.reader import PlainCard, PlainReader
from tests.fakes.samples import FORMS, JOURNEY, PURPOSES

KEYS = PracticeKeys()
NONCE = bytes(12)


@dataclass(frozen=True)
class Person:
    """Somebody who shares no word with anybody else: whatever crosses over is recognised."""

    number: int
    form = "juminhyo"

    @property
    def card(self) -> PlainCard:
        n = self.number
        return PlainCard(
            serial=f"4{n:014d}",
            name=f"住民　{n:03d}号",
            address=f"書蒼市本町{n:03d}番地",
            birth=date(1950 + n, 1, 1),
            sex="2",
            pin=f"{n:04d}",
        )

    @property
    def answers(self) -> dict[str, object]:
        return {
            "phone": f"0900000{self.number:04d}",
            "kind": "person",
            "relationship": True,
            "domicile": False,
            "copies": self.number % 10 + 1,
            "purpose": "licence",
        }

    @property
    def code(self) -> str:
        known = {
            "name": self.card.name,
            "address": self.card.address,
            "birth": self.card.birth.isoformat(),
        }
        made = Prefill(
            "juminhyo",
            FORMS["juminhyo"].version,
            StandingClock().now().isoformat(),
            {**known, **self.answers},
        )
        (only,) = seal(made, KEYS.prefill_keys()[0].public_key(), NONCE)
        return only

    @property
    def words(self) -> set[object]:
        """What would give this person away."""
        known = (self.card.name, self.card.address, self.card.birth.isoformat())
        return {*known, self.answers["phone"]}


@dataclass(frozen=True)
class Resident:
    """Somebody of the practice city's register, and what is ordered."""

    card: PlainCard
    form: str
    answers: dict[str, object]


@dataclass
class Bench:
    """The terminal, everything it stands on, and every state it showed."""

    reader: PlainReader = field(default_factory=PlainReader)
    scanner: SimulatedScanner = field(default_factory=SimulatedScanner)
    printer: CountedPrinter = field(default_factory=CountedPrinter)
    till: SimulatedTill = field(default_factory=SimulatedTill)
    office: ToldOffice | PracticeOffice = field(default_factory=ToldOffice)
    outbox: FillingOutbox = field(default_factory=FillingOutbox)
    agreed: ToldConsents = field(default_factory=ToldConsents)
    clock: StandingClock = field(default_factory=StandingClock)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    press: PlainPress = field(default_factory=PlainPress)
    lanes: HeldLanes = field(default_factory=HeldLanes)
    shown: list[s.State] = field(default_factory=list)
    watch: Callable[[s.State], None] = lambda _: None
    unsettled: tuple[str, ...] = ()
    line: Callable[[], None] = lambda: None
    no_shape: str = ""
    papers: PaperRoom | None = None

    def __post_init__(self) -> None:
        self.identify = Identify(self.reader, FORMS, self.clock)
        self.prefill = OpenPrefill(self.scanner, KEYS, FORMS, self.clock)
        self.prepare = Prepare((self.printer,), self.office, self.till, self.missing)
        said = (MemoryConsents(self.outbox), self.agreed)
        self.consent = Consent(*said, PURPOSES, self.clock, b"p" * 32, "K01")
        why = self.consent.why_not
        deliver = delivering(self.outbox, self.office, self.clock, why_not=why)
        self.submit = Submit(
            self.outbox, deliver, self.till, FORMS, self.clock, "K01", consent=self.consent
        )
        self.issue = issuing(self.office, self.press, self.printer, self.till, ledger=self.ledger)
        self.receive = Receive(
            self.press,
            self.printer,
            FORMS,
            self.clock,
            "書蒼市",
            "市民課",
            "電話で番号を",
            specimen=True,
        )
        crew = Crew(
            self.identify,
            self.prefill,
            self.prepare,
            self.submit,
            self.issue,
            self.receive,
            self.line,
            self.papers,
        )
        self.attend = Attend(JOURNEY, crew, self.lanes, self._show, self.unsettled)

    def missing(self, text: str) -> list[str]:
        return [each for each in self.no_shape if each in text]

    def _show(self, state: s.State) -> None:
        self.shown.append(state)
        self.watch(state)

    @property
    def state(self) -> s.State:
        return self.attend.state

    def say(self, *events: e.Event) -> s.State:
        for event in events:
            self.attend.handle(event)
        return self.state

    def next_step(self, person: Person | Resident, *, by_code: bool = False) -> None:
        """What this person would do now."""
        match self.state:
            case s.Idle():
                self.say(e.Started())
            case s.Greeting():
                self.say(e.LanguageChosen("ja"))
            case s.Choosing():
                self.say(e.ProcedureChosen(person.form))
            case s.Identifying() if by_code:
                self.scanner.show(person.code)
                self.attend.tick()
            case s.Identifying():
                self.reader.lies = person.card
                self.attend.tick()
            case s.EnteringPin(asks_first=True):
                self.say(e.LastTryAgreed())
            case s.EnteringPin():
                self.say(e.PinEntered(Pin(person.card.pin.encode())))
            case s.Filling(question=None):
                self.say(e.FactsConfirmed())
            case s.Filling(question=question):
                self.say(e.Answered(question, person.answers[question.rpartition(".")[2]]))
            case s.Reviewing():
                self.say(e.Confirmed())
            case s.Paying():
                self.say(e.PayPressed())
            case s.Deferring():
                self.say(e.LeftWithUs())
            case s.Hesitating():
                self.say(e.Continued())
            case s.Parting() | s.Apologising():
                self.reader.lies = None
                self.say(e.Left())

    def walk(
        self, person: Person | Resident, until: type[s.State], *, by_code: bool = False
    ) -> s.State:
        """Step by step, one answer after the other, until a state of that kind is reached."""
        for _ in range(200):
            if isinstance(self.state, until):
                return self.state
            if not any(self.lanes.release(lane) for lane in Lane):
                self.next_step(person, by_code=by_code)
        raise AssertionError(f"stuck in {self.state!r}")
