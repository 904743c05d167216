"""Who may speak to the office, and as what."""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from office.problems import ProblemError
from office.tables import DeviceTable

ROLES = ("kiosk", "counter")


@dataclass(frozen=True)
class Device:
    """A terminal that has shown its token."""

    id: str
    role: str


class Enrolment:
    """Devices by the hash of their token; the token itself is told once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def enrol(self, device: str, role: str) -> str:
        """Let a device in from now on; a token it had before is worth nothing."""
        token = secrets.token_urlsafe(32)
        with Session(self._engine) as session, session.begin():
            session.merge(DeviceTable(id=device, role=role, token_sha256=_hash(token)))
        return token

    def known(self, authorization: str | None) -> Device:
        """The device behind the header."""
        scheme, _, token = (authorization or "").partition(" ")
        with Session(self._engine) as session:
            row = session.scalars(
                select(DeviceTable).filter_by(token_sha256=_hash(token))
            ).one_or_none()
        if row is None or scheme.lower() != "bearer":
            raise ProblemError(401, "unknown-device", "This device is not enrolled")
        return Device(row.id, row.role)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
