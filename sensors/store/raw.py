"""Raw readings in the embedded file: plain rows in `reading`, older ones sealed by the thousand in `sealed`.

Every function works within the caller's transaction. A write into hours that are sealed takes them out again first, so
that all rules of writing hold for plain rows alone; sealing is for `sealing.py`.
"""

import math
import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

from sensors.periods import HOUR_MS
from sensors.store import schema
from sensors.store.columns import Columns, unpack
from sensors.store.protocol import Conflict, Point, Series

RawRow = tuple[int, int, float | None, int, int]
Newest = tuple[int, float, int, int]
_SEALED_POINTS: Final = schema.SEALED.format(blob="points")
_SEALED_ENDS: Final = schema.SEALED.format(blob="NULL")
FOREVER_MS: Final = 2**62


class Outcome(NamedTuple):
    """How many of the rows given were new, identical and conflicting."""

    new: int
    identical: int
    conflicting: int


def rows_of(ids: Mapping[Series, int], points: list[Point]) -> list[RawRow]:
    """Return the rows of points; raises ValueError for a value that is no number."""
    rows = [(ids[series], time_ms, value, long, int(quality)) for series, time_ms, value, long, quality in points]
    # One sum tells as much as a look at each, a good deal faster.
    if not math.isfinite(sum(filter(None, (row[2] for row in rows)))):
        for point in points:
            if point.value is not None and not math.isfinite(point.value):
                raise ValueError(
                    f"{point.value} is no value of {point.series} at {point.time_ms}:"
                    " a reading is finite, or absent (None)"
                )
    return rows


# --- writing


