"""A person's own words on a screen, every character in its registered shape."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtCore import QPointF, QRectF, Qt, QTextBoundaryFinder
from PySide6.QtGui import QAction, QColor, QFontMetricsF, QGuiApplication, QKeySequence, QPainter

from kiosk.ui.kit import tokens
from kiosk.ui.kit.fonts import face
from kiosk.ui.kit.label import Label
from kiosk.ui.kit.lettering import Lettering, Shape
from kiosk.ui.kit.words import Block, lay_out, plain
from printing.letters.clusters import clusters


@dataclass(frozen=True)
class Style:
    """How a name looks, and the sentence that names the code points of what cannot be shown."""

    size: int
    sentence: str
    small: int = tokens.SMALLEST
    bold: bool = False


@dataclass(frozen=True)
class Run:
    """What is drawn in one go: by Qt, or, where there is a shape, by us."""

    text: str
    width: float
    shape: Shape | None = None


@dataclass(frozen=True)
class NameBlock(Block):
    """A name laid out for one width, and under it what has to be said about it."""

    rows: tuple[tuple[Run, ...], ...]
    head: float  # room above each line for marks over marks
    note: Block | None

    @property
    def height(self) -> float:
        """How tall the block is."""
        return len(self.rows) * self.line_height + (self.note.height if self.note else 0)

    def top_in(self, area: QRectF) -> float:
        """Where it starts to stand in the middle; the space under a line does not lift it."""
        leading = (self.line_height - self.head) * 0.28 / 1.28
        return area.center().y() - (self.height - leading) / 2

    def draw(self, painter: QPainter, area: QRectF, colour: str, align: Qt.AlignmentFlag) -> None:
        """Paint the block into the area, from its top."""
        font = face(self.size, bold=self.bold)
        y = area.top() + self.head + QFontMetricsF(font).ascent()
        for row in self.rows:
            x = area.left()
            if align & Qt.AlignmentFlag.AlignHCenter:
                x += (area.width() - sum(run.width for run in row)) / 2
            for run in row:
                if run.shape is None:
                    painter.setFont(font)
                    painter.setPen(QColor(colour))
                    painter.drawText(QPointF(x, y), run.text)
                else:
                    run.shape.draw(painter, QPointF(x, y), self.size, colour)
                x += run.width
            y += self.line_height
        if self.note is not None:
            below = area.adjusted(0, len(self.rows) * self.line_height, 0, 0)
            self.note.draw(painter, below, colour, align)


def set_name(text: str, letters: Lettering, style: Style, width: int) -> NameBlock:
    """Break a name into lines no wider than `width`; nothing of it is kept."""
    metrics = QFontMetricsF(face(style.size, bold=style.bold))
    lines = (_Line(part, letters, style, metrics) for part in text.split("\n"))
    rows = tuple(row for line in lines for row in line.rows(width))
    told = told_missing(text, letters, style.sentence)
    note = lay_out(told, style.small, width) if told else None
    wide = max(*(sum(run.width for run in row) for row in rows), note.width if note else 0)
    tops = (run.shape.top(style.size) for row in rows for run in row if run.shape)
    head = max(max(tops, default=0.0) + 1 - metrics.ascent(), 0.0)
    tall = lay_out("あ", style.size, width, bold=style.bold).line_height + head
    return NameBlock((), style.size, style.bold, tall, 0.0, wide, rows, head, note)


def told_missing(text: str, letters: Lettering, sentence: str) -> str:
    """What is said of characters that no face has; nothing where every face is there."""
    missing = letters.missing(text)
    together = (each.replace(" ", "\u00a0") for each in missing)
    return sentence.format(codes="、".join(together)) if missing else ""


class _Line:
    """One line of a text, before it is broken."""

    def __init__(self, text: str, letters: Lettering, style: Style, metrics: QFontMetricsF) -> None:
        self._text, self._letters, self._style, self._metrics = text, letters, style, metrics

    def rows(self, width: int) -> Iterator[tuple[Run, ...]]:
        """Row after row; a word that is wider than a row is broken between its characters."""
        row: list[Run] = []
        used = 0.0
        for word in self._words():
            loose = [[run] for run in word] if _bare(word) > width else [word]
            for part in loose:
                if row and used + _bare(part) > width:
                    yield self._joined(row)
                    row, used = [], 0.0
                row += part
                used += sum(run.width for run in part)
        yield self._joined(row)

    def _words(self) -> Iterator[list[Run]]:
        """Characters that are not parted where there is room, by the rules of the script."""
        ends, place, word = _breaks(self._text), 0, list[Run]()
        for each in clusters(self._text):
            word.append(self._run(each))
            place += len(each.encode("utf-16-le", "surrogatepass")) // 2
            if place in ends:
                yield self._in_one_face(word)
                word = []
        yield self._in_one_face(word)

    def _in_one_face(self, word: list[Run]) -> list[Run]:
        """Letters of one word are of one face; kanji of a name need not be."""
        made: list[Run] = []
        for latin, runs in groupby(word, lambda run: _is_latin(run.text)):
            part = list(runs)
            if latin and any(run.shape is not None and run.shape.other for run in part):
                letters = [run.text for run in part]
                if shapes := self._letters.word(letters, bold=self._style.bold):
                    both = zip(letters, shapes, strict=True)
                    part = [Run(text, shape.width(self._style.size), shape) for text, shape in both]
            made += part
        return made

    def _run(self, cluster: str) -> Run:
        shape = self._letters.shape(cluster, bold=self._style.bold)
        if shape is None:
            return Run(cluster, self._metrics.horizontalAdvance(cluster))
        return Run(cluster, shape.width(self._style.size), shape)

    def _joined(self, row: list[Run]) -> tuple[Run, ...]:
        """What Qt draws, as long as possible, for the sake of its spacing; no space at the end."""
        while row and not row[-1].text.strip():
            row.pop()
        joined: list[Run] = []
        for by_qt, runs in groupby(row, lambda run: run.shape is None):
            if by_qt:
                text = "".join(run.text for run in runs)
                joined.append(Run(text, self._metrics.horizontalAdvance(text)))
            else:
                joined += runs
        return tuple(joined)


def _is_latin(cluster: str) -> bool:
    return unicodedata.name(cluster[0], "").startswith("LATIN ")


def _bare(word: list[Run]) -> float:
    return sum(run.width for run in word if run.text.strip())


def _breaks(text: str) -> set[int]:
    """Where a line may end, in units of UTF-16."""
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Line, text)
    places = set()
    while (place := finder.toNextBoundary()) != -1:
        places.add(place)
    return places


class NameLabel(Label):
    """A label for what a person wrote or is registered with: exact, whole, and never furigana."""

    def __init__(
        self,
        words: str,
        letters: Lettering,
        style: Style,
        *,
        colour: str = tokens.GRAY_900,
        centred: bool = False,
        copied: bool = False,
    ) -> None:
        self._letters, self._style = letters, style
        self._set: tuple[int, NameBlock] | None = None
        super().__init__(words, style.size, bold=style.bold, colour=colour, centred=centred)
        self.setAccessibleName(words)
        self.setAccessibleDescription(plain(told_missing(words, letters, style.sentence)))
        if copied:
            self._offer_copy()

    def block(self, width: int | None = None) -> Block:
        """The name as it stands in this width."""
        wide = width or max(self.width(), 1)
        if self._set is None or self._set[0] != wide:
            self._set = wide, set_name(self.words, self._letters, self._style, wide)
        return self._set[1]

    def _offer_copy(self) -> None:
        """Ctrl+C and the menu of the mouse give the code points that are registered."""
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        copy = QAction("コピー", self)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self._copy)
        self.addAction(copy)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.words)
