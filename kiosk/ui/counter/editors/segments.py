"""Two or three answers side by side, all in sight: one key or one click."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from kiosk.ui.kit import tokens as t
from kiosk.ui.kit.fonts import face

_WIDEST = 220


class Segments(QWidget):
    """Left, right, numbers or first letters choose; Delete takes the answer back."""

    chosen = Signal(object)

    def __init__(self, answers: tuple[tuple[object, str], ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._answers = answers
        self.value: object = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def put(self, value: object) -> None:
        """Show this answer."""
        self.value = value
        words = next((words for each, words in self._answers if each == value), "")
        self.setAccessibleDescription(words)
        self.update()

    def choose(self, value: object) -> None:
        """The clerk chose this."""
        self.put(value)
        self.chosen.emit(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """One key, one answer."""
        values = [value for value, _ in self._answers]
        here = values.index(self.value) if self.value in values else -1
        key = event.key()
        if key == Qt.Key.Key_Left:
            self.choose(values[max(here - 1, 0)])
        elif key == Qt.Key.Key_Right:
            self.choose(values[min(here + 1, len(values) - 1)])
        elif key in (Qt.Key.Key_Y, Qt.Key.Key_N):
            self.choose(values[0] if key == Qt.Key.Key_Y else values[-1])
        elif key == Qt.Key.Key_Space:
            self.choose(values[(here + 1) % len(values)])
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.choose(None)
        elif event.text().isdecimal() and 1 <= int(event.text()) <= len(values):
            self.choose(values[int(event.text()) - 1])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses; on what is chosen, it takes the answer back."""
        for box, (value, _) in zip(self._boxes(), self._answers, strict=True):
            if box.contains(event.position()):
                self.choose(None if value == self.value else value)

    def _boxes(self) -> list[QRectF]:
        wide = min(self.width(), _WIDEST) / len(self._answers)
        return [
            QRectF(n * wide, 0, wide, self.height()).adjusted(1, 1, -1, -1)
            for n in range(len(self._answers))
        ]

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the answers; the chosen one is filled."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(face(17))
        wrong, focus = bool(self.property("wrong")), self.hasFocus()
        for box, (value, words) in zip(self._boxes(), self._answers, strict=True):
            on = value == self.value and self.value is not None
            empty = t.YELLOW_50 if focus else t.RED_50 if wrong else t.WHITE
            ground = t.BLUE_900 if on else empty
            edge = t.GRAY_900 if focus else t.RED if wrong else t.BLUE_900 if on else t.GRAY_420
            painter.setPen(QPen(QColor(edge), 2 if focus else 1))
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(box, 4, 4)
            painter.setPen(QColor(t.WHITE if on else t.GRAY_900))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
