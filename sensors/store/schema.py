"""The tables of the embedded store, and the statements that keep its rollups.

`reading` holds raw points, clustered by series and time. `hour` holds an aggregate per series and UTC hour, `day` per
series and local day. A write marks the hours it touched in `stale`, in the same transaction; a reader takes clean hours
from `hour` and stale ones from raw, so it never sees a rollup that disagrees with what is stored. `refresh` brings the
stale ones up to date; it can be run at any time, and losing `hour` and `day` loses nothing.
"""

from typing import Final

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS series (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, channel TEXT NOT NULL, quantity TEXT NOT NULL,
    UNIQUE (source, channel, quantity)
);
CREATE TABLE IF NOT EXISTS reading (
    series_id INTEGER NOT NULL, time_ms INTEGER NOT NULL, value REAL,
    duration_s INTEGER NOT NULL, quality INTEGER NOT NULL,
    PRIMARY KEY (series_id, time_ms)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hour (
    series_id INTEGER NOT NULL, start_ms INTEGER NOT NULL,
    count INTEGER NOT NULL, total REAL, minimum REAL, maximum REAL,
    first_ms INTEGER, last_ms INTEGER, first REAL, last REAL,
    covered_s INTEGER NOT NULL, estimated_s INTEGER NOT NULL, absent INTEGER NOT NULL,
    PRIMARY KEY (series_id, start_ms)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS day (
    series_id INTEGER NOT NULL, start_ms INTEGER NOT NULL,
    count INTEGER NOT NULL, total REAL, minimum REAL, maximum REAL,
    first_ms INTEGER, last_ms INTEGER, first REAL, last REAL,
    covered_s INTEGER NOT NULL, estimated_s INTEGER NOT NULL, absent INTEGER NOT NULL,
    PRIMARY KEY (series_id, start_ms)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stale (
    series_id INTEGER NOT NULL, start_ms INTEGER NOT NULL,
    PRIMARY KEY (series_id, start_ms)
) WITHOUT ROWID;
"""

COLUMNS: Final = "count, total, minimum, maximum, first_ms, last_ms, first, last, covered_s, estimated_s, absent"

# One row per bucket of raw readings. The inner query finds the ends, the outer looks their values up by primary key.
_RAW: Final = """
SELECT bucket, count, total, minimum, maximum, first_ms, last_ms,
       (SELECT value FROM reading r WHERE r.series_id = :series AND r.time_ms = first_ms),
       (SELECT value FROM reading r WHERE r.series_id = :series AND r.time_ms = last_ms),
       covered_s, estimated_s, absent
FROM (
    SELECT {bucket} AS bucket, COUNT(value) AS count, SUM(value) AS total, MIN(value) AS minimum, MAX(value) AS maximum,
           MIN(CASE WHEN value IS NOT NULL THEN time_ms END) AS first_ms,
           MAX(CASE WHEN value IS NOT NULL THEN time_ms END) AS last_ms,
           SUM(CASE WHEN value IS NOT NULL THEN duration_s ELSE 0 END) AS covered_s,
           SUM(CASE WHEN value IS NOT NULL AND quality = 1 THEN duration_s ELSE 0 END) AS estimated_s,
           COUNT(*) - COUNT(value) AS absent
    FROM reading WHERE series_id = :series AND time_ms >= :start AND time_ms < :end
    GROUP BY bucket
) ORDER BY bucket
"""
RAW_BY_STEP: Final = _RAW.format(bucket="time_ms - time_ms % :step")
RAW_WHOLE: Final = _RAW.format(bucket=":start")

CLEAN_HOURS: Final = f"""
SELECT start_ms, {COLUMNS} FROM hour h
WHERE series_id = :series AND start_ms >= :start AND start_ms < :end
  AND NOT EXISTS (SELECT 1 FROM stale s WHERE s.series_id = h.series_id AND s.start_ms = h.start_ms)
ORDER BY start_ms
"""  # noqa: S608 - constants
STALE_HOURS: Final = """
SELECT start_ms FROM stale WHERE series_id = :series AND start_ms >= :start AND start_ms < :end ORDER BY start_ms
"""
DAYS: Final = f"""
SELECT start_ms, {COLUMNS} FROM day WHERE series_id = :series AND start_ms >= :start AND start_ms < :end
ORDER BY start_ms
"""  # noqa: S608 - constants
