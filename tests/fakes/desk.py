"""A desk at work over everything in memory, and every state that it showed."""

from collections.abc import Callable
from dataclasses import dataclass, field

from devices.simulated.till import SimulatedTill
from forms.definition import Channel
from forms.scope import Occasion
from kiosk.adapters.practice import PracticeOffice
from kiosk.domain import counter as d
from kiosk.domain.desk import Desk
from kiosk.errors import StoreUnusable
from kiosk.usecases.receive import Receive
from kiosk.usecases.serve import DeskCrew, Serve
from kiosk.usecases.submit import Submit
from tests.fakes.answers import ANSWERS
from tests.fakes.clock import StandingClock
from tests.fakes.issuing import issuing
from tests.fakes.journal import WrittenJournal
from tests.fakes.lanes import HeldLanes
from tests.fakes.office import ToldOffice
from tests.fakes.outbox import FillingOutbox, delivering
from tests.fakes.press import PlainPress
from tests.fakes.printer import CountedPrinter
from tests.fakes.samples import AT_THE_COUNTER, FORMS, NOW, OCCASION

WHOLE = {
    "name": "髙橋　花子",
    "kana": "タカハシ　ハナコ",
    "address": "かかない県書蒼市本町一丁目2番3号",
    "birth": "1944-05-03",
    **ANSWERS,
    **AT_THE_COUNTER,
}


class TwoClerks:
    """Knows two clerks, while its disk can be read."""

    damaged = False

    def name_of(self, clerk, secret):
        if self.damaged:
            raise StoreUnusable("DatabaseError")
        return {("mamoru", "hi-mi-tsu"): "守", ("moji", "na-i-sho"): "文字"}.get((clerk, secret))


SUBSTITUTES = {"髙": ("高", "髙\U000e0101"), "橋": ()}


@dataclass
class Counter:
    """A desk over everything in memory, and every state it showed."""

    press: object = field(default_factory=PlainPress)
    printer: CountedPrinter = field(default_factory=CountedPrinter)
    office: ToldOffice | PracticeOffice = field(default_factory=ToldOffice)
    outbox: FillingOutbox = field(default_factory=FillingOutbox)
    lanes: HeldLanes = field(default_factory=HeldLanes)
    clerks: TwoClerks = field(default_factory=TwoClerks)
    shown: list = field(default_factory=list)
    journal: WrittenJournal = field(default_factory=WrittenJournal)
    line: Callable[[], None] = lambda: None
    occasion: Occasion = OCCASION
    ledger: object = None
    papers: object = None

    def __post_init__(self):
        clock, till = StandingClock(), SimulatedTill()
        deliver = delivering(self.outbox, self.office, clock, by="counter")
        submit = Submit(self.outbox, deliver, till, FORMS, clock, "C01", Channel.COUNTER)
        issue = issuing(
            self.office,
            self.press,
            self.printer,
            till,
            specimen=False,
            ledger=self.ledger,
            occasion=lambda: self.occasion,
        )
        receive = Receive(
            self.press, self.printer, FORMS, clock, "書蒼市", "市民課", "電話", specimen=False
        )
        told = SUBSTITUTES.get
        crew = DeskCrew(
            self.clerks,
            self.office,
            submit,
            issue,
            receive,
            told,
            self.journal,
            self.line,
            papers=self.papers,
        )
        self.serve = Serve(Desk(FORMS, lambda: NOW), crew, self.lanes, self.shown.append)

    @property
    def state(self):
        return self.serve.state

    def say(self, *events):
        for event in events:
            self.serve.handle(event)
        return self.state

    def sign_in(self, *, rightly=True):
        self.serve.sign_in("mamoru", "hi-mi-tsu" if rightly else "x")
        self.lanes.release_all()
        return self.state

    def fill(self):
        """A form for somebody who came with nothing, up to where it is handed in."""
        self.sign_in()
        self.say(d.BegunNew("juminhyo"), *(d.Typed(k, v) for k, v in WHOLE.items()))
        return self.say(d.HandedIn())
