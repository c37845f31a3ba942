"""Steps on the time axis. Up to an hour they are fixed in UTC; from a day on they are local (Europe/Brussels).

Every offset of Europe/Brussels is a whole number of hours, so a local day is a whole number of UTC hours: 23, 24 or 25.
All instants here are milliseconds since the epoch, UTC.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

BRUSSELS: Final = ZoneInfo("Europe/Brussels")
MINUTE_MS: Final = 60_000
HOUR_MS: Final = 3_600_000


class Step(StrEnum):
    """The width of a bucket."""

    MINUTE = "1min"
    MINUTES_5 = "5min"
    MINUTES_10 = "10min"
    QUARTER = "15min"
    HALF_HOUR = "30min"
    HOUR = "1h"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    SCHOOL_YEAR = "school_year"


FIXED_MS: Final[dict[Step, int]] = {
    Step.MINUTE: MINUTE_MS,
    Step.MINUTES_5: 5 * MINUTE_MS,
    Step.MINUTES_10: 10 * MINUTE_MS,
    Step.QUARTER: 15 * MINUTE_MS,
    Step.HALF_HOUR: 30 * MINUTE_MS,
    Step.HOUR: HOUR_MS,
}


def to_ms(moment: datetime) -> int:
    """Milliseconds since the epoch; raises ValueError for a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone is not a time")
    return round(moment.timestamp() * 1000)


def from_ms(instant_ms: int) -> datetime:
    """The UTC datetime of an instant."""
    return datetime.fromtimestamp(instant_ms / 1000, UTC)


def day_start_ms(day: date) -> int:
    """The instant at which a local day begins."""
    return to_ms(datetime.combine(day, time(), BRUSSELS))


def local_day(instant_ms: int) -> date:
    """The local day in which an instant falls."""
    return from_ms(instant_ms).astimezone(BRUSSELS).date()


def first_day(day: date, step: Step) -> date:
    """The first local day of the day, week, month, year or school year (from 1 September) that holds `day`."""
    match step:
        case Step.DAY:
            return day
        case Step.WEEK:
            return day - timedelta(days=day.weekday())
        case Step.MONTH:
            return day.replace(day=1)
        case Step.YEAR:
            return date(day.year, 1, 1)
        case Step.SCHOOL_YEAR:
            return date(day.year if day.month >= 9 else day.year - 1, 9, 1)  # noqa: PLR2004 - September
    raise ValueError(f"{step} is not a step of local days")


def next_first_day(first: date, step: Step) -> date:
    """The first day of the period after the one that begins on `first`."""
    match step:
        case Step.DAY:
            return first + timedelta(days=1)
        case Step.WEEK:
            return first + timedelta(days=7)
        case Step.MONTH:
            return (first + timedelta(days=31)).replace(day=1)
        case Step.YEAR | Step.SCHOOL_YEAR:
            return first.replace(year=first.year + 1)
    raise ValueError(f"{step} is not a step of local days")


def floor_ms(instant_ms: int, step: Step) -> int:
    """The start of the bucket that holds an instant."""
    if step in FIXED_MS:
        return instant_ms - instant_ms % FIXED_MS[step]
    return day_start_ms(first_day(local_day(instant_ms), step))


def bucket_starts(start_ms: int, end_ms: int, step: Step) -> Iterator[int]:
    """Starts of all buckets that overlap [start_ms, end_ms)."""
    at = floor_ms(start_ms, step)
    if step in FIXED_MS:
        yield from range(at, end_ms, FIXED_MS[step])
        return
    day = local_day(at)
    while at < end_ms:
        yield at
        day = next_first_day(day, step)
        at = day_start_ms(day)
