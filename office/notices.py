"""What the city tells everybody: heard from its broker once, and asked for again and again.

Brokers do not repeat what was lost, so what is asked for decides; what is heard is only sooner.
"""

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from msgspec import DecodeError, Meta, Struct, ValidationError
from msgspec.json import decode, encode
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from office.cityos.told import Notice, Told, Words, can_be, told
from office.orders import read_whole
from office.problems import ProblemError
from office.tables import NoticeTable

LARGEST = 256 * 1024
MOST = 20  # on their way to a terminal at once: nobody reads more
REVOKED = "revoked"
_STRENGTH = ("alert", "closure", "notice")


class Notification(Struct, frozen=True):
    """The body of a broker's notification, in either dialect; what else it has is not read."""

    data: Annotated[list[dict[str, Any]], Meta(max_length=500)]


@dataclass(frozen=True)
class Notices:
    """The notices that this office knows; `kinds` are the entity types that are some."""

    engine: Engine
    kinds: Mapping[str, str]
    now: Callable[[], datetime]

    def take(self, entities: Iterable[Mapping[str, Any]]) -> int:
        """Keep what is newer than what is known; how many that were."""
        found = [each for entity in entities if (each := told(entity, self.kinds))]
        with Session(self.engine) as session, session.begin():
            return sum(self._keep(session, each) for each in found)

    def reconcile(self, entities: Collection[Mapping[str, Any]], asked: datetime) -> None:
        """These were all there are when it was asked: what is not among them was taken back."""
        self.take(entities)
        there = [name for entity in entities if can_be(name := entity.get("id"))]
        gone = NoticeTable.id.not_in(there), NoticeTable.received < asked.isoformat()
        with Session(self.engine) as session, session.begin():
            session.execute(delete(NoticeTable).where(*gone))

    def standing(self) -> Sequence[Notice]:
        """What is in force or will be, the strongest first."""
        now = self.now()
        with Session(self.engine) as session:
            rows = session.scalars(select(NoticeTable).where(NoticeTable.kind != REVOKED)).all()
            found = [
                Notice(r.id, r.kind, _words(r.words), r.begins, r.ends, r.modified) for r in rows
            ]
        lasting = [each for each in found if not each.ends or _moment(each.ends) > now]
        return sorted(lasting, key=_rank)[:MOST]

    def _keep(self, session: Session, notice: Told) -> bool:
        row = session.get(NoticeTable, notice.id)
        kind, words = REVOKED if notice.revoked else notice.kind, encode(notice.words).decode()
        if row is not None:
            known = row.kind, row.words, row.begins, row.ends
            same = known == (kind, words, notice.begins, notice.ends)
            if row.modified > notice.modified or (row.modified == notice.modified and same):
                return False
        made = NoticeTable(
            id=notice.id,
            kind=kind,
            words=words,
            begins=notice.begins,
            ends=notice.ends,
            modified=notice.modified,
            received=self.now().isoformat(),
        )
        session.merge(made)
        return True


def notice_routes(notices: Notices, secret: str) -> APIRouter:
    """The one call of a broker."""
    router = APIRouter()

    @router.post("/v1/notifications/{given}", status_code=204)
    async def hear(given: str, request: Request) -> Response:
        """Something changed: kept if it is a notice for residents, and newer."""
        if not secret or not secrets.compare_digest(given.encode(), secret.encode()):
            raise ProblemError(404, "unknown", "No such address")
        body = await read_whole(request, LARGEST)
        try:
            heard = decode(body, type=Notification)
        except (DecodeError, ValidationError, RecursionError) as fault:
            raise ProblemError(422, "invalid", "No notification of NGSI") from fault
        await run_in_threadpool(notices.take, heard.data)
        return Response(status_code=204)

    return router


def _words(kept: str) -> dict[str, Words]:
    return decode(kept, type=dict[str, Words])


def _rank(notice: Notice) -> tuple[int, str]:
    return _STRENGTH.index(notice.kind), notice.begins or ""


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written)
