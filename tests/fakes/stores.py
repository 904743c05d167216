"""Where offices of a test keep what they hold: the same tests run over either database."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from tests.fakes.postgres import Postgres

ENGINES = ("sqlite", "postgresql")


class Stores:
    """One empty database for each folder; offices of one folder share it."""

    def __init__(self, engine: str, server: Callable[[], Postgres]) -> None:
        self.engine, self._server = engine, server
        self._made: dict[Path, str] = {}

    def at(self, folder: Path) -> Path | str:
        """What `open_store` takes."""
        if self.engine == "sqlite":
            return folder / "office.db"
        if folder not in self._made:
            self._made[folder] = self._server().create(f"office_{uuid4().hex}")
        return self._made[folder]

    def arguments(self, folder: Path) -> tuple[str, ...]:
        """What an office as a process takes."""
        where = self.at(folder)
        return () if isinstance(where, Path) else ("--database", where)
