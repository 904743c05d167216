"""One turn of work for one target; any number of processes may take turns."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from office.relays.drop import Drop, Written, batch_name
from office.relays.port import Answer, Later, Relay, Reply, TargetAway
from office.relays.queue import Claim, Handovers, back_off

_log = logging.getLogger(__name__)
_HOUR, _MOMENT = 3600.0, 0.5
_TOGETHER = 50
_CODE = re.compile(r"HTTP \d{3}|no answer \(\w+\)", re.ASCII)


class Courier(Protocol):
    """Somebody who goes for one target."""

    target: str

    def turn(self) -> bool:
        """Whether there was something to do; TargetAway where nothing can be done for now."""


class OneByOne:
    """Goes with each parcel by itself, and comes back with the answer.

    Of a target that is quick, as many are claimed and noted together as go within a moment: the
    claim of all of them lasts far longer. With one that is slow it is one at a time.
    """

    def __init__(
        self,
        target: str,
        relay: Relay,
        handovers: Handovers,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.target, self._relay, self._handovers, self._clock = target, relay, handovers, clock
        self._most = 1

    def turn(self) -> bool:
        """Those who go now, and what became of them."""
        claims = self._handovers.claim_companions(self.target, self._most)
        begun, told = self._clock(), list[tuple[Claim, Answer]]()
        away = None
        for claim in claims:
            if told and (away or self._clock() - begun >= _MOMENT):
                break
            told.append((claim, answer := self._ask(claim)))
            away = answer if isinstance(answer, Later) and answer.everybody else None
        if told:
            self._come_back(told, claims[len(told) :], self._clock() - begun)
        if away:
            raise TargetAway(_in_short(away.words), away.seconds)
        return bool(claims)

    def _come_back(
        self, told: list[tuple[Claim, Answer]], rest: list[Claim], seconds: float
    ) -> None:
        self._handovers.note(told)
        if rest:
            self._handovers.give_back(rest)
        quick = int(_MOMENT * len(told) / max(seconds, 0.001))
        self._most = max(1, min(2 * len(told), quick, _TOGETHER))

    def _ask(self, claim: Claim) -> Answer:
        try:
            return self._relay.hand_over(claim.parcel)
        except Exception as fault:  # noqa: BLE001 what one parcel breaks does not stop the next
            _log.error("relay %s: %s", self.target, where(fault))
            return Later(f"our own fault ({type(fault).__name__})")


class InFiles:
    """Fills files, and listens for what the consumer says of them."""

    def __init__(
        self,
        target: str,
        drop: Drop,
        handovers: Handovers,
        now: Callable[[], datetime],
        *,
        prefix: str,
        most: int,
        every: int,
        poll: float,
    ) -> None:
        self.target, self._drop, self._handovers, self._now = target, drop, handovers, now
        self._prefix, self._most, self._every, self._poll = prefix, most, every, poll
        self._next_poll = self._next_sweep = 0.0
        self._begun = False

    def turn(self) -> bool:
        """What others left behind, what was answered, and then a file if it is time for one."""
        left = self._handovers.left_behind(self.target)
        asks = time.monotonic() >= self._next_poll
        ready = self._handovers.ready(self.target, self._most, self._every)
        if not (left or asks or ready):
            return False
        self._make_sure()
        for batch in left:
            self._settle_batch(batch)
        if asks:
            self._next_poll = time.monotonic() + self._poll
            self._listen()
            self._sweep()
        return self._fill() if ready else bool(left)

    def _make_sure(self) -> None:
        """It is our folder; at the very first it becomes ours."""
        if not self._begun and not self._handovers.ever_wrote(self.target):
            self._drop.begin()
        self._begun = True
        self._drop.must_be_ours()

    def _fill(self) -> bool:
        claims = self._claimed()
        if not claims:
            return False
        last = self._handovers.last_batch(self.target)
        batch = batch_name(self._prefix, self._now(), secrets.token_hex(4), last)
        try:
            written = self._drop.write(batch, [claim.parcel for claim in claims])
        except TargetAway:
            self._handovers.give_back(claims)
            raise
        going = [claim for claim in claims if not self._stays_out(claim, written)]
        if not going:
            return True
        if not self._handovers.note_batch(batch, going):
            self._handovers.give_back(going)
            self._drop.sweep({batch})
            return True
        self._show(batch, written)
        return True

    def _claimed(self) -> list[Claim]:
        """As many as go into one file."""
        claims = self._handovers.claim(self.target, self._most)
        fits = self._drop.fits([claim.parcel for claim in claims])
        if fits < len(claims):
            self._handovers.give_back(claims[fits:])
        return claims[:fits]

    def _stays_out(self, claim: Claim, written: Written) -> bool:
        answer = written.answers.get(claim.parcel.id)
        if answer:
            self._handovers.record(claim, answer)
        return answer is not None

    def _show(self, batch: str, written: Written) -> None:
        if self._drop.publish(batch, written.files):
            self._handovers.published(self.target, batch)
        else:
            self._settle_batch(batch)

    def _settle_batch(self, batch: str) -> None:
        """Take it back; where that is too late, it has been handed over."""
        if self._drop.withdraw(batch):
            self._handovers.withdrawn(self.target, batch)
            self._drop.sweep({batch})
        else:
            self._handovers.published(self.target, batch)

    def _listen(self) -> None:
        replies = self._drop.replies()
        by_receipt = (
            self._handovers.places_by_receipt(self.target)
            if any(reply.receipt for reply in replies)
            else {}
        )
        strangers = 0
        for reply in replies:
            places = (
                self._handovers.places_of(self.target, reply.batch)
                if reply.batch
                else by_receipt.get(reply.receipt or "", [])
            )
            strangers += not places
            if places:
                self._heard(reply, places)
        if strangers:
            _log.warning("relay %s: %d answers are about nothing of ours", self.target, strangers)

    def _heard(self, reply: Reply, places: list[int]) -> None:
        if self._handovers.answered(reply.answer, places):
            self._drop.settle(reply)

    def _sweep(self) -> None:
        """Once an hour: what nobody noted, and files of shares that go nowhere any more."""
        if time.monotonic() < self._next_sweep:
            return
        self._next_sweep = time.monotonic() + _HOUR
        old = self._drop.batches(self._now())
        self._drop.sweep(old - self._handovers.known(self.target, old))
        shares = self._drop.shares()
        for stopped in self._handovers.stopped(self.target, shares):
            self._drop.remove(shares[stopped])


def _in_short(words: str) -> str:
    """For a log: what they say themselves may be about somebody."""
    found = _CODE.search(words)
    return found[0] if found else "not now"


def where(fault: Exception) -> str:
    """Which line, without a word of what was in it."""
    trace = fault.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else "?"
    return f"{type(fault).__name__} in {place}"


def rest_of(fault: TargetAway, times: int) -> float:
    """Seconds to leave a target alone that was away so many times in a row."""
    return back_off(times, fault.seconds) / 1000
