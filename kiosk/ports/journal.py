"""Where deeds are written down, what is read of them, and who is told of the end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from kiosk.domain.journal import Deed, Linked


@dataclass(frozen=True)
class Anew:
    """When the office's staff let a journal begin anew, and why: it came back from a backup."""

    at: str
    why: str


class Journal(Protocol):
    """Takes down what happens; durable when `write` returns."""

    def write(self, who: str, what: Deed, about: str = "", more: str = "") -> None:
        """One more entry at the end."""
        ...


class Ends(Protocol):
    """The end of a journal, and how far the office was told of it."""

    def end(self) -> tuple[int, str]:
        """The last entry's place and hash."""
        ...

    def told(self) -> Mapping[int, str]:
        """The last place that the office was told, with its hash."""
        ...

    def remember(self, place: int, link: str) -> None:
        """The office knows it up to here."""
        ...


class Evidence(Protocol):
    """What a terminal's database says of itself, all of one moment."""

    def entries(self) -> Iterator[Linked]:
        """The journal, from its beginning."""
        ...

    def told(self) -> Mapping[int, str]:
        """The last place that the office was told, as remembered here."""
        ...

    def submissions(self) -> Iterator[tuple[str, str]]:
        """Id and hash of every row of the outbox, once there is a journal."""
        ...


class Anchorage(Protocol):
    """The office, as far as it remembers the ends of journals."""

    def anchor(self, place: int, link: str) -> str | None:
        """Tell it the end; the words of a refusal, None when it is noted."""
        ...

    def anchors(self) -> Mapping[int, str]:
        """Every end of this device's journal that it keeps, since it last began anew."""
        ...

    def anew(self) -> Anew | None:
        """Since when and why it counts this journal anew; None where it always did."""
        ...
