"""The wall clock, in the city's zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")


class WallClock:
    """Now, in Japan."""

    def now(self) -> datetime:
        """The moment it is."""
        return datetime.now(JAPAN)
