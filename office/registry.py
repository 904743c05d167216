"""Certificates out of the register: numbered once per order, a number for every sheet set."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import count
from typing import Any

from msgspec import to_builtins
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from office.devices import Device
from office.ledger import entry, state_of
from office.problems import ProblemError
from office.tables import CertificateTable, OrderTable, SerialTable
from printing.proof.seal import digest
from printing.registers.records import Asked, Records, Sign, Wanted, answered
from printing.registers.register import NotIssuable

SERIAL = "certificate"
REFUSAL = "この端末では発行できません。窓口でお受けします。"
_TRIES = 3


class Registry:
    """Knows the residents, and gives certificates their numbers and seals."""

    def __init__(
        self,
        engine: Engine,
        records: Records,
        now: Callable[[], datetime],
        sign: Sign | None = None,
    ) -> None:
        self._engine, self._records, self._now, self._sign = engine, records, now, sign

    def issue(self, request: dict[str, Any], device: Device, key: str) -> dict[str, Any]:
        """The same key gets the same papers; the same key for another order is refused."""
        for _ in range(_TRIES):
            try:
                with Session(self._engine) as session, session.begin():
                    return self._issue(session, request, device, f"{device.id}:{key}")
            except IntegrityError:
                continue  # another office was quicker with this key: its answer is found now
        raise ProblemError(503, "store-unusable", "The office cannot store now; try again")

    def paper(self, number: str, device: Device) -> dict[str, Any]:
        """One sheet set's words with the seal over them, until somebody tells what became of it."""
        with Session(self._engine) as session:
            certificate, order = entry(session, number, device.id)
            state = state_of(certificate)
            if state != "issued":
                raise ProblemError(409, "final", f"This number is already {state}")
            answer = _again(order)
        return next(each for each in _sheet_sets(answer) if each["number"] == number)

    def _issue(
        self, session: Session, request: dict[str, Any], device: Device, key: str
    ) -> dict[str, Any]:
        fingerprint = _fingerprint(request)
        known = session.scalars(select(OrderTable).filter_by(key=key)).one_or_none()
        if known is not None and known.request_sha256 != fingerprint:
            raise ProblemError(422, "key-reused", "This key belongs to another request")
        wanted = self._wanted(request, device)  # again for a known key: protection may be new
        if known is not None:
            return _again(known)
        now = self._now()
        first = self._serials(session, sum(each.copies for each in wanted))
        answer = self._answer(wanted, first, now)
        order = OrderTable(
            id=first,
            key=key,
            request_sha256=fingerprint,
            device=device.id,
            type=answer["type"],
            day=now.date().isoformat(),
            issued=now.isoformat(),
            answer=json.dumps(answer, ensure_ascii=False).encode(),
        )
        session.add(order)
        session.flush()
        session.add_all(
            CertificateTable(
                serial=serial,
                order_id=first,
                number=each["number"],
                digest=digest(each).hex(),
                outcome="issued",
            )
            for serial, each in enumerate(_sheet_sets(answer), first)
        )
        return answer

    def _wanted(self, request: dict[str, Any], device: Device) -> tuple[Wanted, ...]:
        """The papers, or the one refusal, which tells nobody whom the register knows."""
        asked = Asked(
            request["type"], **request["subject"], options=request["options"], by=device.role
        )
        try:
            return self._records.papers(asked)
        except NotIssuable as fault:
            raise ProblemError(403, "not-issuable-here", REFUSAL) from fault

    def _serials(self, session: Session, many: int) -> int:
        """The first of so many serials: the row stays ours until the order is committed."""
        row = SerialTable.name == SERIAL
        session.execute(update(SerialTable).where(row).values(last=SerialTable.last + many))
        return session.scalars(select(SerialTable.last).where(row)).one() - many + 1

    def _answer(self, wanted: tuple[Wanted, ...], serial: int, now: datetime) -> dict[str, Any]:
        """What the terminal is told; the one place where each paper is sealed."""
        numbers = (f"R{now.year - 2018}-{each:06d}" for each in count(serial))
        said = {"issued": now.date().isoformat(), "city": to_builtins(self._records.city)}
        return answered(wanted, numbers, said, self._sign)


def _again(known: OrderTable) -> dict[str, Any]:
    """A repeated order is one whose answer was lost; once an outcome was told, it was not."""
    if known.answer is None:
        raise ProblemError(409, "accounted", "What became of these numbers was told already")
    answer: dict[str, Any] = json.loads(known.answer)
    return answer


def _sheet_sets(answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each number's own paper: what is sealed of it, and its seal, empty where it has none."""
    for paper in answer["papers"]:
        content, numbers = paper["content"], paper["numbers"]
        seals = paper.get("seals") or [""] * len(numbers)
        for number, seal in zip(numbers, seals, strict=True):
            yield {
                "number": number,
                "issued": answer["issued"],
                "city": answer["city"],
                "type": content["type"],
                "content": content,
                "seal": seal,
            }


def _fingerprint(request: dict[str, Any]) -> str:
    asked = json.dumps(request, sort_keys=True, ensure_ascii=False).encode()
    return hashlib.sha256(asked).hexdigest()
