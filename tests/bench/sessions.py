"""Whole sessions in one process: real pages, real lanes, a paper in every fiftieth."""

import os
import sys
import time

from tests.bench.windows import resident


def growth(warm_up: int, sessions: int) -> tuple[float, float]:
    """Megabytes after the warm-up, and after as many sessions more."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication([])
    from kiosk.practice import open_class
    from kiosk.ui.kit.tokens import PORTRAIT

    room = open_class(Path(__file__).parents[2] / "resources", PORTRAIT)
    room.terminal.window.show()
    while room.terminal.attend is None:
        application.processEvents()
        time.sleep(0.001)
    for number in range(warm_up):
        session(application, room, number)
    before = resident() / 1e6
    for number in range(sessions):
        session(application, room, number)
    after = resident() / 1e6
    room.terminal.close()
    return before, after


def session(application, room, number: int) -> None:
    from PySide6.QtCore import QEvent

    language, paper = ("ja", "ja_easy", "en")[number % 3], number % 50 == 0
    turn(application, room.terminal.attend, room.reader, room.cards[0], language, paper=paper)
    if paper:
        room.printer.sheets.clear()
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def turn(application, attend, reader, card, language: str, *, paper: bool) -> None:
    """One resident, from the start page to the start page."""
    from kiosk.domain import events as e
    from kiosk.domain.pin import Pin
    from kiosk.domain.states import Filling, Idle, Parting, Paying, Reviewing
    from tests.fakes.answers import ANSWERS

    reader.place(card)
    for event in (
        e.Started(),
        e.LanguageChosen(language),
        e.ProcedureChosen("juminhyo"),
        e.CardPlaced(3),
        e.PinEntered(Pin(b"1234")),
    ):
        attend.handle(event)
        application.processEvents()
    until(application, lambda: isinstance(attend.state, Filling))
    attend.handle(e.FactsConfirmed())
    while isinstance(attend.state, Filling) and attend.state.question:
        attend.handle(e.Answered(attend.state.question, ANSWERS[attend.state.question]))
        application.processEvents()
    if paper and isinstance(attend.state, Reviewing):
        attend.handle(e.Confirmed())
        until(application, lambda: isinstance(attend.state, Paying) and attend.state.ready)
        attend.handle(e.PayPressed())
        until(application, lambda: isinstance(attend.state, Parting))
    reader.remove()
    attend.handle(e.Left())
    attend.handle(e.CardRemoved())
    attend.handle(e.Left())
    until(application, lambda: isinstance(attend.state, Idle))


def until(application, reached) -> None:
    limit = time.monotonic() + 20
    while not reached():
        application.processEvents()
        if time.monotonic() > limit:
            raise TimeoutError


if __name__ == "__main__":
    print(*growth(int(sys.argv[1]), int(sys.argv[2])))
