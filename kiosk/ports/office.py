"""What is answered there: the office, however far away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol


@dataclass(frozen=True)
class Delivered:
    """The office has it, durably."""


@dataclass(frozen=True)
class Refused:
    """It will never be taken as it is; the office's words say why."""

    words: str


@dataclass(frozen=True)
class Later:
    """Another try is wanted for this one, not before `seconds` if the office named them.

    `doubtful`: it may have been taken all the same.
    """

    words: str
    seconds: float | None = None
    doubtful: bool = False


@dataclass(frozen=True)
class Lies:
    """So many bytes of an attachment lie at the office."""

    have: int
    whole: bool


@dataclass(frozen=True)
class Heard:
    """What a report is answered: the city's notices, and every return from a backup."""

    notices: Sequence[Any]
    restored: Sequence[Any] = ()


Outcome = Delivered | Refused | Later


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

    def put(self, submission: str, body: bytes) -> Outcome:
        """Hand in the bytes; OfficeUnreachable where no other submission would go either."""
        ...

    def submission(self, submission: str) -> Mapping[str, Any] | None:
        """What became of it: its `sha256`, state and history; None if it never arrived."""
        ...

    def attach(
        self, submission: str, sha256: str, start: int, piece: bytes
    ) -> Lies | Refused | Later:
        """Hand in a piece of an attachment; what lies there says where to go on."""
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
