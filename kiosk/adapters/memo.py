"""Small things a terminal remembers between starts."""

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kiosk.adapters.tables import MemoTable
from kiosk.errors import StoreUnusable


class SqliteMemo:
    """One thing under one name, in the terminal's own database."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine, self._name = engine, name

    def read(self) -> str | None:
        """What was written last."""
        try:
            with Session(self._engine) as session:
                row = session.get(MemoTable, self._name)
                return row.value if row else None
        except SQLAlchemyError as fault:
            raise StoreUnusable(type(fault).__name__) from fault

    def write(self, value: str) -> None:
        """Remember this instead; the disk is left alone where it says so already."""
        try:
            with Session(self._engine) as session, session.begin():
                row = session.get(MemoTable, self._name)
                if row is None or row.value != value:
                    session.merge(MemoTable(name=self._name, value=value))
        except SQLAlchemyError as fault:
            raise StoreUnusable(type(fault).__name__) from fault
