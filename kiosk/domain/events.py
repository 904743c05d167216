"""What can happen in a resident's turn, in the past tense."""

from uuid import UUID

from msgspec import Struct

from forms.answers import Answers
from forms.facts import Facts
from kiosk.domain.agreement import Agreement
from kiosk.domain.pin import Pin
from kiosk.domain.redacted import Redacted


class Started(Struct, frozen=True):
    """Somebody touched the start page."""


class LanguageChosen(Struct, frozen=True):
    """The resident reads this language."""

    language: str


class ProcedureChosen(Struct, frozen=True):
    """The resident needs this procedure."""

    form: str


class ConsentsWanted(Struct, frozen=True):
    """The resident wants to see what was agreed to, or to take it back."""


class CardPlaced(Struct, frozen=True):
    """A My Number card lies on the reader and says how many tries its PIN has left."""

    attempts_left: int


class CardRemoved(Struct, frozen=True):
    """The reader is empty again."""


class LastTryAgreed(Struct, frozen=True):
    """The resident wants to use the last try."""


class PinEntered(Struct, frozen=True):
    """Four digits were typed."""

    pin: Pin


class CardRead(Redacted, frozen=True):
    """The card gave its facts; the form starts with them."""

    facts: Facts
    answers: Answers


class PinRefused(Struct, frozen=True):
    """The card refused the PIN."""

    attempts_left: int


class CodeRead(Redacted, frozen=True):
    """A prefilled QR code was opened."""

    prints = ("form", "submission")

    form: str
    facts: Facts
    answers: Answers
    submission: UUID | None = None  # the same code leads to the same submission, anywhere


class CodePartRead(Struct, frozen=True):
    """One symbol of a code that has several was read."""

    have: int
    of: int


class Answered(Redacted, frozen=True):
    """One question was answered."""

    prints = ("field",)

    field: str
    value: object


class FactsConfirmed(Struct, frozen=True):
    """The resident agrees with what the card said."""


class ChangeAsked(Struct, frozen=True):
    """On the page of all answers, one was chosen to be changed."""

    field: str


class WentBack(Struct, frozen=True):
    """The resident wants the page before this one."""


class Confirmed(Struct, frozen=True):
    """All answers are right."""


class ConsentAnswered(Struct, frozen=True):
    """Yes or no to one purpose."""

    purpose: str
    agrees: bool


class ConsentsRecalled(Redacted, frozen=True):
    """What this person agreed to; `whole` if the office said so, and not this terminal alone."""

    prints = ("agreed", "whole")

    person: str
    agreed: tuple[Agreement, ...]
    whole: bool


class WithdrawalAsked(Struct, frozen=True):
    """One yes was chosen to be taken back."""

    purpose: str


class ConsentWithdrawn(Struct, frozen=True):
    """The yes is taken back, durably; `number` finds the slip again."""

    purpose: str
    number: str


class Ready(Struct, frozen=True):
    """Printer, paper and office are ready: money may be taken."""


class Paid(Struct, frozen=True):
    """The fee was taken; `reference` finds it again."""

    reference: str


class PayPressed(Struct, frozen=True):
    """The resident wants to pay now."""


class LeftWithUs(Struct, frozen=True):
    """With the office away, the resident leaves the application with us."""


class Kept(Struct, frozen=True):
    """The application is durable on this terminal, under this receipt.

    `status` is the page where anybody who holds the receipt sees what became of it.
    """

    submission: str
    receipt: str
    status: str | None = None


class Submitted(Struct, frozen=True):
    """Sending was tried; `delivered` says whether the office has the application too."""

    delivered: bool


class Issued(Struct, frozen=True):
    """The papers lie in the tray, so many sets of them."""

    number: str
    copies: int = 1


class Failed(Struct, frozen=True):
    """Something outside failed; `code` is a row of the apologies."""

    code: str


class AskedToLeave(Struct, frozen=True):
    """「終わる」 was pressed."""


class GrewQuiet(Struct, frozen=True):
    """Nobody has touched anything for a while."""


class Continued(Struct, frozen=True):
    """The resident is still here."""


class Left(Struct, frozen=True):
    """The resident is done, or gone on purpose."""


class TimedOut(Struct, frozen=True):
    """Nobody answered the warning."""


class Unsettled(Struct, frozen=True):
    """Papers that may lie in the tray or were destroyed; none once the staff have looked."""

    papers: tuple[str, ...]


class LineChanged(Struct, frozen=True):
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
