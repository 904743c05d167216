"""Windows of one test are gone before the next: a thousand of them would fill the machine."""

import pytest
from PySide6.QtCore import QEvent

from kiosk.ui.kit.tokens import LAYOUTS
from tests.fakes.screen import opened


@pytest.fixture(params=LAYOUTS)
def window(request, qtbot):
    return opened(qtbot, request.param)


@pytest.fixture(autouse=True)
def _no_widget_outlives_its_test(qapp):
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
