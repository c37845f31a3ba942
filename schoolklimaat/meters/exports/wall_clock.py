"""From the wall clock of an export to UTC.

The export writes local time without an offset. In the doubled autumn hour rows are sorted by their wall-clock start, so
the two passes are interleaved; of each pair the first row is summer time, and a row that ends before it starts, or as
it starts, is summer time too. In spring one quarter runs from 01:45 to 03:00 and lasts fifteen minutes.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

BRUSSELS: Final = ZoneInfo("Europe/Brussels")
DURATIONS_S: Final = frozenset({900, 1800, 3600})
DAY_HOURS_S: Final = frozenset({23 * 3600, 24 * 3600, 25 * 3600})


class ClockError(ValueError):
    """A time that the wall clock never showed, or that cannot be told apart; the text is the reason."""


@lru_cache(maxsize=100_000)
def _utc_ms(naive: datetime, fold: int) -> int:
    return round(naive.replace(tzinfo=BRUSSELS, fold=fold).timestamp() * 1000)


@lru_cache(maxsize=100_000)
def is_doubled(naive: datetime) -> bool:
    """Say whether the wall clock shows this time twice."""
    return _utc_ms(naive, 0) < _utc_ms(naive, 1)


@lru_cache(maxsize=100_000)
def exists(naive: datetime) -> bool:
    """Say whether the wall clock shows this time at all."""
    aware = naive.replace(tzinfo=BRUSSELS)
    return aware.astimezone(UTC).astimezone(BRUSSELS).replace(tzinfo=None) == naive


def resolve(start: datetime, end: datetime, occurrence: int, occurrences: int) -> tuple[int, int]:
    """Return the start in milliseconds UTC and the duration in seconds of a row.

    `occurrence` (from 0) counts the rows of the same register and start before this one, `occurrences` all of them.
    Raises `ClockError`.
    """
    if not exists(start):
        raise ClockError("dit uur bestaat niet: toen ging de klok een uur vooruit")
    fold = 0
    if is_doubled(start):
        fold = _fold(start, end, occurrence, occurrences)
    elif occurrence:
        raise ClockError("dit tijdstip staat al eerder in het bestand")
    start_ms = _utc_ms(start, fold)
    durations = {(_utc_ms(end, end_fold) - start_ms) // 1000 for end_fold in (0, 1)}
    positive = [duration for duration in durations if duration > 0]
    if not positive:
        raise ClockError("het einde ligt voor het begin")
    duration = min(positive)
    if duration not in DURATIONS_S and duration not in DAY_HOURS_S:
        raise ClockError(f"een periode van {timedelta(seconds=duration)} kennen we niet; verwacht kwartier, uur of dag")
    return start_ms, duration


def _fold(start: datetime, end: datetime, occurrence: int, occurrences: int) -> int:
    """Return which pass of the doubled hour a row belongs to: 0 summer time, 1 winter time."""
    if end - start >= timedelta(hours=20):
        return 0  # a day total begins once
    if end <= start:
        return 0
    if not is_doubled(end):
        return 1  # it ends when the second pass does
    if occurrences == 1:
        raise ClockError("dit uur komt tweemaal voor en het bestand bevat maar één van beide")
    if occurrence > 1:
        raise ClockError("dit tijdstip staat al tweemaal in het bestand")
    return occurrence
