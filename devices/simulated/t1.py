"""The T=1 protocol as a card speaks it (ISO/IEC 7816-3), so that a driver's own T=1 is tested."""

from collections import deque
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import Protocol

MORE = 0x20  # in an I-block: the rest follows
REPEAT, SUPERVISE = 0x80, 0xC0  # the two other kinds of block
RESPONSE = 0x20  # in an S-block
RESYNC, LENGTH, ABORT, TIME = 0, 1, 2, 3
DAMAGED, WRONG = 1, 2  # why a block is asked for again
LONGEST = 254


class Chip(Protocol):
    """What lies behind the contacts of a card, whichever reader holds it."""

    @property
    def atr(self) -> bytes:
        """What it says first; a reader may ask for it before any power."""
        ...

    def power_on(self) -> bytes:
        """Wake up forgetting everything; the ATR."""
        ...

    def power_off(self) -> None:
        """Lose what was verified."""
        ...

    def transmit(self, command: bytes) -> bytes:
        """Data and status word; any exception means that it fell silent."""
        ...


class DamagedBlock(Exception):
    """Bytes that are no block, or whose check sum is wrong."""


@dataclass(frozen=True)
class Block:
    """The unit that travels: to whom, what kind, what."""

    node: int
    control: int
    data: bytes = b""

    @classmethod
    def decode(cls, raw: bytes) -> "Block":
        """Read a block that came over the line."""
        if len(raw) < 4 or len(raw) != raw[2] + 4 or reduce(xor, raw):
            raise DamagedBlock
        return cls(raw[0], raw[1], raw[3:-1])

    def encode(self) -> bytes:
        """Make it ready for the line."""
        body = bytes((self.node, self.control, len(self.data))) + self.data
        return body + bytes((reduce(xor, body),))

    @property
    def supervises(self) -> bool:
        """It is about the line itself."""
        return self.control & SUPERVISE == SUPERVISE

    @property
    def repeats(self) -> bool:
        """It acknowledges a part, or asks for it again."""
        return self.control & SUPERVISE == REPEAT


class Link:
    """The card's end of the line: blocks in, blocks out, whole commands in between.

    A clock has no place here: who holds the line calls `ask_time` when the card takes long.
    """

    def __init__(self) -> None:
        self.command = b""
        self._length = 32  # the longest data the host takes, until it says more
        self._node = 0
        self._last = b""
        self._parts: deque[bytes] = deque()
        self._start()

    def take(self, raw: bytes) -> bytes | None:
        """What to send back; None when `command` is whole and its answer is due."""
        try:
            block = Block.decode(raw)
        except DamagedBlock:
            return self._ask_again(DAMAGED)
        self._node = (block.node & 0xF) << 4 | block.node >> 4
        if block.supervises:
            return self._supervised(block)
        if block.repeats:
            return self._repeated(bool(block.control & 0x10))
        return self._informed(block)

    def answer(self, response: bytes) -> bytes:
        """The first block of the answer to `command`."""
        parts = range(0, len(response), self._length)
        self._parts = deque(response[start : start + self._length] for start in parts)
        return self._next_part()

    def ask_time(self, factor: int = 1) -> bytes:
        """Ask the host to wait on: this many times as long as for a block."""
        return self._send(SUPERVISE | TIME, bytes((factor,)))

    def _start(self) -> None:
        self._expected = False  # the number of the host's next I-block
        self._number = False  # the number of our next I-block
        self._received = b""
        self._parts.clear()

    def _informed(self, block: Block) -> bytes | None:
        if bool(block.control & 0x40) != self._expected:
            return self._ask_again(WRONG)
        self._expected = not self._expected
        self._received += block.data
        if block.control & MORE:
            return self._send(REPEAT | self._expected << 4)
        self.command, self._received = self._received, b""
        return None

    def _repeated(self, number: bool) -> bytes:  # noqa: FBT001
        wants_next = number == self._number
        return self._next_part() if wants_next and self._parts else self._last

    def _supervised(self, block: Block) -> bytes | None:
        request = block.control & ~SUPERVISE
        if request == RESPONSE | TIME:
            return None
        if request in (RESYNC, ABORT):
            self._start()
        elif request == LENGTH and len(block.data) == 1 and 0 < block.data[0] <= LONGEST:
            self._length = block.data[0]
        else:
            return self._ask_again(WRONG)
        return self._send(block.control | RESPONSE, block.data)

    def _next_part(self) -> bytes:
        data = self._parts.popleft() if self._parts else b""
        control = self._number << 6 | (MORE if self._parts else 0)
        self._number = not self._number
        return self._send(control, data)

    def _ask_again(self, why: int) -> bytes:
        return self._send(REPEAT | self._expected << 4 | why)

    def _send(self, control: int, data: bytes = b"") -> bytes:
        self._last = Block(self._node, control, data).encode()
        return self._last
