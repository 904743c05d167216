"""Sections as a paper has them: the name in the margin, the questions in columns beside it."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from forms.definition import Section
from forms.facts import Fact
from kiosk.ui.counter.cell import SETTLE, SOURCES, Cell
from kiosk.ui.counter.names import NameButton, Names
from kiosk.ui.kit import tokens as t
from kiosk.ui.kit.fonts import face
from kiosk.ui.kit.words import lay_out

MARGIN = 128
NARROWEST = 266
_COLUMN_GAP, _ROW_GAP, _PAD = 16, 8, 12
_NUMBER, _FOOT = 64, 40


def columns_in(width: int) -> int:
    """How many columns a section of that width has; its rows have as many."""
    inner = width - MARGIN - 2 * _PAD
    return max(1, (inner + _COLUMN_GAP) // (NARROWEST + _COLUMN_GAP))


def flow(cells: Sequence[Cell], left: int, top: int, width: int, columns: int) -> int:
    """Put the cells in rows of equal columns, in order; where they end.

    Whatever an answer makes appear stands after it: nothing before the focus ever moves.
    """
    unit = (width - (columns - 1) * _COLUMN_GAP) // columns
    column, tallest = 0, 0
    for cell in cells:
        units = min(cell.units(unit), columns)
        if column + units > columns:
            column, top, tallest = 0, top + tallest + _ROW_GAP, 0
        wide = units * unit + (units - 1) * _COLUMN_GAP
        place = QRect(left + column * (unit + _COLUMN_GAP), top, wide, cell.tall(wide))
        if cell.geometry() != place:
            cell.setGeometry(place)
        tallest = max(tallest, place.height())
        column += units
    return top + tallest


class Box(QWidget):
    """A section that is asked once."""

    def __init__(self, section: Section, parent: QWidget) -> None:
        super().__init__(parent)
        self.section = section
        self.cells: list[Cell] = []

    def hold(self, cells: list[Cell]) -> None:
        """These questions stand, in this order."""
        _swap(self.cells, cells)
        self.cells = cells

    def stops(self) -> list[QWidget]:
        """Where the focus stops, in order."""
        return [stop for cell in self.cells for stop in cell.stops()]

    def arrange(self, width: int) -> int:
        """Put everything in its place; the height it takes."""
        inner = width - MARGIN - 2 * _PAD
        return flow(self.cells, MARGIN + _PAD, _PAD - 4, inner, columns_in(width)) + _PAD

    def paintEvent(self, _: QPaintEvent) -> None:
        """The margin with the section's name, and a line above."""
        painter = QPainter(self)
        painter.fillRect(0, 0, MARGIN, self.height(), QColor(t.BLUE_50))
        painter.fillRect(0, 0, self.width(), 1, QColor(t.GRAY_420))
        label = lay_out(self.section.label, 17, MARGIN - 20, bold=True)
        place = QRectF(12, 9, MARGIN - 20, self.height() - 12)
        label.draw(painter, place, t.BLUE_1000, Qt.AlignmentFlag.AlignLeft)


class Row(QWidget):
    """One of several: its number, a way to remove it, its questions."""

    def __init__(self, number: int, label: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.number = number
        self.cells: list[Cell] = []
        self.remove = QPushButton("削除", self)
        self.remove.setObjectName("small")
        self.remove.setAccessibleName(f"{label} {number + 1} を削除")
        self.remove.setGeometry(8, 40, 48, 30)

    def hold(self, cells: list[Cell]) -> None:
        """These questions stand in this row."""
        _swap(self.cells, cells)
        self.cells = cells

    def arrange(self, width: int, columns: int) -> int:
        """Put everything in its place; the height it takes."""
        end = flow(self.cells, _NUMBER, 4, width - _NUMBER - _PAD, columns)
        return max(end, 72) + 8

    def paintEvent(self, _: QPaintEvent) -> None:
        """The number, and every other row on a light ground."""
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, QColor(t.GRAY_200))
        painter.setFont(face(20, bold=True))
        painter.setPen(QColor(t.GRAY_800))
        place = QRect(8, 8, 48, 28)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(self.number + 1))


