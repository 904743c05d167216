"""A heading and a sentence in the middle of the room."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget


class Told(QWidget):
    """Says one thing."""

    def __init__(self, words: str, sub: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        title, sentence = QLabel(words), QLabel(sub)
        title.setObjectName("large")
        column.addStretch(2)
        column.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(sentence, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
