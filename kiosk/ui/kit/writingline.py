"""The line that a board writes in; a real keyboard and an input method work there too."""

from PySide6.QtCore import QMimeData, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from kiosk.ui.kit import tokens
from kiosk.ui.kit.fonts import face
from kiosk.ui.kit.kanaboard import MARKS, SMALL, changed


class _Writing(QPlainTextEdit):
    """A text that takes keys, input methods and fingers, but nothing from anybody before."""

    entered = Signal()
    focused = Signal()

    def __init__(self, *, several: bool) -> None:
        super().__init__()
        self._several = several
        self.setFont(face(tokens.LEAD + 4))
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setCursorWidth(4)
        self.document().setDocumentMargin(0)
        self.setStyleSheet(
            f"QPlainTextEdit {{ border: none; background: {tokens.WHITE};"
            f" color: {tokens.GRAY_900}; }}"
        )
        self.selectionChanged.connect(self._unselect)

    @Slot()
    def _unselect(self) -> None:
        """Nothing is ever selected: so nothing is overwritten or copied by surprise."""
        cursor = self.textCursor()
        if cursor.hasSelection():
            cursor.clearSelection()
            self.setTextCursor(cursor)

    def canInsertFromMimeData(self, _: QMimeData) -> bool:
        """What somebody copied before is not for this resident."""
        return False

    def insertFromMimeData(self, _: QMimeData) -> None:
        """Likewise."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, where there is one line."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self._several:
            self.entered.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The frame shows where the keyboard writes."""
        super().focusInEvent(event)
        self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Likewise."""
        super().focusOutEvent(event)
        self.focused.emit()


class WritingLine(QWidget):
    """What is written so far, in a frame."""

    def __init__(self, words: str, name: str, lines: int, *, several: bool) -> None:
        super().__init__()
        self.text = _Writing(several=several)
        self.text.setPlainText(words)
        self.text.moveCursor(QTextCursor.MoveOperation.End)
        self.text.setAccessibleName(name)
        self.text.focused.connect(self.update)
        self.setFocusProxy(self.text)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 22, 28, 22)
        column.addWidget(self.text)
        tall = self.text.fontMetrics().lineSpacing() * lines + 48
        self.setMinimumHeight(tall)
        if not several:
            self.setMaximumHeight(tall)

    def press(self, key: str) -> None:
        """One key of the board: a letter, or a mark for the letter before."""
        cursor = self.text.textCursor()
        if key not in (*MARKS, SMALL):
            cursor.insertText(key)
        elif not cursor.atBlockStart():
            before = QTextCursor(cursor)
            before.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor)
            before.insertText(changed(before.selectedText(), key))
        self.text.ensureCursorVisible()

    @Slot()
    def erase(self) -> None:
        """The letter before goes."""
        self.text.textCursor().deletePreviousChar()

    @Slot()
    def clear(self) -> None:
        """Everything goes."""
        self.text.clear()

    def paintEvent(self, _: QPaintEvent) -> None:
        """A frame; black and yellow around it where the keyboard writes."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(8, 8, -8, -8)
        if self.text.hasFocus():
            painter.setPen(QPen(QColor(tokens.GRAY_900), 4))
            painter.drawRoundedRect(box.adjusted(-6, -6, 6, 6), tokens.RADIUS, tokens.RADIUS)
            painter.setPen(QPen(QColor(tokens.YELLOW_300), 4))
            painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), tokens.RADIUS, tokens.RADIUS)
        painter.setPen(QPen(QColor(tokens.GRAY_600), 3))
        painter.setBrush(QColor(tokens.WHITE))
        painter.drawRoundedRect(box, tokens.RADIUS, tokens.RADIUS)
