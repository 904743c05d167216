"""What kinds of cards there are, as data: a new card is a new profile, not a new design."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

DIGITS: Final = b"0123456789"
CAPITALS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Secret:
    """A PIN or printed number that opens something."""

    file: int
    shortest: int
    longest: int
    alphabet: bytes = DIGITS
    needs: tuple[bytes, ...] = ()

    def fits(self, digits: bytes | bytearray) -> bool:
        """Whether a card could ever take it; asked before a card is."""
        return (
            self.shortest <= len(digits) <= self.longest
            and all(one in self.alphabet for one in digits)
            and all(any(one in kind for one in digits) for kind in self.needs)
        )


@dataclass(frozen=True)
class Algorithm:
    """How a key signs: over which digest, and what stands before it in the command."""

    digest: str
    prefix: bytes = b""


RSA_SHA256 = Algorithm("sha256", bytes.fromhex("3031300d060960864801650304020105000420"))
ECDSA_SHA384 = Algorithm("sha384")


@dataclass(frozen=True)
class Applet:
    """One application on the card: its name for SELECT, its files, secrets and keys."""

    aid: bytes
    files: MappingProxyType[str, int]
    secrets: MappingProxyType[str, Secret]
    keys: MappingProxyType[str, int]
    algorithm: Algorithm = RSA_SHA256


@dataclass(frozen=True)
class Profile:
    """One generation of the card; an applet it lacks is None."""

    name: str
    jpki: Applet
    support: Applet | None
    surface: Applet | None
    common: Applet | None
    manager: bytes


def _applet(
    aid: str,
    files: dict[str, int],
    secrets: dict[str, Secret] | None = None,
    keys: dict[str, int] | None = None,
) -> Applet:
    return Applet(
        bytes.fromhex(aid),
        MappingProxyType(files),
        MappingProxyType(secrets or {}),
        MappingProxyType(keys or {}),
    )


NUMBER_A, NUMBER_B = 12, 14
TODAY = Profile(
    name="個人番号カード（2016年から）",
    jpki=_applet(
        "D392F000260100000001",
        {
            "sign-certificate": 0x01,
            "sign-issuer": 0x02,
            "token": 0x06,
            "present": 0x08,
            "auth-certificate": 0x0A,
            "auth-issuer": 0x0B,
        },
        {
            "auth": Secret(0x18, 4, 4),
            "sign": Secret(0x1B, 6, 16, DIGITS + CAPITALS, needs=(DIGITS, CAPITALS)),
        },
        {"auth": 0x17, "sign": 0x1A},
    ),
    support=_applet(
        "D3921000310001010408",
        {"number": 0x01, "attributes": 0x02, "signature": 0x03, "issuer": 0x04, "key": 0x07},
        {
            "pin": Secret(0x11, 4, 4),
            "a": Secret(0x14, NUMBER_A, NUMBER_A),
            "b": Secret(0x15, NUMBER_B, NUMBER_B),
        },
        {"presence": 0x13},
    ),
    surface=_applet(
        "D3921000310001010402",
        {"face": 0x02, "about": 0x03, "issuer": 0x04, "number": 0x05},
        {
            "birth": Secret(0x11, 6, 6),
            "b": Secret(0x12, NUMBER_B, NUMBER_B),
            "a": Secret(0x13, NUMBER_A, NUMBER_A),
        },
        {"presence": 0x1A},
    ),
    common=_applet("D3921000310001010100", {"record": 0x01}),
    manager=bytes.fromhex("A0000001510000"),
)

# The label of the token information, and what carries it.
TOKENS = MappingProxyType(
    {
        "JPKIAPICCTOKEN2": "mynumber",
        "JPKIAPICCTOKEN": "juki",
        "JPKIAPGPSETOKEN": "phone-android",
        "JPKIAPIOSTOKEN": "phone-iphone",
    }
)
