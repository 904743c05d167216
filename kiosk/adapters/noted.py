"""Devices whose state is noted as they are used, for the terminal's report."""

from dataclasses import dataclass

from devices.ports import CardReader, CardReading, CardSeen, Scanner
from kiosk.usecases.report import Health


@dataclass(frozen=True)
class NotedReader:
    """A card reader like the one within."""

    within: CardReader
    health: Health

    def look(self) -> CardSeen | None:
        """What lies there now."""
        return self.health.noted("reader", self.within.look)

    def read(self, pin: bytearray, *, last_try: bool = False) -> CardReading:
        """The attributes, in one burst."""
        return self.health.noted("reader", lambda: self.within.read(pin, last_try=last_try))


@dataclass(frozen=True)
class NotedScanner:
    """A scanner like the one within."""

    within: Scanner
    health: Health

    def scan(self) -> str | None:
        """The text of a code that was shown since the last look."""
        return self.health.noted("scanner", self.within.scan)

    def forget(self) -> None:
        """Drop what was shown before."""
        self.within.forget()
