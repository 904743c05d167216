"""A kiosk's window as a test opens it: shown a state, and looked over part by part."""

from PySide6.QtWidgets import QWidget

from kiosk.domain.session import Journey
from kiosk.domain.states import State
from kiosk.ui.kit import tokens
from kiosk.ui.kit.button import Button
from kiosk.ui.kit.code import Code
from kiosk.ui.kit.label import Label
from kiosk.ui.resident.pages import every_page
from kiosk.ui.resident.window import KioskWindow
from tests.fakes.counter import TEXTS
from tests.fakes.samples import JOURNEY


def opened(qtbot, layout: str, journey: Journey = JOURNEY) -> KioskWindow:
    """On the screen, and closed with the test."""
    made = KioskWindow(TEXTS, tokens.LAYOUTS[layout], journey, "書蒼市", every_page)
    qtbot.addWidget(made)
    made.show()
    return made


def show(window: KioskWindow, state: State, qapp) -> QWidget:
    """The page of the state, as it stands when all is laid out."""
    window.show_state(state)
    for _ in range(5):
        qapp.processEvents()
    return window.page


def everything_fits(page: QWidget) -> None:
    """Nothing is outside, nothing is cut or too small, nothing lies over something else."""
    boxes = []
    for part in page.findChildren(QWidget):
        box = part.rect().translated(part.mapTo(page, part.rect().topLeft()))
        assert page.rect().contains(box) or not part.isVisible(), part
        if isinstance(part, Label | Button):
            assert part.fits(), part.words
            assert part.size_ >= tokens.SMALLEST, part.words
        if isinstance(part, Label | Button | Code) and part.isVisible():
            boxes.append((part, box))
    for place, (one, box) in enumerate(boxes):
        for other, there in boxes[place + 1 :]:
            assert not box.intersects(there), (one, other)
