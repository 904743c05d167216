"""How a device comes to be known: a code that is shown once, and the routes of its key."""

import secrets
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from office.attempts import Attempts
from office.devices import TERMINALS, Devices
from office.orders import Bounded
from office.problems import ProblemError
from office.sessions import Sessions, claimed, public_key_of, stranger
from office.tables import DeviceTable, PairingTable

MARK, MINUTES = "KKP1", 60
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that looks like another
_LENGTH = 16  # 80 bits
_READ = str.maketrans("OIL", "011", "- ")
_MINUTE = 60_000
Authorization = Annotated[str | None, Header()]
Key = Annotated[str, Field(max_length=1000)]


@dataclass(frozen=True)
class Paired:
    """Who a terminal is from now on; `known` if there was one of this name before."""

    device: str
    role: str
    known: bool


class Pairings:
    """Codes that let one device in, once, until they expire; kept as hashes."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def offer(self, device: str, role: str, minutes: int = MINUTES) -> str:
        """A new code; those that were made for this device before are worth nothing."""
        code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
        row = PairingTable(
            code_sha256=_hash(code),
            device=device,
            role=role,
            expires=self._milliseconds() + minutes * _MINUTE,
        )
        with Session(self._engine) as session, session.begin():
            session.execute(delete(PairingTable).where(PairingTable.device == device))
            session.add(row)
        return code

    def take(self, code: str, public_key: str) -> Paired:
        """Let the owner of this key in; the same again is the same, for an answer may be lost."""
        with Session(self._engine) as session, session.begin():
            row = session.get(PairingTable, _hash(code), with_for_update=True)
            if row is None:
                raise ProblemError(404, "unknown-code", "No such pairing code")
            known = session.get(DeviceTable, row.device)
            again = known is not None and known.public_key == public_key and not known.revoked
            if row.used and not again:
                raise ProblemError(410, "code-used", "This pairing code was used before")
            if row.expires <= self._milliseconds():
                raise ProblemError(410, "code-expired", "This pairing code has expired")
            if not row.used:
                known = known or DeviceTable(id=row.device, generation=0)
                known.role, known.public_key = row.role, public_key
                known.generation += 1
                known.revoked, known.enrolled = None, self._now().isoformat()
                row.used = known.enrolled
                session.add(known)
            return Paired(row.device, row.role, known.generation > 1 if known else False)

    def _milliseconds(self) -> int:
        return int(self._now().timestamp() * 1000)


def spelled(url: str, code: str) -> str:
    """What the pairing QR says: where the office is, and the code; capitals make it small."""
    address = b32encode(url.encode()).decode().rstrip("=")
    return f"{MARK}.{address}.{code}"


class PairingOrder(BaseModel):
    """A code, and the key of whoever holds it."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(max_length=40)
    public_key: Key


class Proof(BaseModel):
    """A challenge of ours, signed."""

    model_config = ConfigDict(extra="forbid")
    proof: str = Field(max_length=4000)


class NewKey(Proof):
    """Another key, and the proof that the device has it."""

    public_key: Key


def device_routes(
    devices: Devices, pairings: Pairings, sessions: Sessions, person_key: bytes
) -> APIRouter:
    """Pairing, proving, another key: all that happens before a device is let in."""
    router, attempts = APIRouter(route_class=Bounded), Attempts()

    @router.post("/v1/pairings")
    def pair(order: Annotated[PairingOrder, Body()], request: Request) -> dict[str, Any]:
        """A code from the office makes a key one of its devices; the code is good once."""
        with attempts.counted(_from(request)):
            paired = pairings.take(order.code, public_key_of(order.public_key))
        named = person_key.hex() if paired.role in TERMINALS else None
        told = {"device": paired.device, "role": paired.role, "person_key": named}
        return {**told, "known": paired.known}

    @router.get("/v1/challenge")
    async def challenge() -> dict[str, str]:
        """Something to sign, good for a minute."""
        return {"challenge": sessions.challenge()}

    @router.post("/v1/session")
    def session(given: Annotated[Proof, Body()], request: Request) -> dict[str, Any]:
        """A signed challenge opens a session."""
        with attempts.counted(_from(request)):
            device = claimed(given.proof)
        with attempts.counted(_from(request), device):
            opened = sessions.open(given.proof)
        return {"token": opened.token, "seconds": opened.seconds, "role": opened.role}

    @router.post("/v1/devices/self/key")
    def replace_key(
        new: Annotated[NewKey, Body()], authorization: Authorization = None
    ) -> dict[str, str]:
        """Another key for this device, which proves that it has it; its sessions end."""
        who = sessions.let_in(authorization, *TERMINALS, "backoffice")
        public_key = public_key_of(new.public_key)
        try:
            sessions.check(new.proof, who.id, public_key)
        except ProblemError as fault:
            raise ProblemError(422, "invalid", "proof: not signed by this key") from fault
        if not devices.replace_key(who, public_key):
            raise stranger()
        return {"device": who.id}

    return router


def _from(request: Request) -> str:
    return request.client.host if request.client else ""


def _hash(code: str) -> str:
    """By what a person might have typed: small letters, hyphens, O for 0."""
    return sha256(code.upper().translate(_READ).encode()).hexdigest()
