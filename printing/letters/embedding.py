"""A font of our own making inside one PDF: a code for each text that is drawn.

Two texts that share a glyph have two codes, so that what is copied out of the paper is what was
registered, to the code point; variants and characters beyond the BMP are nothing special here.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

from reportlab.pdfbase import pdfdoc

from printing.letters.faces import Face, Glyph

LEVEL = 1  # outlines hardly pack: 6 takes twice the time for a twentieth of the bytes
_SYMBOLIC = 4
_SYSTEM = "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_TAIL = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"


class EmbeddedFont:
    """The characters of one face that one document draws."""

    def __init__(self, face: Face, name: str) -> None:
        self.name = name
        self._face = face
        self._drawn: list[Glyph] = []
        self._codes: dict[str, str] = {}

    def encode(self, run: Iterable[tuple[Face, Glyph]]) -> str:
        """The codes of these glyphs, as a PDF string."""
        codes = self._codes
        return f"<{''.join([codes.get(glyph.text) or self._code(glyph) for _, glyph in run])}>"

    def addObjects(self, doc: Any) -> None:
        """What reportlab calls once all pages are drawn."""
        glyphs = self._drawn
        data, places = self._face.outlines.subset(glyph.id for glyph in glyphs)
        tag = sha256(data).digest()
        name = "".join(chr(65 + byte % 26) for byte in tag[:6]) + "+" + self._face.name
        program = placed(doc, packed(data, f"/Length1 {len(data)}"))
        mapped = placed(doc, packed(_map(glyphs, places)))
        texts = placed(doc, packed(_to_unicode([glyph.text for glyph in glyphs])))
        descriptor = placed(doc, Written(self._descriptor(name, program)))
        advances = " ".join([f"{glyph.advance:.6g}" for glyph in glyphs])
        descendant = Written(
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDSystemInfo {_SYSTEM}"
            f" /FontDescriptor {descriptor} /DW 1000 /W [ 1 [ {advances} ] ]"
            f" /CIDToGIDMap {mapped} >>"
        )
        font = Written(
            f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H"
            f" /DescendantFonts [ {placed(doc, descendant)} ] /ToUnicode {texts} >>"
        )
        doc.idToObject["BasicFonts"].dict[self.name] = doc.Reference(font)

    def _code(self, glyph: Glyph) -> str:
        self._drawn.append(glyph)
        self._codes[glyph.text] = code = f"{len(self._drawn):04X}"
        return code

    def _descriptor(self, name: str, program: str) -> str:
        left, low, right, high = self._face.box
        return (
            f"<< /Type /FontDescriptor /FontName /{name} /Flags {_SYMBOLIC}"
            f" /FontBBox [ {left:.0f} {low:.0f} {right:.0f} {high:.0f} ] /ItalicAngle 0"
            f" /Ascent {high:.0f} /Descent {low:.0f} /CapHeight {high:.0f} /StemV 80"
            f" /FontFile2 {program} >>"
        )


def _map(glyphs: Sequence[Glyph], places: Mapping[int, int]) -> bytes:
    return b"\0\0" + b"".join(places[glyph.id].to_bytes(2, "big") for glyph in glyphs)


def _to_unicode(texts: Sequence[str]) -> bytes:
    rows = [f"<{code:04X}> <{_utf16(text)}>\n" for code, text in enumerate(texts, 1)]
    parts = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    body = "".join(f"{len(part)} beginbfchar\n{''.join(part)}endbfchar\n" for part in parts)
    return (_HEAD + body + _TAIL).encode("ascii")


@lru_cache(4096)
def _utf16(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


class Written(pdfdoc.PDFObject):
    """An object of a document as it stands there; reportlab puts its own together bit by bit."""

    __RefOnly__ = 1

    def __init__(self, text: str, stream: bytes | None = None) -> None:
        body = b"" if stream is None else b"\nstream\n" + stream + b"\nendstream"
        self._bytes = text.encode("ascii") + body

    def format(self, _document: Any) -> bytes:
        """What reportlab calls when it writes the document."""
        return self._bytes


def packed(data: bytes, entries: str = "") -> Written:
    """The bytes as a stream, packed."""
    stream = zlib.compress(data, LEVEL)
    return Written(f"<< /Filter /FlateDecode /Length {len(stream)} {entries}>>", stream)


def placed(doc: Any, thing: Written) -> str:
    """How other objects of the document name this one."""
    reference: bytes = doc.Reference(thing).format(doc)
    return reference.decode("ascii")
