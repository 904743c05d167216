"""Names as they are registered: variants of a character, and those beyond the BMP, drawn and read.

Reportlab draws a variation selector as tofu beside the wrong glyph, and lets 𠮷 be copied as
another character. Here each registered variant has a code of its own while it is drawn, in planes
that no font and no text uses, and reads back as the characters that it stands for.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from copy import copy
from functools import lru_cache
from struct import unpack_from
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFNameBytes, TTFont

from printing.faults import MissingGlyph
from printing.glyphs import LAST_SAFE, Font, GlyphGate

INNER = range(0x40000, 0x60000)
_PLANE = 0x10000
_SELECTED = re.compile("(?s).[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_IDEOGRAPHIC = range(0xE0100, 0xE01F0)
_LONG_CODE = re.compile(r"(?<=> <)([0-9A-F]{5})(?=>)")
_SUFFIX = "Variants"
Pair = tuple[int, int]


class VariantFont(TTFont):
    """A loaded font with a code of this plane for each of its variants."""

    def __init__(self, plain: Any, plane: range) -> None:
        self.__dict__.update(plain.__dict__)
        self.state = type(plain.state)()
        self.fontName = plain.fontName + _SUFFIX
        self.face = copy(plain.face)
        self.face.name = TTFNameBytes(bytes(plain.face.name) + _SUFFIX.encode())
        self.face.charToGlyph = dict(plain.face.charToGlyph)
        self.face.charWidths = dict(plain.face.charWidths)
        self.codes: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.borrowed: set[str] = set()
        self._free = iter(plane)
        face: Any = self.face
        for (base, selector), glyph in _pairs(face.get_table("cmap")):
            found = self.face.charToGlyph.get(base) if glyph is None else glyph
            if found is not None:
                self.give(chr(base) + chr(selector), found)

    def give(self, text: str, glyph: int) -> str:
        """A code of its own for this text, drawn by that glyph."""
        code = next(self._free)
        self.face.charToGlyph[code] = glyph
        self.face.charWidths[code] = self.face.charWidths.get(ord(text[0]), 1000)
        self.codes[text], self.texts[chr(code)] = chr(code), text
        return chr(code)

    def addObjects(self, doc: Any) -> None:
        """The subsets, each of which reads back as the characters that it stands for."""
        subsets = len(self.state[doc].subsets)
        names = [self.getSubsetInternalName(each, doc)[1:] for each in range(subsets)]
        super().addObjects(doc)
        for name in names:
            font = doc.idToObject["BasicFonts"].dict[name]
            stream = doc.idToObject[f"toUnicodeCMap:{font.BaseFont}"]
            stream.content = _LONG_CODE.sub(self._utf16, stream.content)

    def _utf16(self, code: re.Match[str]) -> str:
        character = chr(int(code[1], 16))
        text: str = self.texts.get(character, character)
        return text.encode("utf-16-be").hex().upper()


class VariantGate(GlyphGate):
    """The gate for text that was folded: variants and characters beyond the BMP may pass."""

    def __init__(self, fonts: Sequence[Font], variants: "Variants") -> None:
        super().__init__(fonts)
        self._variants = variants

    def stand_ins(self, text: str) -> list[int]:
        """Where the text has characters that are drawn without their variant."""
        return [place for place, c in enumerate(text) if self._variants.stands_in(c)]

    def _font(self, character: str) -> Font | None:
        if ord(character) > LAST_SAFE:
            return next((each for each in self._fonts if ord(character) in each.glyphs), None)
        return super()._font(character)


class Variants:
    """Fonts that know variants, the first before the others.

    A selector that none of them knows has no shape here. It may be stood in for by the
    character itself; whoever draws it says so on the paper (`stands_in`).
    """

    def __init__(self, fonts: tuple[Font, ...]) -> None:
        self._fonts = tuple(variant_font(font.name, place) for place, font in enumerate(fonts))

    def fonts(self) -> tuple[Font, ...]:
        """The same faces, with their variants."""
        return tuple(Font(each.fontName, each.face.charToGlyph) for each in self._fonts)

    def fold(self, text: str) -> str:
        """The text with one character for each variant; MissingGlyph for stray codes."""
        stray = [f"U+{ord(c):04X}" for c in dict.fromkeys(text) if ord(c) in INNER]
        if stray:
            raise MissingGlyph(tuple(stray))
        return _SELECTED.sub(lambda pair: self._code(pair[0]), text)

    def stands_in(self, folded: str) -> bool:
        """Whether a character of a folded text is drawn without its variant."""
        return any(folded in each.borrowed for each in self._fonts)

    def text(self, folded: str) -> str:
        """What a folded text stands for."""
        return "".join(
            next((each.texts[c] for each in self._fonts if c in each.texts), c) for c in folded
        )

    def _code(self, pair: str) -> str:
        known = next((each.codes[pair] for each in self._fonts if pair in each.codes), None)
        if known is not None:
            return known
        first = self._fonts[0]
        glyph = first.face.charToGlyph.get(ord(pair[0]))
        kanji = unicodedata.name(pair[0], "").startswith("CJK ") and ord(pair[1]) in _IDEOGRAPHIC
        if glyph is None or not kanji:
            return pair
        code = first.give(pair, glyph)
        first.borrowed.add(code)
        return code


@lru_cache
def variant_font(name: str, place: int) -> VariantFont:
    """The variants of a font that is loaded already, made once per process."""
    plane = range(INNER[0] + place * _PLANE, INNER[0] + (place + 1) * _PLANE)
    font = VariantFont(pdfmetrics.getFont(name), plane)
    pdfmetrics.registerFont(font)
    return font


def _pairs(cmap: bytes) -> Iterator[tuple[Pair, int | None]]:
    """Character and selector to glyph; None where the character's own glyph is meant."""
    (tables,) = unpack_from(">H", cmap, 2)
    for number in range(tables):
        (place,) = unpack_from(">L", cmap, 8 + 8 * number)
        if unpack_from(">H", cmap, place) != (14,):
            continue
        (records,) = unpack_from(">L", cmap, place + 6)
        for record in range(records):
            at = place + 10 + 11 * record
            selector = int.from_bytes(cmap[at : at + 3], "big")
            default, other = unpack_from(">LL", cmap, at + 3)
            if default:
                yield from _default(cmap, place + default, selector)
            if other:
                yield from _other(cmap, place + other, selector)


def _default(cmap: bytes, at: int, selector: int) -> Iterator[tuple[Pair, None]]:
    (ranges,) = unpack_from(">L", cmap, at)
    for place in range(at + 4, at + 4 + 4 * ranges, 4):
        first = int.from_bytes(cmap[place : place + 3], "big")
        for base in range(first, first + cmap[place + 3] + 1):
            yield (base, selector), None


def _other(cmap: bytes, at: int, selector: int) -> Iterator[tuple[Pair, int]]:
    (mappings,) = unpack_from(">L", cmap, at)
    for place in range(at + 4, at + 4 + 5 * mappings, 5):
        base = int.from_bytes(cmap[place : place + 3], "big")
        yield (base, selector), int.from_bytes(cmap[place + 3 : place + 5], "big")
