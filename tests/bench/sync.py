"""Never lose, never double: the queue, the way to the office, a city after an outage."""

from tests.bench.city import city
from tests.bench.draining import draining
from tests.bench.handing import handing
from tests.bench.measure import Row
from tests.bench.queueing import queueing


def sync() -> list[Row]:
    """Every row of this bench."""
    return [*queueing(), draining(), *city(), *handing()]
