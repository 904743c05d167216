"""Shapes from the font files that the papers are made of: screen and paper show the same."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath

from kiosk.ui.kit.lettering import Shape
from printing.letters.clusters import clusters
from printing.letters.faces import Face, Glyph, first, open_face
from printing.letters.glyphs import Fonts, find_fonts

GETA = "〓"  # what Japanese print has always set where a character is missing
_BOLDER = 28  # a mincho beside a bold gothic, and every stroke of it still apart
_KEPT = 4096


class Outlines:
    """The faces of the papers, glyph by glyph; `latin` knows the letters of all Europe and Vietnam.

    It comes plain and bold, and without serifs, as everything else on a screen.
    """

    def __init__(self, fonts: Fonts, latin: tuple[Face, Face] | None = None) -> None:
        self._fonts = fonts
        self._latin = latin

    def shape(self, cluster: str, *, bold: bool, mincho: bool) -> Shape | None:
        """What is drawn for this character; None where Qt, asked for it, draws just that."""
        gothic = self._fonts.bold if bold else self._fonts.gothic
        faces = self._fonts.names() if mincho else self._fonts.labels(gothic)
        found = first(faces, cluster)
        if found is None:
            return _stand_in(faces, cluster)
        face, glyph = found
        if face is (self._fonts.mincho if mincho else gothic) and len(cluster) == 1:
            return None
        shape = _shape(face, glyph, bold=bold and face is not gothic)
        return replace(shape, other=face is not gothic)

    def word(self, letters: Sequence[str], *, bold: bool) -> tuple[Shape, ...] | None:
        """A word in one face, where one has all of it; nobody reads a word of two faces well."""
        if self._latin is None:
            return None
        face = self._latin[bold]
        glyphs = [face.glyph(each) for each in letters]
        return tuple(_shape(face, glyph) for glyph in glyphs if glyph) if all(glyphs) else None

    def missing(self, text: str) -> tuple[str, ...]:
        """Each character whose registered shape no face has."""
        faces = self._fonts.names()
        every = dict.fromkeys(each for each in clusters(text) if each != "\n")
        return tuple(each for each in every if first(faces, each) is None)


def installed(own: Sequence[Path] = ()) -> Outlines:
    """The fonts of this machine, and the city's own files."""
    fonts = find_fonts(own=own)
    return Outlines(fonts, latin_beside(fonts))


def latin_beside(fonts: Fonts) -> tuple[Face, Face] | None:
    """The faces without serifs that are installed together with the serif of the papers."""
    serif = fonts.more[-1].path
    names = ("DejaVuSans", "DejaVuSans-Bold")
    paths = [serif.with_name(f"{name}.ttf") for name in names]
    if not all(path.is_file() for path in paths):
        return None
    plain, bold = map(open_face, names, paths)
    return plain, bold


def _stand_in(faces: tuple[Face, ...], cluster: str) -> Shape:
    """The character without its variant, or the mark of a missing one; dotted either way."""
    bases = (cluster, cluster[0], GETA)
    found = next(
        (face, glyph) for each in bases for face in faces if (glyph := face.plain(each)) is not None
    )
    return _shape(*found, missing=True)


def _shape(face: Face, glyph: Glyph, *, bold: bool = False, missing: bool = False) -> Shape:
    path = QPainterPath(_path(face, glyph.id))
    for mark in glyph.marks:
        path.addPath(_path(face, mark.id).translated(mark.x, -mark.y))
    path.setFillRule(Qt.FillRule.WindingFill)
    return Shape(path, glyph.advance, _BOLDER if bold else 0.0, missing)


@lru_cache(maxsize=_KEPT)
def _path(face: Face, glyph: int) -> QPainterPath:
    """The outline of one glyph; it says nothing of whose name it stood in."""
    path = QPainterPath()
    for kind, points in face.outline(glyph):
        at = [QPointF(x, -y) for x, y in zip(points[::2], points[1::2], strict=True)]
        match kind:
            case "move":
                path.moveTo(*at)
            case "line":
                path.lineTo(*at)
            case "quad":
                path.quadTo(*at)
            case "cubic":
                path.cubicTo(*at)
            case _:
                path.closeSubpath()
    return path
