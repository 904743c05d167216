"""A receipt printer down to the byte: over TCP or a file, with a roll that can be looked at."""

import os
import select
import socket
import threading
from dataclasses import dataclass, field
from typing import Self

from PIL import Image

CLEAR = bytes((1, 3, 20, 1, 6, 2, 8))
CAPACITY = 4096  # bytes; what does not fit waits in the line, questions too
CUTTER_ROWS = 96  # from the head to the knife
REAL_TIME = {0x04: 1, 0x05: 1, 0x14: None}  # after DLE: how many bytes follow


@dataclass
class Faults:
    """What can be wrong with it; each may be set while it runs."""

    rows_left: int | None = None  # until the roll ends
    near_end: bool = False
    cover_at: int | None = None  # the cover is opened when so many rows are out
    cover_open: bool = False
    cutter_jams: bool = False
    offline: bool = False
    mute: bool = False
    no_wiping: bool = False  # an old one that does not know DLE DC4 8
    wired_until: int | None = None  # the cable is pulled after so many bytes
    seconds_a_row: float = 0.0


@dataclass
class Roll:
    """What came out: rows of dots, and where it was cut."""

    dots: int
    rows: list[bytes] = field(default_factory=list)
    cuts: list[int] = field(default_factory=list)

    def picture(self, first: int = 0, last: int | None = None) -> Image.Image:
        """Black on white, as it lies there."""
        rows = self.rows[first:last]
        data = b"".join(rows).translate(bytes(range(255, -1, -1)))
        return Image.frombytes("1", (self.dots, len(rows)), data)

    def slips(self) -> list[Image.Image]:
        """The pieces that were cut off."""
        return [self.picture(*ends) for ends in zip([0, *self.cuts], self.cuts, strict=False)]

    def loose(self) -> Image.Image:
        """What hangs from the printer."""
        return self.picture(self.cuts[-1] if self.cuts else 0)


class _Wiped(Exception):
    """The buffers were cleared: the next byte begins a command."""


