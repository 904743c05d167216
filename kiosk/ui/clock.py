"""The only timer: looks at the devices, and notices when nobody touches anything."""

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from kiosk.domain.events import Event, GrewQuiet, TimedOut
from kiosk.domain.leaving import patience
from kiosk.domain.states import Apologising, Closed, Greeting, Hesitating, Idle, Parting
from kiosk.ports.lanes import Report, Turn

TICK_MS = 250
_DRAIN_EVERY = 40
_TOUCHES = {
    QEvent.Type.MouseButtonPress,
    QEvent.Type.TouchBegin,
    QEvent.Type.KeyPress,
}


class Clock(QObject):
    """Ticks four times a second; every touch anywhere winds the patience up again."""

    def __init__(
        self, attend: Turn, counted: Callable[[int], None], report: Report | None = None
    ) -> None:
        super().__init__()
        self._report = report
        self._attend, self._counted = attend, counted
        self._quiet = QElapsedTimer()
        self._quiet.start()
        self._state: object = None
        self._ticks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin ticking, and listen for touches."""
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)
        self._timer.start()

    def stop(self) -> None:
        """No more ticks."""
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A touch is a sign of life."""
        if event.type() in _TOUCHES and not isinstance(self._attend.state, Hesitating):
            self._quiet.restart()
        return super().eventFilter(watched, event)

    @Slot()
    def _tick(self) -> None:
        self._ticks += 1
        self._attend.tick()
        if self._ticks % _DRAIN_EVERY == 0:
            self._attend.drain()
        if self._report is not None:
            self._report.tick(busy=not isinstance(self._attend.state, Idle | Closed))
        if self._attend.state is not self._state:
            self._state = self._attend.state
            self._quiet.restart()
        limit = patience(self._attend.state)
        if limit is None:
            return
        left = limit - self._quiet.elapsed() // 1000
        if isinstance(self._attend.state, Hesitating):
            self._counted(max(int(left), 0))
        if left <= 0:
            self._attend.handle(self._verdict())

    def _verdict(self) -> Event:
        ending = isinstance(self._attend.state, Hesitating | Greeting | Parting | Apologising)
        return TimedOut() if ending else GrewQuiet()
