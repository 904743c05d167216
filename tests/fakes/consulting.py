"""A desk where consents are kept, over everything in memory."""

from devices.simulated.till import SimulatedTill
from forms.definition import Channel
from kiosk.adapters.memory_consents import MemoryConsents
from kiosk.domain.agreement import Word
from kiosk.domain.desk import Desk
from kiosk.usecases.consent import Consent
from kiosk.usecases.receive import Receive
from kiosk.usecases.serve import DeskCrew, Serve
from kiosk.usecases.submit import Submit
from tests.fakes.clock import StandingClock
from tests.fakes.consents import ToldConsents
from tests.fakes.issuing import issuing
from tests.fakes.journal import WrittenJournal
from tests.fakes.lanes import HeldLanes
from tests.fakes.office import ToldOffice
from tests.fakes.outbox import FillingOutbox, delivering
from tests.fakes.press import PlainPress
from tests.fakes.printer import CountedPrinter
from tests.fakes.samples import FORMS, NOW, PURPOSES

CARE, WATER = (purpose.id for purpose in PURPOSES.of("risai"))
SAID = {"name": "渡邉　一郎", "birth": "1980-02-17", "sex": "1", "address": "緑ケ丘四丁目10番地"}
DAMAGED = {  # everything that a clerk enters for somebody whose home was hit
    "name": SAID["name"],
    "birth": SAID["birth"],
    "address": SAID["address"],
    "relation": "self",
    "request": "new",
    "contact_place": "relatives",
    "contact_detail": "妹の家",
    "contact_phone": "09011112222",
    "disaster": "typhoon-2026-10",
    "cause": "storm",
    "same_place": True,
    "targets": ["dwelling"],
    "lived_in": True,
    "damage": "屋根が飛んだ。",
    "copies": 1,
    "privacy_consent": True,
    "false_statement": True,
    "signature": "paper",
    "identity_method": "card",
}


class AnyClerk:
    def name_of(self, clerk, secret):
        return "守"


class Counter:
    """A desk where consents are kept, over everything in memory."""

    def __init__(self) -> None:
        clock, till, office = StandingClock(), SimulatedTill(), ToldOffice()
        self.outbox, self.agreed, self.lanes = FillingOutbox(), ToldConsents(), HeldLanes()
        self.printer, press = CountedPrinter(), PlainPress()
        memory = MemoryConsents(self.outbox)
        self.consent = Consent(memory, self.agreed, PURPOSES, clock, b"k" * 32, "C01", "counter")
        deliver = delivering(self.outbox, office, clock, by="counter")
        submit = Submit(
            self.outbox,
            deliver,
            till,
            FORMS,
            clock,
            "C01",
            Channel.COUNTER,
            "counter",
            self.consent,
        )
        receive = Receive(press, self.printer, FORMS, clock, "市", "課", "電話", specimen=False)
        issue = issuing(office, press, self.printer, till, specimen=False)
        crew = DeskCrew(
            AnyClerk(),
            office,
            submit,
            issue,
            receive,
            lambda _: (),
            WrittenJournal(),
            lambda: None,
        )
        self.serve = Serve(Desk(FORMS, lambda: NOW, PURPOSES), crew, self.lanes, lambda _: None)
        self.serve.sign_in("mamoru", "x")
        self.lanes.release_all()

    @property
    def state(self):
        return self.serve.state

    def say(self, *events):
        for event in events:
            self.serve.handle(event)
            self.lanes.release_all()
        return self.state

    def agree(self):
        mark = self.consent.recall_of(SAID).person
        given = self.consent._record(mark, CARE, "2026-11", Word.GIVEN)
        self.outbox.said.append(given)
