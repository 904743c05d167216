"""The ends of the terminals' journals: what was told once cannot vanish there unseen."""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from office.devices import Device
from office.orders import Bounded
from office.problems import ProblemError
from office.tables import AnchorTable

PAGE = 500
NEWEST = 100  # kept each; of older ones the last of each day
LONGEST_WHY = 200
Authorization = Annotated[str | None, Header()]
Place = Annotated[int, Query(ge=0, lt=2**31)]
_log = logging.getLogger(__name__)


class End(BaseModel):
    """Where a journal ends: the last entry's place and hash."""

    model_config = ConfigDict(extra="forbid")
    entry: int = Field(ge=1, le=2**31 - 1)
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")


class Anchors:
    """The ends that were told; `refused` counts what did not fit.

    Each proves everything before it, so that a few of the old ones say as much as all of them.
    """

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now
        self.refused: Counter[str] = Counter()

    def tell(self, device: str, end: End) -> None:
        """Note the end, unless the journal became shorter or another."""
        told = {"device": device, "entry": end.entry, "hash": end.hash}
        at = self._now().isoformat()
        try:
            with Session(self._engine) as session, session.begin():
                last = self._last(session, device)
                if not self._fits(last, device, end):
                    line = last.line if last else 0
                    session.add(AnchorTable(**told, line=line, at=at))
                    session.flush()
                    _thin(session, device, line)
        except IntegrityError:  # the same device, at once, through another process
            with Session(self._engine) as session:
                self._fits(self._last(session, device), device, end)

    def last(self, device: str) -> dict[str, Any]:
        """The last end, as the API says it; `anew`: since when and why it counts anew."""
        with Session(self._engine) as session:
            row = self._last(session, device)
            begun = session.get(AnchorTable, (device, row.line, 0)) if row else None
        if row is None:
            raise ProblemError(404, "unknown", "No end of this journal was told yet")
        anew = {"at": begun.at, "why": begun.why} if begun else None
        return {"entry": row.entry, "hash": row.hash, "at": row.at, "anew": anew}

    def page(self, device: str, after: int) -> dict[str, Any]:
        """Every end from a place on, oldest first, since it last began anew."""
        with Session(self._engine) as session:
            last = self._last(session, device)
            line = last.line if last else 0
            mine = select(AnchorTable).filter_by(device=device, line=line)
            later = mine.where(AnchorTable.entry > after).order_by(AnchorTable.entry)
            rows = session.scalars(later.limit(PAGE)).all()
        items = [{"entry": row.entry, "hash": row.hash, "at": row.at} for row in rows]
        following = str(rows[-1].entry) if len(rows) == PAGE else None
        return {"items": items, "next": following}

    def accept(self, device: str, why: str) -> int | None:
        """From now on the journal may be another: staff knows why. How far it was known before."""
        at = self._now().isoformat()
        with Session(self._engine) as session, session.begin():
            last = self._last(session, device)
            if last is None:
                return None
            begun = {"line": last.line + 1, "entry": 0, "hash": "", "why": why[:LONGEST_WHY]}
            session.add(AnchorTable(device=device, at=at, **begun))
            return last.entry

    def _last(self, session: Session, device: str) -> AnchorTable | None:
        mine = select(AnchorTable).filter_by(device=device)
        latest = mine.order_by(AnchorTable.line.desc(), AnchorTable.entry.desc())
        return session.scalars(latest.limit(1)).one_or_none()

    def _fits(self, last: AnchorTable | None, device: str, end: End) -> bool:
        """True where this end is known already; what cannot be is refused, and not quietly."""
        if last is None or end.entry > last.entry:
            return False
        if (end.entry, end.hash) == (last.entry, last.hash):
            return True
        self.refused[device] += 1
        kind = "journal-shorter" if end.entry < last.entry else "journal-different"
        _log.error("%s: %s ends at %d; told before: %d", kind, device, end.entry, last.entry)
        title = "The journal is not the one whose end was told before"
        raise ProblemError(409, kind, title, entry=last.entry)


def _thin(session: Session, device: str, line: int) -> None:
    """One that is among the newest no longer goes, unless it is the last of its day."""
    mine = select(AnchorTable).filter_by(device=device, line=line)
    newest_first = mine.where(AnchorTable.entry > 0).order_by(AnchorTable.entry.desc())
    later, old = (*session.scalars(newest_first.offset(NEWEST - 1).limit(2)), None, None)[:2]
    if later and old and later.at[:10] == old.at[:10]:
        gone = delete(AnchorTable).filter_by(device=device, line=line, entry=old.entry)
        session.execute(gone)


def journal_routes(anchors: Anchors, let_in: Callable[..., Device]) -> APIRouter:
    """Every call about journals: a device tells and asks of its own alone."""
    router = APIRouter(route_class=Bounded, prefix="/v1/journal")

    @router.put("/anchor")
    def tell(end: End, authorization: Authorization = None) -> End:
        """The journal of this device ends here now."""
        anchors.tell(let_in(authorization, "kiosk", "counter").id, end)
        return end

    @router.get("/anchor")
    def last(authorization: Authorization = None) -> dict[str, Any]:
        """The last end that this device told."""
        return anchors.last(let_in(authorization, "kiosk", "counter").id)

    @router.get("/anchors")
    def every(after: Place = 0, authorization: Authorization = None) -> dict[str, Any]:
        """Every end that this device ever told, in pages."""
        return anchors.page(let_in(authorization, "kiosk", "counter").id, after)

    return router
