"""A scanner without hardware: a code is shown to it by program or as an image file."""

from pathlib import Path
from queue import Empty, SimpleQueue

import zxingcpp
from PIL import Image


class SimulatedScanner:
    """Sees each code once, in the order shown."""

    def __init__(self) -> None:
        self._shown: SimpleQueue[str] = SimpleQueue()

    def show(self, text: str) -> None:
        """Hold a code in front of the scanner."""
        self._shown.put(text)

    def show_image(self, file: Path) -> bool:
        """Hold a picture in front of the scanner; False where it sees no code."""
        with Image.open(file) as picture:
            found = zxingcpp.read_barcodes(picture.convert("L"))
        for code in found:
            self.show(code.text)
        return bool(found)

    def scan(self) -> str | None:
        """The next code, if one was shown."""
        try:
            return self._shown.get_nowait()
        except Empty:
            return None
