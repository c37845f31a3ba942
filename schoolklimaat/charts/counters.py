"""What a meter's count says about an amount: differences, and when a difference says nothing.

Between two readings close together the amount is spread evenly over the time between them. Readings further apart than
`LONGEST_STEP_MS` leave a gap: what went by then is known only as a whole, so it is in no bucket and is told apart.
A count that falls (meter replaced, set back) or that leaps beyond what a school can use is no amount at all.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from schoolklimaat.charts.series import Grid, exact_buckets
from sensors.periods import HOUR_MS, MINUTE_MS, Step
from sensors.store import ReadingStore, Series

# Above any school connection, per hour: 2 MW; 500 m3 of gas; 200 m3 of water; 7.2 GJ of heat (2 MW). A meter may count
# in whole units, so a quarter of an hour's worth is always allowed.
MOST_PER_HOUR: Final = {
    "electricity_import": 2000.0,
    "electricity_export": 2000.0,
    "gas": 500.0,
    "water": 200.0,
    "heat": 7.2,
}
LONGEST_STEP_MS: Final = {Step.QUARTER: round(22.5 * MINUTE_MS), Step.HOUR: 90 * MINUTE_MS, Step.DAY: 90 * MINUTE_MS}
_SHORTEST_MS: Final = 15 * MINUTE_MS


Count = tuple[int, float]  # when, in UTC ms, and what the meter said


@dataclass(slots=True)
class Differences:
    """Amount and measured seconds per bucket, and what passed unseen during gaps; all in the counter's unit."""

    amount: dict[int, float] = field(default_factory=dict)
    covered_s: dict[int, float] = field(default_factory=dict)
    unplaced: float = 0.0
    resets: int = 0


def plausible(quantity: str, amount: float, elapsed_ms: int) -> bool:
    """Say whether a school can use an amount in a time."""
    return 0 <= amount <= MOST_PER_HOUR[quantity] * max(elapsed_ms, _SHORTEST_MS) / HOUR_MS


class _Spreader:
    """Puts what was counted between two readings into the buckets of a grid."""

    def __init__(self, quantity: str, grid: Grid) -> None:
        self.out = Differences()
        self._quantity = quantity
        self._borders = [*grid.starts, grid.end_ms]
        self._at = 0

    def step(self, before: Count, after: Count, longest_ms: int) -> None:
        """Take the difference between two readings; `longest_ms` is how far apart they may be."""
        elapsed, amount = after[0] - before[0], after[1] - before[1]
        if elapsed <= 0:
            return
        if not plausible(self._quantity, amount, elapsed):
            self.out.resets += 1
        elif elapsed > longest_ms:
            self.out.unplaced += amount
        else:
            self._put(amount, before[0], after[0])

    def _put(self, amount: float, from_ms: int, until_ms: int) -> None:
        while self._at < len(self._borders) - 2 and self._borders[self._at + 1] <= from_ms:
            self._at += 1
        place = self._at
        while place < len(self._borders) - 1 and self._borders[place] < until_ms:
            start = self._borders[place]
            shared = min(until_ms, self._borders[place + 1]) - max(from_ms, start)
            if shared > 0:
                part = amount * shared / (until_ms - from_ms)
                self.out.amount[start] = self.out.amount.get(start, 0.0) + part
                self.out.covered_s[start] = self.out.covered_s.get(start, 0.0) + shared / 1000
            place += 1


def differences(store: ReadingStore, series: Series, placed_ms: tuple[int, int], grid: Grid) -> Differences:
    """Turn a counter into amounts per bucket of a grid, for the time [from, until) that the kit was placed there."""
    spread = _Spreader(series.quantity, grid)
    longest = LONGEST_STEP_MS[grid.step]
    start, end = max(grid.starts[0], placed_ms[0]), min(grid.end_ms, placed_ms[1])
    if end <= start:
        return spread.out
    earlier = store.last_before(series, start)
    anchor: Count | None = None
    if earlier is not None and earlier.value is not None and earlier.time_ms >= placed_ms[0]:
        anchor = (earlier.time_ms, earlier.value)
    ends = dict(zip(grid.starts, grid.ends(), strict=True))
    found = exact_buckets(store, series, start, end, grid.step)
    for place, bucket_ms in enumerate(found.start_ms):
        first, last = found.first[place], found.last[place]
        first_ms, last_ms = found.first_ms[place], found.last_ms[place]
        if first is None or last is None or first_ms is None or last_ms is None:
            continue
        if anchor is not None:
            spread.step(anchor, (first_ms, first), longest)
        anchor = (last_ms, last)
        orderly = found.minimum[place] == first and found.maximum[place] == last
        if orderly and plausible(series.quantity, last - first, last_ms - first_ms):
            # Inside one bucket a silence does no harm: the whole difference falls in it anyway.
            spread.step((first_ms, first), anchor, grid.end_ms)
            continue
        raw = store.points(series, max(bucket_ms, start), min(ends[bucket_ms], end))
        for before, after in pairwise((point.time_ms, point.value) for point in raw if point.value is not None):
            spread.step(before, after, longest)
    if anchor is not None:
        # The reading just after the period says what went by in its last minutes.
        for later in store.points(series, end, min(end + longest, placed_ms[1]), limit=1):
            if later.value is not None:
                spread.step(anchor, (later.time_ms, later.value), longest)
    return spread.out
