"""The calls about submissions: handed in, asked after, listed, taken over."""

from asyncio import wrap_future
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from office.arrivals import LARGEST
from office.certificates import cursor_of
from office.devices import ROLES
from office.intake import Intake
from office.limits import Door
from office.orders import read_whole
from office.tray import Tray

_QUICK = 32 * 1024  # larger bodies are looked at beside the loop
Authorization = Annotated[str | None, Header()]


def submission_routes(intake: Intake, tray: Tray, let_in: Door) -> APIRouter:
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
        put = partial(intake.put, submission, who.id, body)
        answer = put() if quick else await run_in_threadpool(put)
        stored = await wrap_future(answer)
        return JSONResponse(stored.told(), 201 if stored.fresh else 200)

    @router.get("/{submission}")
    def get(submission: UUID, authorization: Authorization = None) -> dict[str, Any]:
        """What became of a submission; a kiosk learns it of its own alone."""
        who = let_in(authorization, *ROLES)
        return tray.get(str(submission), who.id if who.role == "kiosk" else None)

    @router.get("")
    def pull(after: str = "0", authorization: Authorization = None) -> dict[str, Any]:
        """One page of submissions, in order of arrival."""
        who = let_in(authorization, "counter", "backoffice")
        items, cursor = tray.after(cursor_of(after), who)
        return {"items": items, "next": cursor}

    @router.post("/{submission}/ack")
    def acknowledge(submission: UUID, authorization: Authorization = None) -> dict[str, Any]:
        """A back office has taken the submission over."""
        who = let_in(authorization, "counter", "backoffice")
        return tray.acknowledge(str(submission), who).told()

    return router
