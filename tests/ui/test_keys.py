"""A scanner that types, in a real window."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from devices.scanners.wedge import WedgeScanner
from kiosk.ui.keys import KeyWatch

CODE = "KKN2.ABCDEFGH234567"


def test_a_typed_code_is_scanned_and_its_enter_presses_no_button(qtbot):
    scanner = WedgeScanner(("KKN2.",))
    watch = KeyWatch(scanner.key)
    window, pressed = QWidget(), []
    button = QPushButton("yes")
    button.setAutoDefault(True)
    button.clicked.connect(lambda: pressed.append(True))
    QVBoxLayout(window).addWidget(button)
    qtbot.addWidget(window)
    window.show()
    button.setFocus()
    for character in CODE:
        QTest.keyClick(window.windowHandle(), character)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)
    assert scanner.scan() == CODE
    assert not pressed
    watch.deleteLater()


def test_a_typed_code_answers_nothing_that_has_keys_of_its_own(qtbot):
    scanner = WedgeScanner(("KKR1.",))
    watch = KeyWatch(scanner.key)
    window, pressed = QWidget(), []
    for key in ("1", "2", "R", "Return"):
        QShortcut(QKeySequence(key), window, lambda key=key: pressed.append(key))
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    for character in "KKR1.1.2.ABCDEFGH.R234567":
        QTest.keyClick(window.windowHandle(), character)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)
    assert (scanner.scan(), pressed) == ("KKR1.1.2.ABCDEFGH.R234567", [])
    QTest.qWait(100)
    QTest.keyClick(window.windowHandle(), "1")
    assert pressed == ["1"]
    watch.deleteLater()
