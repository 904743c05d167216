"""The practice world: everything in memory, made-up people, no way out of the process."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import to_builtins

from forms.envelope import digest
from kiosk.errors import NotIssuableHere
from kiosk.ports.office import CertificateRequest, Delivered, Lies, Outcome, Refused
from printing.proof.seal import SealKey, seal_of, sign
from printing.registers.records import Asked, Records, Wanted, answered
from printing.registers.register import NotIssuable, read_register

_STANDING = ("number", "type", "issued", "state", "stands")


class PracticeOffice:
    """Answers like the office, out of the register of made-up people; its seals open nothing."""

    def __init__(self, register: Path, today: Callable[[], datetime], *, by: str = "kiosk") -> None:
        self._records = Records(read_register(register.read_text("utf-8")))
        self._today, self._by = today, by
        self._asked: dict[str, CertificateRequest] = {}
        self._answers: dict[str, dict[str, Any]] = {}
        self._rows: dict[str, dict[str, Any]] = {}
        self._digests: dict[str, str] = {}
        self._taken: dict[str, str] = {}
        self._key = SealKey.practice()

    @property
    def outcomes(self) -> Mapping[str, str]:
        """What became of the practice papers, so far as it was told."""
        return {n: row["outcome"] for n, row in self._rows.items() if row["told"] is not None}

    def ready(self) -> None:
        """A class is always open."""

    def put(self, submission: str, body: bytes) -> Outcome:
        """Taken; only its fingerprint is kept."""
        if self._taken.setdefault(submission, digest(body)) != digest(body):
            return Refused("another body under this id")
        return Delivered()

    def submission(self, submission: str) -> Mapping[str, Any] | None:
        """What it was, by its fingerprint."""
        sha256 = self._taken.get(submission)
        if sha256 is None:
            return None
        return {"id": submission, "sha256": sha256, "state": "received"}

    def attach(
        self,
        submission: str,  # noqa: ARG002 (the port's shape)
        sha256: str,  # noqa: ARG002
        start: int,
        piece: bytes,
    ) -> Lies:
        """Taken, and kept nowhere."""
        return Lies(start + len(piece), whole=True)

    def certificate(self, request: CertificateRequest, key: str) -> dict[str, Any]:
        """Practice certificates for a practice person."""
        if self._asked.get(key, request) != request:
            raise NotIssuableHere("this key belongs to another request")
        wanted = self._wanted(request)
        if key not in self._answers:
            self._asked[key] = request
            self._answers[key] = self._answer(wanted)
        answer = self._answers[key]
        if any(self._rows[number]["told"] for number in answer["numbers"]):
            raise NotIssuableHere("what became of these numbers was told already")
        return answer

    def outcome(self, number: str, outcome: str, remark: str = "") -> str | None:
        """What became of the practice sheets; a final word stays."""
        row = self._rows.get(number)
        if row is None:
            return "No such certificate"
        if row["outcome"] not in ("issued", outcome):
            return f"This number is already {row['outcome']}"
        row["outcome"] = row["state"] = outcome
        row["told"] = row["told"] or self._today().isoformat()
        row["stands"] = outcome == "printed"
        row["remark"] = row["remark"] or remark
        return None

    def standing(self, number: str) -> Mapping[str, Any] | None:
        """Whether the practice paper with this number would be good."""
        row = self._rows.get(number)
        return row and {**{name: row[name] for name in _STANDING}, "digest": self._digests[number]}

    def day(self, day: date) -> Sequence[Mapping[str, Any]]:
        """The class's numbers of that day."""
        return [dict(row) for row in self._rows.values() if row["issued"] == day.isoformat()]

    def submissions(
        self,
        after: str | None,  # noqa: ARG002 (the port's shape)
    ) -> tuple[Sequence[dict[str, Any]], str | None]:
        """A class has no list of others."""
        return [], None

    def _wanted(self, request: CertificateRequest) -> tuple[Wanted, ...]:
        asked = Asked(
            request.type,
            request.name,
            request.birth.isoformat(),
            request.address,
            dict(request.options),
            self._by,
        )
        try:
            return self._records.papers(asked)
        except NotIssuable as fault:
            raise NotIssuableHere from fault

    def _answer(self, wanted: tuple[Wanted, ...]) -> dict[str, Any]:
        numbers = (f"X-{n:06d}" for n in count(len(self._rows) + 1))
        now = self._today()
        said = {"issued": now.date().isoformat(), "city": to_builtins(self._records.city)}
        answer = answered(wanted, numbers, said, self._seal)
        for number in answer["numbers"]:
            self._rows[number] = {
                "number": number,
                "type": answer["type"],
                "issued": answer["issued"],
                "state": "issued",
                "stands": True,
                "outcome": "issued",
                "remark": "",
                "device": "",
                "at": now.isoformat(),
                "told": None,
            }
        return answer

    def _seal(self, said: Mapping[str, Any]) -> str:
        made = seal_of(said, said["city"]["code"])
        self._digests[made.number] = made.digest.hex()
        return sign(made, self._key)


class PracticeKeys:
    """A key that opens practice codes only: made anew for every class."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    def prefill_keys(self) -> tuple[ec.EllipticCurvePrivateKey, ...]:
        """The class's own key."""
        return (self._key,)
