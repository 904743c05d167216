"""What became of every number: printed, spoiled or abandoned, and whether it still stands."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session

from office.devices import Device
from office.problems import ProblemError
from office.tables import CertificateTable, OrderTable

OUTCOMES = ("printed", "spoiled", "abandoned")
STATES = ("issued", *OUTCOMES, "revoked")
STANDING = ("issued", "printed")  # a report may be lost, and the paper is good all the same
PAGE = 200
_NUMBER = re.compile(r"[A-Z0-9-]{1,24}", re.ASCII)
Entry = tuple[CertificateTable, OrderTable]
Page = tuple[list[dict[str, Any]], str | None]


class Ledger:
    """Accounts for the numbers that the registry gave out; it knows nobody's name."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def outcome(self, number: str, outcome: str, device: str, remark: str = "") -> None:
        """What became of the sheets, from the device they were given to; a final word stays."""
        with Session(self._engine) as session, session.begin():
            certificate, order = entry(session, number, device)
            if certificate.outcome not in ("issued", outcome):
                raise ProblemError(409, "final", f"This number is already {certificate.outcome}")
            if certificate.outcome == "issued":
                certificate.outcome, certificate.told = outcome, self._now().isoformat()
                certificate.remark = remark or None
            order.answer = None  # it arrived: what it says of a person is needed no more

    def revoke(self, number: str, reason: str) -> dict[str, Any]:
        """The paper no longer stands, whatever becomes of it; the first reason stays."""
        with Session(self._engine) as session, session.begin():
            certificate, order = entry(session, number)
            if certificate.revoked is None:
                if certificate.outcome not in STANDING:
                    raise ProblemError(409, "final", f"This number is {certificate.outcome}")
                certificate.revoked, certificate.reason = self._now().isoformat(), reason
            return _standing(certificate, order)

    def standing(self, number: str, device: Device) -> dict[str, Any]:
        """Whether the paper with this number is good; a kiosk learns it of its own alone."""
        own = device.id if device.role == "kiosk" else None
        with Session(self._engine) as session:
            certificate, order = entry(session, number, own)
            known = {"digest": certificate.digest} if certificate.digest else {}
            return {**_standing(certificate, order), **known}

    def day(self, day: str, device: str | None, after: int) -> Page:
        """One page of a day's numbers, and where the next begins; None once nothing is left."""
        wanted = _entries().where(OrderTable.day == day, CertificateTable.serial > after)
        if device is not None:
            wanted = wanted.where(OrderTable.device == device)
        wanted = wanted.order_by(CertificateTable.serial).limit(PAGE)
        with Session(self._engine) as session:
            rows = session.execute(wanted).all()
            items = [_told(certificate, order) for certificate, order in rows]
            return items, str(rows[-1][0].serial) if rows else None

    def counts(self) -> dict[str, int]:
        """How many numbers came to each end."""
        revoked = CertificateTable.revoked.is_not(None)
        asked = select(CertificateTable.outcome, revoked, func.count()).group_by(
            CertificateTable.outcome, revoked
        )
        found = dict.fromkeys(STATES, 0)
        with Session(self._engine) as session:
            for outcome, gone, count in session.execute(asked):
                found["revoked" if gone else outcome] += count
        return found


def _entries() -> Select[CertificateTable, OrderTable]:
    return select(CertificateTable, OrderTable).join(
        OrderTable, OrderTable.id == CertificateTable.order_id
    )


def entry(session: Session, number: str, device: str | None = None) -> Entry:
    """The entry, held until the transaction ends; another device's is as unknown as none."""
    row = None
    if _NUMBER.fullmatch(number):
        asked = _entries().where(CertificateTable.number == number)
        row = session.execute(asked.with_for_update()).one_or_none()
    if row is None or (device is not None and row[1].device != device):
        raise ProblemError(404, "unknown", "No such certificate")
    certificate, order = row
    return certificate, order


def state_of(certificate: CertificateTable) -> str:
    """What became of it, in one word of STATES."""
    return "revoked" if certificate.revoked else certificate.outcome


def _standing(certificate: CertificateTable, order: OrderTable) -> dict[str, Any]:
    state = state_of(certificate)
    return {
        "number": certificate.number,
        "type": order.type,
        "issued": order.day,
        "state": state,
        "stands": state in STANDING,
    }


def _told(certificate: CertificateTable, order: OrderTable) -> dict[str, Any]:
    return {
        **_standing(certificate, order),
        "outcome": certificate.outcome,
        "device": order.device,
        "at": order.issued,
        "told": certificate.told,
        "remark": certificate.remark or "",
    }
