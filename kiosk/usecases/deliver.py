"""What was kept leaves: oldest first, for ever, and nothing twice in effect."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from random import random
from threading import Lock
from typing import TypeVar

from kiosk.errors import OfficeUnreachable, WorldFault
from kiosk.ports.lanes import Clock
from kiosk.ports.office import Delivered, Later, Office, Outcome, Refused
from kiosk.ports.outbox import NOT_AGREED, OK, UNREADABLE, Outbox, Parcel, Piecemeal, RowState, Try

T = TypeVar("T")
PIECE = 256 * 1024
_MAKES_WAY = Later("makes way")
_BATCH, _BACKLOG = 25, 25
_ROW_WAITS, _LINE_WAITS = (2.0, 600.0), (2.0, 30.0)  # first and longest, in seconds
_LONGEST_ASKED = 3600.0
_IN_A_ROW = 3  # so many rows put off one after the other: it is the office, not the rows
_TIDY = 3600.0
PHOTOS = timedelta(days=3)  # a backup that comes back is younger


class Delivery(StrEnum):
    """What handing in came to."""

    DELIVERED = "delivered"
    WAITING = "waiting"
    REFUSED = "refused"


@dataclass(frozen=True)
class Drained:
    """What one round came to; `away` where the office did not answer."""

    delivered: int = 0
    refused: int = 0
    set_aside: int = 0
    away: bool = False


def nobody_agrees(person: str | None, purpose: str) -> str | None:  # noqa: ARG001 (the port's shape)
    """What a share meets where no consent is kept."""
    return NOT_AGREED


class Deliver:
    """The one who sends. What troubles a row holds up that row; what troubles the line, all.

    Its time is the wall clock's at its start and runs on by itself: who sets the clock, forward
    or back, neither stops it nor hurries it.
    """

    def __init__(  # noqa: PLR0913 (everything that a sender asks)
        self,
        outbox: Outbox,
        office: Office,
        clock: Clock,
        monotonic: Callable[[], float],
        *,
        why_not: Callable[[str | None, str], str | None] = nobody_agrees,
        delivered: Callable[[], object] = lambda: None,
        chance: Callable[[], float] = random,
        term: timedelta = timedelta(days=30),
        by: str = "kiosk",
    ) -> None:
        self.outbox, self.office = outbox, office
        self._clock, self._monotonic, self._chance = clock, monotonic, chance
        self._why_not, self._delivered = why_not, delivered
        self._term, self._by = term, by
        self._began = clock.now().timestamp() - monotonic()
        self._until = self._tidied = float("-inf")
        self._failures = 0
        self._ahead, self._lock = 0, Lock()

    def one(self, submission: str) -> Delivery:
        """Try now, and whatever is older before it, so that the order stays."""
        self._round(_BACKLOG, submission)
        row = self.outbox.row(submission)
        if row and row.state in (RowState.DELIVERED, RowState.REFUSED):
            return Delivery(row.state)
        return Delivery.WAITING

    def drain(self) -> Drained:
        """Everything that is due, once, until the office stays away."""
        self._tidy()
        if self._monotonic() < self._until:
            return Drained(away=True)
        return self._round(None, None)

    def wake(self) -> None:
        """The line came back: whoever heard of it ends the pause."""
        self._until = float("-inf")

    def ahead(self, work: Callable[[], T]) -> Callable[[], T]:
        """Work that somebody stands there for: until it begins, what is sent meanwhile makes way.

        Between two, or in the middle of a photo.
        """
        self._count(1)

        def begun() -> T:
            self._count(-1)
            return work()

        return begun

    def _count(self, more: int) -> None:
        with self._lock:
            self._ahead += more

    @contextmanager
    def _turn(self, *, hurried: bool) -> Iterator[bool]:
        """Ours to send, and before what is sent in the background if somebody stands there."""
        with ExitStack() as held:
            self._count(hurried)
            try:
                ours = held.enter_context(self.outbox.sender())
            finally:
                self._count(-hurried)
            yield ours

    def _round(self, most: int | None, last: str | None) -> Drained:
        came = Drained()
        with self._turn(hurried=last is not None) as ours:
            if not ours:
                return came
            began, sent, put_off = self._now(), 0, 0
            while not came.away and (most is None or sent < most):
                parcels = self.outbox.claim(began, min(_BATCH, (most or _BATCH)))
                if not parcels:
                    break
                came, put_off = self._send(parcels, came, put_off)
                sent += len(parcels)
                if any(each.id == last for each in parcels) or self._ahead:
                    break
        if came.delivered:
            with suppress(WorldFault):
                self._delivered()
        return came

    def _send(self, parcels: Sequence[Parcel], came: Drained, put_off: int) -> tuple[Drained, int]:
        """One batch; whatever was not reached waits as before, and so it is if we are ended."""
        tries: list[Try] = []
        cut_short = True  # by a fault of ours, while one was under way
        try:
            for parcel in parcels:
                if tries and self._ahead:
                    break
                tried, came = self._try(parcel, came)
                tries.append(tried)
                put_off = put_off + 1 if tried.again else 0
                if put_off >= _IN_A_ROW:
                    self._pause((tried.again - self._now()) / 1000)
                    came = replace(came, away=True)
                if came.away:
                    break
            cut_short = False
        finally:
            left = parcels[len(tries) :]
            first = left[0] if left and cut_short else None
            tries += [self._not_reached(each, doubtful=each is first) for each in left]
            self.outbox.record(tries)
        return came, put_off

    def _not_reached(self, parcel: Parcel, *, doubtful: bool) -> Try:
        doubtful = doubtful or parcel.doubtful
        at = self._clock.now()
        return Try(parcel.id, RowState.WAITING, "", at, doubtful=doubtful, tried=False)

    def _try(self, parcel: Parcel, came: Drained) -> tuple[Try, Drained]:
        at = self._clock.now()
        try:
            outcome = self._hand_over(parcel)
        except OfficeUnreachable as fault:
            if fault.strange and self._is_there():
                later = Later(str(fault), fault.seconds, fault.doubtful)
                return self._put_off(parcel, later, at), came
            self._pause(fault.seconds)
            doubtful = parcel.doubtful or fault.doubtful
            tried = Try(parcel.id, RowState.WAITING, str(fault), at, doubtful=doubtful)
            return tried, replace(came, away=True)
        if outcome is None:
            return self._not_reached(parcel, doubtful=True), came
        if isinstance(outcome, Later):
            return self._put_off(parcel, outcome, at), came
        self._failures, self._until = 0, float("-inf")
        made = Try(parcel.id, RowState.DELIVERED, OK, at, by=self._by)
        match outcome:
            case Delivered():
                return made, replace(came, delivered=came.delivered + 1)
            case Refused(words):
                refused = replace(made, state=RowState.REFUSED, answer=words)
                return refused, replace(came, refused=came.refused + 1)
            case _SetAside(words):
                aside = replace(made, state=RowState.SET_ASIDE, answer=words)
                return aside, replace(came, set_aside=came.set_aside + 1)

    def _put_off(self, parcel: Parcel, later: Later, at: datetime) -> Try:
        asked = min(later.seconds or 0.0, _LONGEST_ASKED)
        wait = max(self._back_off(parcel.attempts, *_ROW_WAITS), asked)
        again = self._now() + int(wait * 1000)
        doubtful = parcel.doubtful or later.doubtful
        return Try(parcel.id, RowState.WAITING, later.words, at, again, doubtful)

    def _hand_over(self, parcel: Parcel) -> "Outcome | _SetAside | None":
        """What it came to; None where it makes way in its middle."""
        if parcel.body is None:
            return _SetAside(UNREADABLE)
        if parcel.purpose is not None and (why := self._why_not(parcel.person, parcel.purpose)):
            return _SetAside(why)
        if not (parcel.doubtful and self._arrived(parcel)):
            outcome = self.office.put(parcel.id, parcel.body)
            if not isinstance(outcome, Delivered):
                return outcome
        for each in self.outbox.attachments(parcel.id):
            try:
                trouble = self._hand_over_pieces(parcel.id, each)
            except OfficeUnreachable as fault:
                fault.doubtful = True
                raise
            if trouble is _MAKES_WAY:
                return None
            if trouble is not None:
                return replace(trouble, doubtful=True) if isinstance(trouble, Later) else trouble
        return Delivered()

    def _is_there(self) -> bool:
        """What answered strangely may dislike this one alone: the office itself answers that."""
        try:
            self.office.ready()
        except OfficeUnreachable:
            return False
        return True

    def _arrived(self, parcel: Parcel) -> bool:
        there = self.office.submission(parcel.id)
        return there is not None and there.get("sha256") == parcel.sha256

    def _hand_over_pieces(
        self, submission: str, attachment: Piecemeal
    ) -> "Refused | Later | _SetAside | None":
        """None when it lies there whole. Goes on wherever the office says that it ends."""
        content = self.outbox.attachment(submission, attachment.sha256)
        if content is None:
            return _SetAside(UNREADABLE)
        start = attachment.sent
        for _ in range(2 * len(content) // PIECE + 4):
            piece = content[start : start + PIECE]
            answer = self.office.attach(submission, attachment.sha256, start, piece)
            if isinstance(answer, Refused | Later):
                return answer
            self.outbox.progress(submission, attachment.sha256, answer.have)
            if answer.whole:
                return None
            if self._ahead:
                return _MAKES_WAY
            start = answer.have
        return Later("no progress")

    def _pause(self, asked: float | None) -> None:
        self._failures += 1
        wait = self._back_off(self._failures - 1, *_LINE_WAITS)
        self._until = self._monotonic() + min(max(wait, asked or 0.0), _LONGEST_ASKED)

    def _back_off(self, before: int, first: float, longest: float) -> float:
        """Twice as long each time, never all terminals at the same moment."""
        return min(first * float(1 << min(before, 20)), longest) * (0.5 + self._chance() / 2)

    def _now(self) -> int:
        return int((self._began + self._monotonic()) * 1000)

    def _tidy(self) -> None:
        """Once an hour, whatever the term of keeping is over for; photos fill disks sooner."""
        if self._monotonic() >= self._tidied + _TIDY:
            self._tidied = self._monotonic()
            now = self._clock.now()
            self.outbox.clear(now - self._term, now, self._by)
            self.outbox.clear_photos(now - PHOTOS)


@dataclass(frozen=True)
class _SetAside:
    """It does not go, and nobody is asked: `words` is one of the outbox's own reasons."""

    words: str
