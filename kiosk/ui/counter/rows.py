"""Adding and removing rows, and taking a removal back."""

from collections.abc import Callable, Mapping
from typing import Any

Said = Callable[[str, Any], None]


class Rows:
    """Knows the rows as they stand, and those that were removed."""

    def __init__(self, say: Said) -> None:
        self._say = say
        self._values: Mapping[str, Any] = {}
        self._removed: list[tuple[str, int, Any]] = []

    def refresh(self, values: Mapping[str, Any]) -> None:
        """The answers as they stand now."""
        self._values = values

    def of(self, section: str) -> list[Any]:
        """The rows of a section."""
        return list(self._values.get(section) or ())

    def add(self, section: str) -> None:
        """One more, empty."""
        self._say(section, [*self.of(section), {}])

    def remove(self, section: str, number: int) -> None:
        """One goes; it can come back."""
        rows = self.of(section)
        self._removed.append((section, number, rows.pop(number)))
        self._say(section, rows)

    def undo(self) -> None:
        """The row that was removed last comes back to its place."""
        if self._removed:
            section, number, row = self._removed.pop()
            rows = self.of(section)
            rows.insert(number, row)
            self._say(section, rows)

    def removed_from(self, section: str) -> bool:
        """Whether the next undo brings back a row of this section."""
        return bool(self._removed) and self._removed[-1][0] == section
