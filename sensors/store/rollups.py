"""The rollups of the embedded file: aggregates per UTC hour and per local day, read and kept within a transaction."""

import sqlite3
from bisect import bisect_right
from collections.abc import Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Final

from sensors.periods import Step
from sensors.store import schema, sealing
from sensors.store.aggregate import Aggregate, Row, regroup
from sensors.store.runs import day_runs, hour_runs

_AT: Final = itemgetter(0)


def hours(connection: sqlite3.Connection, series_id: int, start_ms: int, end_ms: int) -> list[Row]:
    """Return the hours of a period: clean ones from the rollup, sealed ones as sealed, stale ones from raw."""
    period = {"series": series_id, "start": start_ms, "end": end_ms}
    clean = _rows(connection.execute(schema.CLEAN_HOURS, period))
    stale = []
    for first, after in hour_runs([hour for (hour,) in connection.execute(schema.STALE_HOURS, period)]):
        stale += _raw_hours(connection, series_id, first, after)
    sealed = sealing.hours(connection, series_id, start_ms, end_ms)
    if not stale and not sealed:
        return clean
    return list(merge(clean, stale, sealed, key=_AT))


def days(connection: sqlite3.Connection, series_id: int, start_ms: int, end_ms: int) -> list[Row]:
    """Return the local days of a period: clean ones from the rollup, those with a stale hour from their hours."""
    period = {"series": series_id, "start": start_ms, "end": end_ms}
    stale = list(day_runs([hour for (hour,) in connection.execute(schema.STALE_HOURS, period)]))
    clean = _rows(connection.execute(schema.DAYS, period))
    if not stale:
        return clean
    made = []
    for first, after in stale:
        made += regroup(hours(connection, series_id, first, after), Step.DAY)
    begins, ends = [first for first, _after in stale], [after for _first, after in stale]
    places = [bisect_right(begins, start) - 1 for start, _day in clean]
    kept = [row for row, place in zip(clean, places, strict=True) if place < 0 or row[0] >= ends[place]]
    return list(merge(kept, made, key=_AT))


def refresh(connection: sqlite3.Connection, at_most: int) -> int:
    """Bring stale hours, and the local days that hold them, up to date; return how many hours."""
    stale = connection.execute(
        "SELECT series_id, start_ms FROM stale ORDER BY series_id, start_ms LIMIT ?", (at_most,)
    ).fetchall()
    for series_id, mine in groupby(stale, key=_AT):
        starts = [start for _series_id, start in mine]
        for first, after in hour_runs(starts):
            _put(connection, "hour", series_id, first, after, rows=_raw_hours(connection, series_id, first, after))
            connection.execute(
                "DELETE FROM stale WHERE series_id = ? AND start_ms >= ? AND start_ms < ?", (series_id, first, after)
            )
        for first, after in day_runs(starts):
            rows = regroup(hours(connection, series_id, first, after), Step.DAY)
            _put(connection, "day", series_id, first, after, rows=rows)
    return len(stale)


def _raw_hours(connection: sqlite3.Connection, series_id: int, start_ms: int, end_ms: int) -> list[Row]:
    return _rows(connection.execute(schema.RAW_HOURS, {"series": series_id, "start": start_ms, "end": end_ms}))


def _put(connection: sqlite3.Connection, table: str, series_id: int, start: int, end: int, *, rows: list[Row]) -> None:
    """Set the rollups of a period's hours or days to what its readings say; those without readings go."""
    connection.execute(
        f"DELETE FROM {table} WHERE series_id = ? AND start_ms >= ? AND start_ms < ?",  # noqa: S608 - a constant
        (series_id, start, end),
    )
    connection.executemany(
        f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - a constant
        [(series_id, at, *aggregate) for at, aggregate in rows],
    )


def _rows(found: Iterator[tuple[int, ...]]) -> list[Row]:
    return [(row[0], Aggregate._make(row[1:])) for row in found]
