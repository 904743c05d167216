"""A slip is read, looked at, and its application brought in: nothing of it is opened here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from devices.ports import Scanner
from kiosk.domain.journal import Deed, plain
from kiosk.domain.reseeding import (
    NO_PICTURE,
    CodesShown,
    ReseedEvent,
    SlipAway,
    SlipDeclined,
    SlipFound,
    SlipTaken,
)
from kiosk.errors import CodeUnreadable, OfficeUnreachable
from kiosk.ports.journal import Journal
from kiosk.ports.outbox import Outbox, RowState
from kiosk.ports.reseeds import Declined, ReseedOffice


@dataclass(frozen=True)
class Reseed:
    """Scans, asks the office, and writes down who brought what in."""

    scanner: Scanner
    pictured: Callable[[str], Sequence[str]]
    office: ReseedOffice
    outbox: Outbox
    journal: Journal

    def clear(self) -> None:
        """Forget what was shown before."""
        self.scanner.forget()

    def scan(self) -> CodesShown | None:
        """The code in front of the scanner, if there is one."""
        text = self.scanner.scan()
        return None if text is None else CodesShown((text,))

    def read(self, pictures: Sequence[str]) -> ReseedEvent:
        """Every code in these files."""
        try:
            return CodesShown(tuple(text for name in pictures for text in self.pictured(name)))
        except CodeUnreadable:
            return SlipDeclined(NO_PICTURE)

    def look(self, sealed: bytes) -> ReseedEvent:
        """Whose it is; the office is asked, for nobody else can say."""
        return self._asked(lambda: self.office.slip(sealed), self._found)

    def take(self, sealed: bytes, by: str) -> ReseedEvent:
        """Brought in; the same slip again is the same application."""

        def taken(told: Mapping[str, Any]) -> SlipTaken:
            self.journal.write(by, Deed.RESEEDED, plain(str(told["id"])))
            return SlipTaken(fresh=bool(told["fresh"]))

        return self._asked(lambda: self.office.reseed(sealed), taken)

    def _found(self, told: Mapping[str, Any]) -> SlipFound:
        row = self.outbox.row(str(told["id"]))
        return SlipFound(
            id=str(told["id"]),
            receipt=str(told["receipt"]),
            form=str(told["form"]),
            photos=int(told["photos"]),
            there=told["state"] is not None,
            here=row is not None and row.state != RowState.DELIVERED,
        )

    @staticmethod
    def _asked(
        ask: Callable[[], Mapping[str, Any] | Declined],
        told: Callable[[Mapping[str, Any]], ReseedEvent],
    ) -> ReseedEvent:
        """An answer that is not the office's is none."""
        try:
            answer = ask()
            return SlipDeclined(answer.kind) if isinstance(answer, Declined) else told(answer)
        except (OfficeUnreachable, LookupError, TypeError, ValueError):
            return SlipAway()
