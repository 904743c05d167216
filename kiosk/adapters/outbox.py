"""The outbox as a table: frozen, sealed rows that leave oldest first."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from time import sleep
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from forms.envelope import Envelope, canonical_json, digest, to_json
from forms.kinds.attached import Attachment
from kiosk.adapters import outbox_sql as sql
from kiosk.adapters.alone import LOOK, alone
from kiosk.adapters.consents import note
from kiosk.adapters.journal import append
from kiosk.adapters.store import Store
from kiosk.domain.journal import Deed
from kiosk.errors import AlreadyHandedIn, StoreUnusable
from kiosk.ports.consents import Consented
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

LONGEST_WAIT = 7_200_000  # nobody waits more than an hour: a clock gone wrong said so
_NONCE, _ANSWER = 12, 400
_PATIENCE = 5.0
_SOME = 1000
_DEEDS = {
    RowState.DELIVERED: Deed.DELIVERED,
    RowState.REFUSED: Deed.REFUSED,
    RowState.SET_ASIDE: Deed.SET_ASIDE,
}


class SqliteOutbox:
    """Keeps submissions in SQLite, each row sealed with AES-GCM.

    New rows are sealed with `key`; those of an earlier key are still opened.
    """

    def __init__(self, store: Store, key: bytes, *earlier: bytes) -> None:
        self._seals = [AESGCM(each) for each in (key, *earlier)]
        self._store = store
        with self._only_sender(0):
            pass

    def keep(
        self,
        fill: Callable[[int], Envelope],
        attachments: Sequence[Attachment] = (),
        by: str = "kiosk",
        consents: Sequence[Consented] = (),
    ) -> Envelope:
        """Number, freeze and commit in one transaction, with everything that belongs to it."""
        with self._store.transaction() as base:
            number = (base.execute(sql.LAST).fetchone()[0] or 0) + 1
            envelope = fill(number)
            told = to_json(envelope)
            at = told["submitted"]
            self._freeze(base, number, told, attachments, (at, by))
            for said in consents:
                note(base, said.record, by)
                if said.share is not None:
                    number += 1
                    share = to_json(said.share(envelope, number))
                    self._freeze(base, number, share, (), (at, by))
        return envelope

    def adopt(
        self, envelope: Envelope, attachments: Sequence[Attachment], at: datetime, by: str
    ) -> bool:
        """What was promised elsewhere leaves from here; its own number and receipt stay in it."""
        try:
            with self._store.transaction() as base:
                number = (base.execute(sql.LAST).fetchone()[0] or 0) + 1
                self._freeze(base, number, to_json(envelope), attachments, (at.isoformat(), by))
        except AlreadyHandedIn:
            return False
        return True

    def _freeze(
        self,
        base: sqlite3.Connection,
        number: int,
        told: Mapping[str, Any],
        files: Sequence[Attachment],
        kept: tuple[str, str],
    ) -> None:
        """One row with its photos and its entry."""
        at, by = kept
        one, body = told["id"], canonical_json(told)
        sha256 = digest(body)
        row = (number, one, told["receipt"], sha256, self._sealed(body, one))
        more = (told.get("purpose"), told.get("person"), told["parent"], at)
        try:
            base.execute(sql.KEEP, row + more)
        except sqlite3.IntegrityError as fault:
            raise AlreadyHandedIn from fault
        for each in files:
            sealed = self._sealed(each.content, one + each.sha256)
            base.execute(sql.ATTACH, (one, each.sha256, len(each.content), sealed))
        append(base, at, by, Deed.KEPT, one, f"sha256={sha256}")

    def body(self, submission: str) -> bytes:
        """The bytes as they were frozen."""
        with self._store.reading() as base:
            found = base.execute(sql.BODY, (submission,)).fetchone()
        opened = found and self._opened(found[0], submission)
        if opened is None:
            raise StoreUnusable("InvalidTag" if found else "no such row")
        return bytes(opened)

    def attachments(self, submission: str) -> Sequence[Piecemeal]:
        """They stay for a while after they arrived: what the office has, it may lose."""
        with self._store.reading() as base:
            return [Piecemeal(*row) for row in base.execute(sql.ATTACHED, (submission,))]

    def attachment(self, submission: str, sha256: str) -> bytes | None:
        """Unsealed, if it can be."""
        with self._store.reading() as base:
            found = base.execute(sql.ATTACHMENT, (submission, sha256)).fetchone()
        return found and self._opened(found[0], submission + sha256)

    def progress(self, submission: str, sha256: str, sent: int) -> None:
        """Noted, so that the next try goes on there."""
        with self._store.transaction() as base:
            base.execute(sql.PROGRESS, (sent, submission, sha256))

    @contextmanager
    def sender(self) -> Iterator[bool]:
        """Whoever holds the file beside the database; a process that ends lets go of it."""
        with self._only_sender(_PATIENCE) as ours:
            yield ours

    def due(self, now: int, limit: int = 100) -> Sequence[str]:
        """What may go now, oldest first; none before what it corrects."""
        with self._store.reading() as base:
            found = base.execute(sql.DUE, (now, now + LONGEST_WAIT, limit))
            return [one for (one,) in found]

    def claim(self, now: int, limit: int = 25) -> Sequence[Parcel]:
        """Marked and synced before the first byte leaves: afterwards nobody has to guess."""
        with self._store.transaction() as base:
            found = base.execute(sql.PARCELS, (now, now + LONGEST_WAIT, limit)).fetchall()
            base.executemany(sql.SENDING, [(one,) for one, *_ in found])
        return [
            Parcel(one, sha256, attempts, bool(doubtful), purpose, person, self._opened(body, one))
            for one, sha256, attempts, doubtful, purpose, person, body in found
        ]

    def record(self, tries: Sequence[Try]) -> None:
        """All in one transaction, each settled one with its entry."""
        with self._store.transaction() as base:
            erased = [_record(base, each) for each in tries]
        if any(erased):
            self._store.leave_no_trace()

    def row(self, submission: str) -> OutboxRow | None:
        """One of them."""
        with self._store.reading() as base:
            found = base.execute(f"{sql.ROWS} WHERE id = ?", (submission,)).fetchone()
        return OutboxRow(*found) if found else None

    def rows(self) -> Sequence[OutboxRow]:
        """Everything, oldest first."""
        with self._store.reading() as base:
            return [OutboxRow(*row) for row in base.execute(f"{sql.ROWS} ORDER BY sequence")]

    def undelivered(self) -> Sequence[OutboxRow]:
        """What the office does not have, found along the index."""
        with self._store.reading() as base:
            return [OutboxRow(*row) for row in base.execute(sql.UNDELIVERED)]

    def of_person(self, person: str) -> Sequence[OutboxRow]:
        """Everything of one person that is still here, oldest first."""
        with self._store.reading() as base:
            found = base.execute(f"{sql.ROWS} WHERE person = ? ORDER BY sequence", (person,))
            return [OutboxRow(*row) for row in found]

    def depth(self) -> Depth:
        """Counted along the index."""
        with self._store.reading() as base:
            waiting = base.execute(sql.WAITING).fetchone()[0]
            oldest = base.execute(sql.OLDEST).fetchone()
        return Depth(waiting, oldest[0] if oldest else None)

    def retry(self, submission: str, at: datetime, by: str) -> bool:
        """Back in its old place, unless its bytes are gone."""
        with self._store.transaction() as base:
            moved = base.execute(sql.RETRY, (submission,)).rowcount == 1
            if moved:
                append(base, at.isoformat(), by, Deed.RETRIED, submission)
        return moved

    def send_again(self, since: datetime, at: datetime, by: str) -> int:
        """Doubtful each, so that the office is asked first; what was erased cannot go."""
        due = int((at + A_WHILE).timestamp() * 1000)
        with self._store.transaction() as base:
            found = base.execute(sql.DELIVERED_SINCE, (since.isoformat(),)).fetchall()
            base.executemany(sql.AGAIN, [(due, one) for (one,) in found])
            base.executemany(sql.FROM_THE_START, found)
            for (one,) in found:
                append(base, at.isoformat(), by, Deed.RETRIED, one, "why=restored")
        return len(found)

    def quarantine(self, submission: str, why: str, at: datetime, by: str) -> bool:
        """Out of everybody's way, with the reason."""
        with self._store.transaction() as base:
            now = at.isoformat()
            words = (why[:_ANSWER], now, submission)
            moved = base.execute(sql.QUARANTINE, words).rowcount == 1
            if moved:
                append(base, now, by, Deed.SET_ASIDE, submission)
        return moved

    def clear(self, before: datetime, at: datetime, by: str) -> int:
        """Rows leave; the last one stays without its bytes, so that no number is given twice.

        Some at a time, so that whoever stands there can hand in meanwhile. The log is cut each
        time: whoever read while something was erased may have kept it there.
        """
        count = 0
        while some := self._clear_some(before.isoformat(), at, by):
            count += some
            sleep(LOOK)  # other processes look for their turn now and then
        self._store.leave_no_trace()
        return count

    def clear_photos(self, before: datetime) -> None:
        """In one go: there are few of them, and nobody waits meanwhile."""
        with self._store.transaction() as base:
            gone = base.execute(sql.FORGET_DELIVERED_PHOTOS, (before.isoformat(),)).rowcount
        if gone:
            self._store.leave_no_trace()

    def _clear_some(self, before: str, at: datetime, by: str) -> int:
        with self._store.transaction() as base:
            left = [one for (one,) in base.execute(sql.SETTLED, (before, _SOME)).fetchall()]
            for statement in (sql.FORGET_ATTACHED, sql.FORGET_BYTES, sql.FORGET):
                base.executemany(statement, [(one,) for one in left])
            for one in left:
                append(base, at.isoformat(), by, Deed.ERASED, one)
        return len(left)

    @contextmanager
    def _only_sender(self, patience: float) -> Iterator[bool]:
        with alone(f"{self._store.file}.sender", patience) as ours:
            if ours:
                self._wait_again()
            yield ours

    def _wait_again(self) -> None:
        with self._store.reading() as base:
            if base.execute(sql.ANY_SENDING).fetchone() is None:
                return
        with self._store.transaction() as base:
            base.execute(sql.WAIT_AGAIN)

    def _sealed(self, plain: bytes, name: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._seals[0].encrypt(nonce, plain, name.encode())

    def _opened(self, sealed: bytes, name: str) -> bytes | None:
        for seal in self._seals:
            with suppress(InvalidTag, ValueError):
                return seal.decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode())
        return None


def _record(base: sqlite3.Connection, tried: Try) -> bool:
    """One result; whether anything was erased."""
    at, state = tried.at.isoformat(), tried.state
    deed = _DEEDS.get(state)
    row = (state, tried.again, tried.doubtful, at if deed else None, tried.id)
    changed = base.execute(sql.MOVE, row).rowcount
    if changed != 1:
        raise StoreUnusable("no such row")
    if tried.tried:
        base.execute(sql.TRIED, (at, tried.answer[:_ANSWER], tried.id))
    if deed is None:
        return False
    stopped = state is RowState.SET_ASIDE and tried.answer == NOT_AGREED
    append(base, at, tried.by, Deed.STOPPED if stopped else deed, tried.id)
    if stopped:
        for statement in (sql.FORGET_BYTES, sql.FORGET_ATTACHED):
            base.execute(statement, (tried.id,))
    return stopped
