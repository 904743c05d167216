"""The calls about certificates: issued, accounted for, looked up, revoked."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from office.copies import Copies
from office.devices import Device
from office.ledger import Ledger
from office.orders import Bounded, CertificateOrder, Outcome, Revocation
from office.problems import ProblemError
from office.registry import Registry

_PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}
Authorization = Annotated[str | None, Header()]


def certificate_routes(
    registry: Registry, ledger: Ledger, copies: Copies, let_in: Callable[..., Device]
) -> APIRouter:
    """Every call about certificates; `let_in` knows a terminal by its header, and its role."""
    router = APIRouter(route_class=Bounded, prefix="/v1/certificates")

    @router.post("")
    def certificate(
        order: CertificateOrder,
        idempotency_key: Annotated[str, Header(min_length=8, max_length=120)],
        authorization: Authorization = None,
    ) -> dict[str, Any]:
        """Numbered certificates, or one neutral refusal."""
        who = let_in(authorization)
        return registry.issue(order.model_dump(mode="json"), who, idempotency_key)

    @router.get("")
    def of_day(
        day: str,
        device: Annotated[str | None, Query(max_length=40, pattern=r"^[^\x00]*$")] = None,
        after: str = "0",
        authorization: Authorization = None,
    ) -> dict[str, Any]:
        """One page of a day's numbers and what became of them; a kiosk is told its own."""
        who = let_in(authorization)
        if who.role == "kiosk" and device not in (None, who.id):
            raise ProblemError(403, "not-allowed", "This device may not do that")
        asked = who.id if who.role == "kiosk" else device
        items, cursor = ledger.day(_day(day), asked, cursor_of(after))
        return {"items": items, "next": cursor}

    @router.get("/{number}")
    def standing(number: str, authorization: Authorization = None) -> dict[str, Any]:
        """Whether this number was issued, and its paper still stands; nothing personal."""
        return ledger.standing(number, let_in(authorization))

    @router.get("/{number}/electronic", response_class=Response, responses=_PDF)
    async def electronic(number: str, authorization: Authorization = None) -> Response:
        """The paper as a signed PDF, for the counter that ordered it, until an outcome is told."""
        who = await run_in_threadpool(let_in, authorization, "counter")
        made = await copies.of(number, who)
        named = {
            "Content-Disposition": f'attachment; filename="{number}.pdf"',
            "Cache-Control": "no-store",
        }
        return Response(made, media_type="application/pdf", headers=named)

    @router.post("/{number}/outcome")
    def outcome(
        number: str, told: Annotated[Outcome, Body()], authorization: Authorization = None
    ) -> dict[str, str]:
        """Every number is accounted for."""
        ledger.outcome(number, told.outcome, let_in(authorization).id, told.remark)
        return {"number": number, "outcome": told.outcome}

    @router.post("/{number}/revoke")
    def revoke(
        number: str, why: Annotated[Revocation, Body()], authorization: Authorization = None
    ) -> dict[str, Any]:
        """A clerk takes a paper's word back."""
        let_in(authorization, "counter")
        return ledger.revoke(number, why.reason)

    return router


def cursor_of(after: str) -> int:
    """Where a page begins: a `next` of ours."""
    if not (after.isascii() and after.isdecimal()) or len(after) > 18:
        raise ProblemError(422, "invalid", "after: takes a `next` of ours")
    return int(after)


def _day(day: str) -> str:
    try:
        known = date.fromisoformat(day)
    except ValueError as fault:
        raise ProblemError(422, "invalid", "day: takes YYYY-MM-DD") from fault
    if known.isoformat() != day:
        raise ProblemError(422, "invalid", "day: takes YYYY-MM-DD")
    return day
