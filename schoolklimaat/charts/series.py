"""What hung in a room or on a connection, as columns on a full grid of time; a gap stays a gap.

A reading belongs to a kit and its channel; a placement says where that hung and when. A kit that moved in the middle of
a bucket counts in both places for its own part only: such a bucket is added up from the raw points.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from schoolklimaat.kits.services import KitInterval
from sensors.periods import FIXED_MS, Step, bucket_starts, floor_ms, to_ms
from sensors.store import Buckets, Point, ReadingStore, Series


class Grid(NamedTuple):
    """Buckets one after the other: their starts, where the last one ends, and how wide they are."""

    starts: list[int]
    end_ms: int
    step: Step

    @classmethod
    def over(cls, start_ms: int, end_ms: int, step: Step) -> "Grid":
        """Return the grid of [start_ms, end_ms)."""
        return cls(list(bucket_starts(start_ms, end_ms, step)), end_ms, step)

    def ends(self) -> list[int]:
        """Return where each bucket ends."""
        return [*self.starts[1:], self.end_ms] if self.starts else []


@dataclass(slots=True)
class Columns:
    """Bucket starts (UTC ms) and a value for each; None where nothing was measured."""

    starts: list[int] = field(default_factory=list)
    values: list[float | None] = field(default_factory=list)

    def last(self) -> tuple[int, float] | None:
        """Return the newest bucket that has a value."""
        for start, value in zip(reversed(self.starts), reversed(self.values), strict=True):
            if value is not None:
                return start, value
        return None


class Channels:
    """The series of kits, asked from the store once per kit."""

    def __init__(self, store: ReadingStore) -> None:
        self.store = store
        self._known: dict[str, list[Series]] = {}

    def of(self, source: str) -> list[Series]:
        """Return all series of a kit or connection."""
        if source not in self._known:
            self._known[source] = self.store.series(source)
        return self._known[source]

    def within(self, interval: KitInterval, quantity: str) -> list[Series]:
        """Return the series of a quantity that a placement covers: of all channels, or of one and what is under it."""
        return [
            series
            for series in self.of(interval.kit_id)
            if series.quantity == quantity
            and (
                interval.channel is None
                or series.channel == interval.channel
                or series.channel.startswith(f"{interval.channel}/")
            )
        ]


def _bucket_of(points: Iterable[Point], start_ms: int) -> Buckets:
    """Return one bucket (or none) over raw points, in the store's shape."""
    bucket = Buckets()
    valued = [(point.time_ms, point.value) for point in points if point.value is not None]
    if not valued:
        return bucket
    numbers = [value for _, value in valued]
    bucket.start_ms.append(start_ms)
    bucket.count.append(len(numbers))
    bucket.total.append(sum(numbers))
    bucket.minimum.append(min(numbers))
    bucket.maximum.append(max(numbers))
    bucket.first.append(numbers[0])
    bucket.last.append(numbers[-1])
    bucket.first_ms.append(valued[0][0])
    bucket.last_ms.append(valued[-1][0])
    bucket.covered_s.append(0)
    bucket.estimated_s.append(0)
    bucket.absent.append(0)
    return bucket


def _join(parts: Sequence[Buckets]) -> Buckets:
    whole = Buckets()
    for part in parts:
        for name in Buckets.__slots__:
            getattr(whole, name).extend(getattr(part, name))
    return whole


def _next_start(start_ms: int, step: Step) -> int:
    if step in FIXED_MS:
        return start_ms + FIXED_MS[step]
    later = start_ms + 26 * FIXED_MS[Step.HOUR]  # into the next local day, however long this one is
    while floor_ms(later, step) == start_ms:
        later += 26 * FIXED_MS[Step.HOUR]
    return floor_ms(later, step)


def exact_buckets(store: ReadingStore, series: Series, start_ms: int, end_ms: int, step: Step) -> Buckets:
    """Return buckets over exactly [start_ms, end_ms): a bucket that is cut holds only its part inside."""
    if end_ms <= start_ms:
        return Buckets()
    first, last = floor_ms(start_ms, step), floor_ms(end_ms, step)
    parts = []
    inner_start = start_ms
    if first != start_ms:
        inner_start = _next_start(first, step)
        parts.append(_bucket_of(store.points(series, start_ms, min(inner_start, end_ms)), first))
    if last > inner_start:
        parts.append(store.buckets(series, inner_start, last, step))
    if last != end_ms and last >= inner_start:
        parts.append(_bucket_of(store.points(series, last, end_ms), last))
    return _join(parts)


def room_columns(channels: Channels, intervals: Sequence[KitInterval], quantity: str, grid: Grid) -> Columns:
    """Return the mean of a gauge over everything that hung in a room, per bucket of a grid."""
    totals: dict[int, float] = {}
    counts: dict[int, int] = {}
    for interval in intervals:
        begin, end = max(to_ms(interval.start), grid.starts[0]), min(to_ms(interval.end), grid.end_ms)
        for series in channels.within(interval, quantity):
            found = exact_buckets(channels.store, series, begin, end, grid.step)
            for start, count, total in zip(found.start_ms, found.count, found.total, strict=True):
                if total is not None:
                    totals[start] = totals.get(start, 0.0) + total
                    counts[start] = counts.get(start, 0) + count
    return Columns(grid.starts, [totals[start] / counts[start] if start in counts else None for start in grid.starts])
