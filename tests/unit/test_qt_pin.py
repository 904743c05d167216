"""PySide6 6.12.0 on Python 3.11 loses a reference to None with every call, and aborts."""

import sys

from PySide6.QtCore import QObject


def test_calls_into_qt_lose_no_reference_to_none():
    watched = QObject()
    before = sys.getrefcount(None)
    for number in range(1000):
        watched.setObjectName(str(number))
    assert sys.getrefcount(None) > before - 100
