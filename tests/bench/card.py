"""Reading a card, beside a bare script that sends the same commands, and beside OpenSC."""

import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from smartcard import scard

from devices.apdu import Card
from devices.cards.issuers import Trust
from devices.cards.reading import Burst
from devices.cards.support import Support
from devices.pcsc import PcscSlot
from devices.simulated.card.issuer import Issuers
from devices.simulated.card.person import Holder, Misbehaviour
from devices.simulated.card.virtual import VirtualCard
from devices.simulated.ccid import SerialReader
from tests.bench.measure import Row
from tests.fakes import pcscd as stack
from tests.integration.test_card import CARDS, ISSUERS, TRUST

ROUNDS = 25
SLOW_ROUNDS = 3
SLOW = 0.06
FEWEST_BY_FILE_SELECTION = 7
PIN = b"1234"


class Recorder:
    """A card that writes down what it is sent."""

    def __init__(self, card: Card) -> None:
        self._card, self.sent = card, []

    def transmit(self, command: bytes | bytearray) -> bytes:
        self.sent.append(bytes(command))
        return self._card.transmit(command)


def number_and_attributes(card: Card, _: Trust) -> None:
    """What a procedure that needs the number reads, and nothing around it."""
    burst = Burst(card)
    support = burst._support()
    assert isinstance(support, Support)
    support.verify("pin", bytearray(PIN))
    support.attributes()
    support.number()


def whole_burst(card: Card, trust: Trust) -> None:
    """The attributes, every offline check, and the same card at both ends."""
    with Burst(card) as burst:
        found = burst.holder(bytearray(PIN), trust)
        assert not found.evidence.forged


def card() -> list[Row]:
    """Counted and timed on one emulator behind a real pcscd, taking turns."""
    rows = [
        _counted("number + 4 attributes", number_and_attributes, FEWEST_BY_FILE_SELECTION),
        _counted("4 attributes, full offline check, same card at both ends", whole_burst, None),
    ]
    with tempfile.TemporaryDirectory() as folder:
        reader = SerialReader()
        try:
            entry = [stack.serial(reader.device)]
            with stack.private_pcscd(Path(folder) / "stack", entry) as pcscd:
                rows += _timed(reader, "a card that answers at once", 0.0, ROUNDS, 1.15)
                rows += _timed(reader, "60 ms for each command", SLOW, SLOW_ROUNDS, 1.02)
                rows.append(_beside_opensc(reader, pcscd, Path(folder)))
        finally:
            reader.close()
    return rows


def _sent(act: Callable[[Card, Trust], None], person: Holder) -> list[bytes]:
    chip = VirtualCard(person, ISSUERS)
    chip.power_on()
    recorder = Recorder(chip)
    act(recorder, TRUST)
    return recorder.sent


def _counted(what: str, act: Callable[[Card, Trust], None], fewest: int | None) -> Row:
    ours = len(_sent(act, CARDS["p2"]))
    floor = fewest or ours
    against = "7 by file selection" if fewest else "itself"
    return Row(what, "commands", ours, floor, ours / floor, against, 1.0)


def _timed(reader: SerialReader, which: str, delay: float, rounds: int, goal: float) -> list[Row]:
    person = replace(CARDS["p2"], wrong=Misbehaviour(delay=delay))
    script = _sent(whole_burst, CARDS["p2"])
    reader.insert(VirtualCard(person, ISSUERS))
    slot = PcscSlot()
    while slot.lying() is None:
        time.sleep(0.02)
    name = slot.readers()[0]
    ours, bare = [], []
    for _ in range(rounds):
        bare.append(_clock(lambda: _bare(name, script)))
        ours.append(_clock(lambda: _ours(slot)))
    slot.close()
    reader.remove()
    time.sleep(1.0)
    a, b = statistics.median(ours), statistics.median(bare)
    return [Row(f"whole burst, {which}", "ms", a, b, a / b, "bare pyscard", goal)]


def _clock(act: Callable[[], None]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def _ours(slot: PcscSlot) -> None:
    with slot.powered() as there:
        whole_burst(there, TRUST)


def _bare(name: str, script: list[bytes]) -> None:
    """The shortest script that says the same to the same card."""
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    _, handle, protocol = scard.SCardConnect(
        context, name, scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_PROTOCOL_T1
    )
    for command in script:
        told, _ = scard.SCardTransmit(handle, protocol, list(command))
        assert told == scard.SCARD_S_SUCCESS
    scard.SCardDisconnect(handle, scard.SCARD_UNPOWER_CARD)
    scard.SCardReleaseContext(context)


def _beside_opensc(reader: SerialReader, pcscd: stack.Pcscd, home: Path) -> Row:
    """The authentication certificate, which both can read: how many commands each needs."""
    chip = VirtualCard(CARDS["p2"], Issuers())
    reader.insert(chip)
    slot = PcscSlot()
    while slot.lying() is None:
        time.sleep(0.02)
    with slot.powered() as there, Burst(there) as burst:
        burst.certificate("auth-certificate")
        ours = burst.exchange.count
    slot.close()
    before = chip.count
    subprocess.run(
        ["timeout", "30", "pkcs15-tool", "--read-certificate", "01"],
        check=True,
        capture_output=True,
        env={**pcscd.environment(), "HOME": str(home)},
    )
    theirs = chip.count - before
    return Row(
        "authentication certificate",
        "commands",
        ours,
        theirs,
        ours / theirs,
        "opensc",
        1.0,
        {"opensc": theirs},
    )
