"""Editors that are typed in: one line, several lines, and what is only shown."""

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QWidget

from forms.definition import Field
from forms.kinds import Unreadable, show
from kiosk.ui.counter.editors.editor import Editor
from kiosk.ui.kit.fonts import face

_LONG = 60
_GROWING = ("name", "kana", "email", "text")
_TYPED = {"point": "緯度,経度", "date": "S19.5.3", "time": "9:30"}


def shown(field: Field, value: object) -> str:
    """The answer as a person reads it; what cannot be read, as it was typed."""
    if value is None:
        return ""
    try:
        return show(field, value)
    except (Unreadable, ValueError, TypeError, KeyError, AttributeError):
        return str(value)


class LineEditor(Editor):
    """One line; what was typed is tidied when the focus leaves."""

    def __init__(self, field: Field, parent: QWidget) -> None:
        self.line = QLineEdit(parent)
        super().__init__(field, self.line)
        self._wide = 0
        self.line.setPlaceholderText(_TYPED.get(field.kind, ""))
        if field.kind == "name":
            self.line.setProperty("kind", "name")
        self.line.textEdited.connect(self.take)
        self.line.editingFinished.connect(self._finished)

    def show(self) -> None:
        """The value, from its beginning."""
        self.line.setText(shown(self.field, self.value))
        self.line.setCursorPosition(0)
        self._measure()

    def _measure(self) -> None:
        """A name that is too long for one column gets two, once it is whole."""
        wide = QFontMetrics(face(20)).horizontalAdvance(self.line.text()) + 24
        if self.field.kind in _GROWING and wide != self._wide:
            self._wide = wide
            self.regrown()

    def echo(self) -> str:
        """Of a date its era; if that is what stands there, the Western day."""
        if self.field.kind != "date" or self.value is None or self.reason:
            return ""
        era = shown(self.field, self.value)
        return str(self.value) if era == self.line.text() else era

    def units(self, unit: int) -> int:
        """Long text gets room."""
        long = self.field.kind == "text" and (self.field.maximum or 0) >= _LONG
        least = 2 if long or self.field.kind == "domicile" else 1
        return max(least, -(-self._wide // unit))

    def _finished(self) -> None:
        if self.reason is None and self.line.text() != shown(self.field, self.value):
            self.show()
        self._measure()
        self.left()


class NoteEditor(Editor):
    """Three lines; Tab leaves them."""

    def __init__(self, field: Field, parent: QWidget) -> None:
        self.note = QPlainTextEdit(parent)
        super().__init__(field, self.note)
        self.note.setTabChangesFocus(True)
        self.note.textChanged.connect(self._typed)

    def show(self) -> None:
        """The value, without saying it back."""
        self.note.blockSignals(True)
        self.note.setPlainText("" if self.value is None else str(self.value))
        self.note.blockSignals(False)

    def _typed(self) -> None:
        self.take(self.note.toPlainText())
        self.left()

    def units(self, unit: int) -> int:  # noqa: ARG002 (always two)
        """Two columns."""
        return 2

    def tall(self, width: int) -> int:  # noqa: ARG002 (three lines in any width)
        """Three lines."""
        return 84


class WorkedOut(Editor):
    """Worked out from other answers: read, never typed."""

    def __init__(self, field: Field, parent: QWidget) -> None:
        self.words = QLabel(parent)
        self.words.setObjectName("worked")
        super().__init__(field, self.words)

    def show(self) -> None:
        """The value, or nothing where something it needs is missing."""
        words = shown(self.field, self.value)
        chosen = [option.label for option in self.field.options if option.value == self.value]
        self.words.setText(chosen[0] if chosen else words)

    def stops(self) -> list[QWidget]:
        """Nothing to type, nothing to stop at."""
        return []
