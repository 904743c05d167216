"""What is promised here and answered there: the outbox, and the office behind it."""

from collections.abc import Callable, Sequence
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
    """Whose certificate, and what it shall show."""

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
        """The data of a numbered certificate."""
        ...

    def outcome(self, number: str, outcome: str) -> None:
        """What became of the numbered paper."""
        ...

    def submissions(self, after: str | None) -> tuple[Sequence[dict[str, Any]], str | None]:
        """What arrived since, for the counter."""
        ...
