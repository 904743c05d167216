"""The practice world: everything in memory, made-up people, no way out of the process."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import to_builtins

from forms.envelope import Envelope, canonical, digest
from kiosk.errors import AlreadyHandedIn, NotIssuableHere
from kiosk.ports.office import CertificateRequest, OutboxRow
from printing.records import content_of


class MemoryOutbox:
    """Practice submissions, gone with the class."""

    def __init__(self) -> None:
        self._rows: list[OutboxRow] = []
        self._bodies: dict[str, bytes] = {}

    def keep(self, fill: Callable[[int], Envelope]) -> Envelope:
        """Number and freeze, as the real one does."""
        envelope = fill(len(self._rows) + 1)
        if str(envelope.id) in self._bodies:
            raise AlreadyHandedIn
        body = canonical(envelope)
        self._bodies[str(envelope.id)] = body
        row = OutboxRow(str(envelope.id), envelope.receipt, digest(body), "waiting", 0, None, None)
        self._rows.append(row)
        return envelope

    def body(self, submission: str) -> bytes:
        """The frozen bytes."""
        return self._bodies[submission]

    def record(self, submission: str, state: str, answer: str, at: datetime) -> None:
        """What the last try came to."""
        self._rows = [
            OutboxRow(r.id, r.receipt, r.sha256, state, r.attempts + 1, at.isoformat(), answer)
            if r.id == submission
            else r
            for r in self._rows
        ]

    def due(self) -> Sequence[str]:
        """What waits, oldest first."""
        return [row.id for row in self._rows if row.state == "waiting"]

    def rows(self) -> Sequence[OutboxRow]:
        """Everything, oldest first."""
        return list(self._rows)


class PracticeOffice:
    """Answers like the office, out of the register of made-up people."""

    def __init__(self, register: Path, today: Callable[[], datetime]) -> None:
        raw = yaml.safe_load(register.read_text("utf-8"))
        self._city = raw["city"]
        self._people: list[dict[str, Any]] = raw["people"]
        self._today = today
        self._numbers: dict[str, int] = {}
        self._asked: dict[str, CertificateRequest] = {}
        self.outcomes: dict[str, str] = {}

    def ready(self) -> None:
        """A class is always open."""

    def put(self, submission: str, body: bytes) -> str | None:  # noqa: ARG002 (the port's shape)
        """Taken, and kept nowhere."""
        return None

    def certificate(self, request: CertificateRequest, key: str) -> dict[str, Any]:
        """A practice certificate for a practice person."""
        subject = next((p for p in self._people if self._is(p, request)), None)
        if subject is None or subject.get("protected"):
            raise NotIssuableHere
        if self._asked.setdefault(key, request) != request:
            raise NotIssuableHere("this key belongs to another request")
        options = dict(request.options)
        number = self._numbers.setdefault(key, len(self._numbers) + 1)
        return {
            "number": f"X-{number:06d}",
            "issued": self._today().date().isoformat(),
            "city": self._city,
            "content": to_builtins(content_of(self._people, subject, options)),
        }

    def outcome(self, number: str, outcome: str) -> None:
        """What became of the practice sheet."""
        self.outcomes[number] = outcome

    def submissions(
        self,
        after: str | None,  # noqa: ARG002 (the port's shape)
    ) -> tuple[Sequence[dict[str, Any]], str | None]:
        """A class has no list of others."""
        return [], None

    def _is(self, person: dict[str, Any], request: CertificateRequest) -> bool:
        known = (person["name"], str(person["birth"]), person["address"])
        return known == (request.name, request.birth.isoformat(), request.address)


class PracticeKeys:
    """A key that opens practice codes only: made anew for every class."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    def prefill_keys(self) -> tuple[ec.EllipticCurvePrivateKey, ...]:
        """The class's own key."""
        return (self._key,)
