"""What the terminal needs of a device, and nothing more."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True)
class CardSeen:
    """What a card says before any PIN."""

    kind: str
    municipality: str
    attempts_left: int


@dataclass(frozen=True)
class CardReading:
    """The four attributes of a card, and what was not checked about them."""

    name: str
    address: str
    birth: date
    sex: str
    not_checked: tuple[str, ...]


class CardReader(Protocol):
    """A place to lay a card on."""

    def look(self) -> CardSeen | None:
        """What lies there now; None for nothing. Quick, and without a PIN."""
        ...

    def read(self, pin: bytes) -> CardReading:
        """The attributes, in one burst; the card is left locked."""
        ...


class Scanner(Protocol):
    """Something that sees codes."""

    def scan(self) -> str | None:
        """The text of a code that was shown since the last look, if any."""
        ...


class Printer(Protocol):
    """Something that puts a PDF on paper."""

    def check(self) -> None:
        """Return if a job would come out now; else raise what is wrong."""
        ...

    def print(self, pdf: bytes, title: str) -> None:
        """Put it on paper; return when the sheets lie in the tray."""
        ...


class PaymentTerminal(Protocol):
    """Something that takes money, and gives it back when we cannot keep our side."""

    def take(self, yen: int) -> str:
        """Take the amount; a reference that finds it again."""
        ...

    def give_back(self, reference: str) -> None:
        """Return what was taken under the reference."""
        ...
