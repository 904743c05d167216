"""Page printing on a queue of a print server.

What this country remembers is a paper in the wrong hands, so a job that does not come out in time
is destroyed, and the one question is what may be said of it then. A job the server never began
to work on is certainly gone: its fault is raised as it is. From then on there is no telling (the
printer may have had the data, and the counts of sheets are a filter's guess): anything but a
completed job is unclear, and somebody has to look. Nothing is ever sent twice.
"""

import secrets
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from devices import reasons
from devices.cups import PrintServer, Queue, QueuedJob
from devices.faults import DeviceFault, PaperOut, PrinterGone, PrinterStopped, PrintUnclear
from devices.ipp import Attributes, IppPrinter, NoAnswer, PrinterJob

_PROCESSING, _CANCELED, _COMPLETED = 5, 7, 9  # of a job; final from _CANCELED on
_BUSY, _STOPPED = 4, 5  # of a queue
_STOPPING = "processing-to-stop-point"
_PAUSED = {"paused", "hold-new-jobs"}
_CLOSED = "not-accepting-jobs"
_OF_PRINTER = ("media-ready", "printer-is-accepting-jobs", "printer-state-reasons")
_DRIFT = 3.0  # seconds; printers count their age in whole ones
_SIZES = {
    "A3": "iso_a3_297x420mm",
    "A4": "iso_a4_210x297mm",
    "A5": "iso_a5_148x210mm",
    "B4": "jis_b4_257x364mm",
    "B5": "jis_b5_182x257mm",
}


@dataclass(frozen=True)
class Patience:
    """Seconds that are waited, and no longer."""

    job: float = 60.0  # for a job, warming up included
    fault: float = 8.0  # with a fault standing before a waiting job is destroyed
    end: float = 15.0  # for a destroyed job to be gone
    answer: float = 4.0  # for the printer itself to answer
    news: float = 30.0  # that a queue at rest is believed about a printer that cannot be asked
    poll: float = 0.2


_PATIENCE = Patience()


