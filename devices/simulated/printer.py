"""Printers without hardware: every sheet is a PDF, in a folder or in memory."""

from pathlib import Path

from devices.faults import DeviceFault, PaperOut, PrinterGone, PrinterStopped, PrintUnclear


class SimulatedPrinter:
    """What goes wrong with a printer, played; where the sheets land is another's to say.

    `fault` stands until it is taken away. `breaks` happens in the middle of the next job: whether
    that job's sheet had come out (`came_out`) is what nobody in front of a printer knows.
    """

    def __init__(self) -> None:
        self.paper_out = False
        self.fault: DeviceFault | None = None
        self.breaks: DeviceFault | None = None
        self.came_out = False

    def check(self) -> None:
        """Nothing stands in the way of a sheet."""
        if self.paper_out:
            raise PaperOut
        if self.fault is not None:
            raise self.fault

    def print(self, pdf: bytes, title: str) -> None:
        """The sheet lies there, or it is said whether it does."""
        self.check()
        if self.breaks is None:
            self._lay(pdf, title)
            return
        broken, self.breaks = self.breaks, None
        self._stand(broken)
        if self.came_out:
            self._lay(pdf, title)
        raise PrintUnclear from broken

    def clear(self) -> None:
        """Nothing waits here: a sheet that did not come out is forgotten at once."""

    def _stand(self, broken: DeviceFault) -> None:
        if isinstance(broken, PaperOut):
            self.paper_out = True
        elif isinstance(broken, PrinterStopped | PrinterGone):
            self.fault = broken

    def _lay(self, pdf: bytes, title: str) -> None:
        raise NotImplementedError


class FolderPrinter(SimulatedPrinter):
    """Puts PDFs into a folder; its paper can be taken away."""

    def __init__(self, tray: Path) -> None:
        super().__init__()
        self._tray = tray

    def check(self) -> None:
        """Paper is there, and the tray can be written."""
        super().check()
        try:
            self._tray.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as fault:
            raise PrinterGone(str(fault)) from fault

    def _lay(self, pdf: bytes, title: str) -> None:
        """Whole or not at all: the sheet appears under its name once it is complete."""
        part = self._tray / f".{title}.part"
        try:
            part.write_bytes(pdf)
            part.replace(self._tray / f"{title}.pdf")
        except OSError as fault:
            raise PrinterGone(str(fault)) from fault

    def clear(self) -> None:
        """A sheet that was never completed goes, of a former run too."""
        for part in self._tray.glob(".*.part"):
            part.unlink(missing_ok=True)


class MemoryPrinter(SimulatedPrinter):
    """Keeps its sheets in memory alone: for class, where nothing may reach a disk."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, bytes]] = []

    def _lay(self, pdf: bytes, title: str) -> None:
        self.sheets.append((title, pdf))
