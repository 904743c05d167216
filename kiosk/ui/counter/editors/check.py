"""A check box whose tick is seen at arm's length."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton

from kiosk.ui.kit import tokens as t


class Check(QCheckBox):
    """The style draws the words, we draw the box."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """A strong edge, and a filled box when checked."""
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        element = QStyle.SubElement.SE_CheckBoxIndicator
        box = QRectF(self.style().subElementRect(element, option, self)).adjusted(1, 1, -1, -1)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = t.RED if self.property("wrong") else t.GRAY_600
        painter.setPen(QPen(QColor(t.BLUE_900 if self.isChecked() else edge), 2))
        painter.setBrush(QColor(t.BLUE_900 if self.isChecked() else t.WHITE))
        painter.drawRoundedRect(box, 4, 4)
        if self.isChecked():
            painter.setPen(
                QPen(QColor(t.WHITE), 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
            )
            x, y, w, h = box.x(), box.y(), box.width(), box.height()
            tick = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.3))
            painter.drawPolyline([QPointF(x + w * a, y + h * b) for a, b in tick])
