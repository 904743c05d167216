"""Words that wrap, with furigana over kanji where the text asks for it: `[住所|じゅうしょ]`."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from PySide6.QtCore import QPointF, QRectF, Qt, QTextBoundaryFinder
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from kiosk.ui.kit.fonts import face

_BMP = 0xFFFF
_MARKED = re.compile(r"\[([^|\]]+)\|([^\]]+)\]")


def plain(marked: str) -> str:
    """The words without their furigana, for screen readers and tests."""
    return _MARKED.sub(r"\1", marked)


@dataclass(frozen=True)
class Piece:
    """Something that is never broken over two lines; `ends` where a line may end after it."""

    text: str
    ruby: str
    width: float
    ends: bool


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
    """Fill line after line; a word that is wider than a line is broken between its pieces."""
    lines: list[list[Piece]] = [[]]
    used = 0.0
    for word in _words(pieces):
        bare = sum(piece.width for piece in word if piece.text.strip())
        loose = [[piece] for piece in word] if bare > width else [word]
        for part in loose:
            wide = sum(piece.width for piece in part)
            bare = sum(piece.width for piece in part if piece.text.strip())
            if lines[-1] and used + bare > width:
                lines.append([])
                used = 0.0
            if lines[-1] or bare:
                lines[-1] += part
                used += wide
    return [tuple(line) for line in lines]


def _words(pieces: list[Piece]) -> list[list[Piece]]:
    words: list[list[Piece]] = [[]]
    for piece in pieces:
        words[-1].append(piece)
        if piece.ends:
            words.append([])
    return [word for word in words if word]


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
    fine, coarse = _breaks(text), _word_ends(text)
    cuts = sorted((fine - inside) | edges | {0, len(text)})
    readings = {start: reading for start, _, reading in rubies}
    pieces: list[Piece] = []
    for start, end in pairwise(cuts):
        word, reading = text[start:end], readings.get(start, "")
        wide = max(metrics.horizontalAdvance(word), over.horizontalAdvance(reading))
        pieces.append(Piece(word, reading, wide, end in coarse))
    return pieces


@lru_cache(maxsize=2048)
def _word_ends(text: str) -> set[int]:
    """Where lines may end; Japanese that is written with spaces breaks at these alone."""
    spaced = " " in text.strip() and any("ぁ" <= character <= "ん" for character in text)
    if not spaced:
        return _breaks(text)
    return {place for place in _breaks(text) if text[place - 1] in " 。、（・"} - {0}


@lru_cache(maxsize=2048)
def _breaks(text: str) -> set[int]:
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Line, text)
    units = set()
    while (place := finder.toNextBoundary()) != -1:
        units.add(place)
    ends = accumulate(2 if ord(character) > _BMP else 1 for character in text)
    return {place for place, end in enumerate(ends, 1) if end in units}  # Qt counts 𠮷 as two


def forget_words() -> None:
    """Nothing that was laid out for a resident outlives the turn."""
    for kept in (lay_out, _word_ends, _breaks):
        kept.cache_clear()
