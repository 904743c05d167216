"""RFC 9457: every refusal as application/problem+json."""

import json
import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from office.config import SetupFault


class ProblemError(Exception):
    """A refusal with its status, its type and its words."""

    def __init__(self, status: int, kind: str, title: str, **facts: Any) -> None:
        super().__init__(title)
        self.status, self.kind, self.title, self.facts = status, kind, title, facts


def response(status: int, kind: str, title: str, **facts: Any) -> Response:
    """The refusal on the wire."""
    body = {"type": f"urn:kakanai:problem:{kind}", "title": title, "status": status, **facts}
    told = Response(
        json.dumps(body, ensure_ascii=False), status, media_type="application/problem+json"
    )
    if "retry_after" in facts:
        told.headers["Retry-After"] = str(facts["retry_after"])
    return told


def speak_problems(app: FastAPI) -> None:
    """Every error of the application leaves it in this one form."""

    @app.exception_handler(ProblemError)
    async def _ours(_: Request, fault: ProblemError) -> Response:
        return response(fault.status, fault.kind, fault.title, **fault.facts)

    @app.exception_handler(HTTPException)
    async def _http(_: Request, fault: HTTPException) -> Response:
        told = response(fault.status_code, "http", str(fault.detail))
        told.headers.update(fault.headers or {})
        return told

    @app.exception_handler(SQLAlchemyError)
    async def _store(_: Request, __: SQLAlchemyError) -> Response:
        words = "The office cannot store now; try again"
        return response(503, "store-unusable", words, retry_after=1)

    @app.exception_handler(SetupFault)
    async def _setup(_: Request, fault: SetupFault) -> Response:
        logging.getLogger(__name__).error("%s", fault)  # which file: for us, not for a stranger
        return response(503, "not-set-up", "The office's own files cannot be used; see its log")

    @app.exception_handler(RequestValidationError)
    async def _validation(_: Request, fault: RequestValidationError) -> Response:
        found = [
            {"field": ".".join(map(str, e["loc"])), "reason": e["type"]} for e in fault.errors()
        ]
        return response(
            422, "invalid", "The request is not as the API describes it", problems=found
        )
