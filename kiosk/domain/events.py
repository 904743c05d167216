"""What can happen in a resident's turn, in the past tense."""

from dataclasses import dataclass, field
from uuid import UUID

from forms.answers import Answers
from forms.facts import Facts
from kiosk.domain.agreement import Agreement
from kiosk.domain.pin import Pin


@dataclass(frozen=True)
class Started:
    """Somebody touched the start page."""


@dataclass(frozen=True)
class LanguageChosen:
    """The resident reads this language."""

    language: str


@dataclass(frozen=True)
class ProcedureChosen:
    """The resident needs this procedure."""

    form: str


@dataclass(frozen=True)
class ConsentsWanted:
    """The resident wants to see what was agreed to, or to take it back."""


@dataclass(frozen=True)
class CardPlaced:
    """A My Number card lies on the reader and says how many tries its PIN has left."""

    attempts_left: int


@dataclass(frozen=True)
class CardRemoved:
    """The reader is empty again."""


@dataclass(frozen=True)
class LastTryAgreed:
    """The resident wants to use the last try."""


@dataclass(frozen=True)
class PinEntered:
    """Four digits were typed."""

    pin: Pin


@dataclass(frozen=True)
class CardRead:
    """The card gave its facts; the form starts with them."""

    facts: Facts
    answers: Answers


@dataclass(frozen=True)
class PinRefused:
    """The card refused the PIN."""

    attempts_left: int


@dataclass(frozen=True)
class CodeRead:
    """A prefilled QR code was opened."""

    form: str
    facts: Facts = field(repr=False)
    answers: Answers = field(repr=False)
    submission: UUID | None = None  # the same code leads to the same submission, anywhere


@dataclass(frozen=True)
class CodePartRead:
    """One symbol of a code that has several was read."""

    have: int
    of: int


@dataclass(frozen=True)
class Answered:
    """One question was answered."""

    field: str
    value: object


@dataclass(frozen=True)
class FactsConfirmed:
    """The resident agrees with what the card said."""


@dataclass(frozen=True)
class ChangeAsked:
    """On the page of all answers, one was chosen to be changed."""

    field: str


@dataclass(frozen=True)
class WentBack:
    """The resident wants the page before this one."""


@dataclass(frozen=True)
class Confirmed:
    """All answers are right."""


@dataclass(frozen=True)
class ConsentAnswered:
    """Yes or no to one purpose."""

    purpose: str
    agrees: bool


@dataclass(frozen=True)
class ConsentsRecalled:
    """What this person agreed to; `whole` if the office said so, and not this terminal alone."""

    person: str = field(repr=False)
    agreed: tuple[Agreement, ...]
    whole: bool


@dataclass(frozen=True)
class WithdrawalAsked:
    """One yes was chosen to be taken back."""

    purpose: str


@dataclass(frozen=True)
class ConsentWithdrawn:
    """The yes is taken back, durably; `number` finds the slip again."""

    purpose: str
    number: str


@dataclass(frozen=True)
class Ready:
    """Printer, paper and office are ready: money may be taken."""


@dataclass(frozen=True)
class Paid:
    """The fee was taken; `reference` finds it again."""

    reference: str


@dataclass(frozen=True)
class PayPressed:
    """The resident wants to pay now."""


@dataclass(frozen=True)
class LeftWithUs:
    """With the office away, the resident leaves the application with us."""


@dataclass(frozen=True)
class Kept:
    """The application is durable on this terminal, under this receipt.

    `status` is the page where anybody who holds the receipt sees what became of it.
    """

    submission: str
    receipt: str
    status: str | None = None


@dataclass(frozen=True)
class Submitted:
    """Sending was tried; `delivered` says whether the office has the application too."""

    delivered: bool


@dataclass(frozen=True)
class Issued:
    """The papers lie in the tray, so many sets of them."""

    number: str
    copies: int = 1


@dataclass(frozen=True)
class Failed:
    """Something outside failed; `code` is a row of the apologies."""

    code: str


@dataclass(frozen=True)
class AskedToLeave:
    """「終わる」 was pressed."""


@dataclass(frozen=True)
class GrewQuiet:
    """Nobody has touched anything for a while."""


@dataclass(frozen=True)
class Continued:
    """The resident is still here."""


@dataclass(frozen=True)
class Left:
    """The resident is done, or gone on purpose."""


@dataclass(frozen=True)
class TimedOut:
    """Nobody answered the warning."""


@dataclass(frozen=True)
class Unsettled:
    """Papers that may lie in the tray or were destroyed; none once the staff have looked."""

    papers: tuple[str, ...]


@dataclass(frozen=True)
class LineChanged:
    """The office can be reached again, or not any more: of the terminal, not of a turn."""

    up: bool


Event = (
    Started
    | LanguageChosen
    | ProcedureChosen
    | ConsentsWanted
    | CardPlaced
    | CardRemoved
    | LastTryAgreed
    | PinEntered
    | CardRead
    | PinRefused
    | CodeRead
    | CodePartRead
    | Answered
    | FactsConfirmed
    | ChangeAsked
    | WentBack
    | Confirmed
    | ConsentAnswered
    | ConsentsRecalled
    | WithdrawalAsked
    | ConsentWithdrawn
    | Ready
    | Paid
    | PayPressed
    | LeftWithUs
    | Kept
    | Submitted
    | Issued
    | Failed
    | AskedToLeave
    | GrewQuiet
    | Continued
    | Left
    | TimedOut
    | Unsettled
    | LineChanged
)
