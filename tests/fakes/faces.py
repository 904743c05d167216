"""A face without a file: every character is as wide as it is tall."""

from printing.letters.faces import Glyph


class SquareFace:
    """Has these texts, or all of them."""

    def __init__(self, name: str, texts: tuple[str, ...] | None = None) -> None:
        self.name = name
        self._texts = texts

    def glyph(self, cluster: str) -> Glyph | None:
        known = self._texts is None or cluster in self._texts
        return Glyph(cluster, ord(cluster[0]) % 60000, 1000.0) if known else None

    def plain(self, cluster: str) -> Glyph | None:
        known = self.glyph(cluster[0])
        return known and Glyph(cluster, known.id, known.advance)
