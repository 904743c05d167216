"""What may be believed of a job that the print server calls completed."""

from dataclasses import dataclass, field

import pytest

from devices.faults import PrintUnclear
from devices.ipp import Attributes, IppPrinter, NoAnswer, PrinterJob
from devices.pages import CupsPrinter, Patience

NAME = "kakanai@K01 X-000001-1 0badcafe"
COMPLETED, ABORTED, CANCELED, PROCESSING = 9, 8, 7, 5


@dataclass(frozen=True)
class ToldPrinter(IppPrinter):
    """Answers what it was told to, look by look; the last answer stays."""

    uri: str = "ipp://printer/ipp/print"
    user: str = "kiosk"
    timeout: float = 0
    looks: list[list[PrinterJob] | None] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    age: int = 1000

    def attributes(self, *names: str) -> Attributes:
        return {"printer-up-time": (self.age,)}

    def jobs(self, which: str) -> tuple[PrinterJob, ...]:
        look = self.looks[0]
        if look is None:
            raise NoAnswer
        if which == "completed":
            self.looks[:] = self.looks[1:] or self.looks
        return tuple(job for job in look if (job.state >= CANCELED) == (which == "completed"))

    def cancel(self, job: int) -> None:
        self.dropped.append(job)


def job(state: int, number: int = 1, name: str = NAME) -> PrinterJob:
    return PrinterJob(number, name, state)


def confirm(printer: ToldPrinter, *, server: str = "localhost:1") -> bool:
    """True when it was believed; time runs on at the twentieth look at the clock."""
    looks = iter([0.0] * 20)
    at = CupsPrinter(
        "City",
        server=server,
        owner="K01",
        patience=Patience(poll=0),
        clock=lambda: next(looks, 60.0),
    )
    at._confirm(NAME, printer, -1000)
    return True


def test_a_job_that_the_printer_calls_completed_too_is_believed():
    assert confirm(ToldPrinter(looks=[[job(COMPLETED), job(ABORTED, 2, "letter")]]))


def test_a_job_that_the_printer_is_still_at_is_waited_for():
    assert confirm(ToldPrinter(looks=[[job(PROCESSING)], [job(PROCESSING)], [job(COMPLETED)]]))


def test_a_job_that_the_printer_never_ends_is_unclear_and_dropped():
    printer = ToldPrinter(looks=[[job(PROCESSING, 7)]])
    with pytest.raises(PrintUnclear):
        confirm(printer)
    assert printer.dropped == [7]


@pytest.mark.parametrize("state", [ABORTED, CANCELED])
def test_a_job_that_the_printer_gave_up_is_unclear(state):
    with pytest.raises(PrintUnclear):
        confirm(ToldPrinter(looks=[[job(state)], [job(COMPLETED)]]))


def test_a_job_that_the_printer_was_sent_twice_is_unclear():
    with pytest.raises(PrintUnclear):
        confirm(ToldPrinter(looks=[[job(COMPLETED), job(COMPLETED, 2)]]))


def test_a_printer_that_keeps_no_history_is_taken_at_the_servers_word():
    assert confirm(ToldPrinter(looks=[[]]))


def test_a_printer_that_was_switched_on_since_has_completed_nothing():
    with pytest.raises(PrintUnclear):
        confirm(ToldPrinter(looks=[[]], age=2))


def test_a_printer_that_is_silent_afterwards_is_unclear_unless_only_its_server_reaches_it():
    with pytest.raises(PrintUnclear):
        confirm(ToldPrinter(looks=[None]))
    assert confirm(ToldPrinter(looks=[None]), server="print.example.jp:631")
