"""A thousand readings with whatever may happen: no wrong data, no hang, no lost handle."""

import random
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from devices.cards.reader import SlotReader
from devices.faults import DeviceFault
from devices.simulated.card.person import Misbehaviour
from devices.simulated.card.virtual import VirtualCard
from tests.fakes import pcscd as stack
from tests.integration.test_card import CARDS, CLEAR_WITHIN, ISSUERS, TRUST, Stand, standing

pytestmark = pytest.mark.skipif(bool(stack.missing()), reason=f"needs {stack.missing()}")
READINGS, SEED = 1000, 20261121
TROUBLES = ["none"] * 24 + ["pulled", "swapped", "removed"]
PEOPLE = ["p1", "p2", "p4", "ivs", "plane2", "long"]
MOMENT = 0.03  # about as long as a reading lasts
BY_NAME = {CARDS[who].name: CARDS[who] for who in PEOPLE}


def handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.slow
def test_a_thousand_readings_with_random_faults(tmp_path):
    with standing(tmp_path / "stack", "serial") as stand:
        trial = Trial(stand)
        trial.settle()
        before = handles()
        for _ in range(READINGS):
            trial.turn()
        assert handles() <= before + 1
        assert not any(chip.verified() for chip in trial.chips.values())
        assert sum(chip.wasted for chip in trial.chips.values()) == 0
    print(trial.good, "good,", trial.faulty, "faulty")
    assert trial.good > READINGS * 3 // 4
    assert trial.faulty > READINGS // 50


class Trial:
    """One resident after another, some of whom are hasty."""

    def __init__(self, stand: Stand) -> None:
        self.stand, self.reader = stand, SlotReader(stand.slot, TRUST)
        self.chips = {who: VirtualCard(CARDS[who], ISSUERS) for who in PEOPLE}
        self.good = self.faulty = 0
        self._dice = random.Random(SEED)  # noqa: S311 (the same troubles in every run)
        self._lies = PEOPLE[0]

    def turn(self) -> None:
        """Read once; whatever comes out is whole and true, or a fault, and soon."""
        trouble = self._dice.choice(TROUBLES)
        hand = self._hand(trouble)
        begun = time.monotonic()
        hand.start()
        try:
            self.reader.look()
            read = self.reader.read(bytearray(b"1234"))
        except DeviceFault:
            self.faulty += 1
        else:
            self.good += 1
            whole = BY_NAME[read.name]
            assert (read.address, read.birth, read.sex) == (whole.address, whole.birth, whole.sex)
            assert read.genuine
        assert time.monotonic() - begun < CLEAR_WITHIN, trouble
        hand.join()
        if trouble != "none":
            self.settle()

    def settle(self) -> None:
        """A card lies there, and is seen in time."""
        self.stand.reader.insert(self.chips[self._lies])
        end = time.monotonic() + CLEAR_WITHIN
        while True:
            with suppress(DeviceFault):
                if self.reader.look() is not None:
                    return
            assert time.monotonic() < end
            time.sleep(0.02)

    def _hand(self, trouble: str) -> threading.Thread:
        """What a resident's hand does while the card is read."""
        reader, moment = self.stand.reader, self._dice.random() * MOMENT
        if trouble == "swapped":
            self._lies = self._dice.choice(PEOPLE)
            return threading.Timer(moment, reader.insert, [self.chips[self._lies]])
        if trouble == "removed":
            return threading.Timer(moment, reader.remove)
        if trouble == "pulled":
            wrong = Misbehaviour(pulled_after=self._dice.randrange(1, 26))
            reader.insert(VirtualCard(replace(CARDS[self._lies], wrong=wrong), ISSUERS))
        return threading.Thread()
