"""The right paper for the right person: what a sheet must show before it may leave the device.

Another person's certificate in somebody's hands is the failure this country remembers. A sheet
says whose turn it was made in; whoever opens the door to the printer compares.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

PATIENCE = 120.0  # seconds from the office's answer to the printer


class Fate(StrEnum):
    """What became of a numbered paper; the last three are final."""

    ISSUED = "issued"
    RELEASED = "released"
    UNCLEAR = "unclear"
    PRINTED = "printed"
    SPOILED = "spoiled"
    ABANDONED = "abandoned"


FINAL = frozenset({Fate.PRINTED, Fate.SPOILED, Fate.ABANDONED})


class Wrong(StrEnum):
    """Why a sheet was destroyed before it reached the printer."""

    OLD_TURN = "old-turn"
    OTHER_PERSON = "other-person"
    OTHER_PAPER = "other-paper"
    TOO_LATE = "too-late"
    SPENT = "spent"


@dataclass(frozen=True)
class Holder:
    """Who stands before the device now: a nonce of the turn, and a hash instead of the person."""

    nonce: str
    subject: bytes = field(repr=False)


@dataclass(frozen=True)
class Sheet:
    """A certificate as it would be printed, and for whom it was made."""

    number: str
    pdf: bytes = field(repr=False)
    seal: str = field(repr=False)
    holder: Holder
    made: float


@dataclass(frozen=True)
class Agreed:
    """The substitutes (縮退) that a clerk looked at and agreed to for one application."""

    pairs: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    clerk: str = ""

    @property
    def substitutes(self) -> dict[str, str]:
        """What is drawn instead of what."""
        return dict(self.pairs)

    @property
    def mark(self) -> str:
        """Another order than the one before: those numbers were given up."""
        return f":{sha256(self.remark.encode()).hexdigest()[:16]}" if self.pairs else ""

    @property
    def remark(self) -> str:
        """What is recorded with every number: codes, and who agreed."""
        drawn = "、".join(f"{_codes(was)}→{_codes(now)}" for was, now in self.pairs)
        return f"縮退 {drawn}　{self.clerk}" if self.pairs else ""


NOTHING_AGREED = Agreed()


def _codes(text: str) -> str:
    return "+".join(f"U+{ord(c):04X}" for c in text)


def subject_of(name: str, birth: str) -> bytes:
    """A person as a hash: enough to compare, nothing to read."""
    return sha256(f"{name}\0{birth}".encode()).digest()


def wrong(
    sheet: Sheet, holder: Holder | None, pages: Sequence[Collection[str]], now: float
) -> Wrong | None:
    """Why this sheet must not be printed now; `pages` is what was read from its own pixels."""
    if holder is None or sheet.holder.nonce != holder.nonce:
        return Wrong.OLD_TURN
    if sheet.holder.subject != holder.subject:
        return Wrong.OTHER_PERSON
    if not 0 <= now - sheet.made <= PATIENCE:
        return Wrong.TOO_LATE
    if not pages or any(not _is_of(sheet, codes) for codes in pages):
        return Wrong.OTHER_PAPER
    return None


def _is_of(sheet: Sheet, codes: Collection[str]) -> bool:
    """A page names its own paper, and no code on it belongs to another."""
    ours = {sheet.number, sheet.seal}
    named = [code for code in codes if code == sheet.number or _paged(code) == sheet.number]
    return bool(named) and all(code in ours or code in named for code in codes)


def _paged(code: str) -> str:
    number, _, page = code.rpartition("-")
    return number if page.isdecimal() else ""
