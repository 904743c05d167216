"""Small things a terminal remembers between starts."""

from typing import Protocol


class Memo(Protocol):
    """One of them."""

    def read(self) -> str | None:
        """What was written last."""
        ...

    def write(self, value: str) -> None:
        """Remember this instead."""
        ...
