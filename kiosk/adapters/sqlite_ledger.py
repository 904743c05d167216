"""The ledger as a table beside the outbox."""

from collections.abc import Sequence

from kiosk.adapters.store import Store
from kiosk.domain.sheets import Fate
from kiosk.ports.ledger import Entry

_ISSUE = "INSERT INTO paper (number, fate, remark) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_RELEASE = "UPDATE paper SET fate = ? WHERE number = ? AND fate = ?"
_MOVE = "UPDATE paper SET fate = ? WHERE number = ?"
_OPEN = "SELECT number, fate, remark FROM paper ORDER BY place"
_REPORTED = "DELETE FROM paper WHERE number = ?"


class SqliteLedger:
    """Keeps the fate of every number until the office knows it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def issue(self, numbers: Sequence[str], remark: str = "") -> None:
        """All in one transaction; a number that is known already keeps its fate."""
        with self._store.transaction() as base:
            base.executemany(_ISSUE, [(number, Fate.ISSUED, remark) for number in numbers])

    def release(self, number: str) -> bool:
        """Compared and set in one transaction: no paper is printed twice."""
        with self._store.transaction() as base:
            changed = base.execute(_RELEASE, (Fate.RELEASED, number, Fate.ISSUED)).rowcount
        return changed == 1

    def move(self, number: str, fate: Fate) -> None:
        """What became of it."""
        with self._store.transaction() as base:
            base.execute(_MOVE, (fate, number))

    def open(self) -> Sequence[Entry]:
        """Everything the office does not know yet, oldest first."""
        with self._store.reading() as base:
            found = base.execute(_OPEN).fetchall()
        return [Entry(number, Fate(fate), remark) for number, fate, remark in found]

    def reported(self, number: str) -> None:
        """The office keeps it from here on."""
        with self._store.transaction() as base:
            base.execute(_REPORTED, (number,))
