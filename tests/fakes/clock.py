"""A clock that stands still."""

from dataclasses import dataclass
from datetime import datetime

from tests.fakes.samples import NOW


@dataclass
class StandingClock:
    """Says the same moment until it is set anew."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment
