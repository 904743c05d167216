"""An outbox in memory, for the class: gone with it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from forms.envelope import Envelope, canonical, digest
from forms.kinds.attached import Attachment
from kiosk.errors import AlreadyHandedIn, StoreUnusable
from kiosk.ports.consents import Consented, ConsentRecord
from kiosk.ports.outbox import (
    A_WHILE,
    NOT_AGREED,
    Depth,
    OutboxRow,
    Parcel,
    Piecemeal,
    RowState,
    Try,
)

_ON_ITS_WAY = (RowState.WAITING, RowState.SENDING)
_STAYING = (RowState.WAITING, RowState.REFUSED, RowState.SET_ASIDE)


class MemoryOutbox:
    """Practice submissions, gone with the class."""

    def __init__(self) -> None:
        self._kept: dict[str, Envelope] = {}
        self._rows: dict[str, OutboxRow] = {}
        self._bodies: dict[str, bytes] = {}
        self._next: dict[str, tuple[int, bool]] = {}
        self._attached: dict[str, dict[str, tuple[bytes, int]]] = {}
        self._last = 0
        self.said: list[ConsentRecord] = []

    def keep(
        self,
        fill: Callable[[int], Envelope],
        attachments: Sequence[Attachment] = (),
        by: str = "kiosk",  # noqa: ARG002 (the port's shape)
        consents: Sequence[Consented] = (),
    ) -> Envelope:
        """Number and freeze, as the real one does."""
        envelope = self._freeze(fill(self._last + 1), attachments)
        for each in consents:
            self.said.append(each.record)
            if each.share is not None:
                self._freeze(each.share(envelope, self._last + 1), ())
        return envelope

    def withdraw(self, record: ConsentRecord) -> int:
        """The word, and the end of whatever waits for it."""
        self.said.append(record)
        theirs = [
            one
            for one, kept in self._kept.items()
            if (kept.person, kept.purpose) == (record.person, record.purpose)
            and self._bodies[one]
            and self._rows[one].state in _STAYING
        ]
        for one in theirs:
            aside = replace(self._rows[one], state=RowState.SET_ASIDE, last_answer=NOT_AGREED)
            self._rows[one] = replace(aside, settled_at=record.at.isoformat())
            self._bodies[one] = b""
        return len(theirs)

    def _freeze(self, envelope: Envelope, attachments: Sequence[Attachment]) -> Envelope:
        one = str(envelope.id)
        if one in self._rows:
            raise AlreadyHandedIn
        body = canonical(envelope)
        row = OutboxRow(one, envelope.receipt, digest(body), RowState.WAITING, 0, None, None)
        self._rows[one] = replace(
            row, purpose=envelope.purpose, kept_at=envelope.submitted.isoformat()
        )
        self._last, self._kept[one], self._bodies[one] = self._last + 1, envelope, body
        self._next[one] = (0, False)
        self._attached[one] = {each.sha256: (each.content, 0) for each in attachments}
        return envelope

    def body(self, submission: str) -> bytes:
        """The frozen bytes."""
        if not self._bodies.get(submission):
            raise StoreUnusable("no such row")
        return self._bodies[submission]

    def attachments(self, submission: str) -> Sequence[Piecemeal]:
        """What is still here."""
        several = sorted(self._attached.get(submission, {}).items())
        return [Piecemeal(sha256, len(content), sent) for sha256, (content, sent) in several]

    def attachment(self, submission: str, sha256: str) -> bytes | None:
        """As it was kept."""
        found = self._attached.get(submission, {}).get(sha256)
        return found and found[0]

    def progress(self, submission: str, sha256: str, sent: int) -> None:
        """Noted."""
        content, _ = self._attached[submission][sha256]
        self._attached[submission][sha256] = (content, sent)

    @contextmanager
    def sender(self) -> Iterator[bool]:
        """There is no other process."""
        yield True

    def due(self, now: int, limit: int = 100) -> Sequence[str]:
        """What may go now, oldest first; none before what it corrects."""
        found = (
            one
            for one, row in self._rows.items()
            if row.state == RowState.WAITING
            and self._next[one][0] <= now
            and not self._behind(self._kept[one])
        )
        return [one for one, _ in zip(found, range(limit), strict=False)]

    def claim(self, now: int, limit: int = 25) -> Sequence[Parcel]:
        """Marked as being sent."""
        parcels = []
        for one in self.due(now, limit):
            row, kept = self._rows[one], self._kept[one]
            self._rows[one] = replace(row, state=RowState.SENDING)
            doubtful, body = self._next[one][1], self._bodies[one]
            more = (row.attempts, doubtful, kept.purpose, kept.person)
            parcels.append(Parcel(one, row.sha256, *more, body))
        return parcels

    def record(self, tries: Sequence[Try]) -> None:
        """What they came to."""
        for each in tries:
            row = self._rows.get(each.id)
            if row is None:
                raise StoreUnusable("no such row")
            at = each.at.isoformat()
            settled = None if each.state in _ON_ITS_WAY else at
            row = replace(row, state=each.state, settled_at=settled)
            if each.tried:
                told = each.answer[:400]
                row = replace(row, attempts=row.attempts + 1, last_at=at, last_answer=told)
            self._rows[each.id], self._next[each.id] = row, (each.again, each.doubtful)
            if each.state is RowState.SET_ASIDE and each.answer == NOT_AGREED:
                self._bodies[each.id] = b""
                self._attached[each.id] = {}

    def row(self, submission: str) -> OutboxRow | None:
        """One of them."""
        return self._rows.get(submission)

    def rows(self) -> Sequence[OutboxRow]:
        """Everything, oldest first."""
        return list(self._rows.values())

    def undelivered(self) -> Sequence[OutboxRow]:
        """What the office does not have."""
        return [row for row in self._rows.values() if row.state != RowState.DELIVERED]

    def depth(self) -> Depth:
        """How much waits."""
        waiting = [row for row in self._rows.values() if row.state in _ON_ITS_WAY]
        return Depth(len(waiting), waiting[0].kept_at if waiting else None)

    def retry(self, submission: str, at: datetime, by: str) -> bool:  # noqa: ARG002
        """Back in its old place."""
        row = self._rows.get(submission)
        stands = row and row.state in (RowState.REFUSED, RowState.SET_ASIDE)
        if not row or not stands or not self._bodies[submission]:
            return False
        self._rows[submission] = replace(row, state=RowState.WAITING, settled_at=None)
        self._next[submission] = (0, True)
        return True

    def send_again(self, since: datetime, at: datetime, by: str) -> int:  # noqa: ARG002
        """Back in their old places."""
        moment, due = since.isoformat(), int((at + A_WHILE).timestamp() * 1000)
        found = [
            one
            for one, row in self._rows.items()
            if row.state == RowState.DELIVERED and (row.settled_at or "") >= moment
        ]
        for one in found:
            self._rows[one] = replace(self._rows[one], state=RowState.WAITING, settled_at=None)
            self._next[one] = (due if self._rows[one].purpose else 0, True)
            kept = self._attached[one].items()
            self._attached[one] = {name: (content, 0) for name, (content, _) in kept}
        return len(found)

    def quarantine(self, submission: str, why: str, at: datetime, by: str) -> bool:  # noqa: ARG002
        """Out of everybody's way."""
        row = self._rows.get(submission)
        if not row or row.state not in (RowState.WAITING, RowState.REFUSED):
            return False
        row = replace(row, last_answer=why[:400], settled_at=at.isoformat())
        self._rows[submission] = replace(row, state=RowState.SET_ASIDE)
        return True

    def clear(self, before: datetime, at: datetime, by: str) -> int:  # noqa: ARG002
        """What was settled until then is forgotten."""
        moment = before.isoformat()
        left = [
            one
            for one, row in self._rows.items()
            if (row.settled_at or "~") <= moment
            and (row.state == RowState.DELIVERED or not self._bodies[one])
        ]
        for one in left:
            for table in (self._rows, self._kept, self._bodies, self._next, self._attached):
                del table[one]
        return len(left)

    def clear_photos(self, before: datetime) -> None:
        """Forgotten before the rest."""
        for one, row in self._rows.items():
            if row.state == RowState.DELIVERED and (row.settled_at or "~") <= before.isoformat():
                self._attached[one] = {}

    def _behind(self, envelope: Envelope) -> bool:
        first = self._rows.get(str(envelope.parent))
        return first is not None and first.state in _ON_ITS_WAY