class RowsBox(Box):
    """A section that is asked once for each of several."""

    def __init__(
        self,
        section: Section,
        parent: QWidget,
        add: Callable[[str], None],
        remove: Callable[[str, int], None],
        names: Names,
    ) -> None:
        super().__init__(section, parent)
        self._names = names
        self.rows: list[Row] = []
        self.shown = 0
        self._remove = remove
        self.add = QPushButton("追加　Alt+A", self)
        self.add.setObjectName("small")
        self.add.setAccessibleName(f"{section.label}を追加")
        self.add.clicked.connect(partial(_ignore_checked, partial(add, section.id)))
        self._disputed: tuple[Fact, ...] = ()
        self._choices: list[NameButton] = []
        self.told = QLabel(self)
        self.told.setObjectName("wrong")

    def row(self, number: int) -> Row:
        """The row of that number; made when it is first needed."""
        while len(self.rows) <= number:
            made = Row(len(self.rows), self.section.label, self)
            gone = partial(self._remove, self.section.id, made.number)
            made.remove.clicked.connect(partial(_ignore_checked, gone))
            self.rows.append(made)
        return self.rows[number]

    def hold_rows(self, cells: list[list[Cell]], most: int) -> None:
        """These rows stand."""
        for number, held in enumerate(cells):
            self.row(number).hold(held)
        for row in self.rows[len(cells) :]:
            row.hold([])
        for row in self.rows:
            row.setVisible(row.number < len(cells))
        self.shown = len(cells)
        self.cells = [cell for held in cells for cell in held]
        self.add.setEnabled(len(cells) < most)

    def tell(self, words: str, *, wrong: bool) -> None:
        """Beside the button: what is wrong with how many there are, or what can be undone."""
        if self.told.text() != words:
            self.told.setObjectName("wrong" if wrong else "quiet")
            self.told.style().polish(self.told)
            self.told.setText(words)

    def dispute(self, facts: tuple[Fact, ...], settle: Callable[[Fact], None]) -> None:
        """Two sources know different rows: a button for each."""
        if facts == self._disputed:
            return
        for button in self._choices:
            button.hide()
            button.deleteLater()
        self._disputed, self._choices = facts, []
        for fact in facts:
            names = "・".join(str(row.get("name", "")) for row in fact.value)
            button = NameButton(f"{SOURCES[fact.source]}：{names}", self._names, self)
            button.setObjectName("settle")
            button.clicked.connect(partial(_ignore_checked, partial(settle, fact)))
            button.show()
            self._choices.append(button)

    def stops(self) -> list[QWidget]:
        """Row by row, then the button for another."""
        found: list[QWidget] = [*self._choices]
        for row in self.rows[: self.shown]:
            found += [stop for cell in row.cells for stop in cell.stops()]
            found.append(row.remove)
        return [*found, self.add] if self.add.isEnabled() else found

    def arrange(self, width: int) -> int:
        """Rows below each other, the button after them."""
        top, inner = 1, width - MARGIN
        for button in self._choices:
            tall = max(button.tall(inner - 2 * _PAD), SETTLE)
            button.setGeometry(MARGIN + _PAD, top + 6, inner - 2 * _PAD, tall)
            top += tall + 6
        for row in self.rows[: self.shown]:
            tall = row.arrange(inner, columns_in(width))
            row.setGeometry(MARGIN, top, inner, tall)
            top += tall
        self.add.setGeometry(MARGIN + _PAD, top + 6, 150, 34)
        self.told.setGeometry(MARGIN + _PAD + 166, top + 6, inner - 190, 34)
        return top + _FOOT + 8


def _swap(old: list[Cell], new: list[Cell]) -> None:
    """Hide what no longer stands, show what does."""
    if old == new:
        return
    staying = set(map(id, new))
    for cell in old:
        if id(cell) not in staying:
            cell.hide()
    for cell in new:
        if cell.isHidden():
            cell.show()


def _ignore_checked(act: Callable[[], None], _checked: bool = False) -> None:  # noqa: FBT001, FBT002 (Qt's shape)
    act()
