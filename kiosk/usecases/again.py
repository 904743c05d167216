"""The office came back from a backup: what it forgot is told again before anybody misses it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kiosk.ports.consents import Consents
from kiosk.ports.lanes import Clock
from kiosk.ports.memo import Memo
from kiosk.ports.outbox import Outbox

_YEARS = range(2000, 9000)
EARLIER = timedelta(days=1)  # clocks differ, and what is told twice is there once
REST = timedelta(minutes=10)  # an office that always comes back fills nobody's journal


@dataclass(frozen=True)
class Again:
    """Remembers of which returns this terminal has heard.

    What waits again goes with the next round of whoever sends.
    """

    outbox: Outbox
    consents: Consents
    memo: Memo
    clock: Clock
    by: str

    def hear(self, restored: Sequence[Any]) -> int:
        """How many submissions wait again because of a return that is news."""
        known, now = (self.memo.read() or "").split(), self.clock.now()
        every = dict(_understood(restored))
        news = [since for mark, since in every.items() if mark not in known]
        heard = (datetime.fromisoformat(each) for each in known if not each.isalnum())
        if not news or any(abs(now - each) < REST for each in heard):
            return 0
        count = self.since(min(news))
        self.memo.write(" ".join([now.isoformat(), *every]))
        return count

    def since(self, moment: datetime) -> int:
        """Everything that the office was told from then on, and that is still here."""
        now = self.clock.now()
        begin = moment.astimezone(now.tzinfo) - EARLIER
        self.consents.tell_again(begin)
        return self.outbox.send_again(begin, now, self.by)


def _understood(restored: Sequence[Any]) -> Iterator[tuple[str, datetime]]:
    """Marks and moments; an office that says something else says nothing."""
    for each in restored:
        match each:
            case {"mark": str(mark), "since": str(since)} if mark.isalnum():
                try:
                    moment = datetime.fromisoformat(since)
                except ValueError:
                    continue
                if moment.tzinfo is not None and moment.year in _YEARS:
                    yield mark, moment
