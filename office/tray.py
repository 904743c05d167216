"""What lies in the office: each submission as it stands, given out in order of arrival."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, Select, func, select
from sqlalchemy.orm import Session

from forms.kinds.attached import DOCUMENTS
from office.arrivals import Attached, attached_in
from office.devices import Device
from office.history import ACKNOWLEDGED, FINAL, move, steps
from office.problems import ProblemError
from office.restoration import begin_after, cursor_at, returns
from office.tables import AttachmentTable, HandoverTable, PieceTable, SubmissionTable

PAGE, MOST_BYTES = 200, 8 * 1024 * 1024  # of bodies on one page, unless one alone is more
KIOSK, BACKOFFICE = "kiosk", "backoffice"
Page = tuple[list[dict[str, Any]], str | None]
Stands = Callable[[Session, str | None, str | None], bool]


@dataclass(frozen=True)
class Stored:
    """A submission as it stands; `fresh` if this call brought it."""

    id: str
    state: str
    received: str
    token: str
    sha256: str
    fresh: bool

    def told(self) -> dict[str, Any]:
        """As the API says it."""
        plain = {"id": self.id, "state": self.state, "received": self.received}
        return {**plain, "sha256": self.sha256, "receipt_token": self.token}


class Tray:
    """Submissions after they came in.

    `stands`: does that person's consent to that purpose stand at this moment. `target_of`: the
    back-office system that a device fetches for, which sees what goes there and nothing else;
    a back office that is no target sees everything but what hangs on a consent.
    """

    def __init__(
        self,
        engine: Engine,
        now: Callable[[], datetime],
        stands: Stands,
        target_of: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        self._engine, self._now, self._stands, self._target_of = engine, now, stands, target_of

    def get(self, submission: str, who: Device) -> dict[str, Any]:
        """What became of it; another kiosk's, and what goes elsewhere, is as unknown as none."""
        with Session(self._engine) as session:
            row = _row(session, submission)
            if who.role == KIOSK and who.id != row.device:
                raise _unknown()
            self._seen(session, submission, who)
            history = steps(session, submission)
            return {**stored(row).told(), "missing": row.missing, "history": history}

    def after(self, cursor: str, who: Device) -> Page:
        """One page, in order of arrival, and where the next begins; None once nothing is left."""
        wanted = select(SubmissionTable)
        if (target := self._target(who)) is not None:
            joined = HandoverTable.submission == SubmissionTable.id
            wanted = wanted.join(HandoverTable, joined).where(HandoverTable.target == target)
        elif who.role == BACKOFFICE:
            wanted = wanted.where(SubmissionTable.purpose.is_(None))
        with Session(self._engine) as session:
            known = returns(session)
            newer = wanted.where(SubmissionTable.arrival > begin_after(cursor, known))
            rows = session.scalars(_page(session, newer)).all()
            whole = _whole(session, [row.id for row in rows])
            items = [_item(row, whole, may_go=self._may_go(session, row)) for row in rows]
            return items, cursor_at(rows[-1].arrival, known) if rows else None

    def acknowledge(self, submission: str, who: Device) -> Stored:
        """A back office has taken it over."""
        target, now = self._target(who), self._now()
        with Session(self._engine) as session, session.begin():
            handover = self._seen(session, submission, who)
            if handover is not None:
                handover.state, handover.last_at = ACKNOWLEDGED, now.isoformat()
            row = move(session, submission, ACKNOWLEDGED, target or who.id, "", now)
            return stored(row)

    def content(self, submission: str, sha256: str, who: Device) -> tuple[Attached, bytes]:
        """A whole file and what the envelope calls it."""
        with Session(self._engine) as session:
            row = _row(session, submission)
            self._seen(session, submission, who)
            if not self._may_go(session, row):
                raise ProblemError(403, "stopped", "There is no consent to this any more")
            found = {each.sha256: each for each in _named(row)}
            if sha256 not in found:
                raise _unknown()
            if sha256 not in _whole(session, [submission]).get(submission, ()):
                raise ProblemError(409, "not-whole", "Not all of this file has arrived yet")
            asked = select(PieceTable.body).filter_by(submission=submission, sha256=sha256)
            return found[sha256], b"".join(session.scalars(asked.order_by(PieceTable.start)))

    def by_token(self, token: str) -> Row[str, str, int] | None:
        """State, day of arrival and files to come, for the page behind a receipt."""
        row = SubmissionTable
        asked = select(row.state, row.received, row.missing).filter_by(token=token)
        with Session(self._engine) as session:
            return session.execute(asked).one_or_none()

    def counts(self) -> dict[str, int]:
        """How many stand in each state."""
        asked = select(SubmissionTable.state, func.count()).group_by(SubmissionTable.state)
        with Session(self._engine) as session:
            return dict(session.execute(asked).tuples().all())

    def handovers(self) -> tuple[dict[tuple[str, str], int], str | None]:
        """How many stand where for each target, and when the oldest that is not done came in."""
        asked = select(HandoverTable.target, HandoverTable.state, func.count())
        oldest = select(func.min(SubmissionTable.received)).where(
            SubmissionTable.state.not_in((*FINAL, ACKNOWLEDGED))
        )
        with Session(self._engine) as session:
            rows = session.execute(asked.group_by(HandoverTable.target, HandoverTable.state))
            return {(row[0], row[1]): row[2] for row in rows}, session.scalar(oldest)

    def _target(self, who: Device) -> str | None:
        return self._target_of(who.id) if who.role == BACKOFFICE else None

    def _seen(self, session: Session, submission: str, who: Device) -> HandoverTable | None:
        """Its handover to whom this device fetches for; unknown to those whom it does not go to."""
        target = self._target(who)
        if target is None:
            if who.role == BACKOFFICE and _row(session, submission).purpose is not None:
                raise _unknown()
            return None
        asked = select(HandoverTable).filter_by(submission=submission, target=target)
        row = session.scalars(asked.with_for_update()).one_or_none()
        if row is None:
            raise _unknown()
        return row

    def _may_go(self, session: Session, row: SubmissionTable) -> bool:
        """Asked anew whenever a share is about to be read."""
        if not row.body:
            return False  # it was stopped
        return row.purpose is None or self._stands(session, row.person, row.purpose)


