"""Nobody takes the office for himself: so many calls a second, each device and each stranger."""

from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from threading import Lock
from time import monotonic

from fastapi.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from office.devices import Device
from office.meters import Meters
from office.problems import ProblemError, response
from office.sessions import Sessions

OPEN = ("/healthz", "/readyz", "/metrics")
_MOST_KEPT, _BURST = 20_000, 10.0
Tick = Callable[[], float]


class Buckets:
    """One token bucket for each name: full after so many seconds of silence."""

    def __init__(self, rate: float, tick: Tick = monotonic) -> None:
        """`rate`: calls a second for long; ten seconds' worth at once; 0 for no limit."""
        self._rate, self._most, self._tick = rate, rate * _BURST, tick
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, name: str) -> int | None:
        """None if it may go on; else the seconds until it may."""
        if not self._rate:
            return None
        with self._lock:
            now = self._tick()
            left, then = self._held.get(name, (self._most, now))
            left = min(self._most, left + (now - then) * self._rate)
            allowed = left >= 1.0
            self._held[name] = (left - 1.0 if allowed else left, now)
            self._held.move_to_end(name)
            if len(self._held) > _MOST_KEPT:
                self._held.popitem(last=False)
        return None if allowed else max(1, ceil((1.0 - left) / self._rate))


class Door:
    """The one door, through which a device goes only so often; it knows who went through."""

    def __init__(self, sessions: Sessions, buckets: Buckets) -> None:
        self._sessions, self._buckets = sessions, buckets
        self._known: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def __call__(self, authorization: str | None, *roles: str) -> Device:
        """The device behind the header, if it may; the database may be asked."""
        try:
            found = self._sessions.let_in(authorization, *roles)
        except ProblemError as refusal:
            if refusal.status == 401:
                self._forget(authorization)
            raise
        return self._counted(authorization or "", found)

    async def terminal(self, authorization: str | None) -> Device:
        """The terminal behind it, without another thread where it is known already."""
        try:
            found = self._sessions.quickly(authorization)
        except ProblemError:
            self._forget(authorization)
            raise
        if found is not None:
            return self._counted(authorization or "", found)
        return await run_in_threadpool(self, authorization)

    def knows(self, authorization: str) -> bool:
        """Whether it let this header in, and never refused it since."""
        return authorization in self._known

    def _remember(self, authorization: str) -> None:
        with self._lock:
            self._known[authorization] = None
            self._known.move_to_end(authorization)
            if len(self._known) > _MOST_KEPT:
                self._known.popitem(last=False)

    def _forget(self, authorization: str | None) -> None:
        with self._lock:
            self._known.pop(authorization or "", None)

    def _counted(self, authorization: str, found: Device) -> Device:
        self._remember(authorization)
        if (seconds := self._buckets.take(found.id)) is not None:
            raise ProblemError(429, "too-often", "Too many calls at once", retry_after=seconds)
        return found


class Limits:
    """In front of everything: strangers by their address, and how long each answer took.

    Whoever shows a header that no door let in is a stranger; terminals behind one address that
    were let in before are not held up by one.
    """

    def __init__(
        self, app: ASGIApp, door: Door, buckets: Buckets, meters: Meters, tick: Tick = monotonic
    ) -> None:
        self._app, self._door, self._buckets = app, door, buckets
        self._meters, self._tick = meters, tick

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call."""
        if scope["type"] != "http" or scope["path"] in OPEN:
            await self._app(scope, receive, send)
            return
        began, status = self._tick(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        known = self._door.knows(_shown(scope))
        seconds = None if known else self._buckets.take(_address(scope))
        if seconds is None:
            await self._app(scope, receive, watched)
        else:
            words = "Too many calls from this address"
            refusal = response(429, "too-often", words, retry_after=seconds)
            await refusal(scope, receive, watched)
        self._meters.request(self._tick() - began, status)


def _shown(scope: Scope) -> str:
    found = (value for name, value in scope["headers"] if name == b"authorization")
    return str(next(found, b""), "latin-1")


def _address(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""
