"""Making aggregates of points and joining them: hours into days, days into months.

One row has the columns of `schema.COLUMNS`.
"""

from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from sensors.periods import FIXED_MS, Step, day_start_ms, floor_ms, local_day, next_first_day
from sensors.store.columns import Columns
from sensors.store.protocol import Buckets, Quality


class Aggregate(NamedTuple):
    """What a bucket holds; see `protocol.Buckets`."""

    n: int
    total: float | None
    minimum: float | None
    maximum: float | None
    first_ms: int | None
    last_ms: int | None
    first: float | None
    last: float | None
    covered_s: int
    estimated_s: int
    absent: int


Row = tuple[int, Aggregate]


def join(earlier: Aggregate, later: Aggregate) -> Aggregate:
    """Join two neighbours in time."""
    if not earlier.n or not later.n:
        full = earlier if earlier.n else later
        return full._replace(absent=earlier.absent + later.absent)
    return Aggregate(
        earlier.n + later.n,
        (earlier.total or 0.0) + (later.total or 0.0),
        min(earlier.minimum, later.minimum),  # type: ignore[type-var]
        max(earlier.maximum, later.maximum),  # type: ignore[type-var]
        earlier.first_ms,
        later.last_ms,
        earlier.first,
        later.last,
        earlier.covered_s + later.covered_s,
        earlier.estimated_s + later.estimated_s,
        earlier.absent + later.absent,
    )


def regroup(rows: Iterable[Row], step: Step) -> list[Row]:
    """Join rows in order of time into the buckets of a wider step."""
    wide: list[Row] = []
    end = -1
    for start_ms, aggregate in rows:
        if wide and start_ms < end:
            wide[-1] = (wide[-1][0], join(wide[-1][1], aggregate))
            continue
        bucket = floor_ms(start_ms, step)
        end = _end(bucket, step)
        wide.append((bucket, aggregate))
    return wide


def _end(bucket: int, step: Step) -> int:
    if step in FIXED_MS:
        return bucket + FIXED_MS[step]
    return day_start_ms(next_first_day(local_day(bucket), step))


def to_buckets(rows: list[Row]) -> Buckets:
    """Turn rows into columns."""
    if not rows:
        return Buckets()
    columns = (list(column) for column in zip(*(aggregate for _start, aggregate in rows), strict=True))
    count, total, minimum, maximum, first_ms, last_ms, first, last, covered_s, estimated_s, absent = columns
    return Buckets(
        start_ms=[start_ms for start_ms, _aggregate in rows],
        count=count, total=total, minimum=minimum, maximum=maximum, first=first, last=last,
        first_ms=first_ms, last_ms=last_ms, covered_s=covered_s, estimated_s=estimated_s, absent=absent,
    )  # fmt: skip


def aggregate(points: Columns, step_ms: int) -> list[Row]:
    """Aggregate points into the buckets of a fixed step."""
    rows = []
    at, count = 0, len(points.times)
    while at < count:
        start = points.times[at] - points.times[at] % step_ms
        after = bisect_left(points.times, start + step_ms, at)
        rows.append((start, _whole(points, at, after)))
        at = after
    return rows


def fine_buckets(points: Columns, step_ms: int) -> Buckets:
    """Aggregate points into columns; the usual case of one point a bucket needs no arithmetic."""
    times, values, durations, qualities = points
    if {time_ms % step_ms for time_ms in times} <= {0}:
        starts = times[:]
    else:
        starts = [time_ms - time_ms % step_ms for time_ms in times]
        if len(set(starts)) != len(starts):
            return to_buckets(aggregate(points, step_ms))
    estimated = Quality.ESTIMATED.value
    covered = durations[:]
    guessed = (
        [long if quality == estimated else 0 for long, quality in zip(durations, qualities, strict=True)]
        if estimated in qualities
        else [0] * len(starts)
    )
    buckets = Buckets(
        start_ms=starts, count=[1] * len(starts), total=values[:], minimum=values[:], maximum=values[:],
        first=values[:], last=values[:], first_ms=[*times], last_ms=[*times],
        covered_s=covered, estimated_s=guessed, absent=[0] * len(starts),
    )  # fmt: skip
    if None in values:
        for place, value in enumerate(values):
            if value is None:
                buckets.count[place] = covered[place] = guessed[place] = 0
                buckets.first_ms[place] = buckets.last_ms[place] = None
                buckets.absent[place] = 1
    return buckets


def _whole(points: Columns, at: int, after: int) -> Aggregate:
    """Aggregate the points from one place to another, at least one."""
    values = points.values[at:after]
    absent = values.count(None)
    if absent:
        present = [place for place in range(at, after) if points.values[place] is not None]
        if not present:
            return Aggregate(0, None, None, None, None, None, None, None, 0, 0, absent)
    else:
        present = range(at, after)  # type: ignore[assignment]
    numbers = [value for value in values if value is not None]
    return Aggregate(
        len(numbers), sum(numbers), min(numbers), max(numbers),
        points.times[present[0]], points.times[present[-1]], numbers[0], numbers[-1],
        sum(points.durations[place] for place in present),
        sum(points.durations[place] for place in present if points.qualities[place] == Quality.ESTIMATED),
        absent,
    )  # fmt: skip
