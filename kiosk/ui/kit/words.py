"""Words that wrap, with furigana over kanji where the text asks for it: `[住所|じゅうしょ]`."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt, QTextBoundaryFinder
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from kiosk.ui.kit.fonts import face

_MARKED = re.compile(r"\[([^|\]]+)\|([^\]]+)\]")


def plain(marked: str) -> str:
    """The words without their furigana, for screen readers and tests."""
    return _MARKED.sub(r"\1", marked)


@dataclass(frozen=True)
class Piece:
    """Something that is never broken over two lines."""

    text: str
    ruby: str
    width: float


@dataclass(frozen=True)
class Block:
    """Words laid out for one width."""

    lines: tuple[tuple[Piece, ...], ...]
    size: int
    bold: bool
    line_height: float
    ruby_height: float
    width: float

    @property
    def height(self) -> float:
        """How tall the block is."""
        return len(self.lines) * self.line_height

    def draw(self, painter: QPainter, area: QRectF, colour: str, align: Qt.AlignmentFlag) -> None:
        """Paint the block into the area, from its top."""
        font, small = face(self.size, bold=self.bold), face(ruby_size(self.size))
        metrics, over = QFontMetricsF(font), QFontMetricsF(small)
        painter.setPen(QColor(colour))
        y = area.top()
        for line in self.lines:
            width = sum(piece.width for piece in line)
            x = area.left()
            if align & Qt.AlignmentFlag.AlignHCenter:
                x += (area.width() - width) / 2
            base = y + self.ruby_height + metrics.ascent()
            for piece in line:
                painter.setFont(font)
                shift = (piece.width - metrics.horizontalAdvance(piece.text)) / 2
                painter.drawText(QPointF(x + shift, base), piece.text)
                if piece.ruby:
                    painter.setFont(small)
                    shift = (piece.width - over.horizontalAdvance(piece.ruby)) / 2
                    painter.drawText(QPointF(x + shift, y + over.ascent()), piece.ruby)
                x += piece.width
            y += self.line_height


def ruby_size(size: int) -> int:
    """Furigana at half the size, as on paper."""
    return size // 2


@lru_cache(maxsize=2048)
def lay_out(marked: str, size: int, width: int, *, bold: bool = False) -> Block:
    """Break the words into lines no wider than `width`, by the rules of the script."""
    font = face(size, bold=bold)
    lines: list[tuple[Piece, ...]] = []
    for paragraph in marked.split("\n"):
        lines += _lines(_pieces(paragraph, font), width)
    metrics = QFontMetricsF(font)
    over = QFontMetricsF(face(ruby_size(size))).height() if _MARKED.search(marked) else 0.0
    widest = max((sum(piece.width for piece in line) for line in lines), default=0.0)
    return Block(tuple(lines), size, bold, metrics.height() * 1.28 + over, over, widest)


def _lines(pieces: list[Piece], width: int) -> list[tuple[Piece, ...]]:
    lines: list[list[Piece]] = [[]]
    used = 0.0
    for piece in pieces:
        bare = piece.width if piece.text.strip() else 0.0
        if lines[-1] and used + bare > width:
            lines.append([])
            used = 0.0
        if lines[-1] or piece.text.strip():
            lines[-1].append(piece)
            used += piece.width
    return [tuple(line) for line in lines]


def _pieces(marked: str, font: QFont) -> list[Piece]:
    metrics, over = QFontMetricsF(font), QFontMetricsF(face(ruby_size(font.pixelSize())))
    text, rubies = "", []
    last = 0
    for found in _MARKED.finditer(marked):
        text += marked[last : found.start()]
        rubies.append((len(text), len(text) + len(found[1]), found[2]))
        text += found[1]
        last = found.end()
    text += marked[last:]
    inside = {place for start, end, _ in rubies for place in range(start + 1, end)}
    edges = {edge for start, end, _ in rubies for edge in (start, end)}
    breaks = _breaks(text)
    cuts = sorted((breaks - inside) | edges | {0, len(text)})
    readings = {start: reading for start, _, reading in rubies}
    pieces: list[Piece] = []
    for start, end in zip(cuts, cuts[1:], strict=False):
        word, reading = text[start:end], readings.get(start, "")
        wide = max(metrics.horizontalAdvance(word), over.horizontalAdvance(reading))
        pieces.append(Piece(word, reading, wide))
    return _joined(pieces, cuts, breaks)


def _joined(pieces: list[Piece], cuts: list[int], breaks: set[int]) -> list[Piece]:
    """Pieces as they are: a comma after furigana stays with its word by its own break rule."""
    kept: list[Piece] = []
    for piece, start in zip(pieces, cuts, strict=False):
        if kept and start not in breaks and not kept[-1].ruby and not piece.ruby:
            kept[-1] = Piece(kept[-1].text + piece.text, "", kept[-1].width + piece.width)
        else:
            kept.append(piece)
    return kept


@cache
def _breaks(text: str) -> set[int]:
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Line, text)
    places = set()
    while (place := finder.toNextBoundary()) != -1:
        places.add(place)
    return places
