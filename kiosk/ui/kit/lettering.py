"""The registered shape of every character on a screen: what Qt draws rightly is left to Qt.

Qt draws the plain character for a variant and says nothing (ADR 18).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

_EM = 1000


@dataclass(frozen=True)
class Shape:
    """An outline in thousandths of the em, baseline at 0, and what to do with it."""

    outline: QPainterPath
    advance: float
    stroke: float = 0.0
    missing: bool = False
    other: bool = False  # of another face than the words around it

    def top(self, size: float) -> float:
        """How far it reaches above the baseline."""
        return -self.outline.boundingRect().top() * size / _EM

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


class Shapes(Protocol):
    """Fonts, asked for one character at a time."""

    def shape(self, cluster: str, *, bold: bool, mincho: bool) -> Shape | None:
        """What is drawn for this character; None where Qt, asked for it, draws just that."""

    def word(self, letters: Sequence[str], *, bold: bool) -> tuple[Shape, ...] | None:
        """A word in one face, where one has all of it."""

    def missing(self, text: str) -> tuple[str, ...]:
        """Each character whose registered shape no face has."""


def installed(own: Sequence[Path] = ()) -> Shapes:
    """The fonts of this machine, the city's own files before the others of the papers.

    What reads them is not needed before the first frame (ADR 3).
    """
    from kiosk.ui.kit import outlines  # noqa: PLC0415

    return outlines.installed(own)


class Lettering:
    """The faces of the screens, opened when the first name is shown."""

    def __init__(self, opened: Callable[[], Shapes] = installed) -> None:
        self._open = opened
        self._shapes: Shapes | None = None

    def shape(self, cluster: str, *, bold: bool = False, mincho: bool = False) -> Shape | None:
        """What is drawn for this character; None where Qt, asked for it, draws just that."""
        if cluster == "\n" or (cluster.isascii() and cluster.isprintable()):
            return None
        return self._opened().shape(cluster, bold=bold, mincho=mincho)

    def word(self, letters: Sequence[str], *, bold: bool) -> tuple[Shape, ...] | None:
        """A word in one face, where one has all of it."""
        return self._opened().word(letters, bold=bold)

    def missing(self, text: str) -> tuple[str, ...]:
        """The code points of each character whose registered shape no face has."""
        if text.isascii() and text.isprintable():
            return ()
        return tuple(codes(each) for each in self._opened().missing(text))

    def _opened(self) -> Shapes:
        if self._shapes is None:
            self._shapes = self._open()
        return self._shapes


def codes(cluster: str) -> str:
    """A character in words: the code points it is registered with."""
    return " ".join(f"U+{ord(c):04X}" for c in cluster)


def _dot(painter: QPainter, at: QPointF, wide: float, size: float, ink: str) -> None:
    """A dotted line under the character, as on paper."""
    pen = QPen(QColor(ink), max(2.0, size / 18), Qt.PenStyle.DotLine)
    painter.setPen(pen)
    down = QPointF(0, size * 0.16 + pen.widthF() / 2)
    painter.drawLine(at + down, at + down + QPointF(wide, 0))
