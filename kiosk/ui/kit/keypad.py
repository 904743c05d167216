"""Digits to press, in the order of a telephone."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from kiosk.ui.kit import tokens
from kiosk.ui.kit.button import Button, Look


class Keypad(QWidget):
    """Twelve keys: ten digits, clear, enter."""

    pressed = Signal(str)
    cleared = Signal()
    entered = Signal()

    def __init__(self, clear: str, enter: str, key_height: int = 120) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setSpacing(12)
        grid.setContentsMargins(0, 0, 0, 0)
        self.keys: dict[str, Button] = {}
        for place, digit in enumerate("123456789"):
            grid.addWidget(self._digit(digit, key_height), place // 3, place % 3)
        self.clear_key = Button(clear, Look.QUIET, size=tokens.SMALLEST, height=key_height)
        self.enter_key = Button(enter, Look.PRIMARY, size=tokens.SMALLEST, height=key_height)
        self.clear_key.clicked.connect(self._clear)
        self.enter_key.clicked.connect(self._enter)
        grid.addWidget(self.clear_key, 3, 0)
        grid.addWidget(self._digit("0", key_height), 3, 1)
        grid.addWidget(self.enter_key, 3, 2)
        for column in range(3):
            grid.setColumnStretch(column, 1)
        self.setMaximumWidth(760)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def _digit(self, digit: str, height: int) -> Button:
        key = Button(digit, Look.KEY, size=tokens.HEADING, height=height)
        key.setObjectName(digit)
        key.clicked.connect(self._digit_pressed)
        self.keys[digit] = key
        return key

    @Slot()
    def _digit_pressed(self) -> None:
        self.pressed.emit(self.sender().objectName())

    @Slot()
    def _clear(self) -> None:
        self.cleared.emit()

    @Slot()
    def _enter(self) -> None:
        self.entered.emit()
