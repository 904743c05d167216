"""A card without plastic behind a real pcscd, reached by two drivers that were not written here."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Timer

import pytest

from devices.simulated.ccid import SerialReader
from devices.simulated.t1 import Block, Link
from devices.simulated.vpcd import VpcdClient
from tests.fakes.pcscd import VPCD, Pcscd, missing, private_pcscd, serial

scard = pytest.importorskip("smartcard.scard")

LACKING = missing()
pytestmark = pytest.mark.skipif(bool(LACKING), reason=f"no private pcscd here: {LACKING}")

SELECT = bytes.fromhex("00A4040C0101")
READ_256 = bytes.fromhex("00B0000000")
GENEROUS_ATR = bytes.fromhex("3BE000FF8131FE4514")  # takes 254 bytes in a block
TIGHT_ATR = bytes.fromhex("3B808121200020")  # the shortest waiting time, 32 bytes in a block
FAR_ATR = bytes.fromhex("3B80800101")  # T=0 first, so T=1 has to be agreed on
NOT_TRANSACTED, REMOVED = 0x80100016, 0x80100069
OK = b"\x90\x00"


class EchoChip:
    """Answers SELECT and READ BINARY, says everything else back, as slowly as it is told."""

    def __init__(self, atr: bytes = GENEROUS_ATR, pause: float = 0.0) -> None:
        self.atr = atr
        self.pause = pause
        self.mute = False
        self.resets = 0
        self.seen: list[bytes] = []

    def power_on(self) -> bytes:
        self.resets += 1
        return self.atr

    def power_off(self) -> None:
        self.seen.append(b"off")

    def transmit(self, command: bytes) -> bytes:
        self.seen.append(command)
        time.sleep(self.pause)
        if self.mute:
            raise RuntimeError("mute")
        if command[1] == 0xA4:
            return OK
        if command[1] == 0xB0:
            return bytes(range(256)) + OK
        return command[7 if command[4] == 0 else 5 :] + OK


@dataclass(frozen=True)
class Stack:
    """One reader behind one pcscd, with a client's context."""

    pcscd: Pcscd
    reader: SerialReader | VpcdClient
    name: str
    context: object

    def state(self, known: int = 0, milliseconds: int = 0) -> tuple[int, bytes]:
        _, states = scard.SCardGetStatusChange(self.context, milliseconds, [(self.name, known)])
        return states[0][1], bytes(states[0][2])

    def await_state(self, wanted: int) -> float:
        """Seconds until the reader is in that state."""
        start = time.monotonic()
        known = 0
        while time.monotonic() < start + 5:
            known, _ = self.state(known, 250)
            if known & wanted:
                return time.monotonic() - start
        raise AssertionError(f"the reader's state is {known:#x}, not {wanted:#x}")

    def insert(self, chip: EchoChip) -> float:
        self.reader.insert(chip)
        return self.await_state(scard.SCARD_STATE_PRESENT)

    @contextmanager
    def connected(self) -> Iterator[Callable[[bytes], tuple[int, bytes]]]:
        code, card, protocol = scard.SCardConnect(
            self.context, self.name, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T1
        )
        assert code == scard.SCARD_S_SUCCESS, scard.SCardGetErrorMessage(code)
        header = scard.SCARD_PCI_T1
        assert protocol == scard.SCARD_PROTOCOL_T1

        def transmit(command: bytes) -> tuple[int, bytes]:
            code, answer = scard.SCardTransmit(card, header, list(command))
            return code & 0xFFFFFFFF, bytes(answer)

        try:
            yield transmit
        finally:
            scard.SCardDisconnect(card, scard.SCARD_RESET_CARD)


@contextmanager
def context() -> Iterator[object]:
    code, made = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    assert code == scard.SCARD_S_SUCCESS, scard.SCardGetErrorMessage(code)
    try:
        yield made
    finally:
        scard.SCardReleaseContext(made)


@contextmanager
def serial_stack(folder: Path) -> Iterator[Stack]:
    reader = SerialReader()
    try:
        with private_pcscd(folder, [serial(reader.device)]) as pcscd, context() as made:
            yield Stack(pcscd, reader, "GemPC Twin 00 00", made)
    finally:
        reader.close()


@contextmanager
def vpcd_stack(folder: Path) -> Iterator[Stack]:
    with private_pcscd(folder, [VPCD]) as pcscd, context() as made:
        reader = VpcdClient(connect=pcscd.connect)
        try:
            yield Stack(pcscd, reader, "Virtual PCD 00 00", made)
        finally:
            reader.close()


