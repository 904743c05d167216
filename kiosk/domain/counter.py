"""What a clerk's desk can stand at, and what can happen there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from forms.answers import Answers, Problem
from forms.facts import Fact, Facts
from forms.kinds.attached import Attachment
from forms.purposes import Purpose
from forms.verdicts import Next
from kiosk.domain.agreement import Said, Word
from kiosk.domain.arrivals import Arrival, Listing
from kiosk.domain.consulting import ConsultEvent, Consulting
from kiosk.domain.events import Kept
from kiosk.domain.reseeding import ReseedEvent, Reseeding
from kiosk.domain.sheets import NOTHING_AGREED, Agreed
from kiosk.domain.tending import TendEvent, Tending


@dataclass(frozen=True)
class SignedOut:
    """Nobody sits here."""

    refused: bool = False


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
    facts: Facts = field(default=Facts(), repr=False)
    files: tuple[Attachment, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Heard:
    """What was said to purposes at the desk, and whose word it is, as the card says it.

    `unasked`: why nothing was asked.
    """

    seen: Mapping[str, str] | None = field(default=None, repr=False)
    said: tuple[Said, ...] = field(default=(), repr=False)
    unasked: str | None = None


NOTHING_HEARD = Heard()


@dataclass(frozen=True)
class Agreeing:
    """Before it is handed in: first who it is, then one purpose after another.

    `known` is what the form says of who came, for the clerk to hold against the card; `stranger`
    that the card is somebody else's. An answer of None: this was not asked.
    """

    editing: Editing
    purposes: tuple[Purpose, ...]
    known: Mapping[str, str] = field(repr=False)
    seen: Mapping[str, str] | None = field(default=None, repr=False)
    said: tuple[Said | None, ...] = field(default=(), repr=False)
    stranger: bool = False

    @property
    def clerk(self) -> str:
        """Who asks."""
        return self.editing.clerk

    @property
    def purpose(self) -> Purpose:
        """What is asked now."""
        return self.purposes[len(self.said)]


@dataclass(frozen=True)
class Handling:
    """Being kept, sent, printed; `agreed` are the substitutes for this paper."""

    editing: Editing
    kept: Kept | None = None
    agreed: Agreed = NOTHING_AGREED
    heard: Heard = NOTHING_HEARD


@dataclass(frozen=True)
class Missing:
    """A character that no font of the city draws, and what it could be drawn as."""

    character: str
    instead: tuple[str, ...]


@dataclass(frozen=True)
class Substituting:
    """Characters without their shape here, and what could stand in; a clerk looks and decides."""

    handling: Handling
    missing: tuple[Missing, ...] = field(repr=False)

    @property
    def clerk(self) -> str:
        """Who decides."""
        return self.handling.editing.clerk


@dataclass(frozen=True)
class Handled:
    """Done: the receipt, the certificate's number, or what went wrong."""

    clerk: str
    receipt: str | None
    number: str | None
    fault: str | None
    before: Listing
    next: tuple[Next, ...] = ()
    facts: Facts = field(default=Facts(), repr=False)
    identity_checked: bool = False
    unasked: str | None = None


DeskState = (
    SignedOut
    | Listing
    | Editing
    | Agreeing
    | Handling
    | Substituting
    | Handled
    | Consulting
    | Tending
    | Reseeding
)


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
class ConsentsOpened:
    """A person's consents are wanted; of whoever sent this application, if one is chosen."""

    id: str | None = None


@dataclass(frozen=True)
class QueueOpened:
    """How sending goes is wanted."""


@dataclass(frozen=True)
class ReseedOpened:
    """Somebody brings a slip whose terminal is no more."""


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
class Brought:
    """A file was picked; the answer that names it is typed beside."""

    attachment: Attachment = field(repr=False)


@dataclass(frozen=True)
class Settled:
    """Two sources differed; the clerk says that this one is right."""

    fact: Fact


@dataclass(frozen=True)
class IdentityChecked:
    """The clerk has seen who it is, or takes that back."""

    checked: bool


@dataclass(frozen=True)
class HandedIn:
    """The clerk submits the form."""


@dataclass(frozen=True)
class PurposeAnswered:
    """What a person said to this purpose; None where the clerk did not ask it."""

    purpose: str
    word: Word | None


@dataclass(frozen=True)
class AskingSkipped:
    """No card was shown: nothing is asked, and the form goes in as it is."""


@dataclass(frozen=True)
class KeptHere:
    """The submission is durable on this terminal."""

    kept: Kept


@dataclass(frozen=True)
class Done:
    """The certificate lies in the tray, or the fault that kept it from coming."""

    number: str | None
    fault: str | None = None
    missing: tuple[Missing, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class SubstitutesAgreed:
    """The clerk looked at every one, and says what it is drawn as."""

    pairs: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(frozen=True)
class Closed:
    """Back to the list."""


DeskEvent = (
    SignedIn
    | SignInRefused
    | SignedOff
    | Refreshed
    | Opened
    | ConsentsOpened
    | ConsultEvent
    | QueueOpened
    | TendEvent
    | ReseedOpened
    | ReseedEvent
    | BegunNew
    | Typed
    | Brought
    | Settled
    | IdentityChecked
    | HandedIn
    | PurposeAnswered
    | AskingSkipped
    | KeptHere
    | Done
    | SubstitutesAgreed
    | Closed
)
