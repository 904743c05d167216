"""A scanner on a USB-serial port: a line is a code; unplugged, it comes back by itself."""

import termios
import time
from collections.abc import Callable

from serial import Serial, SerialException

from devices.faults import ScannerGone

LONGEST = 8192
PAUSE = 0.15
REST = 1.0  # what comes within it, of a line that was dropped, is its rest; looks are rare
_ENDS = (b"\r", b"\n")


class SerialScanner:
    """Opened by path, at whatever speed: a USB port has none."""

    def __init__(self, path: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._path, self._clock = path, clock
        self._port: Serial | None = None
        self._line, self._heard, self._skips = bytearray(), 0.0, False

    def scan(self) -> str | None:
        """The code that was read since the last look; never waits."""
        return self._taken(self._fresh())

    def forget(self) -> None:
        """Drop what was shown before, and the rest of a code that is still coming in."""
        last = bytes(self._line)
        while fresh := self._fresh():
            last, self._heard = fresh, self._clock()
        if last:
            self._skips = not last.endswith(_ENDS)
        self._line.clear()

    def close(self) -> None:
        """Let the port go, and forget what was half read."""
        if self._port is not None:
            self._port.close()
        self._port = None
        self._line.clear()
        self._skips = False

    def _fresh(self) -> bytes:
        """The one place where the port is read, and its faults become ours."""
        port = self._port or self._opened()
        try:
            waiting = port.in_waiting
            return port.read(min(waiting, LONGEST)) if waiting else b""
        except (SerialException, OSError) as fault:
            self.close()
            raise ScannerGone from fault

    def _opened(self) -> Serial:
        try:
            self._port = Serial(self._path, timeout=0, exclusive=True)
        except (SerialException, OSError, ValueError, termios.error) as fault:
            raise ScannerGone from fault
        return self._port

    def _taken(self, fresh: bytes) -> str | None:
        """A line ends with its mark, or with a pause where a scanner sends none."""
        now = self._clock()
        paused = now - self._heard >= PAUSE
        if not self._line and now - self._heard >= REST:
            self._skips = False
        if fresh:
            self._heard = now
            self._line += fresh
        while (line := self._ended(paused=paused and not fresh)) is not None:
            skipped, self._skips = self._skips or len(line) > LONGEST, False
            if line and not skipped:
                return _text(line)
        self._bound()
        return None

    def _ended(self, *, paused: bool) -> bytes | None:
        """The next whole line, taken out; an empty one stands between CR and LF."""
        ends = [at for at in (self._line.find(mark) for mark in _ENDS) if at >= 0]
        if not ends and not (paused and self._line):
            return None
        end = min(ends, default=len(self._line))
        line = bytes(self._line[:end])
        del self._line[: end + 1]
        return line

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
