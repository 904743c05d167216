"""Which font has this character: the gate before anything is printed."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType

import uharfbuzz as hb

from printing.faults import MissingFont, MissingGlyph, named
from printing.letters.faces import Face, Glyph, clusters, first, is_selector, open_face

FONT_ROOTS = (Path("/usr/local/share/fonts"), Path("/usr/share/fonts"))
KNOWN_FONTS = {
    "IPAmjMincho": ("ipamjm.ttf", "fonts-ipamj-mincho"),
    "BIZUDMincho": ("BIZUDMincho-Regular.ttf", "fonts-morisawa-bizud-mincho"),
    "DejaVuSerif": ("DejaVuSerif.ttf", "fonts-dejavu-core"),
    "BIZUDPGothic": ("BIZUDPGothic-Regular.ttf", "fonts-morisawa-bizud-gothic"),
    "BIZUDPGothic-Bold": ("BIZUDPGothic-Bold.ttf", "fonts-morisawa-bizud-gothic"),
}
_KEPT = 4096
_FACE = itemgetter(0)


@dataclass(frozen=True)
class Fonts:
    """The faces of our papers: names, labels, headings; `more` knows what the first do not."""

    mincho: Face
    gothic: Face
    bold: Face
    more: tuple[Face, ...] = ()
    own: tuple[Face, ...] = ()  # the city's, before all others

    def names(self) -> tuple[Face, ...]:
        """The faces for names and values, in order of preference."""
        return (*self.own, self.mincho, *self.more, self.gothic)

    def labels(self, face: Face) -> tuple[Face, ...]:
        """A face for labels, and what stands behind it."""
        return (face, *self.own, self.mincho, *self.more)


def find_font(name: str, roots: Sequence[Path] = FONT_ROOTS) -> Face:
    """The font of this name; MissingFont where it is not installed."""
    file, package = KNOWN_FONTS[name]
    path = next((found for root in roots for found in sorted(root.rglob(file))), None)
    if path is None:
        raise MissingFont(name, package)
    return open_face(name, path)


def find_fonts(roots: Sequence[Path] = FONT_ROOTS, own: Sequence[Path] = ()) -> Fonts:
    """The faces that the presses need, the city's own files (行政事務標準文字) first."""
    faces = ("IPAmjMincho", "BIZUDPGothic", "BIZUDPGothic-Bold", "BIZUDMincho", "DejaVuSerif")
    mincho, gothic, bold, *more = (find_font(name, roots) for name in faces)
    return Fonts(mincho, gothic, bold, tuple(more), tuple(_own(path) for path in own))


def _own(path: Path) -> Face:
    """A file of the city's, which says what its private-use characters are."""
    try:
        face = open_face(path.stem, path, private=True)
    except hb.HarfBuzzError as fault:
        raise MissingFont(str(path), "the city's own file") from fault
    if "glyf" not in face.file.table_tags:  # outlines that a paper can hold
        raise MissingFont(str(path), "the city's own file")
    return face


class GlyphGate:
    """Faces in order of preference: text goes through as glyphs, or it does not go through.

    With `stand_ins`, a variant that no face knows may be stood in for by the character itself;
    `agreed` are the substitutes (縮退) that a clerk has looked at and agreed to for this one paper.
    Whoever draws either says so on the paper.
    """

    def __init__(
        self,
        faces: Sequence[Face],
        *,
        stand_ins: bool = False,
        agreed: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._faces = tuple(faces)
        self._lenient = stand_ins
        self._known: dict[str, tuple[Face, Glyph]] = {}
        self._agreed = agreed

    def agreeing(self, agreed: Mapping[str, str]) -> "GlyphGate":
        """The same faces, with a clerk's substitutes for one paper."""
        return GlyphGate(self._faces, stand_ins=self._lenient, agreed=agreed)

    def missing(self, text: str) -> tuple[str, ...]:
        """The characters that cannot be printed, named with their code points."""
        return tuple(named(each) for each in self._missing((text,)))

    def check(self, texts: Iterable[str]) -> None:
        """Return if all of it can be printed; else raise MissingGlyph for all of it at once."""
        if missing := self._missing(texts):
            raise MissingGlyph(missing)

    def glyphs(self, text: str) -> Sequence[tuple[Face, Glyph]]:
        """One shape after another; MissingGlyph where there is none."""
        known = self._known
        try:
            return [known[each] for each in text]
        except KeyError:  # a character that was never met, or that belongs to the one before it
            found = [self._glyph(each) for each in clusters(text)]
        shapes = [each for each in found if each]
        if len(shapes) < len(found):
            raise MissingGlyph(self._missing((text,)))
        return shapes

    def runs(self, text: str) -> Iterator[tuple[Face, tuple[Glyph, ...]]]:
        """The text cut where its face changes."""
        for face, run in groupby(self.glyphs(text), _FACE):
            yield face, tuple(glyph for _, glyph in run)

    def width(self, text: str, size: float) -> float:
        """How wide the text comes out, in points."""
        return sum([glyph.advance for _, glyph in self.glyphs(text)]) * size / 1000

    def stand_ins(self, text: str) -> list[tuple[int, str]]:
        """Where the text has characters that are drawn without their variant, and which."""
        place, found = 0, []
        for each in clusters(text) if self._lenient or self._agreed else ():
            if self._is_stood_in_for(each) and first(self._faces, each) is None:
                found.append((place, each))
            place += len(each)
        return found

    def _missing(self, texts: Iterable[str]) -> tuple[str, ...]:
        met = self._known.keys()
        new = (text for text in texts if not met >= set(text))
        every = dict.fromkeys(each for text in new for each in clusters(text))
        return tuple(each for each in every if self._glyph(each) is None)

    def _glyph(self, cluster: str) -> tuple[Face, Glyph] | None:
        known = self._known.get(cluster)
        if known is not None:
            return known
        found = self._sought(cluster)
        if found is not None and _stands_alone(cluster):
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[cluster] = found
        return found

    def _sought(self, cluster: str) -> tuple[Face, Glyph] | None:
        found = first(self._faces, cluster)
        if found is not None or not self._is_stood_in_for(cluster):
            return found
        if cluster in self._agreed:
            return self._substitute(cluster)
        return next(((face, glyph) for face in self._faces if (glyph := face.plain(cluster))), None)

    def _is_stood_in_for(self, cluster: str) -> bool:
        return cluster in self._agreed or (self._lenient and _is_variant(cluster))

    def _substitute(self, cluster: str) -> tuple[Face, Glyph] | None:
        """The agreed shape under the registered text: what is copied out stays the name."""
        found = first(self._faces, self._agreed[cluster])
        return found and (found[0], replace(found[1], text=cluster))


def _stands_alone(cluster: str) -> bool:
    """Whether it is the same character wherever it stands in a text."""
    return next(clusters("-" + cluster)) == "-"


def _is_variant(cluster: str) -> bool:
    """A kanji with a selector of the registers: only there is the kanji itself a stand-in."""
    kanji = unicodedata.name(cluster[0], "").startswith("CJK ")
    return kanji and len(cluster) == 2 and cluster[1] >= "\U000e0100" and is_selector(cluster[1])
