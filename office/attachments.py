"""Photos and files come in pieces: after a lost line, the next piece says where to go on."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from fastapi import Path as InPath
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from office.devices import Device
from office.limits import Door
from office.orders import read_whole
from office.problems import ProblemError
from office.tables import AttachmentTable, PieceTable, SubmissionTable
from office.tray import Tray

LARGEST_PIECE = 256 * 1024
Authorization = Annotated[str | None, Header()]
Sha256 = Annotated[str, InPath(pattern=r"^[0-9a-f]{64}$")]


class Attachments:
    """Only what a stored envelope names comes in, from its device or (`device` None) a counter."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def state(self, submission: str, sha256: str, device: str | None) -> dict[str, Any]:
        """How much of it is here."""
        with Session(self._engine) as session:
            return _told(_row(session, submission, sha256, device))

    def piece(
        self, submission: str, sha256: str, device: str | None, start: int, body: bytes
    ) -> dict[str, Any]:
        """Durable when this returns; another start than `have` is answered with `have`."""
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            row = _row(session, submission, sha256, device)
            if row.whole:
                return _told(row)
            if start != row.have:
                words = f"The next piece begins at {row.have}"
                raise ProblemError(409, "another-start", words, have=row.have)
            if row.have + len(body) > row.size:
                raise ProblemError(422, "too-long", "More than the file has", have=row.have)
            session.add(PieceTable(submission=submission, sha256=sha256, start=start, body=body))
            row.have += len(body)
            fits = row.have < row.size or self._finish(session, row)
        if not fits:
            words = "These pieces are not that file; begin again"
            raise ProblemError(422, "another-file", words, have=0)
        return _told(row)

    def _finish(self, session: Session, row: AttachmentTable) -> bool:
        """All of it is here: it is that file, or it is nothing."""
        session.flush()
        mine = {"submission": row.submission, "sha256": row.sha256}
        made = hashlib.sha256()
        for body in session.scalars(
            select(PieceTable.body).filter_by(**mine).order_by(PieceTable.start)
        ):
            made.update(body)
        if made.hexdigest() != row.sha256:
            session.execute(delete(PieceTable).filter_by(**mine))
            row.have = 0
            return False
        row.whole = self._now().isoformat()
        left = SubmissionTable.missing - 1
        counted = SubmissionTable.id == row.submission
        session.execute(update(SubmissionTable).where(counted).values(missing=left))
        return True


def attachment_routes(attachments: Attachments, tray: Tray, let_in: Door) -> APIRouter:
    """The calls about photos and files."""
    router = APIRouter(prefix="/v1/submissions/{submission}/attachments/{sha256}")

    @router.put("")
    async def put(
        submission: UUID,
        sha256: Sha256,
        request: Request,
        start: Annotated[int, Query(ge=0, lt=2**31)],
        authorization: Authorization = None,
    ) -> dict[str, Any]:
        """A piece of at most 256 KiB; the answer comes after it is durable."""
        who = await let_in.terminal(authorization)
        body = await read_whole(request, LARGEST_PIECE)
        if not body:
            raise ProblemError(422, "invalid", "A piece of nothing")
        return await run_in_threadpool(
            attachments.piece, str(submission), sha256, _whose(who), start, body
        )

    @router.get("")
    def get(
        submission: UUID, sha256: Sha256, authorization: Authorization = None
    ) -> dict[str, Any]:
        """How much of it is here: where to go on after a lost answer."""
        return attachments.state(str(submission), sha256, _whose(let_in(authorization)))

    @router.get("/content", response_class=Response)
    def content(submission: UUID, sha256: Sha256, authorization: Authorization = None) -> Response:
        """The whole file, for counters and the back office that it goes to."""
        who = let_in(authorization, "counter", "backoffice")
        file, whole = tray.content(str(submission), sha256, who)
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": "attachment",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(whole, media_type=file.type, headers=headers)

    return router


def _whose(who: Device) -> str | None:
    """A counter hands in what any terminal promised."""
    return None if who.role == "counter" else who.id


def _row(session: Session, submission: str, sha256: str, device: str | None) -> AttachmentTable:
    """Another device's is as unknown as none.

    The submission is held until the transaction ends: what stops it waits for a piece under way,
    or the piece for that, and finds nothing any more.
    """
    mine = select(SubmissionTable.id).filter_by(id=submission)
    if device is not None:
        mine = mine.filter_by(device=device)
    known = session.scalars(mine.with_for_update()).one_or_none()
    row = session.get(AttachmentTable, (submission, sha256)) if known else None
    if row is None:
        raise ProblemError(404, "unknown", "No envelope of this device speaks of such a file")
    return row


def _told(row: AttachmentTable) -> dict[str, Any]:
    return {"size": row.size, "have": row.have, "whole": row.whole is not None}
