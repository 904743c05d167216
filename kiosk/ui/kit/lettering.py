"""The registered shape of every character on a screen: what Qt draws rightly is left to Qt.

Qt draws the plain character for a variant and says nothing (ADR 18); here the outline comes from
the font file that the papers are made of, so that screen and paper show the same.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from printing.faces import Face, Glyph, clusters, first
from printing.glyphs import Fonts, find_fonts

GETA = "〓"  # what Japanese print has always set where a character is missing
_EM = 1000
_BOLDER = 28  # a mincho beside a bold gothic, and every stroke of it still apart
_KEPT = 4096


@dataclass(frozen=True)
class Shape:
    """An outline in thousandths of the em, baseline at 0, and what to do with it."""

    outline: QPainterPath
    advance: float
    stroke: float = 0.0
    missing: bool = False

    def width(self, size: float) -> float:
        """How much room it takes in a line."""
        return self.advance * size / _EM

    def draw(self, painter: QPainter, at: QPointF, size: float, ink: str, room: float = 0) -> None:
        """Paint it with its origin there; narrower where it has less room than it wants."""
        wide = self.width(size)
        squeezed = min(room / wide, 1.0) if room and wide else 1.0
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.missing:
            _dot(painter, at, room or wide, size, ink)
        painter.translate(at)
        painter.scale(size / _EM * squeezed, size / _EM)
        painter.setBrush(QColor(ink))
        pen = QPen(QColor(ink), self.stroke, j=Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen if self.stroke else Qt.PenStyle.NoPen)
        painter.drawPath(self.outline)
        painter.restore()


class Lettering:
    """The faces of the screens, opened when the first name is shown."""

    def __init__(self, fonts: Callable[[], Fonts] = find_fonts) -> None:
        self._find = fonts
        self._opened: Fonts | None = None

    def shape(self, cluster: str, *, bold: bool = False, mincho: bool = False) -> Shape | None:
        """What is drawn for this character; None where Qt, asked for it, draws just that."""
        fonts = self._fonts()
        gothic = fonts.bold if bold else fonts.gothic
        faces = fonts.names() if mincho else fonts.labels(gothic)
        found = first(faces, cluster)
        if found is None:
            return _stand_in(faces, cluster)
        face, glyph = found
        if face is (fonts.mincho if mincho else gothic) and len(cluster) == 1:
            return None
        return _shape(face, glyph, bold=bold and face is not fonts.bold)

    def missing(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The code points of each character whose registered shape no face has."""
        faces = self._fonts().names()
        every = dict.fromkeys(each for text in texts for each in clusters(text) if each != "\n")
        return tuple(codes(each) for each in every if first(faces, each) is None)

    def _fonts(self) -> Fonts:
        if self._opened is None:
            self._opened = self._find()
        return self._opened


def codes(cluster: str) -> str:
    """A character in words: the code points it is registered with."""
    return " ".join(f"U+{ord(c):04X}" for c in cluster)


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


def _dot(painter: QPainter, at: QPointF, wide: float, size: float, ink: str) -> None:
    """A dotted line under the character, as on paper."""
    pen = QPen(QColor(ink), max(2.0, size / 18), Qt.PenStyle.DotLine)
    painter.setPen(pen)
    down = QPointF(0, size * 0.16 + pen.widthF() / 2)
    painter.drawLine(at + down, at + down + QPointF(wide, 0))
