"""The print server: the only home of pycups.

A line is opened for every call: libcups keeps its address per thread, and a line that died with
the server must not be what the next one is tried on.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import cups

from devices import reasons
from devices.faults import DeviceFault, PrinterGone, PrinterStopped

_OF_QUEUE = [
    "device-uri",
    "printer-is-accepting-jobs",
    "printer-state",
    "printer-state-change-time",
    "printer-state-reasons",
    "printer-up-time",
]
_OF_JOB = [
    "job-id",
    "job-name",
    "job-printer-uri",
    "job-state",
    "job-state-reasons",
    "time-at-processing",
]
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Queue:
    """A queue as the server tells of it; `age` is how long ago its state changed, in seconds."""

    name: str
    device: str
    state: int
    accepting: bool
    reasons: tuple[str, ...]
    age: float

    @property
    def words(self) -> tuple[str, ...]:
        """Its reasons without their weight, for somebody to read."""
        return reasons.heard(self.reasons)


@dataclass(frozen=True)
class QueuedJob:
    """A job as the server tells of it; `began` is whether a filter or backend was ever started."""

    id: int
    name: str
    queue: str
    state: int
    reasons: tuple[str, ...]
    began: bool


class PrintServer:
    """CUPS, here or elsewhere: an address `host:port`, a socket's path, or what libcups knows."""

    def __init__(self, address: str = "") -> None:
        self._address = address

    @property
    def user(self) -> str:
        """Whose jobs ours are."""
        return str(cups.getUser())

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine, and reaches what this machine reaches."""
        address = self._address or str(cups.getServer())
        host, colon, _ = address.rpartition(":")
        return address.startswith("/") or (host if colon else address) in _HERE

    def queues(self) -> tuple[Queue, ...]:
        """What can be printed on there."""
        with self._line() as line:
            return tuple(_queue(name, told) for name, told in sorted(line.getPrinters().items()))

    def queue(self, name: str) -> Queue:
        """How it stands with one queue."""
        with self._line() as line:
            return _queue(name, line.getPrinterAttributes(name, requested_attributes=_OF_QUEUE))

    def jobs(self) -> tuple[QueuedJob, ...]:
        """Our user's jobs that are not ended; a server may hide the names of all others."""
        asked = {"which_jobs": "not-completed", "my_jobs": True}
        with self._line() as line:
            told = line.getJobs(**asked, requested_attributes=_OF_JOB)
            return tuple(_job(number, one) for number, one in sorted(told.items()))

    def job(self, number: int) -> QueuedJob:
        """How it stands with one job, ended or not."""
        with self._line() as line:
            return _job(number, line.getJobAttributes(number, requested_attributes=_OF_JOB))

    def hand_over(self, queue: str, name: str, pdf: bytes, options: Mapping[str, str]) -> int:
        """A job in the queue, whole and held: it does not print by itself, whatever breaks off."""
        held = {**options, "job-hold-until": "indefinite"}
        with self._line() as line:
            number = int(line.createJob(queue, name, held))
            try:
                line.startDocument(queue, number, name, cups.CUPS_FORMAT_PDF, 1)
                line.writeRequestData(pdf, len(pdf))
                line.finishDocument(queue)
            except (cups.IPPError, cups.HTTPError, RuntimeError):
                with suppress(DeviceFault):
                    self.forget(number)
                raise
        return number

    def release(self, number: int) -> None:
        """Let a held job print."""
        with self._line() as line:
            line.setJobHoldUntil(number, "no-hold")

    def cancel(self, number: int) -> None:
        """Destroy a job; one that has ended already stays as it is."""
        with self._line(cups.IPP_NOT_POSSIBLE) as line:
            line.cancelJob(number)

    def forget(self, number: int) -> None:
        """Destroy a job and what the server keeps of it: the document, most of all."""
        with self._line(cups.IPP_NOT_POSSIBLE, cups.IPP_NOT_FOUND) as line:
            line.cancelJob(number, purge_job=True)

    @contextmanager
    def _line(self, *fine: int) -> Iterator[Any]:
        """A connection, and its exceptions in our words; `fine` is what is no fault here."""
        try:
            if self._address:
                cups.setServer(self._address)
            yield cups.Connection()
        except cups.IPPError as error:
            if error.args[0] not in fine:
                raise _fault(error.args[0]) from error
        except (cups.HTTPError, RuntimeError) as error:
            raise PrinterGone("server") from error


def _fault(status: int) -> DeviceFault:
    if status == cups.IPP_NOT_ACCEPTING:
        return PrinterStopped("not-accepting-jobs")
    if status in (cups.IPP_NOT_FOUND, cups.IPP_NOT_POSSIBLE):
        return PrinterGone("queue")
    return PrinterGone("server")


def _queue(name: str, told: Mapping[str, Any]) -> Queue:
    return Queue(
        name,
        str(told.get("device-uri", "")),
        int(told.get("printer-state", 0)),
        bool(told.get("printer-is-accepting-jobs", True)),
        _words(told.get("printer-state-reasons")),
        told.get("printer-up-time", 0) - told.get("printer-state-change-time", 0),
    )


def _job(number: int, told: Mapping[str, Any]) -> QueuedJob:
    return QueuedJob(
        number,
        str(told.get("job-name", "")),
        str(told.get("job-printer-uri", "")).rpartition("/")[2],
        int(told.get("job-state", 0)),
        _words(told.get("job-state-reasons")),
        told.get("time-at-processing") is not None,
    )


def _words(told: Any) -> tuple[str, ...]:
    """One word alone comes as it is, several come as a list."""
    return tuple(told) if isinstance(told, list) else (str(told),) if told else ()
