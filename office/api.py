"""The office's HTTP API, as docs and OpenAPI describe it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from sqlalchemy import Engine

from office.certificates import certificate_routes, cursor_of
from office.consents import Consents
from office.copies import Copies
from office.devices import Device, Enrolment
from office.intake import LARGEST, Intake, Stored
from office.ledger import Ledger
from office.orders import read_whole
from office.persons import person_routes
from office.problems import ProblemError
from office.registry import Registry
from office.sealing import SealingKeys

Authorization = Annotated[str | None, Header()]


def routes(
    engine: Engine,
    intake: Intake,
    registry: Registry,
    ledger: Ledger,
    enrolment: Enrolment,
    copies: Copies,
    keys: SealingKeys,
    consents: Consents,
) -> APIRouter:
    """Every call of the API."""
    router = APIRouter()

    def device(authorization: str | None, *roles: str) -> Device:
        found = enrolment.known(authorization)
        if roles and found.role not in roles:
            raise ProblemError(403, "not-allowed", "This device may not do that")
        return found

    @router.put("/v1/submissions/{submission}")
    async def put(
        submission: UUID, request: Request, authorization: Authorization = None
    ) -> JSONResponse:
        """Take a submission in; the answer comes after it is durable."""
        who = await run_in_threadpool(device, authorization)
        body = await read_whole(request, LARGEST)
        stored = await run_in_threadpool(intake.put, str(submission), who.id, body)
        return JSONResponse(_told(stored), 201 if stored.fresh else 200)

    @router.get("/v1/submissions/{submission}")
    def get(submission: UUID, authorization: Authorization = None) -> dict[str, Any]:
        """What became of a submission."""
        who = device(authorization)
        if who.role == "kiosk" and intake.owner(str(submission)) != who.id:
            raise ProblemError(404, "unknown", "No such submission")
        return _told(intake.get(str(submission)))

    @router.get("/v1/submissions")
    def pull(after: str = "0", authorization: Authorization = None) -> dict[str, Any]:
        """One page of submissions, in order of arrival."""
        device(authorization, "counter")
        items, cursor = intake.after(cursor_of(after))
        return {"items": items, "next": cursor}

    @router.post("/v1/submissions/{submission}/ack")
    def acknowledge(submission: UUID, authorization: Authorization = None) -> dict[str, Any]:
        """A back office has taken the submission over."""
        device(authorization, "counter")
        return _told(intake.acknowledge(str(submission)))

    router.include_router(certificate_routes(registry, ledger, copies, device))
    router.include_router(person_routes(engine, consents, device))

    @router.get("/v1/trust")
    def trust() -> Response:
        """The city's public keys, for whoever verifies its papers."""
        return Response(keys.trust().text(), media_type="application/json")

    @router.get("/v1/receipts/{token}", response_class=HTMLResponse)
    def receipt(token: str) -> HTMLResponse:
        """The page behind a receipt's code; nothing personal."""
        found = intake.by_token(token)
        if found is None:
            raise ProblemError(404, "unknown", "No such receipt")
        return HTMLResponse(_page(*found))

    @router.get("/healthz", response_class=PlainTextResponse)
    def alive() -> str:
        """The process answers."""
        return "ok"

    @router.get("/readyz", response_class=PlainTextResponse)
    def ready() -> str:
        """A write transaction can begin."""
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1").close()
            connection.rollback()
        return "ok"

    @router.get("/metrics", response_class=PlainTextResponse)
    def metrics() -> str:
        """Prometheus text."""
        lines = ["# TYPE kakanai_submissions gauge", "# TYPE kakanai_certificates gauge"]
        lines += [f'kakanai_submissions{{state="{k}"}} {v}' for k, v in intake.counts().items()]
        lines += [f'kakanai_certificates{{outcome="{k}"}} {v}' for k, v in ledger.counts().items()]
        return "\n".join(lines) + "\n"

    return router


def _told(stored: Stored) -> dict[str, Any]:
    return {
        "id": stored.id,
        "state": stored.state,
        "received": stored.received,
        "sha256": stored.sha256,
        "receipt_token": stored.token,
    }


def _page(state: str, received: str) -> str:
    words = {"received": "届きました", "acknowledged": "手続き中です", "done": "終わりました"}[
        state
    ]
    return (
        '<!doctype html><html lang="ja"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>申請のようす</title>'
        '<body style="font:24px/1.7 sans-serif;margin:2rem;color:#1a1a1a">'
        f"<h1>申請は{words}</h1><p>受け取った日　{received[:10]}</p></body></html>"
    )
