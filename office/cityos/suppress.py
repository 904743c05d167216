"""Small numbers point at people: they are left out, and nothing that remains gives them back."""

from collections.abc import Mapping
from statistics import quantiles

ROUNDED = 60  # seconds: a wait to the second is somebody's


def large(counts: Mapping[str, int], threshold: int) -> dict[str, int]:
    """The counts that may be told beside their total.

    What is hidden reaches the threshold together, so it is never one small count alone: otherwise
    the total less the rest would tell it.
    """
    if sum(counts.values()) < threshold:
        return {}
    ranked = sorted((count, name) for name, count in counts.items() if count)
    hidden = sum(count < threshold for count, _ in ranked)
    while 0 < hidden < len(ranked) and sum(count for count, _ in ranked[:hidden]) < threshold:
        hidden += 1
    return {name: count for count, name in ranked[hidden:]}


def part(count: int, total: int, threshold: int) -> int | None:
    """A part of a total, where neither it nor what is left of the total is small."""
    return count if count >= threshold and not 0 < total - count < threshold else None


def waits(seconds: list[float], threshold: int) -> tuple[int | None, int | None]:
    """The median and the ninth of ten waits, in minutes, where enough people waited."""
    if len(seconds) < max(threshold, 2):
        return None, None
    tenths = quantiles(seconds, n=10, method="inclusive")
    return _rounded(tenths[4]), _rounded(tenths[8])


def _rounded(seconds: float) -> int:
    return round(max(seconds, 0.0) / ROUNDED) * ROUNDED