class CupsPrinter:
    """One queue; `owner` tells our jobs from those of another terminal on the same queue."""

    def __init__(
        self,
        queue: str,
        *,
        server: str = "",
        media: str = "A4",
        tray: str = "",
        owner: str = "",
        patience: Patience = _PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._server, self._name = PrintServer(server), queue
        self._media, self._tray = media, tray
        self._mark = f"kakanai@{owner or socket.gethostname()} "
        self._patience, self._clock = patience, clock

    def check(self) -> None:
        """Return if a job would come out now; else raise what is wrong."""
        self._ready(0)

    def print(self, pdf: bytes, title: str) -> None:
        """Put it on paper; return when the server and the printer both call it completed."""
        self.clear()
        printer = self._printer(self._ready(self._patience.end))
        born = self._born(printer)
        name = f"{self._mark}{title} {secrets.token_hex(4)}"
        number = self._server.hand_over(self._name, name, pdf, self._options())
        fault: DeviceFault | None
        try:
            self._server.release(number)
            fault = self._seen_out(number)
        except DeviceFault as lost:
            fault = lost
        end = self._ended(number)
        if end is None or (end.began and end.state != _COMPLETED):
            self._drop_left(printer)
            raise PrintUnclear from fault
        if not end.began:
            raise fault or PrinterStopped(*end.reasons)
        self._confirm(name, printer, born)

    def clear(self) -> None:
        """Destroy every job of ours that waits, in the queue or in the printer, however old."""
        for job in self._server.jobs():
            if self._is_ours(job) and self._ended(job.id) is None:
                raise PrinterStopped(_STOPPING)
        self._drop_left(self._printer(self._server.queue(self._name)))

    def notes(self) -> tuple[str, ...]:
        """What somebody should see to some day, though sheets come out."""
        queue = self._server.queue(self._name)
        said = self._said(queue)
        return reasons.notes(queue.reasons if said is None else _words(said))

    def _ready(self, wait: float) -> Queue:
        """The queue, once nothing is wrong and the printer has let go of our former jobs."""
        deadline = self._clock() + wait
        while True:
            queue = self._server.queue(self._name)
            if fault := self._wrong(queue):
                raise fault
            if not self._left_in(self._printer(queue)):
                return queue
            if self._clock() >= deadline:
                raise PrinterStopped(_STOPPING)
            time.sleep(self._patience.poll)

    def _wrong(self, queue: Queue) -> DeviceFault | None:
        """Why no sheet would come out now."""
        own = _PAUSED.intersection(queue.words)
        if queue.state == _STOPPED:
            own |= {"paused"}
        if not queue.accepting:
            own |= {_CLOSED}
        if own:
            return PrinterStopped(*sorted(own))
        try:
            said = self._said(queue)
        except PrinterGone as gone:
            return gone
        if said is None:
            news = queue.state == _BUSY or queue.age < self._patience.news
            return reasons.fault(queue.reasons) if news else None
        if said.get("printer-is-accepting-jobs") == (False,):
            return PrinterStopped(_CLOSED)
        ready = said.get("media-ready", ())
        there = not ready or _SIZES.get(self._media, self._media) in ready
        return reasons.fault(_words(said)) or (None if there else PaperOut())

    def _said(self, queue: Queue) -> Attributes | None:
        """What the printer says of itself now; None if it cannot be asked.

        The queue itself, at rest, says what was wrong when its last job ended.
        """
        printer = self._printer(queue)
        try:
            return printer.attributes(*_OF_PRINTER) if printer else None
        except NoAnswer as silence:
            if not self._server.is_here:
                return None  # a server elsewhere may reach printers that we do not
            raise PrinterGone("printer") from silence

    def _printer(self, queue: Queue) -> IppPrinter | None:
        return IppPrinter.at(queue.device, self._server.user, self._patience.answer)

    def _born(self, printer: IppPrinter | None) -> float:
        """When the printer was switched on, on our clock; 0 if it does not tell."""
        try:
            said = printer.attributes("printer-up-time") if printer else {}
        except NoAnswer:
            return 0
        age = next(iter(said.get("printer-up-time", ())), "")
        return self._clock() - age if isinstance(age, int) else 0

    def _left_in(self, printer: IppPrinter | None) -> list[PrinterJob]:
        """Jobs of ours that the printer itself still holds, whatever became of them here."""
        try:
            jobs = printer.jobs("not-completed") if printer else ()
        except NoAnswer:
            return []
        return [job for job in jobs if job.name.startswith(self._mark)]

    def _drop_left(self, printer: IppPrinter | None) -> None:
        """A server that died or was forced leaves the printer's own copy of a job behind."""
        with suppress(NoAnswer):
            for left in self._left_in(printer):
                if printer:
                    printer.cancel(left.id)

    def _is_ours(self, job: QueuedJob) -> bool:
        return job.name.startswith(self._mark) and job.queue == self._name

    def _options(self) -> dict[str, str]:
        chosen = {
            "copies": "1",
            "media": self._media,
            "print-scaling": "none",
            "sides": "one-sided",
        }
        return {**chosen, "InputSlot": self._tray} if self._tray else chosen

    def _seen_out(self, number: int) -> DeviceFault | None:
        """Watch a job; what is wrong when it is given up, None when it ended by itself."""
        start = self._clock()
        stood: float | None = None
        while (now := self._clock()) < start + self._patience.job:
            job = self._server.job(number)
            if job.state >= _CANCELED:
                return None
            fault = self._wrong(self._server.queue(self._name))
            if job.began and job.state != _PROCESSING:
                return fault or PrinterStopped(*job.reasons)  # it would be begun anew
            stood = None if fault is None else now if stood is None else stood
            if stood is not None and now - stood >= self._patience.fault:
                return fault
            time.sleep(self._patience.poll)
        return PrinterStopped("timed-out")

    def _ended(self, number: int) -> QueuedJob | None:
        """Destroy a job and wait until nobody works on it; None if that cannot be had."""
        deadline = self._clock() + self._patience.end
        while True:
            with suppress(DeviceFault):
                self._server.cancel(number)
                job = self._server.job(number)
                worked_on = job.began and job.state == _CANCELED and _STOPPING in job.reasons
                if job.state >= _CANCELED and not worked_on:
                    self._server.forget(number)
                    return job
            if self._clock() >= deadline:
                with suppress(DeviceFault):
                    self._server.forget(number)  # whoever still works on it is killed
                return None
            time.sleep(self._patience.poll)

    def _confirm(self, name: str, printer: IppPrinter | None, born: float) -> None:
        """The server calls completed what a restarted printer has forgotten: ask the printer."""
        if printer is None:
            return
        deadline = self._clock() + self._patience.end
        while self._clock() < deadline:
            try:
                # In this order no job slips through between the two questions.
                jobs = (*printer.jobs("not-completed"), *printer.jobs("completed"))
            except NoAnswer as silence:
                if not self._server.is_here:
                    return
                raise PrintUnclear from silence
            states = {job.id: job.state for job in jobs if job.name == name}
            if self._born(printer) > born + _DRIFT or len(states) > 1:
                break
            if not states or _COMPLETED in states.values():
                return
            if max(states.values()) >= _CANCELED:
                break
            time.sleep(self._patience.poll)
        self._drop_left(printer)
        raise PrintUnclear


def _words(said: Attributes) -> tuple[str, ...]:
    return tuple(str(word) for word in said.get("printer-state-reasons", ()))
