"""What the terminal needs of a device, and nothing more."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from devices.apdu import Card


@dataclass(frozen=True)
class CardSeen:
    """What a card says before any PIN."""

    kind: str
    municipality: str | None = None
    attempts_left: int = 0
    expires: str | None = None
    serial: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class CardReading:
    """The four attributes of a card, and what was not checked about them."""

    name: str
    address: str
    birth: date | None
    sex: str
    not_checked: tuple[str, ...]
    genuine: bool = True


class CardReader(Protocol):
    """A place to lay a card on."""

    def look(self) -> CardSeen | None:
        """What lies there now; None for nothing. Quick, and without a PIN."""
        ...

    def read(self, pin: bytearray, *, last_try: bool = False) -> CardReading:
        """The attributes, in one burst; the card is left locked."""
        ...


class Slot(Protocol):
    """A place for a card, that knows nothing of cards."""

    def lying(self) -> str | None:
        """A name for the very card that lies there, new with every insertion."""
        ...

    def powered(self) -> AbstractContextManager[Card]:
        """The card, ours alone until it is powered down again."""
        ...


class Scanner(Protocol):
    """Something that sees codes."""

    def scan(self) -> str | None:
        """The text of a code that was shown since the last look, if any."""
        ...

    def forget(self) -> None:
        """Drop what was shown before, even what has only half come in."""
        ...


class Printer(Protocol):
    """Something that puts a PDF on paper."""

    def check(self) -> None:
        """Return if a job would come out now; else PaperOut, PrinterStopped or PrinterGone."""
        ...

    def print(self, pdf: bytes, title: str) -> None:
        """Put it on paper; return when the sheets lie in the tray.

        PaperOut, PrinterStopped and PrinterGone say that no sheet came out and none will: the job
        is destroyed. Whatever is less certain than that is PrintUnclear. The title is seen by
        others (in the queue, on the printer): a number, nobody's name.
        """
        ...

    def clear(self) -> None:
        """Destroy every job of ours that still waits, of a former run too; else say what is wrong.

        Refilled paper prints nothing stale.
        """
        ...


class PaymentTerminal(Protocol):
    """Something that takes money, and gives it back when we cannot keep our side."""

    def take(self, yen: int) -> str:
        """Take the amount; a reference that finds it again."""
        ...

    def give_back(self, reference: str) -> None:
        """Return what was taken under the reference."""
        ...
