"""What may stand in for a character that has no shape here (縮退): proposals, never decisions."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from printing.letters.faces import is_selector
from printing.letters.glyphs import GlyphGate


class Substitutes:
    """The city's own table first, then what the registers themselves call the same character."""

    def __init__(self, gate: GlyphGate, table: Mapping[str, Sequence[str]]) -> None:
        self._gate, self._table = gate, table

    def of(self, character: str) -> tuple[str, ...]:
        """What could be drawn instead, the nearest first; nothing where nobody knows."""
        found = dict.fromkeys(self._near(character))
        return tuple(each for each in found if each != character and not self._gate.missing(each))

    def _near(self, character: str) -> Iterator[str]:
        yield from self._table.get(character, ())
        plain = "".join(c for c in character if not is_selector(c))
        if plain:
            yield plain
            yield from self._table.get(plain, ())
            yield unicodedata.normalize("NFC", plain)  # 神 and its compatibility twin
