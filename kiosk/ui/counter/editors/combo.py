"""A list to choose from that is quick on the keyboard: each choice has its number."""

from PySide6.QtCore import QElapsedTimer, QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from kiosk.ui.kit import tokens as t

_LABEL = Qt.ItemDataRole.UserRole + 1
_NUMBER = Qt.ItemDataRole.UserRole + 2
_PAUSE_MS = 900


class Combo(QComboBox):
    """Digits choose by number, letters by their beginning; the wheel is for scrolling."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._typed, self._since = "", QElapsedTimer()
        self.setMaxVisibleItems(20)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)

    def add(self, number: int, label: str, value: object) -> None:
        """One more choice."""
        self.addItem(f"{number}　{label}", value)
        place = self.count() - 1
        self.setItemData(place, label, _LABEL)
        self.setItemData(place, number, _NUMBER)

    def showPopup(self) -> None:
        """A list that shows its whole words, however narrow the box."""
        if not isinstance(self.itemDelegate(), QStyledItemDelegate):
            self.setItemDelegate(QStyledItemDelegate(self))  # the style's own ignores our sheet
        wide = max(
            (self.fontMetrics().horizontalAdvance(self.itemText(n)) for n in range(self.count())),
            default=0,
        )
        self.view().setMinimumWidth(max(self.width(), wide + 56))
        super().showPopup()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits, letters, and Delete for no answer."""
        text = event.text()
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.setCurrentIndex(0)
        elif text.isdecimal():
            self._number(str(int(text)))
        elif text.strip() and text.isprintable() and not event.modifiers():
            self._begin(text)
        else:
            super().keyPressEvent(event)

    def _number(self, digit: str) -> None:
        fresh = not self._since.isValid() or self._since.hasExpired(_PAUSE_MS)
        typed = digit if fresh else self._typed + digit
        place = self.findData(int(typed), _NUMBER)
        if place < 0:
            typed, place = digit, self.findData(int(digit), _NUMBER)
        self._typed = typed
        self._since.restart()
        if place >= 0:
            self.setCurrentIndex(place)

    def _begin(self, text: str) -> None:
        """The next choice whose words begin so."""
        many, here = self.count(), self.currentIndex()
        for step in range(1, many + 1):
            place = (here + step) % many
            if str(self.itemData(place, _LABEL) or "").casefold().startswith(text.casefold()):
                self.setCurrentIndex(place)
                return

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling over an answer must not change it."""
        event.ignore()

    def paintEvent(self, _: QPaintEvent) -> None:
        """The choice without its number."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        label, room = str(self.currentData(_LABEL) or ""), self.width() - 44
        cut = self.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, room)
        option.currentText = cut
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(t.GRAY_600), 2))
        x, y = self.width() - 18.0, self.height() / 2
        painter.drawPolyline([QPointF(x - 5, y - 3), QPointF(x, y + 3), QPointF(x + 5, y - 3)])
