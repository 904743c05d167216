"""What became of every numbered paper, kept where a power cut cannot reach it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from kiosk.domain.sheets import Fate


@dataclass(frozen=True)
class Entry:
    """One number and its fate so far."""

    number: str
    fate: Fate
    remark: str = ""


class Ledger(Protocol):
    """The terminal's own book of numbers; nothing personal is in it."""

    def issue(self, numbers: Sequence[str], remark: str = "") -> None:
        """These numbers are ours now; durable when this returns. A remark goes to the office."""
        ...

    def release(self, number: str) -> bool:
        """From issued to released, once and durable; False where it is not issued (any more)."""
        ...

    def move(self, number: str, fate: Fate) -> None:
        """What became of it; durable when this returns."""
        ...

    def open(self) -> Sequence[Entry]:
        """Numbers whose fate is not known, or not known to the office; oldest first."""
        ...

    def reported(self, number: str) -> None:
        """The office knows its fate."""
        ...
