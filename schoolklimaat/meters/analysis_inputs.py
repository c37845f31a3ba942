"""What an analysis is held against: the weather of a place, and the holidays of a school, each from a CSV file."""

import csv
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

_FREE_KINDS: Final = frozenset({"holiday", "free_day"})
_TEMPERATURES: Final = ("temp_c", "temperature")
_CLOCKS: Final = ("start_utc", "local_time")
_HOLIDAY_COLUMNS: Final = (("start", "end"), ("first_day", "last_day"))
# A day's mean needs most of its hours; a morning alone would make it look cold.
_LEAST_OF_A_DAY: Final = 0.75
# Outdoor air was never outside these anywhere in Europe; files use 999 or -99 for "nothing".
_PLAUSIBLE_C: Final = (-60.0, 60.0)
_LONGEST_HOLIDAY: Final = timedelta(days=400)


class AnalysisInputError(Exception):
    """A weather or holiday file that cannot be used; the message says what, where and what to do."""


class Weather(NamedTuple):
    """Mean outdoor temperature in °C of each local day that is known well enough, and what is to be said of it."""

    means_c: dict[date, float]
    notes: tuple[str, ...] = ()


def read_weather(path: Path, zone: ZoneInfo) -> Weather:
    """Read `start_utc,temp_c` (or `local_time,temp_c` on the clock of `zone`); raises `AnalysisInputError`.

    A day with less than three quarters of its values is left out; an empty or impossible value is no value. A typical
    year has no dates of its own, so it gives no means.
    """
    with _rows(path) as (names, rows):
        clock = next((name for name in _CLOCKS if name in names), None)
        column = next((name for name in _TEMPERATURES if name in names), None)
        if column is not None and clock is None and {"month", "day"} <= set(names):
            return Weather(
                {}, (f"{path.name} is een typisch jaar, niet het weer dat er was: daaruit komt geen stooklijn.",)
            )
        if clock is None or column is None:
            raise AnalysisInputError(
                f"{path.name}: de kolommen moeten start_utc,temp_c of local_time,temp_c zijn; gevonden: {', '.join(names)}."
            )
        values: dict[date, list[float]] = {}
        refused = 0
        for line, row in rows:
            text = (row.get(column) or "").strip()
            if not text:
                continue
            try:
                moment, value = datetime.fromisoformat((row.get(clock) or "").strip()), float(text)
            except ValueError:
                raise AnalysisInputError(
                    f"{path.name}: regel {line} is geen tijd met een temperatuur; verwacht bijvoorbeeld"
                    " 2026-01-31T08:00:00Z,3.5."
                ) from None
            if not _PLAUSIBLE_C[0] <= value <= _PLAUSIBLE_C[1]:  # also refuses nan
                refused += 1
                continue
            if clock == "start_utc":
                moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone)
            values.setdefault(moment.date(), []).append(value)
    if not values:
        raise AnalysisInputError(f"{path.name}: er staat geen enkele bruikbare temperatuur in. Kies een ander bestand.")
    usual = sorted(len(each) for each in values.values())[len(values) // 2]
    means = {day: sum(each) / len(each) for day, each in values.items() if len(each) >= _LEAST_OF_A_DAY * usual}
    note = f"{refused} temperaturen in {path.name} kunnen niet waar zijn en tellen niet mee."
    return Weather(means, (note,) if refused else ())


def read_holidays(path: Path) -> set[date]:
    """Return all days of the holidays in a file, first and last included; raises `AnalysisInputError`."""
    days: set[date] = set()
    with _rows(path) as (names, rows):
        columns = next((pair for pair in _HOLIDAY_COLUMNS if set(pair) <= set(names)), None)
        if columns is None:
            raise AnalysisInputError(
                f"{path.name}: de kolommen moeten name,start,end of name,first_day,last_day zijn; gevonden: {', '.join(names)}."
            )
        for line, row in rows:
            if "kind" in names and (row.get("kind") or "").strip() not in _FREE_KINDS:
                continue
            try:
                first, last = (date.fromisoformat((row.get(column) or "").strip()) for column in columns)
            except ValueError:
                raise AnalysisInputError(
                    f"{path.name}: regel {line} heeft geen twee dagen; verwacht bijvoorbeeld 2026-01-31."
                ) from None
            if not timedelta(0) <= last - first <= _LONGEST_HOLIDAY:
                raise AnalysisInputError(
                    f"{path.name}: regel {line} loopt van {first} tot {last}; dat kan geen vakantie zijn."
                )
            days.update(first + timedelta(days=at) for at in range((last - first).days + 1))
    return days


@contextmanager
def _rows(path: Path) -> Iterator[tuple[list[str], Iterator[tuple[int, dict[str, Any]]]]]:
    """Open a CSV, plain or gzipped: its column names, and its rows with their line."""
    try:
        with path.open("rb") as file:
            is_zipped = file.read(2) == b"\x1f\x8b"
        opener: Any = gzip.open if is_zipped else open
        with opener(path, "rt", encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text)
            names = [name.strip().lower() for name in reader.fieldnames or []]
            reader.fieldnames = names
            yield names, ((reader.line_num, row) for row in reader)
    except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
        raise AnalysisInputError(
            f"{path.name}: het gzip-bestand is afgebroken of beschadigd. Haal het opnieuw op."
        ) from problem
    except (UnicodeDecodeError, csv.Error) as problem:
        raise AnalysisInputError(
            f"{path.name}: dit is geen leesbare CSV in UTF-8. Bewaar het opnieuw als CSV."
        ) from problem
    except OSError as problem:
        raise AnalysisInputError(f"{path}: {problem.strerror}. Kijk de naam van het bestand na.") from problem
