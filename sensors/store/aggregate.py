"""Joining aggregates: hours into days, days into months. One row has the columns of `schema.COLUMNS`."""

from collections.abc import Iterable
from typing import NamedTuple

from sensors.periods import FIXED_MS, Step, day_start_ms, floor_ms, local_day, next_first_day
from sensors.store.protocol import Buckets


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


def to_buckets(rows: Iterable[Row]) -> Buckets:
    """Turn rows into columns."""
    buckets = Buckets()
    for start_ms, row in rows:
        buckets.start_ms.append(start_ms)
        buckets.count.append(row.n)
        buckets.total.append(row.total)
        buckets.minimum.append(row.minimum)
        buckets.maximum.append(row.maximum)
        buckets.first.append(row.first)
        buckets.last.append(row.last)
        buckets.first_ms.append(row.first_ms)
        buckets.last_ms.append(row.last_ms)
        buckets.covered_s.append(row.covered_s)
        buckets.estimated_s.append(row.estimated_s)
        buckets.absent.append(row.absent)
    return buckets
