"""Is the journal whole, and does the outbox agree with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.journal import BEGINNING, Deed, Linked, Why, broken
from kiosk.errors import OfficeUnreachable, StoreUnusable
from kiosk.ports.journal import Anchorage, Anew, Evidence

_SHA256 = "sha256="


class Flaw(StrEnum):
    """What is wrong beyond the chain itself."""

    UNWRITTEN = "unwritten"
    VANISHED = "vanished"
    DIFFERENT = "different"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Finding:
    """The first thing that is wrong, and where."""

    what: Why | Flaw
    place: int | None = None
    submission: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What was looked at, and what came of it; `anchored`: so far somebody else knows it.

    `anew`: the office knows nothing of what it was told before then.
    """

    entries: int
    end: str
    anchored: int
    office_asked: bool
    finding: Finding | None
    anew: Anew | None = None


class _Book:
    """Follows the entries once and remembers what concerns the outbox."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self.count, self.end = 0, BEGINNING
        self.kept: dict[str, tuple[int, str]] = {}
        self.erased: set[str] = set()

    def entries(self) -> Iterator[Linked]:
        for row in self._evidence.entries():
            self.count, self.end = self.count + 1, row.hash
            if row.entry.what == Deed.KEPT:
                self.kept[row.entry.about] = (row.entry.place, row.entry.more)
            elif row.entry.what == Deed.ERASED:
                self.erased.add(row.entry.about)
            yield row

    def disagreement(self) -> Finding | None:
        """Every row was written down as it is; every one written down is there, or was erased."""
        there = set()
        for submission, sha256 in self._evidence.submissions():
            there.add(submission)
            place, more = self.kept.get(submission, (None, ""))
            if place is None:
                return Finding(Flaw.UNWRITTEN, None, submission)
            if more.startswith(_SHA256) and more != _SHA256 + sha256:
                return Finding(Flaw.DIFFERENT, place, submission)
        for submission, (place, _) in self.kept.items():
            if submission not in there and submission not in self.erased:
                return Finding(Flaw.VANISHED, place, submission)
        return None


def audit(evidence: Evidence, office: Anchorage | None) -> Verdict:
    """The first wrong place, if there is one; without an office, what can be known here."""
    told, anew = _told_by(office)
    book, anchored, finding = _Book(evidence), 0, None
    try:
        known = {**evidence.told(), **(told or {})}
        anchored = max(known, default=0)
        flaw = broken(book.entries(), known)
        finding = Finding(flaw.why, flaw.place) if flaw else book.disagreement()
    except StoreUnusable:
        finding = Finding(Flaw.UNREADABLE, book.count + 1)
    return Verdict(book.count, book.end, anchored, told is not None, finding, anew)


def _told_by(office: Anchorage | None) -> tuple[Mapping[int, str] | None, Anew | None]:
    """What the office remembers and since when, if it could be asked."""
    try:
        return (office.anchors(), office.anew()) if office else (None, None)
    except OfficeUnreachable:
        return None, None
