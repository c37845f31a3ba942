"""Runs of neighbouring hours, local days and months, so that rollups are made many at a time."""

from collections.abc import Iterator

from sensors.periods import HOUR_MS, Step, day_start_ms, floor_ms, local_day, next_first_day


def hour_runs(hours: list[int]) -> Iterator[tuple[int, int]]:
    """Yield runs of neighbouring hours as (first, after)."""
    first = previous = None
    for hour in hours:
        if previous is None or hour != previous + HOUR_MS:
            if first is not None and previous is not None:
                yield first, previous + HOUR_MS
            first = hour
        previous = hour
    if first is not None and previous is not None:
        yield first, previous + HOUR_MS


def local_runs(hours: list[int], step: Step) -> Iterator[tuple[int, int]]:
    """Yield runs of neighbouring local days or months that hold these hours, as (start of the first, end of the last)."""
    first = after = None
    for hour in hours:
        if after is not None and hour < after:
            continue
        start = floor_ms(hour, step)
        if after is not None and first is not None and start != after:
            yield first, after
            first = None
        first = start if first is None else first
        after = day_start_ms(next_first_day(local_day(start), step))
    if first is not None and after is not None:
        yield first, after
