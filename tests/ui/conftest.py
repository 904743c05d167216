"""Windows of one test are gone before the next: a thousand of them would fill the machine."""

import pytest
from PySide6.QtCore import QEvent


@pytest.fixture(autouse=True)
def _no_widget_outlives_its_test(qapp):
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
