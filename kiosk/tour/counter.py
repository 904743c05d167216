"""Somebody who works at the counter: signs in, opens, fills, submits, prints."""

import time
from collections.abc import Callable
from itertools import starmap

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.domain.arrivals import Listing
from kiosk.domain.counter import (
    BegunNew,
    Closed,
    DeskState,
    Editing,
    HandedIn,
    Handled,
    SignedOut,
    Typed,
)
from kiosk.domain.tending import Tending
from kiosk.tour.album import Album, TourStuck, settle
from kiosk.ui.counter.decide import Confirm
from kiosk.ui.counter.form import FormSheet
from kiosk.ui.counter.terminal import DeskTerminal
from kiosk.ui.counter.window import DonePage, ListPage, SignInPage

_PATIENCE_SECONDS = 20.0
_FORM = "juminhyo"
_ANSWERS = {
    "kana": "タカハシ　ハナコ",
    "relation": "self",
    "nationals": "japanese",
    "pay_method": "cash",
    "privacy_consent": True,
    "false_statement": True,
    "signature": "paper",
    "identity_method": "card-pin",
}
_VOICE = {"satisfaction": "fair", "about": "wait"}


def counter_day(desk: DeskTerminal, album: Album, clerk: str, secret: str) -> None:
    """One application from the kiosk, served to the end."""
    window = desk.window
    until(desk, "the desk", lambda s: isinstance(s, SignedOut))
    album.keep(window, "counter/01-sign-in", "01-sign-in")
    page = window.page
    if not isinstance(page, SignInPage):
        raise TourStuck("no sign-in page")
    page.clerk.setText(clerk)
    page.secret.setText(secret)
    page.button.click()
    until(desk, "the list", lambda s: isinstance(s, Listing) and bool(s.arrivals))
    album.keep(window, "counter/02-today", "02-today")
    page = window.page
    if not isinstance(page, ListPage):
        raise TourStuck("no list")
    page.table.selectRow(_first(desk))
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    until(desk, "the form", lambda s: isinstance(s, Editing))
    sheet = window.page
    if not isinstance(sheet, FormSheet):
        raise TourStuck("no form")
    sheet.submit.click()
    settle()
    album.keep(window, "counter/03-what-is-missing", "03-what-is-missing")
    _complete(desk)
    settle()
    album.keep(window, "counter/04-filled", "04-filled")
    sheet.submit.click()
    until(desk, "the end", lambda s: isinstance(s, Handled))
    album.keep(window, "counter/05-issued", "05-issued")
    if isinstance(window.page, DonePage):
        window.page.button.click()
    until(desk, "the list again", lambda s: isinstance(s, Listing))


def _first(desk: DeskTerminal) -> int:
    """Where the newest application stands that the answers here belong to."""
    listed = desk.serve.state if desk.serve else None
    arrivals = listed.arrivals if isinstance(listed, Listing) else ()
    return next(row for row, each in enumerate(arrivals) if each.form == _FORM)


def counter_away(desk: DeskTerminal, album: Album) -> None:
    """The office went away: a calm band over the list that was there."""
    until(desk, "the band", lambda s: isinstance(s, Listing) and s.away)
    settle()
    album.keep(desk.window, "counter/06-office-away", "06-office-away")


def counter_papers(desk: DeskTerminal, album: Album) -> None:
    """A paper of a run that was cut off: somebody looked, and afterwards nothing is pending."""
    press(desk, Qt.Key.Key_F7)
    until(desk, "the papers", lambda s: isinstance(s, Tending) and _papers(s))
    album.keep(desk.window, "counter/07-papers-to-look-for", "07-papers-to-look-for")
    press(desk, Qt.Key.Key_2)
    until(desk, "the question", lambda s: isinstance(s, Tending) and s.act is not None)
    album.keep(desk.window, "counter/08-spoiled", "08-spoiled")
    press(desk, Qt.Key.Key_Return)
    until(desk, "that it is settled", lambda s: isinstance(s, Tending) and s.told is not None)
    album.keep(desk.window, "counter/09-nothing-waits", "09-nothing-waits")
    press(desk, Qt.Key.Key_Escape)
    until(desk, "the list", lambda s: isinstance(s, Listing))


def counter_queue(desk: DeskTerminal, album: Album) -> None:
    """While the office is away an application waits; a clerk holds it back."""
    for event in (BegunNew("shimin-no-koe"), *starmap(Typed, _VOICE.items()), HandedIn()):
        desk.window.happened.emit(event)
    until(desk, "the receipt", lambda s: isinstance(s, Handled))
    desk.window.happened.emit(Closed())
    until(desk, "the list", lambda s: isinstance(s, Listing))
    press(desk, Qt.Key.Key_F7)
    until(desk, "what waits", lambda s: isinstance(s, Tending) and _rows(s) and s.away)
    album.keep(desk.window, "counter/10-what-waits", "10-what-waits")
    press(desk, Qt.Key.Key_Return)
    until(desk, "the details", lambda s: isinstance(s, Tending) and s.opened is not None)
    album.keep(desk.window, "counter/11-details", "11-details")
    press(desk, Qt.Key.Key_Q)
    until(desk, "the question", lambda s: isinstance(s, Tending) and s.act is not None)
    question = desk.window.findChild(Confirm)
    if question is None:
        raise TourStuck("no question")
    question.why.setText("書類の確認待ち")
    album.keep(desk.window, "counter/12-hold-back", "12-hold-back")
    press(desk, Qt.Key.Key_Return)
    until(desk, "that it is held back", lambda s: isinstance(s, Tending) and s.told is not None)
    album.keep(desk.window, "counter/13-held-back", "13-held-back")
    press(desk, Qt.Key.Key_Escape)
    until(desk, "the list", lambda s: isinstance(s, Listing) and s.asking > 0 and s.away)
    album.keep(desk.window, "counter/14-somebody-is-needed", "14-somebody-is-needed")


def _papers(state: Tending) -> bool:
    return state.pending is not None and bool(state.pending.papers)


def _rows(state: Tending) -> bool:
    return state.pending is not None and bool(state.pending.rows)


def press(desk: DeskTerminal, key: Qt.Key) -> None:
    """One key, where the focus is."""
    QTest.keyClick(QApplication.focusWidget() or desk.window, key)


def _complete(desk: DeskTerminal) -> None:
    """Answer what the application from the kiosk leaves open."""
    for name, value in _ANSWERS.items():
        desk.window.happened.emit(Typed(name, value))


def until(desk: DeskTerminal, what: str, reached: Callable[[DeskState], bool]) -> None:
    """Wait until the desk stands there."""
    limit = time.monotonic() + _PATIENCE_SECONDS
    while desk.serve is None or not reached(desk.serve.state):
        QApplication.processEvents()
        time.sleep(0.005)
        if desk.fault is not None:
            raise TourStuck(str(desk.fault))
        if time.monotonic() > limit:
            raise TourStuck(f"waited for {what}")
    settle()
