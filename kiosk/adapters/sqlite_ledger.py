"""The ledger as a table beside the outbox."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, delete, select, update

from kiosk.adapters.database import transaction
from kiosk.adapters.tables import PaperTable
from kiosk.domain.sheets import Fate
from kiosk.ports.ledger import Entry


class SqliteLedger:
    """Keeps the fate of every number until the office knows it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def issue(self, numbers: Sequence[str], remark: str = "") -> None:
        """All in one transaction; a number that is known already keeps its fate."""
        with transaction(self._engine) as session:
            known = set(session.scalars(select(PaperTable.number)))
            session.add_all(
                PaperTable(number=number, fate=Fate.ISSUED, remark=remark)
                for number in numbers
                if number not in known
            )

    def release(self, number: str) -> bool:
        """Compared and set in one transaction: no paper is printed twice."""
        once = update(PaperTable).filter_by(number=number, fate=Fate.ISSUED)
        with transaction(self._engine) as session:
            changed: Any = session.execute(once.values(fate=Fate.RELEASED))
            return bool(changed.rowcount)

    def move(self, number: str, fate: Fate) -> None:
        """What became of it."""
        with transaction(self._engine) as session:
            session.execute(update(PaperTable).filter_by(number=number).values(fate=fate))

    def open(self) -> Sequence[Entry]:
        """Everything the office does not know yet, oldest first."""
        with transaction(self._engine) as session:
            rows = session.scalars(select(PaperTable).order_by(PaperTable.place)).all()
            return [Entry(row.number, Fate(row.fate), row.remark) for row in rows]

    def reported(self, number: str) -> None:
        """The office keeps it from here on."""
        with transaction(self._engine) as session:
            session.execute(delete(PaperTable).filter_by(number=number))
