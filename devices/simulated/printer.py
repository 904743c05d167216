"""A printer without hardware: every sheet is a PDF file in a tray that is a folder."""

from pathlib import Path

from devices.faults import PaperOut, PrinterGone


class FolderPrinter:
    """Puts PDFs into a folder; its paper can be taken away."""

    def __init__(self, tray: Path) -> None:
        self._tray = tray
        self.paper_out = False

    def check(self) -> None:
        """Paper is there, and the tray can be written."""
        if self.paper_out:
            raise PaperOut
        try:
            self._tray.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as fault:
            raise PrinterGone(str(fault)) from fault

    def print(self, pdf: bytes, title: str) -> None:
        """Whole or not at all: the sheet appears under its name once it is complete."""
        self.check()
        part = self._tray / f".{title}.part"
        try:
            part.write_bytes(pdf)
            part.replace(self._tray / f"{title}.pdf")
        except OSError as fault:
            raise PrinterGone(str(fault)) from fault


class MemoryPrinter:
    """Keeps its sheets in memory alone: for class, where nothing may reach a disk."""

    def __init__(self) -> None:
        self.paper_out = False
        self.sheets: list[tuple[str, bytes]] = []

    def check(self) -> None:
        """Paper is there."""
        if self.paper_out:
            raise PaperOut

    def print(self, pdf: bytes, title: str) -> None:
        """Keep the sheet for the class to look at."""
        self.check()
        self.sheets.append((title, pdf))
