"""Sealing: older readings compressed by the thousand, at a tenth of their room on disk.

A sealed row covers whole UTC hours and holds at least 2,048 points, so that a year of quarters is some nine rows. Of
dense series (a value a minute, say) it also carries the aggregates of its hours. Within a transaction of the caller.
"""

import sqlite3
import struct
import zlib
from typing import Final

from sensors.periods import HOUR_MS
from sensors.store import raw, schema
from sensors.store.aggregate import Aggregate, Row, aggregate
from sensors.store.columns import Columns, Reader, pack, pack_integers, pack_numbers, unpack

FEWEST: Final = 2_048
MOST: Final = 4_096
_FEWEST_BETWEEN: Final = 64  # points between two sealed rows, where no more will come soon
_DENSE: Final = 12  # points an hour from which its aggregate is kept, since adding up would take longer
_FOREVER_MS: Final = 2**62
_SEALED_HOURS: Final = schema.SEALED.format(blob="hours, CASE WHEN hours IS NULL THEN points END")


def seal(connection: sqlite3.Connection, series_id: int, before_ms: int) -> bool:
    """Seal the oldest points of a series that can be, up to an instant; say whether there were."""
    before_ms -= before_ms % HOUR_MS
    at = -_FOREVER_MS
    while True:
        piece, next_ms = _oldest(connection, series_id, at, before_ms)
        count = len(piece.times)
        enough = count >= FEWEST or (next_ms is not None and count >= _FEWEST_BETWEEN)
        if enough and _put(connection, series_id, piece):
            return True
        if next_ms is None:
            return False
        at = next_ms


def _oldest(connection: sqlite3.Connection, series_id: int, at_ms: int, before_ms: int) -> tuple[Columns, int | None]:
    """Return the first plain points from an instant, whole hours of them, and the end of the sealed row behind them."""
    first = connection.execute(
        "SELECT MIN(time_ms) FROM reading WHERE series_id = ? AND time_ms >= ? AND time_ms < ?",
        (series_id, at_ms, before_ms),
    ).fetchone()[0]
    if first is None:
        return Columns([], [], [], []), None
    behind = connection.execute(
        "SELECT start_ms, end_ms FROM sealed WHERE series_id = ? AND start_ms > ? ORDER BY start_ms LIMIT 1",
        (series_id, first),
    ).fetchone()
    end_ms = before_ms if behind is None else min(before_ms, behind[0])
    found = _plain(connection, series_id, first, end_ms, MOST + 1)
    if len(found.times) > MOST:
        hour = found.times[MOST] - found.times[MOST] % HOUR_MS
        if hour > first:
            found = _plain(connection, series_id, first, hour, -1)
        else:  # one hour holds more than that
            found = _plain(connection, series_id, first, hour + HOUR_MS, -1)
        return found, None if len(found.times) >= FEWEST else hour
    return found, None if behind is None or behind[0] >= before_ms else behind[1]


def _plain(connection: sqlite3.Connection, series_id: int, start_ms: int, end_ms: int, limit: int) -> Columns:
    return raw.columns_of(
        connection.execute(
            "SELECT time_ms, value, duration_s, quality FROM reading"
            " WHERE series_id = ? AND time_ms >= ? AND time_ms < ? ORDER BY time_ms LIMIT ?",
            (series_id, start_ms, end_ms, limit),
        )
    )


def _put(connection: sqlite3.Connection, series_id: int, points: Columns) -> bool:
    """Put points among the sealed, if they come out of the packing as they went in and none of their hours is stale."""
    count = len(points.times)
    start_ms = points.times[0] - points.times[0] % HOUR_MS
    end_ms = points.times[-1] - points.times[-1] % HOUR_MS + HOUR_MS
    period = (series_id, start_ms, end_ms)
    if connection.execute(
        "SELECT 1 FROM stale WHERE series_id = ? AND start_ms >= ? AND start_ms < ? LIMIT 1", period
    ).fetchone():
        return False
    try:
        block = pack(points)
    except OverflowError:
        return False
    if unpack(block, count) != points:
        return False
    rows = aggregate(points, HOUR_MS)
    kept = _pack_hours(rows) if count >= _DENSE * len(rows) else None
    connection.execute("DELETE FROM reading WHERE series_id = ? AND time_ms >= ? AND time_ms < ?", period)
    connection.execute("DELETE FROM hour WHERE series_id = ? AND start_ms >= ? AND start_ms < ?", period)
    connection.execute("INSERT INTO sealed VALUES (?, ?, ?, ?, ?, ?)", (*period, count, block, kept))
    return True


# --- hours


def hours(connection: sqlite3.Connection, series_id: int, start_ms: int, end_ms: int) -> list[Row]:
    """Return the aggregates of what is sealed in whole hours of a period."""
    found: list[Row] = []
    for _start, _end, count, kept, block in connection.execute(
        _SEALED_HOURS, {"series": series_id, "start": start_ms, "end": end_ms}
    ):
        found += _unpack_hours(kept) if kept is not None else aggregate(unpack(block, count), HOUR_MS)
    if found and (found[0][0] < start_ms or found[-1][0] >= end_ms):
        return [row for row in found if start_ms <= row[0] < end_ms]
    return found


def _pack_hours(rows: list[Row]) -> bytes:
    """Pack aggregates; where an hour has no value, its first and last time are packed as its start."""
    columns = list(zip(*(kept for _start, kept in rows), strict=True))
    starts = [start for start, _kept in rows]
    n, total, minimum, maximum, first_ms, last_ms, first, last, covered_s, estimated_s, absent = columns
    packed = [pack_integers(starts), pack_integers(n)]
    packed += [pack_numbers(column) for column in (total, minimum, maximum, first, last)]
    for column in (first_ms, last_ms):
        packed.append(
            pack_integers([0 if at is None else at - start for at, start in zip(column, starts, strict=True)])
        )
    packed += [pack_integers(column) for column in (covered_s, estimated_s, absent)]
    return struct.pack("<I", len(rows)) + zlib.compress(b"".join(packed))


def _unpack_hours(block: bytes) -> list[Row]:
    (count,) = struct.unpack_from("<I", block)
    reader = Reader(zlib.decompress(block[4:]), count)
    starts, n = reader.integers(), reader.integers()
    total, minimum, maximum, first, last = (reader.numbers() for _ in range(5))
    first_ms, last_ms = (
        [start + since if held else None for start, since, held in zip(starts, reader.integers(), n, strict=True)]
        for _ in range(2)
    )
    covered_s, estimated_s, absent = (reader.integers() for _ in range(3))
    columns = (n, total, minimum, maximum, first_ms, last_ms, first, last, covered_s, estimated_s, absent)
    return [(start, Aggregate._make(row)) for start, row in zip(starts, zip(*columns, strict=True), strict=True)]
