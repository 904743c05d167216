"""Whole sessions in one process: real pages, real lanes, a paper in every fiftieth."""

import os
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

    from kiosk.domain import events as e
    from kiosk.domain.pin import Pin
    from kiosk.domain.states import Filling, Idle, Parting, Paying, Reviewing
    from tests.fakes.samples import ANSWERS

    turn = room.terminal.attend
    room.reader.place(room.cards[0])
    for event in (
        e.Started(),
        e.LanguageChosen(("ja", "ja_easy", "en")[number % 3]),
        e.ProcedureChosen("juminhyo"),
        e.CardPlaced(3),
        e.PinEntered(Pin(b"1234")),
    ):
        turn.handle(event)
        application.processEvents()
    until(application, lambda: isinstance(turn.state, Filling))
    turn.handle(e.FactsConfirmed())
    while isinstance(turn.state, Filling) and turn.state.question:
        turn.handle(e.Answered(turn.state.question, ANSWERS[turn.state.question]))
        application.processEvents()
    if number % 50 == 0 and isinstance(turn.state, Reviewing):
        turn.handle(e.Confirmed())
        until(application, lambda: isinstance(turn.state, Paying) and turn.state.ready)
        turn.handle(e.PayPressed())
        until(application, lambda: isinstance(turn.state, Parting))
        room.printer.sheets.clear()
    room.reader.remove()
    turn.handle(e.Left())
    turn.handle(e.CardRemoved())
    turn.handle(e.Left())
    until(application, lambda: isinstance(turn.state, Idle))
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def until(application, reached) -> None:
    limit = time.monotonic() + 20
    while not reached():
        application.processEvents()
        if time.monotonic() > limit:
            raise TimeoutError
