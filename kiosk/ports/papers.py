"""The room where a turn's papers are drawn."""

from typing import Protocol


class PaperRoom(Protocol):
    """It stands open from the first paper of a turn; what it has seen is gone with the turn."""

    def leave(self) -> None:
        """The turn is over."""
        ...
