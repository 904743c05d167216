"""A serial GemPC Twin on a pseudo-terminal, so that cards without plastic reach a real pcscd.

reader.conf names it as `DEVICENAME <device>:GemPCTwin` with libccid's libccidtwin.so.
"""

import os
import pty
import select
import struct
import tty
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from enum import IntEnum
from functools import reduce
from operator import xor
from threading import Event, Lock, Thread

from devices.simulated.t1 import Chip, Link

PATIENCE = 1.0  # seconds a card may think before the host is asked to wait on
TICK = 0.1  # seconds until a closed reader notices that it is closed

SYNC, ACK, NAK = 0x03, 0x06, 0x15
REFUSAL = bytes((SYNC, NAK, SYNC ^ NAK))
HEADER = 10
LONGEST = 271  # of a message, header included; the driver never sends more

T1 = 1  # the only protocol spoken here

ACTIVE, INACTIVE, ABSENT = 0, 1, 2
FAILED = 0x40
UNKNOWN_COMMAND, CARD_SILENT = 0x00, 0xFE


class Ask(IntEnum):
    """What a driver may want."""

    AGREE = 0x61
    POWER_ON = 0x62
    POWER_OFF = 0x63
    STATUS = 0x65
    ESCAPE = 0x6B
    EXCHANGE = 0x6F


ANSWERS: dict[int, int] = {
    Ask.AGREE: 0x82,
    Ask.POWER_ON: 0x80,
    Ask.EXCHANGE: 0x80,
    Ask.ESCAPE: 0x83,
}
SLOT_STATUS = 0x81
# Who made the reader; and whether a card's coming and going may be told along with an answer.
ESCAPES = {b"\x02": b"kakanai", b"\x01\x01\x01": b""}


class Unanswered(Exception):
    """The reader has to say no; `why` is the code that says so."""

    def __init__(self, why: int) -> None:
        super().__init__(f"{why:#04x}")
        self.why = why


class DamagedFrame(Exception):
    """Bytes that no driver means."""


@dataclass(frozen=True)
class Frame:
    """One question of the driver, and the bytes it came in."""

    kind: int
    slot: int
    number: int
    parameter: int
    data: bytes
    raw: bytes

    def reply(self, status: int, why: int, data: bytes) -> bytes:
        """The reader's answer, ready for the line."""
        kind = ANSWERS.get(self.kind, SLOT_STATUS)
        last = self.parameter if self.kind == Ask.AGREE else 0
        head = struct.pack("<BIBBBBB", kind, len(data), self.slot, self.number, status, why, last)
        body = bytes((SYNC, ACK)) + head + data
        return body + bytes((reduce(xor, body),))


def take_frame(buffer: bytearray) -> Frame | None:
    """Cut the first whole frame off the buffer; None while there is none."""
    if len(buffer) < HEADER + 3:
        return None
    kind, length, slot, number, parameter = struct.unpack_from("<BIBBB", buffer, 2)
    if buffer[0] != SYNC or buffer[1] != ACK or length > LONGEST - HEADER:
        raise DamagedFrame
    raw = bytes(buffer[: HEADER + length + 3])
    if len(raw) < HEADER + length + 3:
        return None
    if reduce(xor, raw):
        raise DamagedFrame
    del buffer[: len(raw)]
    return Frame(kind, slot, number, parameter, raw[HEADER + 2 : -1], raw)


class Seat:
    """A card from its insertion to its removal; only one thread ever touches the card."""

    def __init__(self, chip: Chip, thread: ThreadPoolExecutor) -> None:
        self.chip = chip
        self.powered = False
        self._thread = thread
        self._link = Link()
        self._work: Future[bytes] | None = None
        self._lifted: Future[bytes] = Future()

    def lift(self) -> None:
        """Take the card away, even in the middle of a command."""
        self._lifted.set_result(b"")
        self._thread.submit(self.chip.power_off)

    def power_on(self) -> bytes:
        """Reset the card and the line; the ATR."""
        self.powered = False
        self._link, self._work = Link(), None
        atr = self._await(self._thread.submit(self.chip.power_on))
        self.powered = True
        return atr

    def power_off(self) -> None:
        """Let the card forget."""
        self.powered = False
        self._thread.submit(self.chip.power_off)

    def exchange(self, block: bytes) -> bytes:
        """One block to the card, one block back."""
        if not self.powered:
            raise Unanswered(CARD_SILENT)
        if block[:1] == b"\xff":  # the choice of speed and protocol: agreed by saying the same
            return block
        reply = self._link.take(block)
        if reply is not None:
            self._work = None
            return reply
        if self._work is None:
            self._work = self._thread.submit(self.chip.transmit, self._link.command)
        try:
            answer = self._await(self._work, PATIENCE)
        except TimeoutError:
            return self._link.ask_time()
        self._work = None
        return self._link.answer(answer)

    def _await(self, work: Future[bytes], seconds: float | None = None) -> bytes:
        wait((work, self._lifted), seconds, FIRST_COMPLETED)
        if self._lifted.done():
            raise Unanswered(CARD_SILENT)
        if not work.done():
            raise TimeoutError
        if work.exception() is not None:
            raise Unanswered(CARD_SILENT) from work.exception()
        return work.result()


