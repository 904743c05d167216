"""Pages printed by a real CUPS on a real IPP printer, and everything that goes wrong with them."""

import io
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pypdfium2
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from devices.cups import PrintServer
from devices.faults import PaperOut, PrinterGone, PrinterStopped, PrintUnclear
from devices.pages import CupsPrinter, Patience
from tests.fakes.cups import BLIND, QUEUE, ROOT, PrintService, await_, missing, private_printing

PATIENCE = Patience(job=4, fault=0.4, end=4, poll=0.05)
STOPPING = "processing-to-stop-point"

PRINTS = """
import sys
from devices.pages import CupsPrinter
CupsPrinter("City", server=sys.argv[1], owner="K01").print(sys.stdin.buffer.read(), "X-000001-1")
"""


@pytest.fixture(scope="session")
def all_day() -> Iterator[PrintService]:
    if lacking := missing():
        pytest.skip(f"no private print service: {lacking}")
    with private_printing() as service:
        yield service


@pytest.fixture
def service(all_day: PrintService) -> PrintService:
    all_day.reset()
    return all_day


@pytest.fixture
def printer(service: PrintService) -> CupsPrinter:
    return CupsPrinter(QUEUE, server=service.server, owner="K01", patience=PATIENCE)


@pytest.fixture
def patient(service: PrintService) -> CupsPrinter:
    """One that gives nothing up before it has to."""
    patience = Patience(job=20, fault=10, end=4, poll=0.05)
    return CupsPrinter(QUEUE, server=service.server, owner="K01", patience=patience)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    """Two pages in letters of an inch: what comes out must be these."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for page in ("first", "second"):
        canvas.setFont("Helvetica", 72)
        canvas.drawString(72, 600, page)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def looks(pdf: bytes) -> list[bytes]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=0.5).to_pil().tobytes() for page in document]


def stopped(asked: Callable[[], None]) -> tuple[str, ...]:
    with pytest.raises(PrinterStopped) as fault:
        asked()
    return fault.value.reasons


def unclear(printing: Callable[[], None]) -> BaseException | None:
    with pytest.raises(PrintUnclear) as fault:
        printing()
    return fault.value.__cause__


def test_our_own_pages_arrive_in_their_size(service, printer, pdf):
    printer.print(pdf, "X-000001-1")
    (sheet,) = service.sheets()
    arrived = sheet.read_bytes()
    assert [(round(width), round(height)) for width, height in sizes(arrived)] == [(595, 842)] * 2
    assert looks(arrived) == looks(pdf)
    assert looks(pdf)[0] != looks(pdf)[1]


def sizes(pdf: bytes) -> list[tuple[float, float]]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_size() for page in document]


def test_a_job_is_one_sided_on_the_paper_and_from_the_tray_that_was_chosen(service, pdf):
    chosen = CupsPrinter(
        QUEUE, server=service.server, owner="K01", tray="by-pass-tray", patience=PATIENCE
    )
    chosen.print(pdf, "X-000001-1")
    asked = service.asked()
    assert asked["IPP_SIDES"] == "one-sided"
    assert "x-dimension=21000 y-dimension=29700" in asked["IPP_MEDIA_COL"]
    assert "media-source=by-pass-tray" in asked["IPP_MEDIA_COL"]
    assert asked.get("IPP_COPIES", "1") == "1"


def test_the_title_of_a_job_is_the_number_and_whose_terminal_it_is(service, printer, pdf):
    printer.print(pdf, "X-000001-1")
    assert service.asked()["IPP_JOB_NAME"].startswith("kakanai@K01 X-000001-1 ")


def test_the_server_keeps_no_document(service, printer, pdf):
    printer.print(pdf, "X-000001-1")
    assert list((service.folder / "spool").glob("[cd]0*")) == []
    unclear(lambda: service.during(lambda: printer.print(pdf, "X-2"), lambda: service.paper(0)))
    assert list((service.folder / "spool").glob("[cd]0*")) == []


def test_paper_of_another_size_is_no_paper(service, printer):
    service.letter_paper()
    with pytest.raises(PaperOut):
        printer.check()


def test_what_a_queue_at_rest_remembers_is_not_believed(service, printer, pdf):
    unclear(lambda: service.during(lambda: printer.print(pdf, "X-1"), lambda: service.paper(0)))
    service.refill()
    assert "media-empty" in PrintServer(service.server).queue(QUEUE).words
    printer.check()


def test_toner_that_runs_low_stops_nothing_and_is_noted(service, printer, pdf):
    assert printer.notes() == ()
    service.standing("+toner-low")
    printer.check()
    printer.print(pdf, "X-000001-1")
    assert service.titles() == ["X-000001-1"]
    assert printer.notes() == ("toner-low",)


def test_a_queue_that_is_paused_or_closed_says_so(service, printer, pdf):
    service.run("cupsdisable", QUEUE)
    assert stopped(printer.check) == ("paused",)
    assert stopped(lambda: printer.print(pdf, "X-1")) == ("paused",)
    service.run("cupsreject", QUEUE)
    service.run("cupsenable", QUEUE)
    assert stopped(printer.check) == ("not-accepting-jobs",)
    service.run("cupsaccept", QUEUE)
    printer.check()
    assert service.titles() == service.waiting() == []


def test_a_queue_that_is_paused_in_the_middle_does_not_begin_anew(service, printer, pdf):
    cause = unclear(
        lambda: service.during(
            lambda: printer.print(pdf, "X-1"), lambda: service.run("cupsdisable", QUEUE)
        )
    )
    assert isinstance(cause, PrinterStopped)
    assert cause.reasons == ("paused",)
    service.run("cupsenable", QUEUE)
    service.refill()
    assert service.titles() == service.waiting() == []


def test_a_queue_that_is_paused_for_a_moment_does_not_begin_anew(service, patient, pdf):
    def pause() -> None:
        service.run("cupsdisable", QUEUE)
        time.sleep(0.5)
        service.run("cupsenable", QUEUE)
        service.go_on()

    unclear(lambda: service.during(lambda: patient.print(pdf, "X-1"), pause))
    assert service.titles() == service.waiting() == []


def test_an_unknown_queue_is_a_printer_that_is_gone(service):
    with pytest.raises(PrinterGone):
        CupsPrinter("Nowhere", server=service.server).check()


@pytest.mark.parametrize("asked", ["check", "clear", "notes", "print"])
def test_without_a_server_the_printer_is_gone(service, printer, pdf, asked):
    service.kill("server")
    with pytest.raises(PrinterGone):
        getattr(printer, asked)(*((pdf, "X-1") if asked == "print" else ()))


def test_a_server_that_goes_in_the_middle_leaves_it_unclear_and_nothing_behind(
    service, printer, pdf
):
    cause = unclear(
        lambda: service.during(lambda: printer.print(pdf, "X-1"), lambda: service.kill("server"))
    )
    assert isinstance(cause, PrinterGone)
    service.start_server()
    printer.clear()
    service.refill()
    assert service.titles() == service.waiting() == []
    printer.print(pdf, "X-2")
    assert service.titles() == ["X-2"]


def test_a_server_that_comes_back_does_not_print_twice(service, printer, pdf):
    def restart() -> None:
        service.kill("server")
        service.start_server()

    unclear(lambda: service.during(lambda: printer.print(pdf, "X-1"), restart))
    service.refill()
    assert service.titles() == service.waiting() == []


def test_a_printer_that_vanishes_in_the_middle_leaves_it_unclear(service, printer, pdf):
    cause = unclear(
        lambda: service.during(lambda: printer.print(pdf, "X-1"), lambda: service.kill("printer"))
    )
    assert isinstance(cause, PrinterGone)
    assert service.waiting() == []


def test_a_printer_that_forgot_the_job_has_not_completed_it(service, patient, pdf):
    """CUPS 2.4.2 says it has."""

    def restart() -> None:
        time.sleep(PATIENCE.job)  # as old as the job at least, for ages are in whole seconds
        service.kill("printer")
        service.go_on()
        service.start_printer()

    unclear(lambda: service.during(lambda: patient.print(pdf, "X-1"), restart))
    assert service.titles() == []


def test_a_job_that_never_had_its_turn_is_certainly_gone(service, printer, pdf):
    service.midway()
    service.strangers_job("letter")
    await_(service.is_busy, "the stranger's job to begin")
    assert stopped(lambda: printer.print(pdf, "X-1")) == ("timed-out",)
    assert len(service.waiting()) == 1
    service.refill()
    assert service.titles() == ["letter"]


def test_a_printer_that_runs_out_before_our_turn_is_simply_out(service, printer, pdf):
    service.midway()
    service.strangers_job("letter")
    await_(service.is_busy, "the stranger's job to begin")
    first = CupsPrinter(QUEUE, server=service.server, owner="K01", patience=PATIENCE)
    with pytest.raises(PaperOut):
        service.while_waiting(lambda: first.print(pdf, "X-1"), lambda: service.paper(0))
    service.refill()
    assert service.titles() == ["letter"]


def test_clear_destroys_what_a_former_run_left_and_nobody_elses_job(service, printer):
    service.run("cupsdisable", QUEUE)
    ours = service.strangers_job("kakanai@K01 X-000009-1 0badcafe")
    held = service.strangers_job("kakanai@K01 X-000008-1 0badcafe", "-H", "hold")
    letter = service.strangers_job("letter")
    next_door = service.strangers_job("kakanai@K02 X-000007-1 0badcafe")
    another = service.strangers_job("kakanai@K01 X-000006-1 0badcafe", "-U", "somebody")
    assert {ours, held} < set(service.waiting())
    printer.clear()
    assert set(service.waiting()) == {letter, next_door, another}


def test_clear_reaches_a_job_that_only_the_printer_still_holds(service, printer):
    service.midway()
    service.past_the_queue("kakanai@K01 X-000009-1 0badcafe")
    await_(service.is_busy, "the job to begin")
    assert stopped(printer.check) == (STOPPING,)
    printer.clear()
    service.refill()
    printer.check()
    assert service.titles() == []


def test_clear_leaves_a_strangers_job_in_the_printer_alone(service, printer):
    service.midway()
    service.past_the_queue("letter")
    await_(service.is_busy, "the job to begin")
    printer.check()
    printer.clear()
    service.refill()
    assert service.titles() == ["letter"]


def test_a_job_that_was_handed_over_prints_only_when_it_is_released(service, pdf):
    server = PrintServer(service.server)
    number = server.hand_over(QUEUE, "kakanai@K01 X-1 0badcafe", pdf, {"media": "A4"})
    service.strangers_job("letter")
    await_(lambda: service.titles() == ["letter"], "the job behind it")
    assert server.job(number).began is False
    server.release(number)
    await_(lambda: service.titles() == ["letter", "X-1"], "the sheet")


def test_while_the_printer_does_not_let_go_nothing_else_is_sent(service, printer, pdf):
    service.stubborn()
    unclear(lambda: service.during(lambda: printer.print(pdf, "X-1"), lambda: None))
    assert stopped(printer.check) == (STOPPING,)
    assert stopped(lambda: printer.print(pdf, "X-2")) == (STOPPING,)
    service.refill()
    assert service.titles() == ["X-1"]  # the worst printer there is; nobody was told otherwise
    printer.check()


class ServerElsewhere(PrintServer):
    """One that reaches printers that this machine may not reach."""

    is_here = False


def test_a_printer_that_only_its_server_can_reach_is_taken_at_the_servers_word(service, printer):
    service.kill("printer")
    with pytest.raises(PrinterGone):
        printer.check()
    printer._server = ServerElsewhere(service.server)
    printer.check()


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("localhost:631", True),
        ("127.0.0.1", True),
        ("/run/cups/cups.sock", True),
        ("print.example.jp:631", False),
        ("print.example.jp", False),
    ],
)
def test_a_server_is_here_or_elsewhere(address, here):
    assert PrintServer(address).is_here is here


def test_a_device_that_cannot_be_asked_is_taken_at_the_servers_word(service, pdf):
    blind = CupsPrinter(BLIND, server=service.server, patience=PATIENCE)
    blind.check()
    blind.print(pdf, "X-1")
    service.run("cupsdisable", BLIND)
    assert stopped(blind.check) == ("paused",)
    service.run("cupsenable", BLIND)
    blind.check()


def test_a_terminal_that_died_with_a_job_under_way_destroys_it_when_it_is_back(
    service, printer, pdf
):
    service.midway()
    command = [sys.executable, "-c", PRINTS, service.server]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as dying:
        assert dying.stdin
        dying.stdin.write(pdf)
        dying.stdin.close()
        await_(service.is_busy, "the job to begin")
        dying.kill()
    assert len(service.waiting()) == 1
    printer.clear()
    assert service.waiting() == []
    service.refill()
    assert service.titles() == []


def test_what_the_server_cannot_read_is_not_tried_again(service, printer):
    cause = unclear(lambda: printer.print(b"%PDF-1.4\n", "X-1"))
    assert isinstance(cause, PrinterStopped)
    assert service.waiting() == service.titles() == []


def test_a_job_that_the_printer_gives_up_is_no_sheet(service, printer, pdf):
    service.aborts()
    unclear(lambda: printer.print(pdf, "X-1"))
    assert service.titles() == service.waiting() == []


def test_somebody_elses_cancel_is_no_sheet(service, printer, pdf):
    cause = unclear(
        lambda: service.during(
            lambda: printer.print(pdf, "X-1"), lambda: service.run("cancel", "-a")
        )
    )
    assert cause is None
    service.refill()
    assert service.titles() == []


def test_the_queues_of_a_server_are_listed_for_the_doctor(service):
    service.run("cupsdisable", QUEUE)
    _blind, queue = PrintServer(service.server).queues()
    assert (queue.name, queue.device) == (QUEUE, service.uri)
    assert queue.words == ("paused",)
