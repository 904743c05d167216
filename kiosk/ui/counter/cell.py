"""One question on the sheet: its label and what is to be said about it, and its editor."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from forms.definition import Field
from forms.facts import Fact, Source
from kiosk.ui.counter.editors import Editor
from kiosk.ui.counter.editors.editor import WHOLE
from kiosk.ui.counter.editors.lines import shown
from kiosk.ui.counter.names import NameButton, Names
from kiosk.ui.kit import tokens as t
from kiosk.ui.kit.fonts import face
from kiosk.ui.kit.words import Block, lay_out

CAPTION = 22
SETTLE = 34
GAP = 8
SOURCES = {
    Source.CARD: "カード",
    Source.PREFILL: "事前入力",
    Source.PHONE: "スマホ",
    Source.REGISTER: "登録",
    Source.TYPED: "入力済み",
    Source.SAID: "前の入力",
}
_SIZE = 15


class Cell(QWidget):
    """Paints its own caption: a hundred of them must be cheap."""

    def __init__(self, field: Field, parent: QWidget) -> None:
        super().__init__(parent)
        self.field, self.path = field, ""
        self.editor: Editor
        self.names: Names
        self.settle: Callable[[Fact], None] = _nobody
        self._told: tuple[bool, str, str] = (False, "", "")
        self.required = self.told_from_outside = False
        self._echo = ""
        self._disputed: tuple[Fact, ...] = ()
        self._buttons: list[NameButton] = []
        self.told_missing = ""
        self._label_wide = QFontMetrics(face(_SIZE)).horizontalAdvance(field.label) + 20
        self.setToolTip("\n".join(each for each in (field.label, field.law) if each))

    def tell(self, *, required: bool, reason: str, mark: str) -> None:
        """What stands in the caption besides the label."""
        told, echo = (required, reason, mark), self.editor.echo()
        if (told, echo) == (self._told, self._echo):
            return
        if reason != self._told[1]:
            self.editor.mark(wrong=bool(reason))
            self.editor.widget.setAccessibleDescription(reason)
        self._told, self._echo = told, echo
        self.update(0, 0, self.width(), CAPTION)

    @property
    def reason(self) -> str:
        """What is wrong, as it is shown."""
        return self._told[1]

    @property
    def mark(self) -> str:
        """Where the answer came from, as it is shown."""
        return self._told[2]

    def dispute(self, facts: tuple[Fact, ...]) -> None:
        """Two sources differ: a button for each."""
        if facts == self._disputed:
            return
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._disputed = facts
        self._buttons = [self._choice(fact) for fact in facts]
        self._lay_out()

    def respell(self) -> None:
        """Another text stands here: what of it cannot be shown is told below it."""
        told = self.names.told(self.editor.typed())
        if told != self.told_missing:
            self.told_missing = told
            self.editor.regrown()
            self.update()

    def _note(self, width: int) -> Block | None:
        return lay_out(self.told_missing, _SIZE, width) if self.told_missing else None

    def _note_height(self, width: int) -> int:
        note = self._note(width)
        return int(note.height) + 2 if note else 0

    def _choice(self, fact: Fact) -> NameButton:
        words = f"{SOURCES[fact.source]}：{shown(self.field, fact.value)}"
        button = NameButton(words, self.names, self)
        button.setObjectName("settle")
        button.clicked.connect(partial(self._settled, fact))
        button.show()
        return button

    def _settled(self, fact: Fact, *_: object) -> None:
        self.settle(fact)

    def stops(self) -> list[QWidget]:
        """Where the focus stops."""
        return [*self._buttons, *self.editor.stops()]

    def units(self, unit: int) -> int:
        """How many columns it takes."""
        units = self.editor.units(unit)
        if units == WHOLE:
            return units
        return max(units, 2 if self._buttons or self._label_wide > unit else 1)

    def tall(self, width: int) -> int:
        """Caption, perhaps a dispute, editor, perhaps a note."""
        settle = self._settle_height(width)
        return CAPTION + settle + self.editor.tall(width) + self._note_height(width)

    def _settle_wide(self, width: int) -> int:
        return (width - GAP * (len(self._buttons) - 1)) // max(len(self._buttons), 1)

    def _settle_height(self, width: int) -> int:
        wide = self._settle_wide(width)
        return max((max(b.tall(wide), SETTLE) + GAP for b in self._buttons), default=0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The editor takes what the caption leaves."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        top = CAPTION
        if self._buttons:
            wide, tall = self._settle_wide(self.width()), self._settle_height(self.width())
            for number, button in enumerate(self._buttons):
                button.setGeometry(number * (wide + GAP), top, wide, tall - GAP)
            top += tall
        end = self.height() - self._note_height(self.width())
        self.editor.widget.setGeometry(QRect(0, top, self.width(), end - top))

    def paintEvent(self, _: QPaintEvent) -> None:
        """Label, ＊ where an answer is needed, source, then what is wrong or what it means."""
        painter = QPainter(self)
        required, reason, mark = self._told
        needed = required and self.field.value is None
        end = self.width() - 18 if needed else self.width()
        x = _words(painter, 0, end, self.field.label, t.GRAY_800, bold=False)
        if needed:
            x = _words(painter, x + 2, self.width(), "＊", t.RED, bold=True)
        if mark:
            x = _pill(painter, x + 6, self.width(), mark)
        if reason or self._echo:
            colour = t.RED if reason else t.GRAY_600
            _words(painter, x + 8, self.width(), reason or self._echo, colour, bold=bool(reason))
        if note := self._note(self.width()):
            below = QRectF(self.rect()).adjusted(0, self.height() - note.height, 0, 0)
            note.draw(painter, below, t.GRAY_800, Qt.AlignmentFlag.AlignLeft)


def _words(painter: QPainter, x: int, end: int, words: str, colour: str, *, bold: bool) -> int:
    """Words from x, cut where the cell ends; where they end."""
    font = face(_SIZE, bold=bold)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    metrics = QFontMetrics(font)
    words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(end - x, 0))
    painter.drawText(QRect(x, 0, end - x, CAPTION), Qt.AlignmentFlag.AlignVCenter, words)
    return x + metrics.horizontalAdvance(words)


def _pill(painter: QPainter, x: int, end: int, words: str) -> int:
    """A source, on a light ground."""
    wide = QFontMetrics(face(_SIZE)).horizontalAdvance(words) + 12
    if x + wide > end:
        return x
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(t.BLUE_100))
    painter.drawRoundedRect(x, 1, wide, CAPTION - 3, 4, 4)
    _words(painter, x + 6, x + wide, words, t.BLUE_1000, bold=False)
    return x + wide


def _nobody(_: Fact) -> None:
    """Nobody listens yet."""
