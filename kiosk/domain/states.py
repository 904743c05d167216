"""Where a resident's turn can stand; personal data lives here and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from forms.answers import Answers
from forms.facts import Facts
from forms.verdicts import Quote
from kiosk.domain.agreement import Agreement, Said
from kiosk.domain.events import Kept
from kiosk.domain.pin import Pin


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


@dataclass(frozen=True)
class Case:
    """What one resident is doing: who, which procedure, which answers; `said` to purposes.

    `seen` is whom a clerk has seen at the desk, as the card says it.
    """

    language: str
    form: str
    identity: Identity
    facts: Facts = field(repr=False)
    answers: Answers = field(repr=False)
    submission: UUID | None = None
    said: tuple[Said, ...] = field(default=(), repr=False)
    seen: Mapping[str, str] | None = field(default=None, repr=False)

    @property
    def has_card(self) -> bool:
        """Whether the resident came in by a card, which lies on the reader until the end."""
        return self.identity is Identity.CARD


@dataclass(frozen=True)
class Idle:
    """Nobody is here. Returning this is how everything is forgotten: it has no fields."""


@dataclass(frozen=True)
class Closed:
    """The device stands still: somebody of the staff has to look for these papers first."""

    papers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Greeting:
    """Somebody is here; which language?"""


@dataclass(frozen=True)
class Choosing:
    """Which procedure? `away` was asked for, and cannot be begun while the office is away."""

    language: str
    away: str | None = None


@dataclass(frozen=True)
class Identifying:
    """A card or a QR code, please; of a code in several symbols, some may have been read.

    Without a form it is about what was agreed to, and only a card will do.
    """

    language: str
    form: str | None
    have: int = 0
    of: int = 0


@dataclass(frozen=True)
class EnteringPin:
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


@dataclass(frozen=True)
class Reading:
    """The card is read in one burst."""

    language: str
    form: str | None
    pin: Pin
    last_try: bool = False


@dataclass(frozen=True)
class Filling:
    """One question is asked, again if `wrong` says why; without one, what is known is shown."""

    case: Case
    question: str | None = None
    returning: bool = False
    wrong: str | None = None


@dataclass(frozen=True)
class Blocked:
    """These answers end here, with a sentence; `question` is where to go back to."""

    case: Case
    question: str | None


@dataclass(frozen=True)
class Reviewing:
    """All answers on one page."""

    case: Case


@dataclass(frozen=True)
class Consenting:
    """One purpose is told, and a yes or a no asked for; the application is the same with both."""

    case: Case
    purpose: str


@dataclass(frozen=True)
class Recalling:
    """The office is asked what this person agreed to."""

    language: str
    facts: Facts = field(repr=False)


@dataclass(frozen=True)
class Surveying:
    """What this person agreed to; `whole` if the office said so, `slip` of the last withdrawal."""

    language: str
    person: str = field(repr=False)
    agreed: tuple[Agreement, ...]
    whole: bool
    slip: str | None = None


@dataclass(frozen=True)
class Withdrawing:
    """Take this one back?"""

    survey: Surveying
    purpose: str


@dataclass(frozen=True)
class Revoking:
    """It is being taken back; whoever leaves meanwhile has it taken back all the same."""

    survey: Surveying
    purpose: str
    leaving: bool = False


@dataclass(frozen=True)
class Paying:
    """The fee is said; money is taken only once everything is ready."""

    case: Case
    quote: Quote
    ready: bool = False
    taking: bool = False


@dataclass(frozen=True)
class Deferring:
    """The office is away: leave the application with us, or come again?"""

    case: Case


@dataclass(frozen=True)
class Submitting:
    """The application is being made durable and sent."""

    case: Case
    payment: str | None = None
    wants_paper: bool = True
    kept: Kept | None = None


@dataclass(frozen=True)
class Issuing:
    """The certificate is asked for and printed."""

    case: Case
    payment: str | None
    kept: Kept


@dataclass(frozen=True)
class Parting:
    """Take your things; nothing personal is left here but how many papers there are."""

    language: str
    ending: Ending
    card_inside: bool
    receipt: str | None = None
    copies: int = 0
    status: str | None = None


@dataclass(frozen=True)
class Apologising:
    """Something failed: what, and what the resident can do."""

    language: str
    code: str
    card_inside: bool
    receipt: str | None = None


@dataclass(frozen=True)
class Hesitating:
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
