"""The terminal that a drill plays with: the real one's own parts, an application of nobody's."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from devices.simulated.till import SimulatedTill
from forms.answers import Answers
from forms.definition import Channel
from forms.facts import Fact, Facts, Source
from forms.purposes import Purposes
from kiosk.adapters.clock import WallClock
from kiosk.adapters.procedures import Folders
from kiosk.config import Settings
from kiosk.domain.consent import say
from kiosk.domain.states import Case, Identity
from kiosk.ground import Ground, stand_on
from kiosk.ports.lanes import Clock
from kiosk.usecases.submit import Submit

FORM = "juminhyo"
NAME = "訓練　𠮷郎"  # also what is looked for where it must not stand
_PERSON = {
    "name": NAME,
    "address": "書蒼市訓練町一丁目2番3号",
    "birth": "1944-05-03",
    "sex": "1",
}
_ANSWERS = {"phone": "0312345678", "kind": "person", "copies": 1, "purpose": "pension"}


class JumpingClock:
    """A wall clock that somebody sets."""

    def __init__(self, off: timedelta = timedelta(0)) -> None:
        self.off = off

    def now(self) -> datetime:
        """What it says."""
        return WallClock().now() + self.off


@dataclass(frozen=True)
class Terminal:
    """Keeps and hands in, by the use cases of the screens."""

    ground: Ground
    submit: Submit
    clock: Clock
    purposes: Purposes

    @classmethod
    def open(
        cls,
        settings: Settings,
        home: Path,
        clock: Clock | None = None,
        seen: Callable[[Any], Any] = lambda office: office,
        heard: Callable[[str], object] | None = None,
    ) -> "Terminal":
        """As after a start; `seen` stands between it and the office, `heard` at its database."""
        folders = Folders.configured(settings.forms)
        forms = folders.forms(home / "forms.cache")
        purposes = folders.purposes(settings.purposes, forms, home / "purposes.cache")
        ground = stand_on(settings, home, heard)
        ground = replace(ground, office=seen(ground.office), clock=clock or ground.clock)
        submit = ground.submit(SimulatedTill(), forms, Channel.KIOSK, purposes)
        return cls(ground, submit, ground.clock, purposes)

    def keep(self) -> str:
        """A made-up person's application becomes a promise: its id."""
        return self.submit.keep(_case(self.clock.now()), None).submission

    def keep_agreeing(self) -> str:
        """The same of a form that asks for consent, with a yes to everything it asks."""
        case = _case(self.clock.now(), self.purposes.every[0].forms[0])
        for purpose in self.purposes.of(case.form):
            case = say(case, purpose, agrees=True)
        return self.submit.keep(case, None).submission

    def take_back(self) -> None:
        """Whoever it is agrees to nothing any more."""
        consent = self.ground.consent(self.purposes, Channel.KIOSK.value)
        case = _case(self.clock.now())
        for purpose in self.purposes.every:
            consent.withdraw(consent.person(case.facts) or "", purpose.id)

    def hand_in(self, kept: str) -> None:
        """Try at once, as behind the screens."""
        self.submit.deliver.one(kept)

    def drain(self) -> None:
        """Send what waits, as if the line had just come back."""
        self.submit.deliver.wake()
        self.submit.deliver.drain()

    def waiting(self) -> int:
        """How much did not go yet."""
        return self.ground.outbox.depth().waiting

    def close(self) -> None:
        """Let go of database and line."""
        self.ground.office.close()
        self.ground.store.close()


def _case(now: datetime, form: str = FORM) -> Case:
    facts = Facts(tuple(Fact(name, said, Source.CARD, now) for name, said in _PERSON.items()))
    return Case("ja", form, Identity.CARD, facts, Answers(dict(_ANSWERS if form == FORM else {})))
