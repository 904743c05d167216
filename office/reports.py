"""How the terminals are, as they say it themselves once a minute; nothing of who stands there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Request
from fastapi.concurrency import run_in_threadpool
from msgspec import DecodeError, Meta, Struct, ValidationError, to_builtins
from msgspec.json import decode, encode
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from office.devices import Device
from office.notices import Notices
from office.orders import read_whole
from office.problems import ProblemError
from office.restoration import Restorations
from office.tables import DeviceTable

LARGEST = 4096
Authorization = Annotated[str | None, Header()]
State = Literal["ok", "warning", "fault", "unknown"]


class Devices(Struct, frozen=True, forbid_unknown_fields=True):
    """What is plugged in, as far as it is known."""

    printer: State = "unknown"
    reader: State = "unknown"
    scanner: State = "unknown"


class Report(Struct, frozen=True, forbid_unknown_fields=True):
    """What waits in a terminal, since when, what works, and whether somebody is being served."""

    outbox: Annotated[int, Meta(ge=0, le=1_000_000)]
    oldest: Annotated[int, Meta(ge=0, le=10_000_000)]
    version: Annotated[str, Meta(pattern=r"^\d{1,3}\.\d{1,3}\.\d{1,3}$")]
    devices: Devices = Devices()
    busy: bool = False


class Seen(Struct, frozen=True):
    """A report, and when it came."""

    at: str
    report: Report

    @property
    def moment(self) -> datetime:
        """When it came."""
        return datetime.fromisoformat(self.at)


def seen_in(kept: str | None) -> Seen | None:
    """The report that a row holds, if it holds one that we understand."""
    try:
        return decode(kept, type=Seen) if kept else None
    except (DecodeError, ValidationError):
        return None


@dataclass(frozen=True)
class Reports:
    """Takes reports in, and answers with what everybody should know."""

    engine: Engine
    notices: Notices
    restorations: Restorations
    now: Callable[[], datetime]

    def take(self, device: str, body: bytes) -> dict[str, Any]:
        """The terminal's word replaces the one before; in return it hears what all should know."""
        try:
            report = decode(body, type=Report)
        except ValidationError as fault:
            raise ProblemError(422, "invalid", f"No report: {fault}") from fault
        except DecodeError as fault:
            raise ProblemError(422, "invalid", "The body is not JSON") from fault
        at = self.now().isoformat()
        kept = encode(Seen(at, report)).decode()
        wanted = update(DeviceTable).where(DeviceTable.id == device)
        with Session(self.engine) as session, session.begin():
            session.execute(wanted.values(seen=at, report=kept))
        restored = [each.told() for each in self.restorations.every()]
        return {"notices": to_builtins(self.notices.standing()), "restored": restored, "now": at}


def report_routes(reports: Reports, let_in: Callable[..., Device]) -> APIRouter:
    """The one call of a terminal about itself."""
    router = APIRouter(prefix="/v1/devices")

    @router.put("/self/report")
    async def take(request: Request, authorization: Authorization = None) -> dict[str, Any]:
        """How this terminal is; the answer brings the city's notices."""
        device = await run_in_threadpool(let_in, authorization)
        body = await read_whole(request, LARGEST)
        return await run_in_threadpool(reports.take, device.id, body)

    return router
