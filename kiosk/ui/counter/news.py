"""What the city tells everybody, over the list at the counter."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from kiosk.domain.notices import Kind, Notice


class News(QLabel):
    """One line for each; red where one of them is an alert, gone where there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.hide()

    def tell(self, notices: Sequence[Notice]) -> None:
        """Say these from now on."""
        lines = (each.said("ja") for each in notices)
        self.setText("\n".join("　".join(filter(None, (s.title, s.text))) for s in lines))
        alarm = any(each.kind is Kind.ALERT for each in notices)
        self.setObjectName("alarm" if alarm else "calm")
        self.style().unpolish(self)
        self.style().polish(self)
        self.setVisible(bool(notices))
