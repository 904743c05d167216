"""The calls about submissions: handed in, asked after, listed, taken over."""

from asyncio import wrap_future
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from office.arrivals import LARGEST
from office.devices import ROLES, Device, Devices
from office.intake import Intake
from office.limits import Door
from office.orders import read_whole
from office.problems import ProblemError
from office.tray import Tray

_QUICK = 32 * 1024  # larger bodies are looked at beside the loop
_CARRIED = "別の端末が預かったものを受け付けました"
Authorization = Annotated[str | None, Header()]


class _Promise(msgspec.Struct):
    """Who froze a body: the device that its receipt names."""

    device: str


def submission_routes(intake: Intake, tray: Tray, devices: Devices, let_in: Door) -> APIRouter:
    """Every call about submissions; `let_in` knows a terminal by its header, and its role."""
    router = APIRouter(prefix="/v1/submissions")

    @router.put("/{submission}")
    async def put(
        submission: UUID, request: Request, authorization: Authorization = None
    ) -> JSONResponse:
        """Take a submission in; the answer comes after it is durable."""
        who = await let_in.terminal(authorization)
        body = await read_whole(request, LARGEST)
        quick = len(body) <= _QUICK
        device = _promised_by(body, who)
        put = partial(intake.put, submission, device, body)
        if device != who.id:
            if await run_in_threadpool(devices.standing, device) is None:
                raise ProblemError(422, "unknown-device", "No terminal of this name was ever ours")
            put = partial(put, by=who.id, words=_CARRIED)
        answer = put() if quick else await run_in_threadpool(put)
        stored = await wrap_future(answer)
        return JSONResponse(stored.told(), 201 if stored.fresh else 200)

    @router.get("/{submission}")
    def get(submission: UUID, authorization: Authorization = None) -> dict[str, Any]:
        """What became of a submission, for those who may know of it."""
        who = let_in(authorization, *ROLES)
        return tray.get(str(submission), who)

    @router.get("")
    def pull(after: str = "0", authorization: Authorization = None) -> dict[str, Any]:
        """One page of submissions, in order of arrival."""
        who = let_in(authorization, "counter", "backoffice")
        items, cursor = tray.after(after, who)
        return {"items": items, "next": cursor}

    @router.post("/{submission}/ack")
    def acknowledge(submission: UUID, authorization: Authorization = None) -> dict[str, Any]:
        """A back office has taken the submission over."""
        who = let_in(authorization, "counter", "backoffice")
        return tray.acknowledge(str(submission), who).told()

    return router


def _promised_by(body: bytes, who: Device) -> str:
    """A counter hands in what any terminal promised; a kiosk what it promised itself."""
    if who.role != "counter":
        return who.id
    try:
        device = msgspec.json.decode(body, type=_Promise).device
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return who.id  # whatever it is, it is told what is wrong with it
    return device if device.isprintable() else who.id
