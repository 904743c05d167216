"""Editors of names: what stands in them is drawn again where Qt draws another shape.

Qt's own editors stay as they are, with their input methods, selections and readers; only the
pixels of such a character are ours.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QInputMethodEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextCursor,
    QTextLayout,
    QTextLine,
)
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QStyle, QStyleOptionFrame, QWidget

from kiosk.ui.kit.fonts import NAMES
from kiosk.ui.kit.lettering import Lettering, Shape
from printing.letters.clusters import clusters, is_selector

Editor = QLineEdit | QPlainTextEdit
_UTF16 = "utf-16-le"
_CURSOR_REACH = 5  # how far Qt's rectangle of a line's cursor reaches to the left of it


@dataclass(frozen=True)
class Place:
    """Where one character stands in an editor, and what belongs there."""

    shape: Shape
    box: QRectF
    base: float
    selected: bool
    cursor: int  # how wide the cursor is that stands before it


class Retouch(QObject):
    """Watches an editor; it costs nothing while Qt draws everything rightly."""

    changed = Signal()

    def __init__(self, editor: Editor, letters: Lettering, ground: Callable[[], str]) -> None:
        super().__init__(editor)
        self.editor, self._letters, self._ground = editor, letters, ground
        self.cover: Cover | None = None
        if isinstance(editor, QPlainTextEdit):
            editor.document().contentsChanged.connect(self._changed)
        else:
            editor.textChanged.connect(self._changed)
        if text_of(editor):
            self._changed()

    @Slot()
    def _changed(self) -> None:
        found = not text_of(self.editor).isascii() and any(
            self._letters.shape(each, mincho=mincho)
            for each in clusters(text_of(self.editor))
            for mincho in (False, True)
        )
        if found and self.cover is None:
            self.cover = Cover(self.editor, self._letters, self._ground)
        if self.cover is not None:
            self.cover.setVisible(found)
            self.cover.update()
        self.changed.emit()


class Cover(QWidget):
    """Lies over an editor and takes no clicks."""

    def __init__(self, editor: Editor, letters: Lettering, ground: Callable[[], str]) -> None:
        super().__init__(editor)
        self.editor, self._letters, self._ground = editor, letters, ground
        self._composed, self._composed_cursor = "", 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setGeometry(editor.rect())
        editor.installEventFilter(self)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        """As large as the editor; Backspace takes a character with its variant."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self.editor.rect())
        elif isinstance(event, QInputMethodEvent):
            cursor = QInputMethodEvent.AttributeType.Cursor
            starts = (each.start for each in event.attributes() if each.type == cursor)
            self._composed = event.preeditString()
            self._composed_cursor = next(starts, _units(self._composed))
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if event.key() == Qt.Key.Key_Backspace and plain:
                return erase_variant(self.editor)
        return False

    def paintEvent(self, _: QPaintEvent) -> None:
        """Each character that Qt cannot draw, over what it drew."""
        painter, palette = QPainter(self), self.editor.palette()
        size = self.editor.font().pixelSize()
        painter.setClipRect(self._inside())
        for place in self._places():
            ink, ground = palette.color(QPalette.ColorRole.Text), QColor(self._ground())
            if place.selected:
                ink = palette.color(QPalette.ColorRole.HighlightedText)
                ground = palette.color(QPalette.ColorRole.Highlight)
            painter.fillRect(place.box.adjusted(0, 0, 0, 1), ground)  # some ink hangs lower
            at = QPointF(place.box.left(), place.base)
            place.shape.draw(painter, at, size, ink.name(), place.box.width())
            cursor = QRectF(place.box)
            cursor.setWidth(place.cursor)
            painter.fillRect(cursor, ink)

    def _inside(self) -> QRect:
        """Where the editor itself would draw."""
        editor = self.editor
        if isinstance(editor, QPlainTextEdit):
            return editor.viewport().geometry()
        option = QStyleOptionFrame()
        editor.initStyleOption(option)
        element = QStyle.SubElement.SE_LineEditContents
        inner = editor.style().subElementRect(element, option, editor)
        return QRect(inner.left(), 0, inner.width(), editor.height())

    def _shapes(self) -> Iterator[tuple[int, int, Shape]]:
        """From where to where there is a character that is drawn here, in units of UTF-16."""
        mincho = self.editor.font().family() == NAMES
        place = 0
        for each in clusters(text_of(self.editor)):
            end = place + _units(each)
            shape = self._letters.shape(each, mincho=mincho)
            if shape is not None:
                yield place, end, shape
            place = end

    def _places(self) -> Iterator[Place]:
        editor = self.editor
        if isinstance(editor, QPlainTextEdit):
            yield from self._in_lines(editor)
        else:
            yield from self._in_line(editor)

    def _in_lines(self, editor: QPlainTextEdit) -> Iterator[Place]:
        here, origin = editor.textCursor(), QPointF(editor.viewport().pos())
        for start, end, shape in self._shapes():
            before, after = QTextCursor(editor.document()), QTextCursor(editor.document())
            before.setPosition(start)
            after.setPosition(end)
            box = QRectF(editor.cursorRect(before)).translated(origin)
            right = QRectF(editor.cursorRect(after)).translated(origin)
            wide = shape.width(editor.font().pixelSize())
            box.setWidth(right.left() - box.left() if right.top() == box.top() else wide)
            line = before.block().layout().lineForTextPosition(before.positionInBlock())
            selected = here.selectionStart() <= start and end <= here.selectionEnd()
            cursor = editor.cursorWidth() if here.position() == start else 0
            yield Place(shape, box, box.top() + line.ascent(), selected, cursor * editor.hasFocus())

    def _in_line(self, editor: QLineEdit) -> Iterator[Place]:
        here, composed = editor.cursorPosition(), _units(self._composed)
        layout = QTextLayout(editor.text(), editor.font())
        if composed:
            layout.setPreeditArea(here, self._composed)
        layout.beginLayout()
        line = layout.createLine()
        layout.endLayout()
        cursor = QRectF(editor.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle))
        at = here + (self._composed_cursor if composed else 0)
        origin = cursor.left() + _CURSOR_REACH - _x(line, at)
        first = editor.selectionStart()
        for start, end, shape in self._shapes():
            shift = composed if start >= here else 0
            left, right = (origin + _x(line, place + shift) for place in (start, end))
            box = QRectF(left, cursor.top(), right - left, line.height())
            selected = first >= 0 and first <= start and end <= editor.selectionEnd()
            before = editor.hasFocus() and here == start and not composed
            yield Place(shape, box, cursor.top() + line.ascent(), selected, int(before))


