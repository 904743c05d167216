"""A clerk's desk as one pure function: the same idea as the resident's turn."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from forms.answers import Answers, Problem, check
from forms.definition import Channel, FormDefinition
from kiosk.domain.events import Kept


@dataclass(frozen=True)
class Arrival:
    """One application of today, as the list shows it."""

    id: str
    receipt: str
    received: str
    form: str
    name: str = field(repr=False)
    channel: str
    state: str
    answers: Answers = field(repr=False)


@dataclass(frozen=True)
class SignedOut:
    """Nobody sits here."""

    refused: bool = False


@dataclass(frozen=True)
class Listing:
    """Today's applications, newest first; `away` while the office does not answer."""

    clerk: str
    arrivals: tuple[Arrival, ...] = ()
    away: bool = False


@dataclass(frozen=True)
class Editing:
    """One form on the desk; `parent` is the application it came from."""

    clerk: str
    form: str
    answers: Answers = field(repr=False)
    parent: str | None
    before: Listing
    identity_checked: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Handling:
    """Being kept, sent, printed."""

    editing: Editing
    kept: Kept | None = None


@dataclass(frozen=True)
class Handled:
    """Done: the receipt, the certificate's number, or what went wrong."""

    clerk: str
    receipt: str | None
    number: str | None
    fault: str | None
    before: Listing


DeskState = SignedOut | Listing | Editing | Handling | Handled


@dataclass(frozen=True)
class SignedIn:
    """A clerk proved who they are."""

    clerk: str


@dataclass(frozen=True)
class SignInRefused:
    """Name or password is wrong; which of them is not said."""


@dataclass(frozen=True)
class SignedOff:
    """The clerk left the desk."""


@dataclass(frozen=True)
class Refreshed:
    """The list as the office knows it now; None when the office is away."""

    arrivals: tuple[Arrival, ...] | None


@dataclass(frozen=True)
class Opened:
    """One application was opened."""

    id: str


@dataclass(frozen=True)
class BegunNew:
    """A form is begun for somebody who came without anything."""

    form: str


@dataclass(frozen=True)
class Typed:
    """One answer was typed."""

    field: str
    value: object


@dataclass(frozen=True)
class IdentityChecked:
    """The clerk has seen who it is, or takes that back."""

    checked: bool


@dataclass(frozen=True)
class HandedIn:
    """The clerk submits the form."""


@dataclass(frozen=True)
class KeptHere:
    """The submission is durable on this terminal."""

    kept: Kept


@dataclass(frozen=True)
class Done:
    """The certificate lies in the tray, or the fault that kept it from coming."""

    number: str | None
    fault: str | None = None


@dataclass(frozen=True)
class Closed:
    """Back to the list."""


DeskEvent = (
    SignedIn
    | SignInRefused
    | SignedOff
    | Refreshed
    | Opened
    | BegunNew
    | Typed
    | IdentityChecked
    | HandedIn
    | KeptHere
    | Done
    | Closed
)


@dataclass(frozen=True)
class Desk:
    """What a desk may know besides its state."""

    forms: Mapping[str, FormDefinition]

    def advance(self, state: DeskState, event: DeskEvent) -> DeskState:
        """Where the desk stands after the event; what does not fit changes nothing."""
        match state, event:
            case SignedOut(), SignedIn(clerk):
                return Listing(clerk)
            case SignedOut(), SignInRefused():
                return SignedOut(refused=True)
            case ((Listing() | Editing() | Handled()), SignedOff()):
                return SignedOut()
            case Listing(), Refreshed(None):
                return replace(state, away=True)
            case Listing(), Refreshed(arrivals) if arrivals is not None:
                return replace(state, arrivals=arrivals, away=False)
            case Listing(clerk, arrivals), Opened(chosen):
                found = next((a for a in arrivals if a.id == chosen), None)
                if found is None or found.form not in self.forms:
                    return state
                return Editing(clerk, found.form, found.answers, found.id, state)
            case Listing(clerk), BegunNew(form) if form in self.forms:
                return Editing(clerk, form, Answers(), None, state)
        return self._edit(state, event)

    def _edit(self, state: DeskState, event: DeskEvent) -> DeskState:
        match state, event:
            case Editing(), Typed(field_id, value):
                return self._again(replace(state, answers=state.answers.answer(field_id, value)))
            case Editing(), IdentityChecked(checked):
                return self._again(replace(state, identity_checked=checked))
            case Editing(before=before), Closed():
                return before
            case Editing(), HandedIn():
                problems = self.problems(state)
                return replace(state, problems=problems) if problems else Handling(state)
            case Handling(kept=None), KeptHere(kept):
                return replace(state, kept=kept)
            case Handling(editing, kept), Done(number, fault):
                receipt = kept.receipt if kept else None
                return Handled(editing.clerk, receipt, number, fault, editing.before)
            case Handled(before=before), Closed():
                return before
        return state

    def _again(self, state: Editing) -> Editing:
        """Problems that were told are told anew with every answer, so that they go away."""
        return replace(state, problems=self.problems(state)) if state.problems else state

    def problems(self, state: Editing) -> tuple[Problem, ...]:
        """What keeps the form from being submitted, the identity check included."""
        found = check(self.forms[state.form], state.answers, Channel.COUNTER)
        if not state.identity_checked:
            found = (*found, Problem("identity", "required"))
        return found
