"""The rollups of the embedded file: aggregates per UTC hour, local day and month, within the caller's transaction."""

import sqlite3
from bisect import bisect_right
from collections.abc import Callable, Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Final

from sensors.periods import Step
from sensors.store import schema, sealing
from sensors.store.aggregate import Aggregate, Row, regroup
from sensors.store.runs import hour_runs, local_runs

_AT: Final = itemgetter(0)
_FOREVER_MS: Final = 2**62


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
    """Return the local days of a period of whole days: clean ones from the rollup, the others from their hours."""
    return _local(connection, series_id, start_ms, end_ms, Step.DAY)


def months(connection: sqlite3.Connection, series_id: int, start_ms: int, end_ms: int) -> list[Row]:
    """Return the local months of a period of whole months: clean ones from the rollup, the others from their days."""
    return _local(connection, series_id, start_ms, end_ms, Step.MONTH)


def _local(connection: sqlite3.Connection, series_id: int, start_ms: int, end_ms: int, step: Step) -> list[Row]:
    query, finer, _table = _LOCAL[step]
    period = {"series": series_id, "start": start_ms, "end": end_ms}
    clean = _rows(connection.execute(query, period))
    stale = [hour for (hour,) in connection.execute(schema.STALE_HOURS, period)]
    if not stale:
        return clean
    made: list[Row] = []
    begins, ends = [], []
    for first, after in local_runs(stale, step):
        made += regroup(finer(connection, series_id, first, after), step)
        begins.append(first)
        ends.append(after)
    places = [bisect_right(begins, start) - 1 for start, _row in clean]
    kept = [row for row, place in zip(clean, places, strict=True) if place < 0 or row[0] >= ends[place]]
    return list(merge(kept, made, key=_AT))


_LOCAL: Final[dict[Step, tuple[str, Callable[..., list[Row]], str]]] = {
    Step.DAY: (schema.DAYS, hours, "day"),
    Step.MONTH: (schema.MONTHS, days, "month"),
}


def refresh(connection: sqlite3.Connection, at_most: int) -> int:
    """Bring stale hours, and the local days and months that hold them, up to date; return how many hours."""
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
        for step, (_query, finer, table) in _LOCAL.items():
            for first, after in local_runs(starts, step):
                rows = regroup(finer(connection, series_id, first, after), step)
                _put(connection, table, series_id, first, after, rows=rows)
    return len(stale)


def fill_months(connection: sqlite3.Connection) -> None:
    """Make all months of the days that there are, in a file from before there were months."""
    for (series_id,) in connection.execute("SELECT DISTINCT series_id FROM day").fetchall():
        rows = regroup(days(connection, series_id, 0, _FOREVER_MS), Step.MONTH)
        _put(connection, "month", series_id, 0, _FOREVER_MS, rows=rows)


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
