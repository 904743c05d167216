"""Small things a terminal remembers between starts."""

from kiosk.adapters.store import Store

_READ = "SELECT value FROM memo WHERE name = ?"
_WRITE = """
INSERT INTO memo (name, value) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value != excluded.value
"""


class SqliteMemo:
    """One thing under one name, in the terminal's own database."""

    def __init__(self, store: Store, name: str) -> None:
        self._store, self._name = store, name

    def read(self) -> str | None:
        """What was written last."""
        with self._store.reading() as base:
            row = base.execute(_READ, (self._name,)).fetchone()
        return row[0] if row else None

    def write(self, value: str) -> None:
        """Remember this instead; the disk is left alone where it says so already."""
        with self._store.transaction() as base:
            base.execute(_WRITE, (self._name, value))
