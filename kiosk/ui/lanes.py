"""Lanes: one thread per slow thing, and the only way back to the UI thread."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from kiosk.ports.lanes import Lane

T = TypeVar("T")


class QtLanes(QObject):
    """Answers come back through one queued signal; an answer of an old turn is dropped."""

    _answered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._threads = {
            lane: ThreadPoolExecutor(1, thread_name_prefix=f"lane-{lane}") for lane in Lane
        }
        self._closed = Event()
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        lane: Lane,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        stop: Event,
    ) -> None:
        """Do the work on its lane; drop the answer if `stop` was set meanwhile."""
        if self._closed.is_set():
            return
        future = self._threads[lane].submit(work)
        future.add_done_callback(partial(self._announce, done, failed, stop))

    def _announce(
        self,
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        stop: Event,
        future: "Future[T]",
    ) -> None:
        if self._closed.is_set() or future.cancelled():
            return
        self._answered.emit(partial(_settle, done, failed, stop, future))

    @Slot(object)
    def _deliver(self, settle: Callable[[], None]) -> None:
        if not self._closed.is_set():  # it may have been on its way when the lanes ended
            settle()

    def close(self) -> None:
        """End every lane; what is under way finishes, its answer is dropped."""
        self._closed.set()
        for threads in self._threads.values():
            threads.shutdown(wait=True, cancel_futures=True)


def _settle(
    done: Callable[[T], None],
    failed: Callable[[Exception], None],
    stop: Event,
    future: "Future[T]",
) -> None:
    if stop.is_set():
        return
    fault = future.exception()
    if fault is None:
        done(future.result())
    elif isinstance(fault, Exception):
        failed(fault)
    else:
        raise fault
