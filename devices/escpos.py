"""A receipt printer by ESC/POS, told of every band that is done: the home of python-escpos."""

import contextlib
import logging
import os
import select
import shutil
import socket
import time
from collections.abc import Iterator
from typing import Any, Literal

import escpos.capabilities
from escpos.exceptions import Error as LibraryFault
from escpos.printer import File, Network, Serial
from PIL import Image

from devices.escpostalk import BAND, INITIALISE, Halted, Line, Patience, SlipStatus, Talk, bands
from devices.faults import DeviceFault, PrinterGone, PrintUnclear

# The library leaves a folder behind in every process that imports it.
shutil.rmtree(escpos.capabilities.pickle_dir, ignore_errors=True)

_log = logging.getLogger(__name__)

OPEN_BANDS = 2  # one is printed, one lies ready; a printer that cannot be wiped keeps no more
CUTS = {"partial": b"\x1dVB\x00", "full": b"\x1dVA\x00", "none": b"\x1bd\x05"}
KICKS = {2: b"\x1bp\x00\x19\xfa", 5: b"\x1bp\x01\x19\xfa"}
FORMS = "tcp HOST[:PORT] | serial PORT [BAUD] | usb FILE"
Cut = Literal["partial", "full", "none"]


class _Tcp(Network):  # type: ignore[misc]  # the library has no types
    """The library leaks its socket when nobody answers, and asks its questions with delay."""

    def open(self, raise_not_found: bool = True) -> None:  # noqa: ARG002, FBT001, FBT002
        line = socket.create_connection((self.host, self.port), self.timeout)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._device = line

    def say(self, words: bytes) -> None:
        self._raw(words)

    def hear(self, seconds: float) -> bytes:
        if not select.select([self.device], [], [], seconds)[0]:
            return b""
        heard: bytes = self._read()
        if not heard:
            raise ConnectionResetError
        return heard


class _Serial(Serial):  # type: ignore[misc]  # the library has no types
    """A serial port; the library would write for ever to one that is held."""

    def open(self, raise_not_found: bool = True) -> None:  # noqa: FBT001, FBT002
        super().open(raise_not_found)
        port: Any = self.device
        port.write_timeout = self.timeout

    def say(self, words: bytes) -> None:
        self._raw(words)

    def hear(self, seconds: float) -> bytes:
        port: Any = self.device
        port.timeout = seconds
        heard: bytes = port.read(1)
        return heard + port.read(port.in_waiting) if heard else b""