class FakeEscposPrinter:
    """Obeys real-time commands wherever they stand, everything else in order; slow if told so.

    What it does not know is kept in `unknown` and fails the test that leaves it there.
    """

    def __init__(self, dots: int = 576) -> None:
        self.roll = Roll(dots)
        self.faults = Faults()
        self.events: list[tuple[object, ...]] = []
        self.unknown: list[bytes] = []
        self.taken = 0
        self.connections = 0
        self.address = ""
        self._buffer = bytearray()
        self._generation = 0
        self._change = threading.Condition()
        self._jammed = self._stopped = False
        self._answer = lambda _: None
        self._threads: list[threading.Thread] = []
        self._listener: socket.socket | None = None

    # ── life ────────────────────────────────────────────────────────────────────────────────────
    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp 127.0.0.1:{self._listener.getsockname()[1]}"
        self._start(self._serve)
        self._start(self._work)
        return self

    def __exit__(self, kind, *_: object) -> None:
        with self._change:
            self._stopped = True
            self._change.notify_all()
        for thread in self._threads:
            thread.join(5)
        self._listener.close()
        if kind is None:
            assert not self.unknown, f"bytes that are no command: {self.unknown[:5]}"

    def _start(self, work, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _serve(self) -> None:
        while not self._stopped:
            if not select.select([self._listener], [], [], 0.05)[0]:
                continue
            line, _ = self._listener.accept()
            self.connections += 1
            with line:
                self._converse(line.fileno(), lambda words, to=line: to.sendall(words))
                if self._wire_cut():
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    def wired_to(self, descriptor: int) -> None:
        """Also reachable over this end of a pseudo terminal: a serial port, a USB device file."""
        self._start(self._converse, descriptor, lambda words: os.write(descriptor, words))

    def _converse(self, descriptor: int, answer) -> None:
        rest = b""
        while not self._stopped and not self._wire_cut():
            room = CAPACITY - len(self._buffer)
            if room <= 0:
                threading.Event().wait(0.001)
                continue
            if not select.select([descriptor], [], [], 0.05)[0]:
                continue
            try:
                heard = os.read(descriptor, room)
            except OSError:
                return
            if not heard:
                return
            if self.faults.wired_until is not None:
                heard = heard[: max(0, self.faults.wired_until - self.taken)]
            self.taken += len(heard)
            self._answer = answer
            rest = self._receive(rest + heard)

    def _wire_cut(self) -> bool:
        until = self.faults.wired_until
        return until is not None and self.taken >= until

    # ── what is obeyed at once ──────────────────────────────────────────────────────────────────
    def _receive(self, data: bytes) -> bytes:
        """Obey what is for now, queue the rest; what may be half a command is given back."""
        while (at := data.find(b"\x10")) >= 0:
            self._queue(data[:at])
            data = data[at:]
            if len(data) < 2:
                return data
            if data[1] not in REAL_TIME:
                self._queue(data[:1])
                data = data[1:]
                continue
            length = 3 if data[1] != 0x14 else self._pulse_length(data)
            if length is None or len(data) < length:
                return data
            self._at_once(data[:length])
            data = data[length:]
        self._queue(data)
        return b""

    def _pulse_length(self, data: bytes) -> int | None:
        return None if len(data) < 3 else {1: 5, 8: 10}.get(data[2], 3)

    def _at_once(self, command: bytes) -> None:
        kind, number = command[1], command[2]
        self.events.append(("real-time", *command[1:3]))
        if kind == 0x04 and 1 <= number <= 4:
            self._say(bytes((self._status(number),)))
        elif kind == 0x05 and number in (1, 2):
            self._recover(clear=number == 2)
        elif kind == 0x14 and number == 1:
            self.events.append(("drawer", command[3]))
        elif kind == 0x14 and number == 8 and command[3:] == CLEAR:
            if not self.faults.no_wiping:
                self._recover(clear=True)
                self._say(b"\x37\x25\x00")
        else:
            self.unknown.append(command)

    def _recover(self, *, clear: bool) -> None:
        with self._change:
            self._jammed = self._jammed and self.faults.cutter_jams
            if clear:
                self._buffer.clear()
                self._generation += 1
            self._change.notify_all()

    def _say(self, words: bytes) -> None:
        if not self.faults.mute:
            try:
                self._answer(words)
            except OSError:
                self.events.append(("nobody listens",))

    def _status(self, number: int) -> int:
        faults, paper_out = self.faults, self.faults.rows_left == 0
        bits = {
            1: 0x08 * self.stuck,
            2: 0x04 * faults.cover_open | 0x20 * paper_out | 0x40 * self._jammed,
            3: 0x08 * self._jammed,
            4: 0x0C * (faults.near_end or paper_out) | 0x60 * (paper_out or faults.cover_open),
        }
        return 0x12 | bits[number]

    @property
    def stuck(self) -> bool:
        """Nothing comes out now."""
        faults = self.faults
        return faults.cover_open or faults.offline or self._jammed or faults.rows_left == 0

    def mend(self, **changes: object) -> None:
        """Somebody refills it, closes it, plugs it in: what it still holds comes out at once."""
        with self._change:
            for name, value in changes.items():
                setattr(self.faults, name, value)
            if changes.get("cutter_jams") is False:
                self._jammed = False
            self._change.notify_all()

    # ── what is done in order ───────────────────────────────────────────────────────────────────
    def _queue(self, data: bytes) -> None:
        with self._change:
            self._buffer += data
            self._change.notify_all()

    @property
    def waiting(self) -> int:
        """How many bytes it holds that it has not worked through."""
        return len(self._buffer)

    def _work(self) -> None:
        while not self._stopped:
            try:
                self._command()
            except _Wiped:
                self.events.append(("wiped",))

    def _take(self, count: int) -> bytes:
        with self._change:
            generation = self._generation
            while (len(self._buffer) < count or self.stuck) and not self._stopped:
                self._change.wait(0.5)
                if generation != self._generation:
                    raise _Wiped
            if self._stopped:
                raise _Wiped
            taken = bytes(self._buffer[:count])
            del self._buffer[:count]
            return taken

    def _command(self) -> None:
        first = self._take(1)
        if first == b"\x00":  # a line that is held open
            return
        match first + (self._take(1) if first in b"\x1b\x1d" else b""):
            case b"\x1b@":
                self.events.append(("initialise",))
            case b"\x1bd":
                self._feed(self._take(1)[0] * 34)
            case b"\x1bJ":
                self._feed(self._take(1)[0])
            case b"\x1bp":
                self.events.append(("drawer", self._take(3)[0]))
            case b"\x1da":
                self.events.append(("own accord", self._take(1)[0]))
            case b"\x1dr":
                self._tell(self._take(1)[0])
            case b"\x1dV":
                self._cut(self._take(1))
            case b"\x1dv":
                self._raster(self._take(6))
            case b"\n":
                self._feed(34)
            case other:
                self.unknown.append(other)

    def _tell(self, number: int) -> None:
        if number != 1:
            self.unknown.append(bytes((0x1D, 0x72, number)))
        self._say(bytes((0x03 * self.faults.near_end,)))

    def _cut(self, how: bytes) -> None:
        if how in (b"A", b"B"):
            self._feed(CUTTER_ROWS + self._take(1)[0])
        elif how not in (b"\x00", b"\x01", b"0", b"1"):
            self.unknown.append(b"\x1dV" + how)
            return
        if self.faults.cutter_jams:
            self._jammed = True
            self._take(0)
        self.roll.cuts.append(len(self.roll.rows))
        self.events.append(("cut", "full" if how in (b"A", b"\x00", b"0") else "partial"))

    def _raster(self, header: bytes) -> None:
        across = int.from_bytes(header[2:4], "little")
        if header[:2] != b"0\x00" or across * 8 > self.roll.dots:
            self.unknown.append(b"\x1dv" + header)
            return
        rows = int.from_bytes(header[4:], "little")
        self.events.append(("raster", rows))
        for _ in range(rows):
            self._row(self._take(across).ljust(self.roll.dots // 8, b"\x00"))

    def _feed(self, rows: int) -> None:
        for _ in range(rows):
            self._row(bytes(self.roll.dots // 8), pause=0)

    def _row(self, dots: bytes, pause: float | None = None) -> None:
        """One row; the paper ends, or the cover opens, exactly behind it."""
        self._take(0)
        if pause := self.faults.seconds_a_row if pause is None else pause:
            threading.Event().wait(pause)
        self.roll.rows.append(dots)
        if self.faults.rows_left is not None:
            self.faults.rows_left -= 1
        if self.faults.cover_at == len(self.roll.rows):
            self.faults.cover_open = True
