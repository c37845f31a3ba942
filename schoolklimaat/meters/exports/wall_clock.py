"""From the wall clock of an export to UTC.

The export writes local time without an offset. In the doubled autumn hour rows are sorted by their wall-clock start, so
the two passes are interleaved; of each pair the first row is summer time, and a row that ends before it starts, or as
it starts, is summer time too. In spring one quarter runs from 01:45 to 03:00 and lasts fifteen minutes.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

BRUSSELS: Final = ZoneInfo("Europe/Brussels")
DURATIONS_S: Final = frozenset({900, 1800, 3600})
DAY_HOURS_S: Final = frozenset({23 * 3600, 24 * 3600, 25 * 3600})
_EPOCH: Final = date(1970, 1, 1)


class ClockError(ValueError):
    """A time that the wall clock never showed, or that cannot be told apart; the text is the reason."""


def midnight_ms(day: date) -> tuple[int, bool]:
    """Return a local day's midnight in ms UTC, and whether the whole day has one offset (no clock change in it)."""
    begin = datetime(day.year, day.month, day.day, tzinfo=BRUSSELS)
    end = datetime(day.year, day.month, day.day, tzinfo=BRUSSELS) + timedelta(days=1)
    begin_offset, end_offset = begin.utcoffset() or timedelta(), end.utcoffset() or timedelta()
    naive_ms = (day - _EPOCH).days * 86_400_000
    return naive_ms - round(begin_offset.total_seconds() * 1000), begin_offset == end_offset


@lru_cache(maxsize=4096)
def _utc_ms(naive: datetime, fold: int) -> int:
    return round(naive.replace(tzinfo=BRUSSELS, fold=fold).timestamp() * 1000)


@lru_cache(maxsize=4096)
def is_doubled(naive: datetime) -> bool:
    """Say whether the wall clock shows this time twice."""
    return exists(naive) and _utc_ms(naive, 0) < _utc_ms(naive, 1)


@lru_cache(maxsize=4096)
def exists(naive: datetime) -> bool:
    """Say whether the wall clock shows this time at all."""
    aware = naive.replace(tzinfo=BRUSSELS)
    return aware.astimezone(UTC).astimezone(BRUSSELS).replace(tzinfo=None) == naive


def check_duration(seconds: int) -> None:
    """Raise `ClockError` for a length that no known export has."""
    if seconds <= 0:
        raise ClockError("het einde ligt voor het begin")
    if seconds not in DURATIONS_S and seconds not in DAY_HOURS_S:
        raise ClockError(f"een periode van {_said(seconds)} kennen we niet; verwacht kwartier, half uur, uur of dag")


def _said(seconds: int) -> str:
    if seconds % 86_400 == 0:
        return f"{seconds // 86_400} dagen"
    return f"{seconds / 3600:g} uur".replace(".", ",") if seconds >= 3600 else f"{seconds / 60:g} minuten"  # noqa: PLR2004 - an hour


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
    start_ms = _utc_ms(start, fold)
    durations = {(_utc_ms(end, end_fold) - start_ms) // 1000 for end_fold in (0, 1)}
    duration = min((length for length in durations if length > 0), default=0)
    check_duration(duration)
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
