"""The calls about people, who are known here by a mark alone: their consents, all that is held."""

import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Path
from fastapi.responses import JSONResponse
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from office.consents import MARK, Consents, ConsentTold
from office.devices import Device
from office.orders import Bounded
from office.tables import (
    AttachmentTable,
    CertificateTable,
    HandoverTable,
    HistoryTable,
    OrderTable,
    SubmissionTable,
)

Authorization = Annotated[str | None, Header()]
Mark = Annotated[str, Path(pattern=MARK)]


def person_routes(engine: Engine, consents: Consents, let_in: Callable[..., Device]) -> APIRouter:
    """Every call about a person."""
    router = APIRouter(route_class=Bounded, prefix="/v1")

    @router.put("/consents/{record}")
    def put(record: UUID, told: ConsentTold, authorization: Authorization = None) -> JSONResponse:
        """One word of one person; the answer comes after it is durable."""
        fresh = consents.put(record, told, let_in(authorization).id)
        return JSONResponse({"id": str(record)}, 201 if fresh else 200)

    @router.get("/persons/{person}/consents")
    def agreed(person: Mark, authorization: Authorization = None) -> dict[str, Any]:
        """How each purpose stands today, and every word that led there."""
        let_in(authorization)
        return consents.of(person)

    @router.get("/persons/{person}")
    def held(person: Mark, authorization: Authorization = None) -> dict[str, Any]:
        """Everything that is held on a person, for the person."""
        let_in(authorization, "counter")
        with Session(engine) as session:
            found = _submissions(session, person)
        return {"person": person, "submissions": found, "consents": consents.of(person)}

    return router


def _submissions(session: Session, person: str) -> list[dict[str, Any]]:
    mine = select(SubmissionTable).filter_by(person=person).order_by(SubmissionTable.arrival)
    return [
        {
            "id": row.id,
            "sha256": row.sha256,
            "device": row.device,
            "received": row.received,
            "state": row.state,
            "purpose": row.purpose,
            "envelope": json.loads(row.body) if row.body else None,
            "history": _rows(session, HistoryTable, row.id, ("state", "at", "by", "words")),
            "attachments": _rows(session, AttachmentTable, row.id, ("sha256", "size", "whole")),
            "handed_to": _rows(session, HandoverTable, row.id, ("target", "state", "last_at")),
            "certificates": _certificates(session, row.id),
        }
        for row in session.scalars(mine)
    ]


def _rows(
    session: Session, table: Any, submission: str, names: Sequence[str]
) -> list[dict[str, Any]]:
    rows = session.scalars(select(table).filter_by(submission=submission))
    return [{name: getattr(row, name) for name in names} for row in rows]


def _certificates(session: Session, submission: str) -> list[dict[str, Any]]:
    """The numbers given out for it: an order's key is its device, then its submission."""
    ordered = (
        select(CertificateTable, OrderTable)
        .join(OrderTable, OrderTable.id == CertificateTable.order_id)
        .where(OrderTable.key.contains(f":{submission}", autoescape=True))
        .order_by(CertificateTable.serial)
    )
    return [
        {"number": paper.number, "type": order.type, "issued": order.day, "outcome": paper.outcome}
        for paper, order in session.execute(ordered)
    ]
