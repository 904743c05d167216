"""Certificates out of the register: numbered once per request, every number accounted for."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from msgspec import to_builtins
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from office.problems import ProblemError
from office.tables import CertificateTable
from printing.records import content_of

OUTCOMES = ("printed", "spoiled", "abandoned")


class Registry:
    """Knows the residents, and which numbers were given out."""

    def __init__(self, engine: Engine, people: Path, now: Callable[[], datetime]) -> None:
        raw = yaml.safe_load(people.read_text("utf-8"))
        self._city, self._people = raw["city"], raw["people"]
        self._engine, self._now = engine, now

    def issue(self, request: dict[str, Any], key: str) -> dict[str, Any]:
        """The same key gets the same paper; the same key for another request is refused."""
        asked = json.dumps(request, sort_keys=True, ensure_ascii=False).encode()
        fingerprint = hashlib.sha256(asked).hexdigest()
        with Session(self._engine) as session, session.begin():
            known = session.scalars(select(CertificateTable).filter_by(key=key)).one_or_none()
            if known is not None:
                if known.request_sha256 != fingerprint:
                    raise ProblemError(422, "key-reused", "This key belongs to another request")
                answer: dict[str, Any] = json.loads(known.answer)
                return answer
            data = self._data(request)
            serial = (session.scalar(select(func.max(CertificateTable.serial))) or 0) + 1
            data["number"] = f"R{self._now().year - 2018}-{serial:06d}"
            session.add(
                CertificateTable(
                    serial=serial,
                    key=key,
                    request_sha256=fingerprint,
                    number=data["number"],
                    answer=json.dumps(data, ensure_ascii=False).encode(),
                    outcome="issued",
                )
            )
        return data

    def outcome(self, number: str, outcome: str, device: str) -> None:
        """What became of the sheet, from the device it was given to; a final word stays."""
        if outcome not in OUTCOMES:
            raise ProblemError(422, "invalid", f"outcome: allowed: {', '.join(OUTCOMES)}")
        with Session(self._engine) as session, session.begin():
            row = session.scalars(select(CertificateTable).filter_by(number=number)).one_or_none()
            if row is None or not row.key.startswith(f"{device}:"):
                raise ProblemError(404, "unknown", "No such certificate")
            if row.outcome not in ("issued", outcome):
                raise ProblemError(409, "final", f"This number is already {row.outcome}")
            row.outcome = outcome

    def counts(self) -> dict[str, int]:
        """How many numbers came to each end."""
        asked = select(CertificateTable.outcome, func.count()).group_by(CertificateTable.outcome)
        with Session(self._engine) as session:
            return dict(session.execute(asked).tuples().all())

    def _data(self, request: dict[str, Any]) -> dict[str, Any]:
        subject, options = request["subject"], request["options"]
        found = next((p for p in self._people if _is(p, subject)), None)
        if found is None or found.get("protected"):
            raise ProblemError(
                403, "not-issuable-here", "この端末では発行できません。窓口でお受けします。"
            )
        return {
            "issued": self._now().date().isoformat(),
            "city": self._city,
            "content": to_builtins(content_of(self._people, found, options)),
        }


def _is(person: dict[str, Any], subject: dict[str, str]) -> bool:
    """The same person: name, day of birth and address, to the character."""
    return (person["name"], str(person["birth"]), person["address"]) == (
        subject["name"],
        subject["birth"],
        subject["address"],
    )