class _Usb(File):  # type: ignore[misc]  # the library has no types
    """A printer's device file, which the library only writes to."""

    patience = 3.0

    def open(self, raise_not_found: bool = True) -> None:  # noqa: ARG002, FBT001, FBT002
        descriptor = os.open(self.devfile, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
        self._device = os.fdopen(descriptor, "r+b", buffering=0)

    def say(self, words: bytes) -> None:
        file: Any = self.device
        rest, deadline = memoryview(words), time.monotonic() + self.patience
        while rest:
            if not select.select([], [file], [], max(0, deadline - time.monotonic()))[1]:
                raise TimeoutError
            rest = rest[file.write(rest) or 0 :]

    def hear(self, seconds: float) -> bytes:
        file: Any = self.device
        return file.read(64) or b"" if select.select([file], [], [], seconds)[0] else b""


def line_to(connection: str, patience: Patience) -> Line:
    """The line that a setting names, not yet open; ValueError if it names none."""
    match connection.split():
        case ["tcp", place]:
            host, _, port = place.rpartition(":") if ":" in place else (place, "", "9100")
            if host and port.isdecimal() and 0 < int(port) < 1 << 16:
                return _Tcp(host.strip("[]"), int(port), timeout=patience.line)
        case ["serial", port, *baud] if len(baud) < 2 and all(b.isdecimal() for b in baud):
            return _Serial(port, *map(int, baud), timeout=patience.line)
        case ["usb", file]:
            line = _Usb(file)
            line.patience = patience.line
            return line
    raise ValueError(f"{connection!r} is no receipt printer; allowed: {FORMS}")


class EscposPrinter:
    """Puts 1-bit pictures on a roll and cuts; every band was told done before it says so."""

    def __init__(
        self,
        connection: str,
        dots: int = 576,
        *,
        cut: Cut = "partial",
        patience: Patience | None = None,
    ) -> None:
        if dots % 8:
            raise ValueError("a head is whole bytes wide")
        self._patience = patience or Patience()
        self._connection, self._dots, self._cut = connection, dots, CUTS[cut]
        line_to(connection, self._patience)
        self._clean = self._torn = False

    def status(self) -> SlipStatus:
        """What it says of itself now; PrinterGone if it says nothing."""
        with self._talk() as talk:
            return talk.look()

    def check(self) -> None:
        """Return if a slip would come out now; else raise what is wrong."""
        if fault := self.status().fault:
            raise fault

    def print(self, picture: Image.Image, title: str) -> None:
        """Print and cut; a slip that stops halfway is never gone on with."""
        if picture.mode != "1" or picture.width != self._dots:
            raise ValueError("not a picture for this head")
        with self._talk() as talk:
            self._freshen(talk)
            _log.debug("slip %s", title)
            self._clean, self._torn, drawn = False, True, False
            try:
                for band in bands(picture):
                    talk.fence(band)
                    talk.settle(OPEN_BANDS - 1)
                talk.settle()
                drawn = True
                talk.fence(self._cut)
                talk.settle()
            except (OSError, LibraryFault, PrinterGone, Halted) as stop:
                raise _abandoned(talk, stop, drawn=drawn) from stop
            self._clean, self._torn = True, False

    def kick(self, pin: Literal[2, 5] = 2) -> None:
        """Open the cash drawer."""
        with self._talk() as talk:
            self._freshen(talk)
            try:
                talk.fence(KICKS[pin])
                talk.settle()
            except Halted as halted:
                raise halted.fault or PrinterGone("no answer") from halted

    def clear(self) -> None:
        """Destroy everything that waits in the printer; PrintUnclear if that is not certain."""
        with self._talk() as talk:
            self._clean = talk.wipe() or self._clean
            if self._clean:
                return
            if fault := talk.look().fault:
                raise PrintUnclear from fault
            try:
                self._push_through(talk)
            except Halted as halted:
                raise PrintUnclear from halted

    def _freshen(self, talk: Talk) -> None:
        """Nothing of an earlier job is left in it, and it would print."""
        self._clean = self._clean or talk.wipe()
        if fault := talk.look().fault:
            raise fault
        try:
            if not self._clean:
                self._push_through(talk)
            talk.fence(INITIALISE + (self._cut if self._torn else b""))
            talk.settle()
        except Halted as halted:
            raise halted.fault or PrinterGone("no answer") from halted
        self._torn = False

    def _push_through(self, talk: Talk) -> None:
        """For a printer that knows no wiping: white fills up a band that was cut short."""
        talk.fence(bytes(self._dots // 8 * BAND) + INITIALISE)
        talk.settle()
        self._clean = True

    @contextlib.contextmanager
    def _talk(self) -> Iterator[Talk]:
        """A conversation of its own, so that a printer is never held between two slips."""
        line = line_to(self._connection, self._patience)
        try:
            line.open()
            yield Talk(line, self._patience)
        except (OSError, LibraryFault) as fault:
            raise PrinterGone(str(fault)) from fault
        finally:
            with contextlib.suppress(OSError):
                line.close()


def _abandoned(talk: Talk, stop: Exception, *, drawn: bool) -> DeviceFault:
    """Why the slip stopped; unclear unless it is not all there and nothing more comes out."""
    try:
        wiped = talk.wipe()
    except (OSError, LibraryFault):
        wiped = False
    if isinstance(stop, Halted) and stop.fault and wiped and not drawn:
        return stop.fault
    return PrintUnclear()
