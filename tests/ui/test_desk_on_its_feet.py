"""A desk that stands all day: what its pages let go of does not stay in memory."""

import gc
from weakref import ref

from kiosk.domain.desk import Desk
from kiosk.ui.counter.terminal import DeskTerminal
from kiosk.ui.counter.window import CounterWindow
from tests.fakes.counter import TEXTS
from tests.fakes.desk import Counter
from tests.fakes.samples import FORMS, NOW


class Round:
    """Whatever only looking through everything finds."""

    def __init__(self) -> None:
        self.itself = self


def test_a_desk_forgets_all_day_long_what_its_pages_let_go_of(qtbot):
    desk = Desk(FORMS, lambda: NOW)
    window = CounterWindow(TEXTS["ja"], desk, "書蒼市")
    qtbot.addWidget(window)
    gc.disable()  # as `python -m kiosk` starts
    try:
        terminal = DeskTerminal(window, desk, lambda: Counter().serve._crew)
        qtbot.waitUntil(lambda: terminal.serve is not None)
        gone = ref(Round())
        some = [[] for _ in range(200_000)]
        assert (gone(), len(some)) == (None, 200_000)
    finally:
        gc.enable()
        terminal.close()
