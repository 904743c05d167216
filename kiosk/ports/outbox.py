"""What is promised here: submissions that are kept, and leave oldest first."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from forms.envelope import Envelope
from forms.kinds.attached import Attachment
from kiosk.ports.consents import Consented

A_WHILE = timedelta(hours=1)


class RowState(StrEnum):
    """Where a submission stands on its way to the office."""

    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    REFUSED = "refused"
    SET_ASIDE = "set-aside"


# Answers of our own: why a row was set aside, or what it came to without the office's words.
OK = "ok"
UNREADABLE = "unreadable"
NOT_AGREED = "not-agreed"  # and nothing of it is left
NOT_HEARD = "not-heard"  # the office did not take the yes that it goes with


@dataclass(frozen=True)
class OutboxRow:
    """What a clerk may know of a submission on its way; nothing personal."""

    id: str
    receipt: str
    sha256: str
    state: str
    attempts: int
    last_at: str | None
    last_answer: str | None
    purpose: str | None = None
    kept_at: str = ""
    settled_at: str | None = None


@dataclass(frozen=True)
class Piecemeal:
    """An attachment on its way: so many of its bytes lie at the office."""

    sha256: str
    size: int
    sent: int


@dataclass(frozen=True)
class Parcel:
    """A row that is being sent now; `body` is None where its seal does not open."""

    id: str
    sha256: str
    attempts: int
    doubtful: bool
    purpose: str | None
    person: str | None
    body: bytes | None = field(repr=False)


@dataclass(frozen=True)
class Try:
    """What a try came to; `again` is when the next one may be, in milliseconds since 1970.

    `doubtful`: it may have arrived though nobody said so. `tried` is False where it was not sent.
    """

    id: str
    state: RowState
    answer: str
    at: datetime
    again: int = 0
    doubtful: bool = False
    tried: bool = True
    by: str = "kiosk"


@dataclass(frozen=True)
class Depth:
    """How much waits, and since when the oldest does."""

    waiting: int
    oldest: str | None


class Outbox(Protocol):
    """Submissions that were promised and are on their way."""

    def keep(
        self,
        fill: Callable[[int], Envelope],
        attachments: Sequence[Attachment] = (),
        by: str = "kiosk",
        consents: Sequence[Consented] = (),
    ) -> Envelope:
        """Number it, freeze it, commit it: afterwards it cannot be lost.

        What was said to purposes is kept with it, and each yes with its share.
        """
        ...

    def body(self, submission: str) -> bytes:
        """The frozen canonical bytes."""
        ...

    def attachments(self, submission: str) -> Sequence[Piecemeal]:
        """Its photos and files, so far as they are still here."""
        ...

    def attachment(self, submission: str, sha256: str) -> bytes | None:
        """The bytes as they were kept; None where their seal does not open."""
        ...

    def progress(self, submission: str, sha256: str, sent: int) -> None:
        """So many bytes of it lie at the office."""
        ...

    def sender(self) -> AbstractContextManager[bool]:
        """One sender at a time, over all processes; False while another one sends.

        Whatever an ended one left half sent waits again, doubtful.
        """
        ...

    def due(self, now: int, limit: int = 100) -> Sequence[str]:
        """What may be sent at this moment (milliseconds since 1970), oldest first."""
        ...

    def claim(self, now: int, limit: int = 25) -> Sequence[Parcel]:
        """The oldest that are due, marked as being sent before anything of them leaves."""
        ...

    def record(self, tries: Sequence[Try]) -> None:
        """What these tries came to, in one transaction; what was not agreed to is erased."""
        ...

    def row(self, submission: str) -> OutboxRow | None:
        """One of them."""
        ...

    def rows(self) -> Sequence[OutboxRow]:
        """Everything, oldest first."""
        ...

    def undelivered(self) -> Sequence[OutboxRow]:
        """What the office does not have, oldest first; quick however much it has."""
        ...

    def depth(self) -> Depth:
        """How much waits."""
        ...

    def retry(self, submission: str, at: datetime, by: str) -> bool:
        """Send what was refused or set aside once more; False where it does not stand so."""
        ...

    def send_again(self, since: datetime, at: datetime, by: str) -> int:
        """What was delivered since then waits again, with its photos; how many that are.

        Shares for an hour: until then every terminal has told the consents anew.
        """
        ...

    def quarantine(self, submission: str, why: str, at: datetime, by: str) -> bool:
        """Keep it here until staff decide; False where it does not wait."""
        ...

    def clear(self, before: datetime, at: datetime, by: str) -> int:
        """Erase what was settled until then, without a trace on the disk; how many rows left."""
        ...

    def clear_photos(self, before: datetime) -> None:
        """Erase the photos and files of what was delivered until then; the rest of it stays."""
        ...
