"""A desk that is only its own pure function: what a page says is what it is shown."""

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from kiosk.adapters.postcodes import places
from kiosk.domain.arrivals import Listing
from kiosk.domain.counter import BegunNew, Done, Editing, Handling, KeptHere, Typed
from kiosk.domain.desk import Desk
from kiosk.domain.events import Kept
from kiosk.ui.counter.form import FormSheet
from kiosk.ui.counter.window import CounterWindow
from kiosk.ui.texts import load_texts
from tests.fakes.samples import FORMS, WORDS

TEXTS = load_texts(Path(__file__).parents[2] / "resources" / "texts")
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
DESK = Desk(FORMS, lambda: NOW)
READINGS = {name: words.say("title", "ja_easy") or "" for name, words in WORDS.items()}
EMPTY = Listing("守")


def words(shown):
    """Everything that a page says now."""
    parts = shown.findChildren(QLabel) + shown.findChildren(QPushButton)
    return " ".join(each.text() for each in parts if each.isVisible())


class Counter:
    """A window on a desk without an office."""

    def __init__(self, qtbot, size=(1920, 1080)):
        self.window = CounterWindow(TEXTS["ja"], DESK, "書蒼市", places, READINGS)
        qtbot.addWidget(self.window)
        self.state, self.events = EMPTY, []
        self.window.happened.connect(self.handle)
        self.window.resize(*size)
        self.show(EMPTY)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def handle(self, event):
        self.events.append(event)
        after = DESK.advance(self.state, event)
        if after != self.state:
            self.show(after)

    def show(self, state):
        self.state = state
        self.window.show_state(state)

    def page(self, kind):
        """The page of that kind, laid out."""
        for _ in range(3):
            QApplication.processEvents()
        assert isinstance(self.window.page, kind)
        return self.window.page

    @property
    def sheet(self) -> FormSheet:
        assert isinstance(self.window.page, FormSheet), self.state
        return self.window.page

    def begin(self, form, **answers):
        """This form, with these answers, shown."""
        state = DESK.advance(EMPTY, BegunNew(form))
        assert isinstance(state, Editing)
        for name, value in answers.items():
            state = DESK.advance(state, Typed(name, value))
        self.show(state)
        QApplication.processEvents()
        return self.sheet

    def finish(self):
        """The office and the printer do their part."""
        assert isinstance(self.state, Handling), self.state.problems
        self.handle(KeptHere(Kept("x", "C01-000001")))
        self.handle(Done(None, None))

    def value(self, path):
        return self.state.answers.at(path)

    def cell(self, path):
        return next(cell for cell in self.sheet.canvas.standing if cell.path == path)

    def editor(self, path):
        return self.cell(path).editor

    def keys(self, *keys):
        """Each key goes where the focus is."""
        for key in keys:
            here = QApplication.focusWidget() or self.window
            if isinstance(key, str):
                for character in key:
                    _type(here, character)
            elif isinstance(key, tuple):
                QTest.keyClick(here, *key)
            else:
                QTest.keyClick(here, key)
            QApplication.processEvents()

    def type(self, path, text):
        """Into this field, and on."""
        stop = self.editor(path).stops()[0]
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        self.keys(text, Qt.Key.Key_Return)

    def focused(self):
        """The path of the field with the focus."""
        here = QApplication.focusWidget()
        found = (c.path for c in self.sheet.canvas.standing if here in c.stops())
        return next(found, None)


def _type(here, character):
    """QTest knows the keys of ASCII only."""
    if character.isascii():
        QTest.keyClick(here, character)
        return
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, character)
        QApplication.sendEvent(here, event)
