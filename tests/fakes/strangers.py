"""Cards that are no My Number card: what they know, and what they answer to all else."""

from types import MappingProxyType

STRANGERS = MappingProxyType(
    {
        "suica": (),
        "licence": ("A0000002310100000000000000000000", "A0000002310200000000000000000000"),
        "residence": ("D392F0004F0200000000000000000000", "D392F0004F0300000000000000000000"),
    }
)
_SELECT, _READ, _VERIFY = 0xA4, 0xB0, 0x20


class Stranger:
    """Selects its own applications and reads them a little; refuses everything else."""

    def __init__(self, name: str) -> None:
        self._known = [bytes.fromhex(aid) for aid in STRANGERS[name]]
        self._selected = False

    @property
    def atr(self) -> bytes:
        """Any will do."""
        return bytes.fromhex("3BE000FF8131FE4514")

    def power_on(self) -> bytes:
        """Nothing is selected."""
        self._selected = False
        return self.atr

    def power_off(self) -> None:
        """Nothing to forget."""
        self._selected = False

    def transmit(self, command: bytes) -> bytes:
        """Its own applications are there, ours are not."""
        if len(command) < 4:
            return b"\x67\x00"
        if command[1] == _SELECT and command[2] == 0x04:
            self._selected = any(aid.startswith(command[5:]) for aid in self._known)
            return b"\x90\x00" if self._selected else b"\x6a\x82"
        if command[1] == _READ and self._selected:
            return b"\x45\x0b2026112120361201\x90\x00"
        return b"\x69\x82" if command[1] == _VERIFY else b"\x6d\x00"
