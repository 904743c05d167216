"""The office's HTTP API, as docs and OpenAPI describe it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine

from office.devices import Device, Enrolment
from office.intake import LARGEST, Intake, Stored
from office.problems import ProblemError
from office.registry import Registry

Authorization = Annotated[str | None, Header()]


class Subject(BaseModel):
    """Whose certificate it is."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(max_length=200)
    birth: str = Field(max_length=10)
    address: str = Field(max_length=400)


class CertificateOrder(BaseModel):
    """What a terminal asks for."""

    model_config = ConfigDict(extra="forbid")
    submission: UUID | None
    type: Literal["juminhyo"]
    subject: Subject
    options: dict[str, str | int | bool]


class Outcome(BaseModel):
    """What became of a numbered sheet."""

    outcome: Literal["printed", "spoiled", "abandoned"]


def routes(engine: Engine, intake: Intake, registry: Registry, enrolment: Enrolment) -> APIRouter:
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
        body = await _body(request)
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
        if not after.isdecimal() or len(after) > 18:
            raise ProblemError(422, "invalid", "after: takes a `next` of ours")
        items, cursor = intake.after(int(after))
        return {"items": items, "next": cursor}

    @router.post("/v1/submissions/{submission}/ack")
    def acknowledge(submission: UUID, authorization: Authorization = None) -> dict[str, Any]:
        """A back office has taken the submission over."""
        device(authorization, "counter")
        return _told(intake.acknowledge(str(submission)))

    @router.post("/v1/certificates")
    def certificate(
        order: CertificateOrder,
        idempotency_key: Annotated[str, Header(min_length=8, max_length=120)],
        authorization: Authorization = None,
    ) -> dict[str, Any]:
        """A numbered certificate, or one neutral refusal."""
        who = device(authorization)
        return registry.issue(order.model_dump(mode="json"), f"{who.id}:{idempotency_key}")

    @router.post("/v1/certificates/{number}/outcome")
    def outcome(
        number: str, told: Annotated[Outcome, Body()], authorization: Authorization = None
    ) -> dict[str, str]:
        """Every number is accounted for."""
        who = device(authorization)
        registry.outcome(number, told.outcome, who.id)
        return {"number": number, "outcome": told.outcome}

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
        lines += [
            f'kakanai_certificates{{outcome="{k}"}} {v}' for k, v in registry.counts().items()
        ]
        return "\n".join(lines) + "\n"

    return router


async def _body(request: Request) -> bytes:
    """The whole body, never more than may be stored."""
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > LARGEST:
            raise ProblemError(413, "too-large", "The submission is too large")
    return bytes(parts)


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
