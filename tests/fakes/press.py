"""A press without fonts: what stands on the paper, line by line."""

from types import MappingProxyType

from printing.faults import MissingGlyph
from printing.paper import texts


class PlainPress:
    """Both presses in one; refuses the characters it was told of."""

    def __init__(self, missing: str = "") -> None:
        self._missing = missing
        self.papers: list[object] = []

    def render(self, paper, agreed=MappingProxyType({})) -> bytes:
        lines = list(texts(paper))
        wanted = (c for c in self._missing if c not in agreed)
        found = tuple(c for c in wanted if any(c in line for line in lines))
        if found:
            raise MissingGlyph(found)
        self.papers.append(paper)
        return "\n".join(lines).encode()


def codes_of(pdf: bytes) -> list[set[str]]:
    """What the bars of such a paper say: its number stands on its first line."""
    return [{pdf.decode().partition("\n")[0]}]