def text_of(editor: Editor) -> str:
    """What stands in an editor."""
    return editor.text() if isinstance(editor, QLineEdit) else editor.toPlainText()


def erase_variant(editor: Editor) -> bool:
    """Take the character before the cursor whole if it has a variant; whether it had one.

    Qt takes the selector alone, and leaves the name of somebody else.
    """
    if isinstance(editor, QLineEdit):
        taken = 0 if editor.hasSelectedText() else _variant(editor.text(), editor.cursorPosition())
        if taken:
            editor.setSelection(editor.cursorPosition() - taken, taken)
            editor.backspace()
        return taken > 0
    cursor = editor.textCursor()
    before = cursor.block().text(), cursor.positionInBlock()
    taken = 0 if cursor.hasSelection() else _variant(*before)
    if taken:
        erased = QTextCursor(cursor)
        erased.setPosition(cursor.position() - taken, QTextCursor.MoveMode.KeepAnchor)
        erased.removeSelectedText()
    return taken > 0


def _variant(text: str, place: int) -> int:
    """How long the character before this place is, if it ends with a selector."""
    before = text.encode(_UTF16, "surrogatepass")[: place * 2].decode(_UTF16, "ignore")
    if not before or not is_selector(before[-1]):
        return 0
    return _units(list(clusters(before))[-1])


def _units(text: str) -> int:
    return len(text.encode(_UTF16, "surrogatepass")) // 2


def _x(line: QTextLine, place: int) -> float:
    found: tuple[float, int] = line.cursorToX(place)  # type: ignore[assignment]
    return found[0]
