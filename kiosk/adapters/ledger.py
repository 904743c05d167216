"""A ledger in memory, for the class: gone with it."""

from collections.abc import Sequence

from kiosk.domain.sheets import Fate
from kiosk.ports.ledger import Entry


class MemoryLedger:
    """Keeps numbers as long as the process lives."""

    def __init__(self) -> None:
        self._fates: dict[str, Fate] = {}
        self._remarks: dict[str, str] = {}

    def issue(self, numbers: Sequence[str], remark: str = "") -> None:
        """Practice numbers."""
        self._remarks |= dict.fromkeys(numbers, remark)
        self._fates |= {each: Fate.ISSUED for each in numbers if each not in self._fates}

    def release(self, number: str) -> bool:
        """Once."""
        waits = self._fates.get(number) is Fate.ISSUED
        if waits:
            self._fates[number] = Fate.RELEASED
        return waits

    def move(self, number: str, fate: Fate) -> None:
        """What became of it."""
        self._fates[number] = fate

    def open(self) -> Sequence[Entry]:
        """What the practice office does not know yet."""
        return [Entry(n, fate, self._remarks[n]) for n, fate in self._fates.items()]

    def reported(self, number: str) -> None:
        """Nothing more to remember."""
        del self._fates[number]
