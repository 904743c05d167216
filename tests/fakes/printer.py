"""The printer of the class with a paper tray that can be counted."""

from devices.faults import PaperOut
from devices.simulated.printer import MemoryPrinter


class CountedPrinter(MemoryPrinter):
    """Runs out after so many sheets; `heard` is told of each one as it comes out."""

    def __init__(self, paper: int | None = None, heard=lambda _: None) -> None:
        super().__init__()
        self._paper, self._heard = paper, heard
        self.cleared = 0

    @property
    def titles(self) -> list[str]:
        return [title for title, _ in self.sheets]

    def text(self, title: str) -> list[str]:
        """The lines on the sheet of that title."""
        return next(pdf for name, pdf in self.sheets if name == title).decode().splitlines()

    def clear(self) -> None:
        self.cleared += 1

    def print(self, pdf: bytes, title: str) -> None:
        if self._paper is not None and len(self.sheets) >= self._paper:
            raise PaperOut
        super().print(pdf, title)
        self._heard(title)
