"""One strike is one wish: a trembling finger is not a second one, a quick digit is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kiosk.ui.kit.button import Button, Look


def strikes(qtbot, look, pause):
    """How long it really was between two strikes, and how many counted."""
    button = Button("1", look)
    qtbot.addWidget(button)
    button.resize(200, 120)
    button.show()
    pressed = []
    button.clicked.connect(lambda: pressed.append(1))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.qWait(pause)
    between = button._since_press.elapsed()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    return between, len(pressed)


@pytest.mark.parametrize(("look", "pause"), [(Look.KEY, 240), (Look.PRIMARY, 560)])
def test_a_second_strike_that_can_be_meant_counts(qtbot, look, pause):
    assert strikes(qtbot, look, pause)[1] == 2


@pytest.mark.parametrize(("look", "pause", "rest"), [(Look.KEY, 0, 180), (Look.PRIMARY, 240, 500)])
def test_a_second_strike_that_comes_too_soon_does_not(qtbot, look, pause, rest):
    for _ in range(20):  # on a busy machine, until two strikes come as close as they should
        between, counted = strikes(qtbot, look, pause)
        if between < rest - 20:
            break
    assert counted == 1
