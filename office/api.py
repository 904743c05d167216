"""What anybody may ask the office: is it well, how much does it hold, which keys it has."""

from collections.abc import Callable, Iterator
from datetime import datetime
from threading import Lock

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response

from office.journal import Anchors
from office.ledger import Ledger
from office.meters import Meters, counted
from office.readiness import Readiness
from office.sealing import SealingKeys
from office.tray import Tray


def open_routes(readiness: Readiness, keys: SealingKeys, figures: "Figures") -> APIRouter:
    """Every call that needs no device."""
    router = APIRouter()

    @router.get("/v1/trust")
    def trust() -> Response:
        """The city's public keys, for whoever verifies its papers."""
        return Response(keys.trust().text(), media_type="application/json")

    @router.get("/healthz", response_class=PlainTextResponse)
    async def alive() -> str:
        """The process answers."""
        return "ok"

    @router.get("/readyz", response_class=PlainTextResponse)
    def ready() -> str:
        """It can store: something was written and synced within the last second."""
        readiness.prove()
        return "ok"

    @router.get("/metrics", response_class=PlainTextResponse)
    def metrics() -> str:
        """Prometheus text."""
        return figures.text()

    return router


class Figures:
    """How much the office holds and how it fares; never about a person.

    Whole tables are counted, and anybody may ask: one counts, who asks meanwhile hears the last.
    """

    def __init__(
        self,
        tray: Tray,
        ledger: Ledger,
        anchors: Anchors,
        meters: Meters,
        now: Callable[[], datetime],
    ) -> None:
        self._tray, self._ledger, self._anchors = tray, ledger, anchors
        self._meters, self._now = meters, now
        self._counting, self._said = Lock(), ""

    def text(self) -> str:
        """All of it, as it is now or was a moment ago."""
        if self._counting.acquire(blocking=not self._said):
            try:
                self._said = "\n".join(self.lines()) + "\n"
            finally:
                self._counting.release()
        return self._said

    def lines(self) -> Iterator[str]:
        """As Prometheus reads it."""
        yield from counted("kakanai_submissions", "gauge", "state", self._tray.counts())
        yield from counted("kakanai_certificates", "gauge", "outcome", self._ledger.counts())
        refused = dict(self._anchors.refused)  # others count on
        yield from counted("kakanai_journals_refused", "counter", "device", refused)
        handovers, oldest = self._tray.handovers()
        yield "# TYPE kakanai_handovers gauge"
        for (target, state), count in handovers.items():
            yield f'kakanai_handovers{{target="{target}",state="{state}"}} {count}'
        age = (self._now() - datetime.fromisoformat(oldest)).total_seconds() if oldest else 0.0
        yield "# TYPE kakanai_oldest_undone_seconds gauge"
        yield f"kakanai_oldest_undone_seconds {age:.0f}"
        yield from self._meters.lines()
