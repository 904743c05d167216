"""A scanner without hardware: a code is shown to it by program."""

from queue import Empty, SimpleQueue


class SimulatedScanner:
    """Sees each code once, in the order shown."""

    def __init__(self) -> None:
        self._shown: SimpleQueue[str] = SimpleQueue()

    def show(self, text: str) -> None:
        """Hold a code in front of the scanner."""
        self._shown.put(text)

    def forget(self) -> None:
        """Drop what was shown before."""
        while self.scan() is not None:
            pass

    def scan(self) -> str | None:
        """The next code, if one was shown."""
        try:
            return self._shown.get_nowait()
        except Empty:
            return None
