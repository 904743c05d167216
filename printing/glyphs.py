"""Which font has this character: the gate before anything is printed."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from printing.faults import MissingFont, MissingGlyph

FONT_ROOTS = (Path("/usr/local/share/fonts"), Path("/usr/share/fonts"))
KNOWN_FONTS = {
    "IPAmjMincho": ("ipamjm.ttf", "fonts-ipamj-mincho"),
    "BIZUDMincho": ("BIZUDMincho-Regular.ttf", "fonts-morisawa-bizud-mincho"),
    "BIZUDPGothic": ("BIZUDPGothic-Regular.ttf", "fonts-morisawa-bizud-gothic"),
    "BIZUDPGothic-Bold": ("BIZUDPGothic-Bold.ttf", "fonts-morisawa-bizud-gothic"),
}
LAST_SAFE = 0xFFFF
_REFUSED = {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Mc", "Me", "Zl", "Zp"}


@dataclass(frozen=True)
class Font:
    """A font that is loaded, and the code points it has a glyph for."""

    name: str
    glyphs: Any = field(repr=False, compare=False)

    def width(self, text: str, size: float) -> float:
        """How wide the text comes out, in points."""
        return pdfmetrics.stringWidth(text, self.name, size)


@dataclass(frozen=True)
class Fonts:
    """The three faces of our papers: names, labels, headings."""

    mincho: Font
    gothic: Font
    bold: Font


def find_font(name: str, roots: Sequence[Path] = FONT_ROOTS) -> Font:
    """The font of this name, loaded once per process; MissingFont where it is not installed."""
    file, package = KNOWN_FONTS[name]
    path = next((found for root in roots for found in sorted(root.rglob(file))), None)
    if path is None:
        raise MissingFont(name, package)
    if name not in pdfmetrics.getRegisteredFontNames():
        try:
            pdfmetrics.registerFont(TTFont(name, path))
        except (TTFError, OSError) as fault:
            raise MissingFont(name, package) from fault
    loaded: Any = pdfmetrics.getFont(name)
    return Font(name, loaded.face.charToGlyph)


def find_fonts(roots: Sequence[Path] = FONT_ROOTS) -> Fonts:
    """The faces that the presses need."""
    faces = ("IPAmjMincho", "BIZUDPGothic", "BIZUDPGothic-Bold")
    mincho, gothic, bold = (find_font(name, roots) for name in faces)
    return Fonts(mincho, gothic, bold)


class GlyphGate:
    """Fonts in order of preference: text goes through in runs, or it does not go through.

    Variation selectors, other combining marks, private-use characters and everything beyond the
    BMP (𠮷) are refused for now even where a font has them: reportlab draws a selector as tofu
    beside the wrong glyph, and such a character reads back as another one.
    """

    def __init__(self, fonts: Sequence[Font]) -> None:
        self._fonts = tuple(fonts)

    def missing(self, text: str) -> tuple[str, ...]:
        """The characters that cannot be printed, named with their code points."""
        return tuple(_named(c) for c in dict.fromkeys(text) if self._font(c) is None)

    def check(self, texts: Iterable[str]) -> None:
        """Return if all of it can be printed; else raise MissingGlyph for all of it at once."""
        if missing := self.missing("".join(texts)):
            raise MissingGlyph(missing)

    def runs(self, text: str) -> Iterator[tuple[Font, str]]:
        """The text cut where its font changes."""
        for font, run in groupby(text, self._font):
            piece = "".join(run)
            if font is None:
                raise MissingGlyph(self.missing(piece))
            yield font, piece

    def width(self, text: str, size: float) -> float:
        """How wide the text comes out, in points."""
        return sum(font.width(run, size) for font, run in self.runs(text))

    def _font(self, character: str) -> Font | None:
        if ord(character) > LAST_SAFE or unicodedata.category(character) in _REFUSED:
            return None
        return next((font for font in self._fonts if ord(character) in font.glyphs), None)


def _named(character: str) -> str:
    code = f"U+{ord(character):04X}"
    return code if unicodedata.category(character) in _REFUSED else f"{character} ({code})"
