"""Consents as a table that is only added to; a word is durable with all that follows from it."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from kiosk.adapters.journal import append
from kiosk.adapters.store import Store
from kiosk.domain.agreement import Word
from kiosk.domain.journal import Deed
from kiosk.ports.consents import ConsentRecord
from kiosk.ports.outbox import NOT_AGREED

_DEEDS = {
    Word.GIVEN: Deed.CONSENT_GIVEN,
    Word.REFUSED: Deed.CONSENT_REFUSED,
    Word.WITHDRAWN: Deed.CONSENT_WITHDRAWN,
}
_KEEP = """
INSERT INTO consent (id, person, purpose, notice, state, at, told) VALUES (?, ?, ?, ?, ?, ?, 0)
"""
_SAID = "SELECT id, person, purpose, notice, state, at FROM consent"
_OF = f"{_SAID} WHERE person = ? ORDER BY place"
_UNTOLD = f"{_SAID} WHERE told = 0 ORDER BY place"
_KNOWN = "SELECT 1 FROM consent WHERE id = ?"
_TELL_AGAIN = """
UPDATE consent SET told = 0 WHERE told = 1 AND (told_at IS NULL OR told_at >= ?)
"""
_TOLD = "UPDATE consent SET told = 1, told_at = ? WHERE id = ?"
_WAITING = """
SELECT id FROM outbox WHERE person = ? AND purpose = ? AND length(payload) > 0
AND state IN ('waiting', 'refused', 'set-aside')
"""
_ERASE = """
UPDATE outbox SET state = 'set-aside', last_answer = ?, settled_at = ?, payload = x''
WHERE id = ?
"""


def note(base: sqlite3.Connection, record: ConsentRecord, by: str) -> None:
    """One word more, inside the transaction of what it belongs to."""
    said = (record.id, record.person, record.purpose, record.notice, record.word)
    at = record.at.isoformat()
    base.execute(_KEEP, (*said, at))
    append(base, at, by, _DEEDS[record.word], record.id, f"purpose={record.purpose}")


class SqliteConsents:
    """What was said at this terminal, in its own database."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def withdraw(self, record: ConsentRecord, by: str) -> int:
        """The word, and the end of whatever waits for it, in one transaction."""
        with self._store.transaction() as base:
            note(base, record, by)
            found = base.execute(_WAITING, (record.person, record.purpose)).fetchall()
            at = record.at.isoformat()
            for (share,) in found:
                base.execute(_ERASE, (NOT_AGREED, at, share))
                append(base, at, by, Deed.STOPPED, share)
        if found:
            self._store.leave_no_trace()
        return len(found)

    def adopt(self, record: ConsentRecord, by: str) -> bool:
        """What was said at another terminal is told from here; False where it is known."""
        with self._store.transaction() as base:
            known = base.execute(_KNOWN, (record.id,)).fetchone() is not None
            if not known:
                note(base, record, by)
        return not known

    def of(self, person: str) -> Sequence[ConsentRecord]:
        """Oldest first."""
        with self._store.reading() as base:
            return [_record(row) for row in base.execute(_OF, (person,))]

    def untold(self) -> Sequence[ConsentRecord]:
        """Oldest first."""
        with self._store.reading() as base:
            return [_record(row) for row in base.execute(_UNTOLD)]

    def told(self, record: str, at: datetime) -> None:
        """Not asked for again."""
        with self._store.transaction() as base:
            base.execute(_TOLD, (at.isoformat(), record))

    def tell_again(self, since: datetime) -> None:
        """Untold, as they were."""
        with self._store.transaction() as base:
            base.execute(_TELL_AGAIN, (since.isoformat(),))


def _record(row: tuple[str, ...]) -> ConsentRecord:
    one, person, purpose, notice, state, at = row
    return ConsentRecord(one, person, purpose, notice, Word(state), datetime.fromisoformat(at))
