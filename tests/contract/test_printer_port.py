"""What every printer promises, asked of the simulated ones and of CUPS with a real IPP printer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from devices.faults import DeviceFault, PaperOut, PrinterGone, PrinterStopped, PrintUnclear
from devices.pages import CupsPrinter, Patience
from devices.ports import Printer
from devices.simulated.printer import FolderPrinter, MemoryPrinter, SimulatedPrinter
from tests.fakes.cups import QUEUE, PrintService, missing, private_printing

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
"""
PATIENCE = Patience(job=5, fault=0.4, end=5, poll=0.05)
WORDS = ("media-jam", "cover-open", "toner-empty", "input-tray-missing")


class Room(Protocol):
    """A printer, and hands that do things to it."""

    @property
    def printer(self) -> Printer: ...
    def titles(self) -> list[str]: ...
    def take_paper(self) -> None: ...
    def give_paper(self) -> None: ...
    def stop(self, word: str) -> None: ...
    def mend(self) -> None: ...
    def go(self) -> None: ...
    def come_back(self) -> None: ...
    def print_and_run_out(self, title: str) -> None: ...
    def print_and_jam(self, title: str) -> None: ...


class PrinterContract:
    """Subclasses say which printer."""

    @pytest.fixture
    def room(self) -> Room:
        raise NotImplementedError

    def test_a_sheet_lies_in_the_tray_when_print_returns(self, room: Room) -> None:
        room.printer.check()
        room.printer.print(PDF, "X-000001-1")
        assert room.titles() == ["X-000001-1"]

    def test_every_sheet_comes_out_once_and_in_order(self, room: Room) -> None:
        room.printer.print(PDF, "X-000002-1")
        room.printer.print(PDF, "X-000001-1")
        room.printer.clear()
        assert sorted(room.titles()) == ["X-000001-1", "X-000002-1"]

    def test_without_paper_nothing_is_printed_then_or_later(self, room: Room) -> None:
        room.take_paper()
        with pytest.raises(PaperOut):
            room.printer.check()
        with pytest.raises(PaperOut):
            room.printer.print(PDF, "X-000001-1")
        room.give_paper()
        assert room.titles() == []
        room.printer.check()
        room.printer.print(PDF, "X-000002-1")
        assert room.titles() == ["X-000002-1"]

    @pytest.mark.parametrize("word", WORDS)
    def test_a_printer_that_waits_for_somebody_says_what_for(self, room: Room, word: str) -> None:
        room.stop(word)
        for asked in (room.printer.check, lambda: room.printer.print(PDF, "X-000001-1")):
            with pytest.raises(PrinterStopped) as stopped:
                asked()
            assert stopped.value.reasons == (word,)
        room.mend()
        assert room.titles() == []
        room.printer.check()

    def test_a_printer_that_is_gone_takes_no_job_and_prints_none_later(self, room: Room) -> None:
        room.go()
        with pytest.raises(PrinterGone):
            room.printer.check()
        with pytest.raises(PrinterGone):
            room.printer.print(PDF, "X-000001-1")
        room.come_back()
        room.printer.check()
        assert room.titles() == []

    def test_paper_that_runs_out_in_the_middle_leaves_nothing_stale(self, room: Room) -> None:
        with pytest.raises(PrintUnclear) as unclear:
            room.print_and_run_out("X-000001-1")
        assert isinstance(unclear.value.__cause__, PaperOut)
        with pytest.raises(PaperOut):
            room.printer.check()
        room.give_paper()
        assert room.titles() == []
        room.printer.check()
        room.printer.print(PDF, "X-000002-1")
        assert room.titles() == ["X-000002-1"]

    def test_a_jam_in_the_middle_leaves_nothing_stale(self, room: Room) -> None:
        with pytest.raises(PrintUnclear) as unclear:
            room.print_and_jam("X-000001-1")
        assert isinstance(unclear.value.__cause__, PrinterStopped)
        assert unclear.value.__cause__.reasons == ("media-jam",)
        room.mend()
        assert room.titles() == []
        room.printer.clear()
        room.printer.print(PDF, "X-000002-1")
        assert room.titles() == ["X-000002-1"]


