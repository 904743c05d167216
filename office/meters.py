"""What the office counts about itself, as Prometheus reads it; never about a person."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from threading import Lock

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200)


class Histogram:
    """How often a value was at most so much."""

    def __init__(self, name: str, bounds: tuple[float, ...]) -> None:
        self._name, self._bounds = name, bounds
        self._counts, self._sum, self._lock = [0] * (len(bounds) + 1), 0.0, Lock()

    def note(self, value: float) -> None:
        """One more."""
        with self._lock:
            self._counts[bisect_left(self._bounds, value)] += 1
            self._sum += value

    def lines(self) -> Iterator[str]:
        """As Prometheus reads it."""
        with self._lock:
            counts, total = list(self._counts), self._sum
        yield f"# TYPE {self._name} histogram"
        so_far = 0
        for bound, count in zip((*self._bounds, "+Inf"), counts, strict=True):
            so_far += count
            yield f'{self._name}_bucket{{le="{bound}"}} {so_far}'
        yield f"{self._name}_sum {total:.6f}"
        yield f"{self._name}_count {so_far}"


class Meters:
    """What this process did since it began."""

    def __init__(self) -> None:
        self._batches = Histogram("kakanai_intake_batch", _SIZES)
        self._requests = Histogram("kakanai_request_seconds", _SECONDS)
        self._refused: Counter[int] = Counter()
        self._lock = Lock()

    def batch(self, size: int) -> None:
        """So many submissions shared one commit."""
        self._batches.note(size)

    def request(self, seconds: float, status: int) -> None:
        """A call was answered."""
        self._requests.note(seconds)
        if status >= 400:
            with self._lock:
                self._refused[status] += 1

    def lines(self) -> Iterator[str]:
        """As Prometheus reads it."""
        with self._lock:
            refused = dict(self._refused)
        yield from self._batches.lines()
        yield from self._requests.lines()
        yield from counted("kakanai_refusals_total", "counter", "status", refused)


def counted(
    name: str, kind: str, label: str, found: Mapping[int, int] | Mapping[str, int]
) -> Iterable[str]:
    """One line for each label."""
    yield f"# TYPE {name} {kind}"
    for key, value in found.items():
        yield f'{name}{{{label}="{key}"}} {value}'
