"""What is promised here and answered there: the outbox, and the office behind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from forms.envelope import Envelope


@dataclass(frozen=True)
class OutboxRow:
    """What a clerk may know of a submission on its way."""

    id: str
    receipt: str
    sha256: str
    state: str
    attempts: int
    last_at: str | None
    last_answer: str | None


class Outbox(Protocol):
    """Submissions that were promised and are on their way."""

    def keep(self, fill: Callable[[int], Envelope]) -> Envelope:
        """Number it, freeze it, commit it: afterwards it cannot be lost."""
        ...

    def body(self, submission: str) -> bytes:
        """The frozen canonical bytes."""
        ...

    def record(self, submission: str, state: str, answer: str, at: datetime) -> None:
        """What the last try came to."""
        ...

    def due(self) -> Sequence[str]:
        """What waits to be sent, oldest first."""
        ...

    def rows(self) -> Sequence[OutboxRow]:
        """Everything, oldest first."""
        ...


@dataclass(frozen=True)
class CertificateRequest:
    """Whose certificate, and what it shall show: all answers of the form."""

    submission: str | None
    type: str
    name: str
    birth: date
    address: str
    options: tuple[tuple[str, object], ...]


class Office(Protocol):
    """The back office, however far away."""

    def ready(self) -> None:
        """Return if it takes submissions now; raise OfficeUnreachable otherwise."""
        ...

    def put(self, submission: str, body: bytes) -> str | None:
        """Hand in the bytes; the words of a refusal, None when it has them."""
        ...

    def certificate(self, request: CertificateRequest, key: str) -> dict[str, Any]:
        """The data of certificates, each sheet set with a number of its own in `numbers`."""
        ...

    def outcome(self, number: str, outcome: str, remark: str = "") -> str | None:
        """What became of the numbered paper; the words of a refusal, None when it is noted."""
        ...

    def standing(self, number: str) -> Mapping[str, Any] | None:
        """What became of the number, whether its paper is good, and the digest of its words.

        None if it was never issued.
        """
        ...

    def day(self, day: date) -> Sequence[Mapping[str, Any]]:
        """Every number of that day and what became of it, oldest first; nothing personal."""
        ...

    def submissions(self, after: str | None) -> tuple[Sequence[dict[str, Any]], str | None]:
        """What arrived since, for the counter."""
        ...