def _page(session: Session, wanted: Select[SubmissionTable]) -> Select[SubmissionTable]:
    """As many of them as go together: no reader should have to hold more."""
    in_order = wanted.order_by(SubmissionTable.arrival).limit(PAGE)
    sized = in_order.with_only_columns(SubmissionTable.arrival, func.length(SubmissionTable.body))
    last = altogether = 0
    for arrival, size in session.execute(sized):
        altogether += size
        if last and altogether > MOST_BYTES:
            break
        last = arrival
    return in_order.where(SubmissionTable.arrival <= last)


def stored(row: SubmissionTable, *, fresh: bool = False) -> Stored:
    """The row, outside of its transaction."""
    return Stored(row.id, row.state, row.received, row.token, row.sha256, fresh)


def _row(session: Session, submission: str) -> SubmissionTable:
    row = session.scalars(select(SubmissionTable).filter_by(id=submission)).one_or_none()
    if row is None:
        raise _unknown()
    return row


def _unknown() -> ProblemError:
    return ProblemError(404, "unknown", "No such submission")


def _named(row: SubmissionTable) -> list[Attached]:
    """Under a type that no browser runs."""
    found = attached_in(json.loads(row.body)["B票"])
    return [
        each if each.type in DOCUMENTS else Attached(each.name, _BYTES, each.size, each.sha256)
        for each in found
    ]


def _whole(session: Session, submissions: Sequence[str]) -> dict[str, set[str]]:
    """Which files of each are all here."""
    asked = select(AttachmentTable.submission, AttachmentTable.sha256)
    asked = asked.where(
        AttachmentTable.submission.in_(submissions), AttachmentTable.whole.is_not(None)
    )
    found: dict[str, set[str]] = {}
    for submission, sha256 in session.execute(asked):
        found.setdefault(submission, set()).add(sha256)
    return found


def _item(row: SubmissionTable, whole: dict[str, set[str]], *, may_go: bool) -> dict[str, Any]:
    here = whole.get(row.id, set())
    envelope = json.loads(row.body) if may_go else None  # a share without consent tells nothing
    files = _named(row) if may_go else []
    return {
        "id": row.id,
        "sha256": row.sha256,
        "device": row.device,
        "sequence": row.sequence,
        "received": row.received,
        "state": row.state,
        "purpose": row.purpose,
        "envelope": envelope,
        "attachments": [{**asdict(each), "whole": each.sha256 in here} for each in files],
    }


_BYTES = "application/octet-stream"
