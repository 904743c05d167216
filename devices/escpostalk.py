"""What is said to a receipt printer in ESC/POS, and what it answers; over any line."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from PIL import Image

from devices.faults import DeviceFault, PaperOut, PrinterGone, PrinterStopped

BAND = 24  # rows: two bands fit into a buffer of 4 kB, so that our questions still come through
INITIALISE = b"\x1b@\x1da\x00"  # fresh, and no status of its own accord
FENCE = b"\x1dr\x01"  # answered when everything before it was done
WIPE = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"  # at once, whatever state the printer is in
WIPED = b"\x37\x25\x00"
_INVERTED = bytes(range(255, -1, -1))
_REAL_TIME = re.compile(rb"\x10(?=[\x04\x05\x14])|\x1b(?=\x06)|\x1d(?=[\x03-\x05])")
_PULSE = 0.25


@dataclass(frozen=True)
class Patience:
    """How many seconds we wait: for the line, for an answer, for a band that does not come."""

    line: float = 3.0
    answer: float = 1.0
    stall: float = 10.0


@dataclass(frozen=True)
class SlipStatus:
    """What a printer says of itself, from DLE EOT 1 to 4."""

    offline: bool
    cover_open: bool
    paper_out: bool
    near_end: bool
    cutter_jam: bool
    broken: bool
    hot: bool

    @property
    def fault(self) -> DeviceFault | None:
        """Why nothing would come out now; a roll that is near its end still prints."""
        told = {
            "cover-open": self.cover_open,
            "separation-cutter-jam": self.cutter_jam,
            "subunit-unrecoverable-failure": self.broken,
            "subunit-over-temperature": self.hot,
        }
        if reasons := [reason for reason, holds in told.items() if holds]:
            return PrinterStopped(*reasons)
        if self.paper_out:  # an open cover looks like this too
            return PaperOut()
        return PrinterStopped("paused") if self.offline else None


class Line(Protocol):
    """One of python-escpos' connections, that can also listen for a while."""

    def open(self) -> None:
        """Connect, or fail in time."""
        ...

    def close(self) -> None:
        """Let the next one in."""
        ...

    def say(self, words: bytes) -> None:
        """Send all of it, or fail in time."""
        ...

    def hear(self, seconds: float) -> bytes:
        """What came in; empty if nothing did in that time."""
        ...


def bands(picture: Image.Image) -> list[bytes]:
    """The picture as GS v 0 commands that hold no real-time command in their dots.

    A printer obeys those wherever they stand. Each of their first bytes is a stroke or a gap one
    dot wide; where the second byte follows, that stroke is made a dot wider or the gap filled.
    """
    across = picture.width // 8
    dots = picture.tobytes().translate(_INVERTED)
    size = across * BAND
    return [_band(dots[start : start + size], across) for start in range(0, len(dots), size)]


def _band(dots: bytes, across: int) -> bytes:
    safe = _REAL_TIME.sub(lambda found: b"\x18" if found[0] == b"\x10" else b"\x1f", dots)
    rows = len(dots) // across
    return b"\x1dv0\x00" + across.to_bytes(2, "little") + rows.to_bytes(2, "little") + safe


class Halted(Exception):
    """The job does not go on; `fault` is what the printer says about it, if anything."""

    def __init__(self, fault: DeviceFault | None) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass
class Talk:
    """One conversation: what was said, and the answers sorted by what they answer."""

    line: Line
    patience: Patience
    fences: int = 0
    wiped: bool = False
    _states: list[int] = field(default_factory=list)
    _rest: bytes = b""

    def say(self, words: bytes) -> None:
        """Send; as long as the printer takes it in time."""
        self.line.say(words)

    def fence(self, words: bytes) -> None:
        """Send something whose end we are told."""
        self.say(words + FENCE)
        self.fences += 1

    def listen(self, seconds: float) -> None:
        """Sort what comes in during that time."""
        self._rest += self.line.hear(seconds)
        while self._rest:
            first = self._rest[0]
            length = 3 if first == WIPED[0] else 4 if first & 0x93 == 0x10 else 1
            if len(self._rest) < length:
                break
            part, self._rest = self._rest[:length], self._rest[length:]
            self._sort(part)

    def _sort(self, part: bytes) -> None:
        if part == WIPED:
            self.wiped = True
        elif part[0] & 0x93 == 0x12:
            self._states.append(part[0])
        elif len(part) == 1 and part[0] & 0x90 == 0:
            self.fences = max(0, self.fences - 1)

    def _until(self, answered: Callable[[], object], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not answered() and (left := deadline - time.monotonic()) > 0:
            self.listen(left)
        return bool(answered())

    def look(self) -> SlipStatus:
        """The four answers; PrinterGone if one of them does not come."""
        said = [self._ask(number) for number in (1, 2, 3, 4)]
        return SlipStatus(
            offline=bool(said[0] & 0x08),
            cover_open=bool(said[1] & 0x04),
            paper_out=bool(said[1] & 0x20 or said[3] & 0x60),
            near_end=bool(said[3] & 0x0C),
            cutter_jam=bool(said[2] & 0x08),
            broken=bool(said[2] & 0x20),
            hot=bool(said[2] & 0x40 and not said[1] & 0x04),
        )

    def _ask(self, number: int) -> int:
        self._states.clear()
        self.say(bytes((0x10, 0x04, number)))
        if not self._until(lambda: self._states, self.patience.answer):
            raise PrinterGone("no answer")
        return self._states[0]

    def wipe(self) -> bool:
        """Throw away what waits in the printer; True if it says that it did."""
        self.wiped = False
        self.say(WIPE)
        done = self._until(lambda: self.wiped, self.patience.answer)
        self.fences = 0 if done else self.fences
        return done

    def settle(self, fences: int = 0) -> None:
        """Wait until no more than so many fences are open; Halted if they do not come."""
        deadline = time.monotonic() + self.patience.stall
        while (before := self.fences) > fences:
            self.listen(_PULSE)
            if self.fences < before:
                deadline = time.monotonic() + self.patience.stall
            elif fault := self.look().fault:
                raise Halted(fault)
            elif time.monotonic() > deadline:
                raise Halted(None)
