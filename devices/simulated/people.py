"""The made-up persons whose practice cards the simulated readers take."""

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

_ERAS = (
    (date(2019, 5, 1), 2018),
    (date(1989, 1, 8), 1988),
    (date(1926, 12, 25), 1925),
    (date(1912, 7, 30), 1911),
    (date(1868, 1, 25), 1867),
)
FULL = 3


@dataclass(frozen=True)
class Misbehaviour:
    """What a card does wrong, for those who must learn to live with it."""

    forged_data: bool = False
    forged_signature: bool = False
    cloned: bool = False
    unknown_issuer: bool = False
    stumbles: bool = False
    chunky: bool = False
    strict_lengths: bool = False
    no_short_ids: bool = False
    clings: bool = False
    mute: bool = False
    delay: float = 0.0
    pulled_after: int | None = None


@dataclass(frozen=True)
class PracticeCard:
    """One made-up person's card: what it holds and how it behaves."""

    id: str
    note: str
    name: str
    address: str
    birth: date
    sex: str
    pin: str
    attempts_left: int = FULL
    kind: str = "mynumber"
    sign_password: str = "ABC123"  # noqa: S105 (a made-up card's)
    security_code: str = "1234"
    municipality: str = "99999"
    expires: date = date(2034, 4, 1)
    certificates: tuple[str, ...] = ("auth", "sign")
    wrong: Misbehaviour = field(default_factory=Misbehaviour)

    @property
    def number(self) -> str:
        """A 個人番号 that nobody has: made from the name of the card, with a right check digit."""
        digits = f"{int(sha256(self.id.encode()).hexdigest(), 16) % 10**11:011d}"
        weights = [place + 1 if place <= 6 else place - 5 for place in range(1, 12)]
        rest = sum(int(d) * w for d, w in zip(reversed(digits), weights, strict=True)) % 11
        return digits + str(0 if rest <= 1 else 11 - rest)

    @property
    def serial(self) -> str:
        """What the card calls itself."""
        return f"4{int(sha256(self.id.encode()).hexdigest(), 16) % 10**14:014d}"

    @property
    def number_b(self) -> str:
        """照合番号B: birth in era years, the card's last year, the security code."""
        return f"{self.birth_key}{self.expires.year}{self.security_code}"

    @property
    def birth_key(self) -> str:
        """The day of birth with the year of its era, two digits each."""
        before = next(start for begun, start in _ERAS if self.birth >= begun)
        return f"{self.birth.year - before:02d}{self.birth:%m%d}"
