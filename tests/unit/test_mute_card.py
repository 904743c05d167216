"""A card that was mute gets a second look once it lies still; after that it stays what it is."""

from pathlib import Path

import pytest

from devices.cards.reader import SlotReader
from devices.faults import CardMute
from devices.simulated.card.deck import holders
from devices.simulated.card.issuer import Issuers
from devices.simulated.card.silence import Mute
from devices.simulated.card.virtual import VirtualCard
from devices.simulated.slot import SimulatedSlot

ISSUERS = Issuers()
HOLDER = holders(Path(__file__).parents[2] / "resources/people/cards.yaml")[0]


class SleepyCard(VirtualCard):
    """Does not answer the first times that somebody powers it."""

    def __init__(self, sleeps: int) -> None:
        super().__init__(HOLDER, ISSUERS)
        self.sleeps = sleeps
        self.powered = 0

    def power_on(self) -> bytes:
        self.powered += 1
        if self.powered <= self.sleeps:
            raise Mute
        return super().power_on()


class Watch:
    """A clock that somebody sets."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def laid(sleeps: int) -> tuple[SlotReader, SleepyCard, Watch, SimulatedSlot]:
    slot, card, watch = SimulatedSlot(), SleepyCard(sleeps), Watch()
    slot.place(card)
    return SlotReader(slot, ISSUERS.trust(), tick=watch), card, watch, slot


def test_a_card_that_fluttered_is_seen_at_the_second_look():
    reader, card, watch, _ = laid(sleeps=1)
    for _ in range(3):
        with pytest.raises(CardMute):
            reader.look()
        watch.now += 0.5
    assert card.powered == 1, "it is left in peace until it rests"
    seen = reader.look()
    assert seen is not None
    assert seen.municipality == "99999"
    assert reader.look() is seen


def test_a_card_that_stays_mute_is_looked_at_twice_and_no_more():
    reader, card, watch, _ = laid(sleeps=9)
    for _ in range(20):
        with pytest.raises(CardMute):
            reader.look()
        watch.now += 1.0
    assert card.powered == 2


def test_laid_down_anew_it_is_looked_at_anew():
    reader, card, watch, slot = laid(sleeps=2)
    for _ in range(4):
        with pytest.raises(CardMute):
            reader.look()
        watch.now += 1.0
    slot.remove()
    assert reader.look() is None
    slot.place(card)
    assert reader.look() is not None
