"""What was checked about a card, what it came to, and what was not checked."""

from dataclasses import dataclass
from enum import StrEnum


class Finding(StrEnum):
    """What a check came to; a check that was not made is never good."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"
    NOT_CHECKED = "not-checked"


@dataclass(frozen=True)
class Evidence:
    """Who issued it, is the data theirs, is the card itself here, and does it still stand."""

    issuer: Finding = Finding.NOT_CHECKED
    data: Finding = Finding.NOT_CHECKED
    presence: Finding = Finding.NOT_CHECKED
    revocation: Finding = Finding.NOT_CHECKED

    @property
    def forged(self) -> bool:
        """Whether anything that was checked is bad."""
        return Finding.BAD in (self.issuer, self.data, self.presence, self.revocation)

    def told(self) -> dict[str, str]:
        """Every finding by its name."""
        return {
            "issuer": str(self.issuer),
            "data": str(self.data),
            "presence": str(self.presence),
            "revocation": str(self.revocation),
        }


NOTHING_CHECKED = Evidence()