def insert(connection: sqlite3.Connection, rows: list[RawRow], on_conflict: Conflict) -> Outcome:
    """Put rows in, and mark their hours as stale."""
    hours = sorted({(row[0], row[1] - row[1] % HOUR_MS) for row in rows})
    _unseal_hours(connection, hours)
    before = connection.total_changes
    connection.executemany("INSERT INTO reading VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)
    new = connection.total_changes - before
    conflicting = _sort_out(connection, rows, on_conflict) if new < len(rows) else 0
    connection.executemany("INSERT INTO stale VALUES (?, ?) ON CONFLICT DO NOTHING", hours)
    return Outcome(new, len(rows) - new - conflicting, conflicting)


def _sort_out(connection: sqlite3.Connection, rows: list[RawRow], on_conflict: Conflict) -> int:
    """Count rows that differ from what is stored, one after the other, and replace where asked."""
    conflicting = 0
    for row in rows:
        stored = connection.execute(
            "SELECT value, duration_s, quality FROM reading WHERE series_id = ? AND time_ms = ?", row[:2]
        ).fetchone()
        if stored == row[2:]:
            continue
        conflicting += 1
        if on_conflict is Conflict.REPLACE:
            connection.execute("INSERT OR REPLACE INTO reading VALUES (?, ?, ?, ?, ?)", row)
    return conflicting


def delete(connection: sqlite3.Connection, series_id: int, start_ms: int, end_ms: int) -> int:
    """Take rows out, mark their hours as stale, and return how many."""
    unseal(connection, series_id, start_ms, end_ms)
    connection.execute(
        "INSERT INTO stale SELECT DISTINCT series_id, time_ms - time_ms % ? FROM reading"
        " WHERE series_id = ? AND time_ms >= ? AND time_ms < ? ON CONFLICT DO NOTHING",
        (HOUR_MS, series_id, start_ms, end_ms),
    )
    return connection.execute(
        "DELETE FROM reading WHERE series_id = ? AND time_ms >= ? AND time_ms < ?", (series_id, start_ms, end_ms)
    ).rowcount


def _unseal_hours(connection: sqlite3.Connection, hours: list[tuple[int, int]]) -> None:
    """Unseal what holds one of these hours, which come sorted."""
    earliest = min((start for _series_id, start in hours), default=FOREVER_MS)
    if connection.execute("SELECT 1 FROM sealed WHERE end_ms > ? LIMIT 1", (earliest,)).fetchone() is None:
        return
    for series_id, mine in groupby(hours, key=itemgetter(0)):
        starts = [start for _series_id, start in mine]
        for start_ms, end_ms, *_ in list(_sealed(connection, series_id, starts[0], starts[-1] + HOUR_MS, _SEALED_ENDS)):
            place = bisect_left(starts, start_ms)
            if place < len(starts) and starts[place] < end_ms:
                unseal(connection, series_id, start_ms, end_ms)


def unseal(connection: sqlite3.Connection, series_id: int, start_ms: int, end_ms: int) -> None:
    """Put what is sealed anywhere in a period back among plain rows, its hours stale."""
    for start, end, count, block in list(_sealed(connection, series_id, start_ms, end_ms)):
        connection.executemany(
            "INSERT INTO reading VALUES (?, ?, ?, ?, ?)",
            ((series_id, *row) for row in zip(*unpack(block, count), strict=True)),
        )
        connection.execute(
            "INSERT INTO stale SELECT DISTINCT series_id, time_ms - time_ms % ? FROM reading"
            " WHERE series_id = ? AND time_ms >= ? AND time_ms < ? ON CONFLICT DO NOTHING",
            (HOUR_MS, series_id, start, end),
        )
        connection.execute("DELETE FROM sealed WHERE series_id = ? AND start_ms = ?", (series_id, start))


# --- reading


def points(
    connection: sqlite3.Connection, series_id: int, start_ms: int, end_ms: int, limit: int | None = None
) -> Columns:
    """Return points in order of time, at most `limit` from the start."""
    found = Columns([], [], [], [])
    for piece in _pieces(connection, series_id, start_ms, end_ms, limit):
        found.add(piece)
        if limit is not None and len(found.times) >= limit:
            return found.part(0, limit)
    return found


def _pieces(
    connection: sqlite3.Connection, series_id: int, start_ms: int, end_ms: int, limit: int | None
) -> Iterator[Columns]:
    rows = connection.execute(
        "SELECT time_ms, value, duration_s, quality FROM reading"
        " WHERE series_id = ? AND time_ms >= ? AND time_ms < ? ORDER BY time_ms LIMIT ?",
        (series_id, start_ms, end_ms, -1 if limit is None else limit),
    ).fetchall()
    plain = columns_of(rows)
    at = 0
    for start, _end, count, block in _sealed(connection, series_id, start_ms, end_ms):
        before = bisect_left(plain.times, start, at)
        yield plain.part(at, before)
        at = before
        sealed = unpack(block, count)
        if sealed.times[0] < start_ms or sealed.times[-1] >= end_ms:
            sealed = sealed.part(bisect_left(sealed.times, start_ms), bisect_left(sealed.times, end_ms))
        yield sealed
    yield plain.part(at) if at else plain


def newest(connection: sqlite3.Connection, series_id: int, before_ms: int = FOREVER_MS) -> Newest | None:
    """Return time, value, duration and quality of the newest point with a value before an instant."""
    found: Newest | None = connection.execute(
        "SELECT time_ms, value, duration_s, quality FROM reading WHERE series_id = ? AND time_ms < ?"
        " AND value IS NOT NULL ORDER BY time_ms DESC LIMIT 1",
        (series_id, before_ms),
    ).fetchone()
    later_than = -FOREVER_MS if found is None else found[0]
    blocks = connection.execute(
        "SELECT end_ms, count, points FROM sealed WHERE series_id = ? AND start_ms < ? ORDER BY start_ms DESC",
        (series_id, before_ms),
    )
    for end_ms, count, block in blocks:
        if end_ms <= later_than:
            break
        times, values, durations, qualities = unpack(block, count)
        for place in range(bisect_left(times, before_ms) - 1, -1, -1):
            value = values[place]
            if value is not None:
                return times[place], value, durations[place], qualities[place]
    return found


def columns_of(rows: Iterable[tuple[int, float | None, int, int]]) -> Columns:
    """Turn rows of time, value, duration and quality into columns."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    return Columns(*columns) if columns else Columns([], [], [], [])


def _sealed(
    connection: sqlite3.Connection, series_id: int, start_ms: int, end_ms: int, query: str = _SEALED_POINTS
) -> Iterator[tuple[int, int, int, bytes]]:
    return connection.execute(query, {"series": series_id, "start": start_ms, "end": end_ms})
