"""Whose card it is: made-up holders, and how their cards misbehave."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

TRIES: Mapping[str, int] = MappingProxyType(
    {
        "auth": 3,
        "sign": 5,
        "text": 3,
        "text-a": 10,
        "text-b": 10,
        "birth": 10,
        "surface-a": 10,
        "surface-b": 10,
        "common": 3,
        "juki": 3,
    }
)
TOKENS: Mapping[str, str] = MappingProxyType(
    {
        "mynumber": "JPKIAPICCTOKEN2",
        "juki": "JPKIAPICCTOKEN",
        "phone-android": "JPKIAPGPSETOKEN",
        "phone-iphone": "JPKIAPIOSTOKEN",
    }
)
# First day, and the year before the first year: 明治, 大正, 昭和, 平成, 令和.
_ERAS = (
    (date(1868, 1, 25), 1867),
    (date(1912, 7, 30), 1911),
    (date(1926, 12, 25), 1925),
    (date(1989, 1, 8), 1988),
    (date(2019, 5, 1), 2018),
)


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


class UnusableHolder(ValueError):
    """A row of the file that is nobody a card could be made for."""


@dataclass(frozen=True)
class Holder:
    """One made-up person, what their card holds, and how it behaves."""

    name: str
    address: str
    birth: date
    sex: str
    number: str
    serial: str
    municipality: str = "99999"
    expires: date = date(2034, 4, 1)
    certificates_until: date | None = None
    pin: str = "1234"
    sign_password: str = "ABC123"  # noqa: S105 (a made-up card's)
    security_code: str = "1234"
    tries: Mapping[str, int] = field(default_factory=dict)
    has_sign_certificate: bool = True
    has_auth_certificate: bool = True
    token: str = "mynumber"  # noqa: S105 (the kind of token)
    wrong: Misbehaviour = field(default_factory=Misbehaviour)
    id: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse what would make a card that cannot be."""
        digits = ((self.number, 12), (self.serial, 15), (self.municipality, 5))
        for text, size in (*digits, (self.security_code, 4)):
            if len(text) != size or not (text.isascii() and text.isdigit()):
                raise UnusableHolder(f"{self.id or self.name}: {text!r} is not {size} digits")
        if self.token not in TOKENS:
            raise UnusableHolder(f"{self.id or self.name}: no token {self.token!r}")
        if not self.tries.keys() <= TRIES.keys():
            raise UnusableHolder(f"{self.id or self.name}: tries are of {', '.join(TRIES)}")

    @property
    def era(self) -> int:
        """The era of birth as certificates write it: 1 明治 to 5 令和, 0 if none is known."""
        return sum(self.birth >= begun for begun, _ in _ERAS)

    @property
    def birth_key(self) -> str:
        """生年月日: the day of birth with the year of its era, two digits each."""
        before = _ERAS[max(self.era - 1, 0)][1]
        return f"{(self.birth.year - before) % 100:02d}{self.birth:%m%d}"

    @property
    def number_b(self) -> str:
        """照合番号B: birth in era years, the card's last year, the security code."""
        return f"{self.birth_key}{self.expires.year:04d}{self.security_code}"

    def secret(self, name: str) -> str:
        """What opens the PIN of this name."""
        return {
            "sign": self.sign_password,
            "text-a": self.number,
            "surface-a": self.number,
            "text-b": self.number_b,
            "surface-b": self.number_b,
            "birth": self.birth_key,
        }.get(name, self.pin)


def check_digit(eleven: str) -> str:
    """The twelfth digit of a 個人番号."""
    weights = [place + 1 if place <= 6 else place - 5 for place in range(1, 12)]
    rest = sum(int(d) * w for d, w in zip(reversed(eleven), weights, strict=True)) % 11
    return str(0 if rest <= 1 else 11 - rest)
