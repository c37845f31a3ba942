"""The tables of the embedded store, and the statements that keep its rollups.

`reading` holds raw points, clustered by series and time; `sealed` holds older ones, thousands to a row, compressed. A
point is in one of the two, never in both. `hour` holds an aggregate per series and UTC hour of what is in `reading`;
`sealed` carries its own. `day` and `month` hold one per series and local day or month, of both. A write marks the hours
it touched in `stale`, in the same transaction; a reader takes clean hours from the rollup and stale ones from raw, so it
never sees a rollup that disagrees with what is stored. Rollups can be made anew at any time: losing them loses nothing.
"""

from typing import Final

VERSION: Final = 4  # PRAGMA user_version; up to 1 nothing was sealed, up to 2 there was no `month`

_ROLLUP: Final = """
CREATE TABLE IF NOT EXISTS {name} (
    series_id INTEGER NOT NULL, start_ms INTEGER NOT NULL,
    count INTEGER NOT NULL, total REAL, minimum REAL, maximum REAL,
    first_ms INTEGER, last_ms INTEGER, first REAL, last REAL,
    covered_s INTEGER NOT NULL, estimated_s INTEGER NOT NULL, absent INTEGER NOT NULL,
    PRIMARY KEY (series_id, start_ms)
) WITHOUT ROWID;
"""

SCHEMA: Final = f"""
CREATE TABLE IF NOT EXISTS series (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, channel TEXT NOT NULL, quantity TEXT NOT NULL,
    UNIQUE (source, channel, quantity)
);
CREATE TABLE IF NOT EXISTS reading (
    series_id INTEGER NOT NULL, time_ms INTEGER NOT NULL, value REAL,
    duration_s INTEGER NOT NULL, quality INTEGER NOT NULL,
    PRIMARY KEY (series_id, time_ms)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sealed (
    series_id INTEGER NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, -- whole UTC hours
    count INTEGER NOT NULL, points BLOB NOT NULL, hours BLOB, -- hours: null where points are few enough to add up
    PRIMARY KEY (series_id, start_ms)
);
CREATE INDEX IF NOT EXISTS ix_sealed_end ON sealed (end_ms); -- what is written now is after all of these
{_ROLLUP.format(name="hour")}
{_ROLLUP.format(name="day")}
{_ROLLUP.format(name="month")}
CREATE TABLE IF NOT EXISTS stale (
    series_id INTEGER NOT NULL, start_ms INTEGER NOT NULL,
    PRIMARY KEY (series_id, start_ms)
) WITHOUT ROWID;
"""

COLUMNS: Final = "count, total, minimum, maximum, first_ms, last_ms, first, last, covered_s, estimated_s, absent"

# One row per hour of `reading`. The inner query finds the ends, the outer looks their values up by primary key.
RAW_HOURS: Final = """
SELECT bucket, count, total, minimum, maximum, first_ms, last_ms,
       (SELECT value FROM reading r WHERE r.series_id = :series AND r.time_ms = first_ms),
       (SELECT value FROM reading r WHERE r.series_id = :series AND r.time_ms = last_ms),
       covered_s, estimated_s, absent
FROM (
    SELECT time_ms - time_ms % 3600000 AS bucket,
           COUNT(value) AS count, SUM(value) AS total, MIN(value) AS minimum, MAX(value) AS maximum,
           MIN(CASE WHEN value IS NOT NULL THEN time_ms END) AS first_ms,
           MAX(CASE WHEN value IS NOT NULL THEN time_ms END) AS last_ms,
           SUM(CASE WHEN value IS NOT NULL THEN duration_s ELSE 0 END) AS covered_s,
           SUM(CASE WHEN value IS NOT NULL AND quality = 1 THEN duration_s ELSE 0 END) AS estimated_s,
           COUNT(*) - COUNT(value) AS absent
    FROM reading WHERE series_id = :series AND time_ms >= :start AND time_ms < :end
    GROUP BY bucket
) ORDER BY bucket
"""

CLEAN_HOURS: Final = f"""
SELECT start_ms, {COLUMNS} FROM hour h
WHERE series_id = :series AND start_ms >= :start AND start_ms < :end
  AND NOT EXISTS (SELECT 1 FROM stale s WHERE s.series_id = h.series_id AND s.start_ms = h.start_ms)
ORDER BY start_ms
"""  # noqa: S608 - constants
STALE_HOURS: Final = """
SELECT start_ms FROM stale WHERE series_id = :series AND start_ms >= :start AND start_ms < :end ORDER BY start_ms
"""
_LOCAL: Final = """
SELECT start_ms, {columns} FROM {table} WHERE series_id = :series AND start_ms >= :start AND start_ms < :end
ORDER BY start_ms
"""
DAYS: Final = _LOCAL.format(columns=COLUMNS, table="day")
MONTHS: Final = _LOCAL.format(columns=COLUMNS, table="month")
# Sealed rows never overlap, so the one that holds an instant is the last that begins at or before it.
SEALED: Final = """
SELECT start_ms, end_ms, count, {blob} FROM sealed
WHERE series_id = :series AND end_ms > :start AND start_ms < :end AND start_ms >= COALESCE(
    (SELECT MAX(start_ms) FROM sealed WHERE series_id = :series AND start_ms <= :start), :start)
ORDER BY start_ms
"""
