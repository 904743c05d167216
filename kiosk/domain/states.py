"""Where a resident's turn can stand; personal data lives here and nowhere else."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from forms.answers import Answers
from forms.facts import Facts
from forms.verdicts import Quote
from kiosk.domain.agreement import Agreement, Said
from kiosk.domain.events import Kept
from kiosk.domain.pin import Pin
from kiosk.domain.redacted import Redacted


class Identity(StrEnum):
    """How the resident came in: card and clerk prove who it is, a code from home does not."""

    CARD = "card"
    CODE = "code"
    NOBODY = "nobody"
    CLERK = "clerk"


class Ending(StrEnum):
    """How a turn ended, for the words on the last page."""

    ISSUED = "issued"
    HANDED_IN = "handed-in"
    KEPT_WAITING = "kept-waiting"
    LEFT = "left"
    TIMED_OUT = "timed-out"
    WITHDRAWN = "withdrawn"


class Case(Redacted, frozen=True):
    """What one resident is doing: who, which procedure, which answers; `said` to purposes.

    `seen` is whom a clerk has seen at the desk, as the card says it.
    """

    prints = ("language", "form", "identity", "submission")

    language: str
    form: str
    identity: Identity
    facts: Facts
    answers: Answers
    submission: UUID | None = None
    said: tuple[Said, ...] = ()
    seen: Mapping[str, str] | None = None

    @property
    def has_card(self) -> bool:
        """Whether the resident came in by a card, which lies on the reader until the end."""
        return self.identity is Identity.CARD


class Idle(Struct, frozen=True):
    """Nobody is here. Returning this is how everything is forgotten: it has no fields."""


class Closed(Struct, frozen=True):
    """The device stands still: somebody of the staff has to look for these papers first."""

    papers: tuple[str, ...] = ()


class Greeting(Struct, frozen=True):
    """Somebody is here; which language?"""


class Choosing(Struct, frozen=True):
    """Which procedure? `away` was asked for, and cannot be begun while the office is away."""

    language: str
    away: str | None = None


class Identifying(Struct, frozen=True):
    """A card or a QR code, please; of a code in several symbols, some may have been read.

    Without a form it is about what was agreed to, and only a card will do.
    """

    language: str
    form: str | None
    have: int = 0
    of: int = 0


class EnteringPin(Struct, frozen=True):
    """The PIN is typed; how many tries are left is said before."""

    language: str
    form: str | None
    attempts_left: int
    refused: bool = False
    agreed: bool = False

    @property
    def asks_first(self) -> bool:
        """The last try is used only after an explicit yes."""
        return self.attempts_left == 1 and not self.agreed


class Reading(Struct, frozen=True):
    """The card is read in one burst."""

    language: str
    form: str | None
    pin: Pin
    last_try: bool = False


class Filling(Struct, frozen=True):
    """One question is asked, again if `wrong` says why; without one, what is known is shown."""

    case: Case
    question: str | None = None
    returning: bool = False
    wrong: str | None = None


class Blocked(Struct, frozen=True):
    """These answers end here, with a sentence; `question` is where to go back to."""

    case: Case
    question: str | None


class Reviewing(Struct, frozen=True):
    """All answers on one page."""

    case: Case


class Consenting(Struct, frozen=True):
    """One purpose is told, and a yes or a no asked for; the application is the same with both."""

    case: Case
    purpose: str


class Recalling(Redacted, frozen=True):
    """The office is asked what this person agreed to."""

    prints = ("language",)

    language: str
    facts: Facts


class Surveying(Redacted, frozen=True):
    """What this person agreed to; `whole` if the office said so, `slip` of the last withdrawal."""

    prints = ("language", "agreed", "whole", "slip")

    language: str
    person: str
    agreed: tuple[Agreement, ...]
    whole: bool
    slip: str | None = None


class Withdrawing(Struct, frozen=True):
    """Take this one back?"""

    survey: Surveying
    purpose: str


class Revoking(Struct, frozen=True):
    """It is being taken back; whoever leaves meanwhile has it taken back all the same."""

    survey: Surveying
    purpose: str
    leaving: bool = False


class Paying(Struct, frozen=True):
    """The fee is said; money is taken only once everything is ready."""

    case: Case
    quote: Quote
    ready: bool = False
    taking: bool = False


class Deferring(Struct, frozen=True):
    """The office is away: leave the application with us, or come again?"""

    case: Case


class Submitting(Struct, frozen=True):
    """The application is being made durable and sent."""

    case: Case
    payment: str | None = None
    wants_paper: bool = True
    kept: Kept | None = None


class Issuing(Struct, frozen=True):
    """The certificate is asked for and printed."""

    case: Case
    payment: str | None
    kept: Kept


class Parting(Struct, frozen=True):
    """Take your things; nothing personal is left here but how many papers there are."""

    language: str
    ending: Ending
    card_inside: bool
    receipt: str | None = None
    copies: int = 0
    status: str | None = None


class Apologising(Struct, frozen=True):
    """Something failed: what, and what the resident can do."""

    language: str
    code: str
    card_inside: bool
    receipt: str | None = None


class Hesitating(Struct, frozen=True):
    """「続けますか」: before leaving, by wish or by silence."""

    before: "Patient"
    silent: bool


Overseeing = Recalling | Surveying | Withdrawing | Revoking
Patient = (
    Choosing
    | Identifying
    | EnteringPin
    | Filling
    | Blocked
    | Reviewing
    | Consenting
    | Paying
    | Deferring
    | Surveying
    | Withdrawing
)
Resting = Idle | Closed | Greeting | Parting | Apologising | Hesitating
Busy = Reading | Submitting | Issuing | Recalling | Revoking
State = Patient | Resting | Busy


def card_inside(state: State) -> bool:
    """Whether a card that belongs to this turn lies on the reader."""
    match state:
        case EnteringPin() | Reading() | Recalling() | Surveying() | Withdrawing():
            return True
        case Revoking(leaving=leaving):
            return not leaving
        case Consenting(case):
            return case.has_card
        case Filling(case) | Blocked(case) | Reviewing(case) | Paying(case) | Deferring(case):
            return case.has_card
        case Submitting(case) | Issuing(case):
            return case.has_card
        case Hesitating(before):
            return card_inside(before)
        case Parting(card_inside=inside) | Apologising(card_inside=inside):
            return inside
    return False


def language_of(state: State) -> str:
    """The language of the turn; Japanese where none is chosen yet."""
    match state:
        case Idle() | Closed() | Greeting():
            return "ja"
        case Hesitating(before):
            return language_of(before)
        case Withdrawing(survey) | Revoking(survey):
            return survey.language
        case (
            Filling(case)
            | Blocked(case)
            | Reviewing(case)
            | Consenting(case)
            | Paying(case)
            | Deferring(case)
            | Submitting(case)
            | Issuing(case)
        ):
            return case.language
    return state.language


def left_survey(survey: Surveying, *, inside: bool) -> Parting:
    """How a visit ends that was about what was agreed to."""
    ending = Ending.WITHDRAWN if survey.slip else Ending.LEFT
    return Parting(survey.language, ending, inside, survey.slip)
