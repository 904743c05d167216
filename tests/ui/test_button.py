"""One strike is one wish: a trembling finger is not a second one, a quick digit is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kiosk.ui.kit.button import Button, Look


@pytest.mark.parametrize(
    ("look", "pause", "presses"),
    [(Look.KEY, 0, 1), (Look.KEY, 240, 2), (Look.PRIMARY, 240, 1), (Look.PRIMARY, 560, 2)],
)
def test_a_second_strike_counts_once_it_can_be_meant(qtbot, look, pause, presses):
    button = Button("1", look)
    qtbot.addWidget(button)
    button.resize(200, 120)
    button.show()
    pressed = []
    button.clicked.connect(lambda: pressed.append(1))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.qWait(pause)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(pressed) == presses