class SerialReader:
    """A reader on a cable: cards are laid in, taken out, and the cable pulled by program."""

    def __init__(self) -> None:
        self._reader, self._cable = pty.openpty()
        tty.setraw(self._cable)
        self.device = os.ttyname(self._cable)
        self._lock = Lock()
        self._seat: Seat | None = None
        self._plugged = True
        self._closed = Event()
        self._cards = ThreadPoolExecutor(1, "card")
        self._thread = Thread(target=self._serve, name=f"reader {self.device}", daemon=True)
        self._thread.start()

    def insert(self, chip: Chip) -> None:
        """Lay a card in, in the place of any other."""
        self._seat_card(chip)

    def remove(self) -> None:
        """Take the card out, at once: a command on its way fails as with hardware."""
        self._seat_card(None)

    def unplug(self) -> None:
        """Pull the cable; a card stays in the reader, without power."""
        self._plugged = False
        self._seat_card(self._seat.chip if self._seat else None)

    def plug_in(self) -> None:
        """Put the cable back; pcscd finds the reader again as long as it runs."""
        self._plugged = True

    def close(self) -> None:
        """End for good; safe to call twice, and while a card is thinking."""
        if self._closed.is_set():
            return
        self.unplug()
        self._closed.set()
        self._thread.join(5)
        self._cards.shutdown(wait=False)
        os.close(self._reader)
        os.close(self._cable)

    def _seat_card(self, chip: Chip | None) -> None:
        with self._lock:
            if self._seat is not None:
                self._seat.lift()
            self._seat = Seat(chip, self._cards) if chip is not None else None

    def _serve(self) -> None:
        """Until closed and quiet: on a line cut in mid-answer the driver would read for ever."""
        buffer = bytearray()
        while True:
            if not select.select([self._reader], [], [], TICK)[0]:
                if self._closed.is_set():
                    return
                continue
            buffer += os.read(self._reader, 4096)
            try:
                while (frame := take_frame(buffer)) is not None:
                    self._answer(frame)
            except DamagedFrame:
                buffer.clear()
                os.write(self._reader, REFUSAL)

    def _answer(self, frame: Frame) -> None:
        if not self._plugged and frame.kind == Ask.ESCAPE:
            return  # refused, the driver's first question would be asked for ever
        os.write(self._reader, frame.raw)  # this reader echoes what it heard
        failed, why, data = 0, 0, b""
        try:
            data = self._obey(frame)
        except Unanswered as no:
            failed, why = FAILED, no.why
        reply = frame.reply(failed | self._status(), why, data)
        # A dead line is silent; a refusal tells the same without the driver's three seconds.
        os.write(self._reader, reply if self._plugged else REFUSAL)

    def _obey(self, frame: Frame) -> bytes:
        match frame.kind:
            case Ask.STATUS:
                return b""
            case Ask.ESCAPE if frame.data in ESCAPES:
                return ESCAPES[frame.data]
            case Ask.AGREE if frame.parameter == T1:
                return frame.data
            case Ask.POWER_ON | Ask.POWER_OFF | Ask.EXCHANGE:
                return self._reach(frame)
        raise Unanswered(UNKNOWN_COMMAND)

    def _reach(self, frame: Frame) -> bytes:
        seat = self._seat
        if seat is None:
            if frame.kind == Ask.POWER_OFF:
                return b""  # an empty slot has no power: nothing to do, and no mistake
            raise Unanswered(CARD_SILENT)
        if frame.kind == Ask.POWER_ON:
            return seat.power_on()
        if frame.kind == Ask.EXCHANGE:
            return seat.exchange(frame.data)
        seat.power_off()
        return b""

    def _status(self) -> int:
        seat = self._seat
        if seat is None:
            return ABSENT
        return ACTIVE if seat.powered else INACTIVE
