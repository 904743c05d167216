"""A scanner on a USB-serial port: a line is a code; unplugged, it comes back by itself."""

import time
from collections.abc import Callable

from serial import Serial, SerialException

from devices.faults import ScannerGone

LONGEST = 8192
PAUSE = 0.15
_ENDS = (b"\r", b"\n")


class SerialScanner:
    """Opened by path, at whatever speed: a USB port has none."""

    def __init__(self, path: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._path, self._clock = path, clock
        self._port: Serial | None = None
        self._line, self._heard, self._skips = bytearray(), 0.0, False

    def scan(self) -> str | None:
        """The code that was read since the last look; never waits."""
        port = self._port or self._opened()
        try:
            waiting = port.in_waiting
            fresh = port.read(min(waiting, LONGEST)) if waiting else b""
        except (SerialException, OSError) as fault:
            self.close()
            raise ScannerGone from fault
        return self._taken(fresh)

    def close(self) -> None:
        """Let the port go, and forget what was half read."""
        if self._port is not None:
            self._port.close()
        self._port = None
        self._line.clear()
        self._skips = False

    def _opened(self) -> Serial:
        try:
            self._port = Serial(self._path, timeout=0, exclusive=True)
        except (SerialException, OSError, ValueError) as fault:
            raise ScannerGone from fault
        return self._port

    def _taken(self, fresh: bytes) -> str | None:
        """A line ends with its mark, or with a pause where a scanner sends none."""
        now = self._clock()
        if fresh:
            self._heard = now
            self._line += fresh
        ends = [at for at in (self._line.find(mark) for mark in _ENDS) if at >= 0]
        if ends:
            code, rest = bytes(self._line[: min(ends)]), self._line[min(ends) + 1 :]
            self._line = bytearray(rest.lstrip(b"\r\n"))
        elif self._line and now - self._heard >= PAUSE:
            code = bytes(self._line)
            self._line.clear()
        else:
            self._bound()
            return None
        skipped, self._skips = self._skips, False
        return None if skipped or not code else _text(code)

    def _bound(self) -> None:
        """A line without end is noise: what there is of it is dropped, and the rest skipped."""
        if len(self._line) > LONGEST:
            self._line.clear()
            self._skips = True


def _text(code: bytes) -> str | None:
    try:
        return code.decode("utf-8")
    except UnicodeDecodeError:
        return code.decode("cp932", "replace")
