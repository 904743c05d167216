"""What the use cases need from outside, in their own words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from threading import Event
from typing import Any, Protocol, TypeVar

from forms.envelope import Envelope
from kiosk.domain.events import Event as TurnEvent
from kiosk.domain.states import State

T = TypeVar("T")


class Lane(StrEnum):
    """One slow thing each, one thread each."""

    CARD = "card"
    SCANNER = "scanner"
    PRINTER = "printer"
    TILL = "till"
    STORE = "store"
    OFFICE = "office"


class Lanes(Protocol):
    """Work goes out here and its answer comes back on the caller's own thread."""

    def run(
        self,
        lane: Lane,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        stop: Event,
    ) -> None:
        """Do the work on its lane; drop the answer if `stop` was set meanwhile."""
        ...


class Turn(Protocol):
    """What keeps one resident after another going; `Attend` is the one there is."""

    @property
    def state(self) -> State:
        """Where the turn stands."""
        ...

    def handle(self, event: TurnEvent) -> None:
        """Something happened."""
        ...

    def tick(self) -> None:
        """Look at the devices."""
        ...

    def drain(self) -> None:
        """Send what waits."""
        ...


class Clock(Protocol):
    """What time it is here."""

    def now(self) -> datetime:
        """The moment it is, with its zone."""
        ...


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
