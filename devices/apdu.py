"""Commands and answers of a card: short APDUs, whatever way the reader wants them carried."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from devices import tlv
from devices.faults import CardGone, CardTooSlow, UnknownCard

OK = 0x9000
SHORT, WHOLE = 256, 65536
_LONGEST_DATA = 255
_CHAINED = 0x10
_WHOLE_OFFSET = 0x7FFF
_STUMBLE = 0x6F00
_NO_EXTENDED = {0x6700, 0x6D00, 0x6E00}
_ENDS = {0x6282, 0x6B00}


class Card(Protocol):
    """A powered card: bytes go in, bytes come out; CardGone when it left."""

    def transmit(self, command: bytes | bytearray) -> bytes:
        """One exchange."""
        ...


class StatusFault(Exception):
    """The card answered with a status that is not 9000."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status


@dataclass(frozen=True, repr=False)
class Command:
    """One command APDU; its data may be a secret, so it has no repr."""

    ins: int
    p1: int = 0
    p2: int = 0
    data: bytes | bytearray = b""
    le: int | None = None
    cla: int = 0

    def encode(self) -> bytearray:
        """Short form, unless so much is wanted; a bytearray, so that a secret can be wiped."""
        out = bytearray([self.cla, self.ins, self.p1, self.p2])
        if self.le == WHOLE:
            return out + b"\x00\x00\x00"
        if self.data:
            out.append(len(self.data))
            out += self.data
        if self.le is not None:
            out.append(self.le % SHORT)
        return out


@dataclass
class Exchange:
    """Talks to one card: follows 61xx and 6Cxx, counts, and gives up on a card that crawls."""

    card: Card
    left: Callable[[], float]
    extended: bool = False
    count: int = field(default=0)

    def send(self, command: Command) -> bytes:
        """The data of an answer of 9000; StatusFault for any other."""
        data, status = self.ask(command)
        if status != OK:
            raise StatusFault(status)
        return data

    def ask(self, command: Command) -> tuple[bytes, int]:
        """Data and status, once the card has said all."""
        data, status = self._chained(command)
        if status == _STUMBLE and self.count == 1:  # some cards trip over the first command
            data, status = self._chained(command)
        if status >> 8 == 0x6C:
            again = Command(command.ins, command.p1, command.p2, command.data, status & 0xFF)
            data, status = self._one(again)
        while status >> 8 == 0x61:
            more, status = self._one(Command(0xC0, le=status & 0xFF))
            if not more:
                raise UnknownCard
            data += more
        return data, status

    def read(self, short_id: int | None = None) -> bytes:
        """A whole file: by its short id in as few reads as it has pages, or the selected one."""
        start = 0x80 + short_id if short_id else 0
        if self.extended:
            file, status = self.ask(Command(0xB0, start, 0, le=WHOLE))
            if status in (OK, *_ENDS):
                return file
            if status not in _NO_EXTENDED:
                raise StatusFault(status)
            self.extended = False
        page, status = self.ask(Command(0xB0, start, 0, le=SHORT))
        if status not in (OK, *_ENDS):
            raise StatusFault(status)
        try:
            _, head, length = tlv.header(page)
        except tlv.TlvFault:
            return page
        whole = head + length
        while len(page) < whole <= _WHOLE_OFFSET:
            at = len(page)
            wanted = min(SHORT, whole - at)
            more, status = self.ask(Command(0xB0, at >> 8, at & 0xFF, le=wanted))
            if status not in (OK, *_ENDS) or not more:
                break
            page += more
        return page

    def _chained(self, command: Command) -> tuple[bytes, int]:
        rest = command.data
        while len(rest) > _LONGEST_DATA:
            part = Command(
                command.ins,
                command.p1,
                command.p2,
                rest[:_LONGEST_DATA],
                cla=command.cla | _CHAINED,
            )
            _, status = self._one(part)
            if status != OK:
                return b"", status
            rest = rest[_LONGEST_DATA:]
        return self._one(
            Command(command.ins, command.p1, command.p2, rest, command.le, command.cla)
        )

    def _one(self, command: Command) -> tuple[bytes, int]:
        if self.left() <= 0:
            raise CardTooSlow
        sent = command.encode()
        self.count += 1
        try:
            answer = self.card.transmit(sent)
        finally:
            sent[:] = bytes(len(sent))
        if len(answer) < 2:
            raise CardGone
        return answer[:-2], int.from_bytes(answer[-2:], "big")
