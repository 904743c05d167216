"""Which applets a card has, and what opens what (the matrices measured on real cards)."""

from dataclasses import dataclass, field

from devices.simulated.card.person import Holder

FREE: frozenset[str] = frozenset()
NEVER = frozenset({"never"})  # no secret of this name exists, so nothing opens it
MANAGER = "manager"


@dataclass(frozen=True)
class Key:
    """A private key: whose secret it waits for, and which key pair it is."""

    name: str
    needs: str | None = None


@dataclass(frozen=True)
class Applet:
    """One application: its name for SELECT, who may read which file, its PINs and keys."""

    name: str
    aid: bytes
    read: dict[int, frozenset[str]] = field(default_factory=dict)
    records: frozenset[int] = frozenset()
    pins: dict[int, str] = field(default_factory=dict)
    keys: dict[int, Key] = field(default_factory=dict)
    blocked: frozenset[int] = frozenset()
    presence: int | None = None

    def holds(self, file: int) -> bool:
        """Whether SELECT finds a file of this number."""
        return any(file in kind for kind in (self.read, self.pins, self.keys, self.blocked))


def applets(holder: Holder) -> tuple[Applet, ...]:
    """What answers on this token; a phone has only the certificates."""
    manager = Applet(MANAGER, bytes.fromhex("A0000001510000"))
    only = (_jpki(holder), manager)
    if holder.token != "mynumber":  # noqa: S105 (the kind of token)
        return only
    return (*only, _TEXT, _SURFACE, _COMMON, _JUKI)


def _jpki(holder: Holder) -> Applet:
    auth = frozenset({"auth"}) if holder.token.startswith("phone") else FREE
    read = {0x02: FREE, 0x06: FREE, 0x08: FREE, 0x09: NEVER, 0x0B: FREE, 0x16: NEVER}
    pins, keys = {}, {}
    if holder.has_auth_certificate:
        read[0x0A], pins[0x18], keys[0x17] = auth, "auth", Key("auth", "auth")
    if holder.has_sign_certificate:
        read[0x01], pins[0x1B], keys[0x1A] = frozenset({"sign"}), "sign", Key("sign", "sign")
    return Applet("jpki", bytes.fromhex("D392F000260100000001"), read, pins=pins, keys=keys)


def _any(*names: str) -> frozenset[str]:
    return frozenset(names)


_TEXT_ALL = _any("text", "text-a", "text-b")
_TEXT = Applet(
    "text",
    bytes.fromhex("D3921000310001010408"),
    {
        0x01: _any("text", "text-a"),
        0x02: _any("text", "text-b"),
        0x03: _TEXT_ALL,
        0x04: FREE,
        0x05: FREE,
        0x06: _TEXT_ALL,
        0x07: _TEXT_ALL,
        0x08: _TEXT_ALL,
    },
    pins={0x11: "text", 0x14: "text-a", 0x15: "text-b"},
    keys={0x13: Key("text")},
    blocked=frozenset({0x12}),
    presence=0x13,
)
_SURFACE_BOTH = _any("surface-a", "surface-b")
_SURFACE = Applet(
    "surface",
    bytes.fromhex("D3921000310001010402"),
    {
        0x01: _any("birth"),
        0x02: _SURFACE_BOTH,
        0x03: FREE,
        0x04: FREE,
        0x05: _any("surface-a"),
        0x06: _SURFACE_BOTH,
    },
    pins={0x11: "birth", 0x12: "surface-b", 0x13: "surface-a"},
    keys={0x1A: Key("surface")},
    presence=0x1A,
)
_COMMON = Applet(
    "common",
    bytes.fromhex("D3921000310001010100"),
    {0x01: FREE, 0x02: FREE},
    records=frozenset({0x01}),
    pins={0x1C: "common"},
)
_JUKI = Applet("juki", bytes.fromhex("D3921000310001010401"), {0x02: FREE}, pins={0x1C: "juki"})
