"""What arrived at the office, as a clerk's list shows it."""

from datetime import datetime
from typing import Any

from forms.answers import Answers
from forms.facts import Fact, Facts, Source
from kiosk.domain.arrivals import Arrival
from kiosk.ports.office import Office

_PAGES = 50


def arrivals(office: Office) -> tuple[Arrival, ...]:
    """Everything that is a desk's to work on, newest first."""
    found: list[Arrival] = []
    after: str | None = None
    for _ in range(_PAGES):
        items, after = office.submissions(after)
        # what goes elsewhere with consent is not this desk's to work on
        found += [_arrival(item) for item in items if item.get("purpose") is None]
        if after is None or not items:
            break
    return tuple(reversed(found))


def _arrival(item: dict[str, Any]) -> Arrival:
    envelope = item["envelope"]
    person = envelope["A票"].get("申請者", {})
    return Arrival(
        id=item["id"],
        receipt=envelope["receipt"],
        received=item["received"],
        form=envelope["form"],
        name=str(person.get("氏名", "")),
        channel=envelope["channel"],
        state=item["state"],
        answers=Answers(dict(envelope["B票"])),
        facts=Facts(tuple(_fact(each) for each in envelope["facts"])),
    )


def _fact(raw: dict[str, Any]) -> Fact:
    """A fact as it came in, with where it came from."""
    moment = datetime.fromisoformat(raw["at"])
    return Fact(raw["name"], raw["value"], Source(raw["source"]), moment)
