"""Slips for a roll: the same PDF that a page printer takes, as dots of a print head."""

from typing import Protocol

from PIL import Image

from printing.raster import black, pages


class SlipHead(Protocol):
    """A print head over a roll of paper."""

    def check(self) -> None:
        """Return if a slip would come out now; else raise what is wrong."""
        ...

    def print(self, picture: Image.Image, title: str) -> None:
        """Burn a picture in pure black, as wide as the head, and cut it off."""
        ...

    def clear(self) -> None:
        """Destroy everything that waits."""
        ...


class SlipPrinter:
    """A receipt printer that is a printer like any other."""

    def __init__(self, head: SlipHead, dots: int, dpi: float) -> None:
        self._head, self._dots, self._dpi = head, dots, dpi

    def check(self) -> None:
        """Return if a slip would come out now; else raise what is wrong."""
        self._head.check()

    def print(self, pdf: bytes, title: str) -> None:
        """Every page a slip; drawn before the first dot is burnt."""
        drawn = [black(page, self._dots) for page in pages(pdf, self._dpi)]
        for picture in drawn:
            self._head.print(picture, title)

    def clear(self) -> None:
        """Destroy everything that waits."""
        self._head.clear()