class SimulatedRoom:
    """A simulated printer obeys at once."""

    def __init__(self, printer: SimulatedPrinter) -> None:
        self.printer = printer

    def take_paper(self) -> None:
        self.printer.paper_out = True

    def give_paper(self) -> None:
        self.printer.paper_out = False

    def stop(self, word: str) -> None:
        self.printer.fault = PrinterStopped(word)

    def mend(self) -> None:
        self.printer.fault = None

    def go(self) -> None:
        self.printer.fault = PrinterGone()

    come_back = mend

    def print_and_run_out(self, title: str) -> None:
        self._print_and(PaperOut(), title)

    def print_and_jam(self, title: str) -> None:
        self._print_and(PrinterStopped("media-jam"), title)

    def _print_and(self, fault: DeviceFault, title: str) -> None:
        self.printer.breaks = fault
        self.printer.print(PDF, title)


class FolderRoom(SimulatedRoom):
    def __init__(self, tray: Path) -> None:
        super().__init__(FolderPrinter(tray))
        self._tray = tray

    def titles(self) -> list[str]:
        return [sheet.stem for sheet in self._tray.glob("*")]


class MemoryRoom(SimulatedRoom):
    def __init__(self) -> None:
        super().__init__(MemoryPrinter())

    def titles(self) -> list[str]:
        assert isinstance(self.printer, MemoryPrinter)
        return [title for title, _ in self.printer.sheets]


class CupsRoom:
    """Somebody who stands at the IPP printer."""

    def __init__(self, service: PrintService) -> None:
        self._service = service
        self.printer = CupsPrinter(QUEUE, server=service.server, owner="K01", patience=PATIENCE)

    def titles(self) -> list[str]:
        return self._service.titles()

    def take_paper(self) -> None:
        self._service.paper(0)

    def give_paper(self) -> None:
        self._service.refill()

    def stop(self, word: str) -> None:
        self._service.standing(f"+{word}")

    def mend(self) -> None:
        self._service.refill()
        self._service.standing(*(f"-{word}" for word in WORDS))

    def go(self) -> None:
        self._service.kill("printer")

    def come_back(self) -> None:
        self._service.start_printer()

    def print_and_run_out(self, title: str) -> None:
        self._service.during(lambda: self.printer.print(PDF, title), lambda: self._service.paper(0))

    def print_and_jam(self, title: str) -> None:
        self._service.during(
            lambda: self.printer.print(PDF, title), lambda: self._service.midway("media-jam")
        )


class TestFolderPrinter(PrinterContract):
    @pytest.fixture
    def room(self, tmp_path: Path) -> Room:
        return FolderRoom(tmp_path / "tray")


class TestMemoryPrinter(PrinterContract):
    @pytest.fixture
    def room(self) -> Room:
        return MemoryRoom()


@pytest.fixture(scope="session")
def service() -> Iterator[PrintService]:
    if lacking := missing():
        pytest.skip(f"no private print service: {lacking}")
    with private_printing() as service:
        yield service


class TestCupsPrinter(PrinterContract):
    @pytest.fixture
    def room(self, service: PrintService) -> Room:
        service.reset()
        return CupsRoom(service)


@pytest.mark.parametrize("came_out", [False, True])
def test_a_simulated_sheet_may_or_may_not_have_come_out(*, came_out: bool) -> None:
    printer = MemoryPrinter()
    printer.breaks, printer.came_out = PrinterGone(), came_out
    with pytest.raises(PrintUnclear):
        printer.print(PDF, "X-000001-1")
    assert len(printer.sheets) == came_out


def test_a_folder_forgets_a_sheet_that_was_never_completed(tmp_path: Path) -> None:
    (tmp_path / ".X-000001-1.part").write_bytes(PDF[:20])
    FolderPrinter(tmp_path).clear()
    assert list(tmp_path.iterdir()) == []
