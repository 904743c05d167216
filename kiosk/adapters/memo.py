"""Small things a terminal remembers between starts."""

from sqlalchemy import Engine

from kiosk.adapters.database import transaction
from kiosk.adapters.tables import MemoTable


class SqliteMemo:
    """One thing under one name, in the terminal's own database."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine, self._name = engine, name

    def read(self) -> str | None:
        """What was written last."""
        with transaction(self._engine) as session:
            row = session.get(MemoTable, self._name)
            return row.value if row else None

    def write(self, value: str) -> None:
        """Remember this instead; the disk is left alone where it says so already."""
        with transaction(self._engine) as session:
            row = session.get(MemoTable, self._name)
            if row is None or row.value != value:
                session.merge(MemoTable(name=self._name, value=value))
