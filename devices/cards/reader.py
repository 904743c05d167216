"""A slot with the knowledge of the My Number card: what the terminal calls a card reader."""

from collections.abc import Callable
from datetime import date
from time import monotonic

from devices.cards.evidence import Evidence, Finding
from devices.cards.issuers import Trust
from devices.cards.reading import LOOK_SECONDS, Burst, Seen, Standing
from devices.faults import CardMute, CardTooSlow, DeviceFault, UnknownCard, UnreadableCard
from devices.ports import CardReading, CardSeen, Slot

_STAYS_SO = (UnknownCard, CardMute, CardTooSlow, UnreadableCard)
_RESTED = 1.2  # seconds after which a card that was mute lies still, and its slot may wake it


class SlotReader:
    """Looks once at every card that is laid down; reads in one burst; leaves nothing open."""

    def __init__(
        self,
        slot: Slot,
        trust: Trust,
        standing: Standing | None = None,
        *,
        takes_unknown: bool = False,
        tick: Callable[[], float] = monotonic,
    ) -> None:
        self._slot, self._trust, self._standing = slot, trust, standing
        self._takes_unknown = takes_unknown
        self._lies: str | None = None
        self._seen: CardSeen | None = None
        self._fault: DeviceFault | None = None
        self._tick = tick
        self._mute_since: float | None = None
        self._long: dict[str, bool] = {}  # which readers carry long commands

    def look(self) -> CardSeen | None:
        """What lies there; a card that was looked at already is not asked again.

        But for one that was mute: it may have fluttered, and gets a second look at rest.
        """
        lies = self._slot.lying()
        if lies != self._lies:
            self._lies, self._seen, self._fault, self._mute_since = lies, None, None, None
        if lies is None:
            return None
        if self._fault is not None and not self._rested():
            raise self._fault
        if self._seen is None:
            self._seen = self._recognised()
        return self._seen

    def read(self, pin: bytearray, *, last_try: bool = False) -> CardReading:
        """The attributes of the very card that was looked at, and what is known of their truth."""
        expected = self._seen.serial if self._seen else None
        self._seen = None  # counters may change: ask again before the next try
        extended = self._long.get(self._where(), False)
        with self._slot.powered() as card, Burst(card, extended=extended) as burst:
            holder = burst.holder(
                pin, self._trust, last_try=last_try, expected=expected, standing=self._standing
            )
        told = holder.attributes
        checks = holder.evidence.told()
        return CardReading(
            told.name,
            told.address,
            _day(told.birth),
            told.sex,
            genuine=self._accepted(holder.evidence),
            not_checked=tuple(name for name, found in checks.items() if found != Finding.GOOD),
        )

    def _recognised(self) -> CardSeen:
        try:
            with self._slot.powered() as card, Burst(card, seconds=LOOK_SECONDS) as burst:
                seen = burst.recognise()
            self._probe()
        except _STAYS_SO as fault:
            if isinstance(fault, CardMute) and self._fault is None:
                self._mute_since = self._tick()
            self._fault = fault
            raise
        self._fault = None
        return _card_seen(seen)

    def _rested(self) -> bool:
        """Whether it is time for the second look, which comes once."""
        since = self._mute_since
        if since is None or self._tick() - since < _RESTED:
            return False
        self._mute_since = None
        return True

    def _accepted(self, evidence: Evidence) -> bool:
        """Nothing is bad; and whoever issued it is known, unless the city takes others too."""
        known = evidence.issuer is Finding.GOOD
        return not evidence.forged and (known or self._takes_unknown)

    def _probe(self) -> None:
        """Once a reader: whether it carries long commands; a refusal may cost the connection."""
        where = self._where()
        if where in self._long:
            return
        self._long[where] = False
        with self._slot.powered() as card, Burst(card, seconds=LOOK_SECONDS) as burst:
            self._long[where] = burst.carries_extended()

    def _where(self) -> str:
        return (self._slot.lying() or "").rpartition("#")[0]


def _card_seen(seen: Seen) -> CardSeen:
    left = seen.tries.get("support")
    return CardSeen(seen.kind, seen.municipality, left or 0, seen.expires, seen.serial)


def _day(birth: str) -> date | None:
    """The day of birth, if the register knows it to the day."""
    try:
        return date.fromisoformat(birth)
    except ValueError:
        return None