@pytest.fixture(params=[serial_stack, vpcd_stack], ids=["serial", "vpcd"])
def stack(request, tmp_path):
    with request.param(tmp_path / "stack") as running:
        yield running


@pytest.fixture
def on_serial(tmp_path):
    with serial_stack(tmp_path / "stack") as running:
        yield running


def listed(stack: Stack) -> list[str]:
    return scard.SCardListReaders(stack.context, [])[1]


def opensc(stack: Stack, option: str) -> str:
    """An independent witness; some of its calls wait for a card for ever."""
    command = ["timeout", "10", "opensc-tool", option]
    done = subprocess.run(
        command, env=stack.pcscd.environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_reader_is_listed(stack):
    assert stack.name in listed(stack)


@pytest.mark.parametrize(
    "atr", [GENEROUS_ATR, TIGHT_ATR, FAR_ATR], ids=["long blocks", "short blocks", "contactless"]
)
def test_short_and_long_answers_arrive_whole(stack, atr):
    chip = EchoChip(atr)
    stack.insert(chip)
    data = bytes(index % 251 for index in range(255))
    extended = bytes(index % 251 for index in range(1000))

    with stack.connected() as transmit:
        assert transmit(SELECT) == (0, OK)
        assert transmit(READ_256) == (0, bytes(range(256)) + OK)
        assert transmit(b"\x00\xee\x00\x00\xff" + data) == (0, data + OK)
        assert transmit(b"\x00\xee\x00\x00\x00\x03\xe8" + extended) == (0, extended + OK)

    assert stack.state()[1] == atr


def test_removal_and_insertion_are_seen(stack, capsys):
    inserted = stack.insert(EchoChip())

    stack.reader.remove()
    removed = stack.await_state(scard.SCARD_STATE_EMPTY)
    again = stack.insert(EchoChip())

    with capsys.disabled():
        print(f" [inserted {inserted:.3f} s, removed {removed:.3f} s, again {again:.3f} s]", end="")


def test_a_card_pulled_in_mid_command_fails_at_once(stack):
    chip = EchoChip(pause=3.0)
    stack.insert(chip)
    with stack.connected() as transmit:
        start = time.monotonic()
        _later(0.3, stack.reader.remove)

        code, answer = transmit(SELECT)

        assert time.monotonic() - start < 1.0
        serially = isinstance(stack.reader, SerialReader)
        assert code == (NOT_TRANSACTED if serially else 0)  # vpcd calls no answer a success
        assert answer == b""
        stack.await_state(scard.SCARD_STATE_EMPTY)


def test_a_swapped_card_ends_the_old_connection(on_serial):
    on_serial.insert(EchoChip())
    with on_serial.connected() as transmit:
        on_serial.reader.insert(EchoChip(TIGHT_ATR))

        assert transmit(SELECT)[0] == NOT_TRANSACTED
        on_serial.await_state(scard.SCARD_STATE_EMPTY)
        on_serial.await_state(scard.SCARD_STATE_PRESENT)
        assert transmit(SELECT)[0] == REMOVED


def test_a_thinking_card_is_waited_for(stack):
    chip = EchoChip(TIGHT_ATR, pause=2.5)
    stack.insert(chip)

    with stack.connected() as transmit:
        assert transmit(SELECT) == (0, OK)
        chip.pause = 0
        assert transmit(READ_256) == (0, bytes(range(256)) + OK)


def test_a_mute_card_fails_and_lives_again_after_a_reset(on_serial):
    chip = EchoChip()
    on_serial.insert(chip)
    with on_serial.connected() as transmit:
        chip.mute = True
        assert transmit(SELECT)[0] == NOT_TRANSACTED
    chip.mute = False

    on_serial.await_state(scard.SCARD_STATE_PRESENT)
    with on_serial.connected() as transmit:
        assert transmit(SELECT) == (0, OK)


def test_a_card_loses_its_power_when_it_leaves(stack):
    chip = EchoChip()
    stack.insert(chip)
    with stack.connected() as transmit:
        transmit(SELECT)

    stack.reader.remove()
    stack.await_state(scard.SCARD_STATE_EMPTY)

    assert chip.resets
    assert chip.seen[-1] == b"off"


def test_an_unplugged_reader_is_unavailable_until_it_is_plugged_in_again(on_serial):
    on_serial.insert(EchoChip())

    on_serial.reader.unplug()
    on_serial.await_state(scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE)
    assert not on_serial.state()[0] & scard.SCARD_STATE_PRESENT

    on_serial.reader.plug_in()
    on_serial.await_state(scard.SCARD_STATE_PRESENT)
    with on_serial.connected() as transmit:
        assert transmit(SELECT) == (0, OK)


def test_a_reader_unplugged_in_mid_command_fails_at_once(on_serial):
    on_serial.insert(EchoChip(pause=3.0))
    with on_serial.connected() as transmit:
        start = time.monotonic()
        _later(0.3, on_serial.reader.close)

        assert transmit(SELECT)[0] == NOT_TRANSACTED
        assert time.monotonic() - start < 1.0


def test_opensc_sees_the_same(stack):
    stack.insert(EchoChip())

    assert stack.name in opensc(stack, "-l")
    assert bytes.fromhex(opensc(stack, "-a").replace(":", "")) == GENEROUS_ATR


def test_fifty_commands_cost_little(stack, capsys):
    stack.insert(EchoChip())
    with stack.connected() as transmit:
        taken = []
        for _ in range(50):
            start = time.perf_counter()
            transmit(READ_256)
            taken.append((time.perf_counter() - start) * 1000)

    with capsys.disabled():
        print(f" [median {median(taken):.2f} ms, worst {max(taken):.2f} ms]", end="")
    assert median(taken) < 20  # a late acknowledgement alone costs 40


def test_two_stacks_do_not_meet(tmp_path):
    with serial_stack(tmp_path / "one") as one, vpcd_stack(tmp_path / "two") as two:
        assert "Virtual" not in opensc(one, "-l")
        assert "GemPC" not in opensc(two, "-l")
        one.insert(EchoChip())
        two.insert(EchoChip(TIGHT_ATR))
        assert opensc(one, "-a") != opensc(two, "-a")


def test_two_readers_stand_side_by_side(tmp_path):
    readers = SerialReader(), SerialReader()
    entries = [serial(reader.device, f"Reader {place}") for place, reader in enumerate(readers)]
    try:
        with private_pcscd(tmp_path / "stack", entries) as pcscd, context() as made:
            left, right = (
                Stack(pcscd, reader, f"Reader {place} 0{place} 00", made)
                for place, reader in enumerate(readers)
            )
            right.insert(EchoChip())
            assert not left.state()[0] & scard.SCARD_STATE_PRESENT
            assert listed(left) == [left.name, right.name]
    finally:
        for reader in readers:
            reader.close()


def test_a_reader_and_a_process_outlive_their_pcscd(tmp_path):
    reader = SerialReader()
    reader.insert(EchoChip())
    try:
        for folder in ("first", "second"):
            entry = serial(reader.device)
            with private_pcscd(tmp_path / folder, [entry]) as pcscd, context() as made:
                stack = Stack(pcscd, reader, "GemPC Twin 00 00", made)
                stack.await_state(scard.SCARD_STATE_PRESENT)
                with stack.connected() as transmit:
                    assert transmit(SELECT) == (0, OK)
            code, _ = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
            assert code == scard.SCARD_E_NO_SERVICE
    finally:
        reader.close()


def host(control: int, data: bytes = b"") -> bytes:
    return Block(0, control, data).encode()


def test_a_damaged_block_is_asked_for_again():
    link = Link()
    whole = host(0x00, SELECT)

    assert link.take(whole[:-1] + b"\x00") == host(0x81)
    assert link.take(whole) is None
    assert link.command == SELECT


def test_an_answer_the_host_could_not_read_is_said_again():
    link = Link()
    link.take(host(0x00, SELECT))
    first = link.answer(bytes(40))

    assert first == host(0x20, bytes(32))
    assert link.take(host(0x81)) == first
    assert link.take(host(0x90)) == host(0x40, bytes(8))


def test_a_resynchronised_line_counts_from_zero_again():
    link = Link()
    link.take(host(0x00, SELECT))
    link.answer(OK)

    assert link.take(host(0xC0)) == host(0xE0)
    assert link.take(host(0x00, READ_256)) is None
    assert link.answer(OK) == host(0x00, OK)


def test_an_aborted_chain_is_forgotten():
    link = Link()
    assert link.take(host(0x20, bytes(32))) == host(0x90)

    assert link.take(host(0xC2)) == host(0xE2)
    assert link.take(host(0x00, SELECT)) is None
    assert link.command == SELECT


def _later(seconds: float, do: Callable[[], None]) -> None:
    Timer(seconds, do).start()
