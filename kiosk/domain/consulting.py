"""At the desk: what a person in front of it agreed to, and taking it back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from forms.facts import Facts
from forms.person import PARTS
from kiosk.domain.agreement import Agreement
from kiosk.domain.arrivals import Listing
from kiosk.domain.events import (
    Confirmed,
    ConsentsRecalled,
    ConsentWithdrawn,
    WentBack,
    WithdrawalAsked,
)


@dataclass(frozen=True)
class PersonAsked:
    """Who it is, as the card says it; a clerk has seen the card, or who it is."""

    said: Mapping[str, str] = field(repr=False)
    identity_checked: bool


@dataclass(frozen=True)
class Consulting:
    """First who it is (`facts` are what an application says), then what that person agreed to."""

    clerk: str
    facts: Facts = field(default=Facts(), repr=False)
    said: Mapping[str, str] | None = field(default=None, repr=False)
    found: ConsentsRecalled | None = field(default=None, repr=False)
    chosen: str | None = None
    revoking: bool = False
    slip: str | None = None
    fault: str | None = None
    before: Listing | None = field(default=None, repr=False)

    @property
    def agreed(self) -> tuple[Agreement, ...]:
        """What stands."""
        return self.found.agreed if self.found else ()


ConsultEvent = (
    PersonAsked | ConsentsRecalled | WithdrawalAsked | Confirmed | WentBack | ConsentWithdrawn
)


def consult(state: Consulting, event: object) -> Consulting:
    """Where it stands after the event; nobody is looked up whom no clerk has seen."""
    match state, event:
        case Consulting(said=None), PersonAsked(said, identity_checked=True):
            return replace(state, said=dict(said)) if all(map(said.get, PARTS)) else state
        case Consulting(said=dict(), found=None), ConsentsRecalled():
            return replace(state, found=event)
        case Consulting(revoking=False), WithdrawalAsked(purpose):
            stands = any(each.purpose == purpose for each in state.agreed)
            return replace(state, chosen=purpose) if stands else state
        case Consulting(chosen=str(), revoking=False), WentBack():
            return replace(state, chosen=None)
        case Consulting(chosen=str(), revoking=False), Confirmed():
            return replace(state, revoking=True, fault=None)
        case Consulting(found=ConsentsRecalled() as found, revoking=True), ConsentWithdrawn():
            left = tuple(each for each in found.agreed if each.purpose != event.purpose)
            still = ConsentsRecalled(found.person, left, found.whole)
            after = replace(state, found=still, slip=event.number)
            return replace(after, chosen=None, revoking=False)
    return state
