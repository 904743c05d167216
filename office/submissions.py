"""The calls about submissions: handed in, asked after, listed, taken over."""

from asyncio import wrap_future
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from office.arrivals import LARGEST
from office.devices import ROLES, Device, Devices
from office.intake import Intake
from office.limits import Door
from office.orders import read_whole
from office.problems import ProblemError
from office.tray import Tray

_SUBMISSIONS = "/v1/submissions"
_QUICK = 32 * 1024  # larger bodies are looked at beside the loop
_CARRIED = "別の端末が預かったものを受け付けました"
Authorization = Annotated[str | None, Header()]


class _Promise(msgspec.Struct):
    """Who froze a body: the device that its receipt names."""

    device: str


class TakingIn:
    """The call that a whole city makes at once, as an application of its own.

    What it is told is little, and FastAPI's way of finding it out costs as much as all of the
    rest: so whoever writes an id as everybody does goes past that.
    """

    def __init__(self, intake: Intake, devices: Devices, let_in: Door) -> None:
        self._intake, self._devices, self._let_in = intake, devices, let_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One submission, by an id that its route has read."""
        request = Request(scope, receive)
        answer = await self.of(
            scope["path_params"]["submission"], request, request.headers.get("authorization")
        )
        await answer(scope, receive, send)

    async def of(self, submission: UUID, request: Request, authorization: str | None) -> Response:
        """The answer, after it is durable."""
        who = await self._let_in.terminal(authorization)
        body = await read_whole(request, LARGEST)
        device = _promised_by(body, who)
        put = partial(self._intake.put, submission, device, body)
        if device != who.id:
            if await run_in_threadpool(self._devices.standing, device) is None:
                raise ProblemError(422, "unknown-device", "No terminal of this name was ever ours")
            put = partial(put, by=who.id, words=_CARRIED)
        answer = put() if len(body) <= _QUICK else await run_in_threadpool(put)
        stored = await wrap_future(answer)
        return JSONResponse(stored.told(), 201 if stored.fresh else 200)

    def route(self) -> Route:
        """To stand before all others."""
        return Route(f"{_SUBMISSIONS}/{{submission:uuid}}", self, methods=["PUT"])


def submission_routes(take_in: TakingIn, tray: Tray, let_in: Door) -> APIRouter:
    """Every call about submissions; `let_in` knows a terminal by its header, and its role."""
    router = APIRouter(prefix=_SUBMISSIONS)

    @router.put("/{submission}")
    async def put(
        submission: UUID, request: Request, authorization: Authorization = None
    ) -> Response:
        """Take a submission in; the answer comes after it is durable."""
        return await take_in.of(submission, request, authorization)

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
