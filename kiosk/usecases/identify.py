"""Who is here: the card's facts become the form's first answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from devices.faults import (
    ExpiredCard,
    ForgedCard,
    LastTry,
    PinBlocked,
    UnknownCard,
    UnreadableCard,
    WrongPin,
)
from devices.ports import CardReader, CardSeen
from forms.answers import Answers, start, unusable
from forms.definition import Channel
from forms.facts import Source, from_mapping
from forms.form import Form
from forms.scope import Occasion
from kiosk.domain.events import CardRead, PinRefused
from kiosk.domain.pin import Pin
from kiosk.ports.lanes import Clock


@dataclass(frozen=True)
class Identify:
    """Looks at the reader, and reads a card with its PIN."""

    reader: CardReader
    forms: Mapping[str, Form]
    clock: Clock

    def look(self) -> CardSeen | None:
        """What lies on the reader; anything but a My Number card in its term is a fault."""
        seen = self.reader.look()
        if seen is None:
            return None
        if seen.kind != "mynumber":
            raise UnknownCard
        if seen.expires and seen.expires < self.clock.now().date().isoformat():
            raise ExpiredCard
        return seen

    def read(self, form: str | None, pin: Pin, *, last_try: bool = False) -> CardRead | PinRefused:
        """One burst: the PIN is wiped whatever comes of it; no form, no first answers."""
        try:
            reading = self.reader.read(pin.digits(), last_try=last_try)
        except WrongPin as refusal:
            return PinRefused(refusal.attempts_left)
        except LastTry:
            return PinRefused(1)
        except PinBlocked:
            return PinRefused(0)
        finally:
            pin.wipe()
        if not reading.genuine:
            raise ForgedCard
        values: dict[str, object] = {
            "name": reading.name,
            "address": reading.address,
            "sex": reading.sex,
        }
        if reading.birth is not None:
            values["birth"] = reading.birth.isoformat()
        now = self.clock.now()
        facts = from_mapping(values, Source.CARD, now)
        if form is None:
            return CardRead(facts, Answers())
        if unusable(self.forms[form], facts):
            raise UnreadableCard
        occasion = Occasion(now.date(), Channel.KIOSK)
        return CardRead(facts, start(self.forms[form], facts, occasion))
