"""The embedded store: one SQLite file, raw readings plus rollups.

One connection per thread; any number of processes may read beside one that writes. To write readings and something of
one's own (the ingester's log) in a single commit, open a transaction on `connection()` and call `write_within`.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Final

from sensors.periods import (
    FIXED_MS,
    HOUR_MS,
    Step,
    bucket_starts,
    day_start_ms,
    first_day,
    floor_ms,
    local_day,
    next_first_day,
)
from sensors.store import schema
from sensors.store.aggregate import Aggregate, Row, regroup, to_buckets
from sensors.store.protocol import Buckets, Conflict, Point, Quality, Series, StoreError, WriteOutcome
from sensors.store.runs import day_runs, hour_runs

_BATCH: Final = 50_000
# Fewer stale hours than this are cheaper to read from raw than to refresh in the way of a page.
_REFRESH_BATCH: Final = 5_000


class SqliteReadingStore:
    """A `ReadingStore` in a SQLite file; raises `StoreError` when the file cannot be used."""

    def __init__(self, path: str | Path, *, read_only: bool = False) -> None:
        self.path = Path(path)
        self._read_only = read_only
        self._threads = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._ids: dict[Series, int] = {}
        try:
            if not read_only:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with self.connection() as connection:
                    connection.executescript(schema.SCHEMA)
            self.connection().execute("SELECT 1 FROM series LIMIT 1").fetchall()
        except (OSError, sqlite3.Error) as problem:
            raise StoreError(
                f"The readings in {self.path} cannot be opened: {problem}."
                " Give yourself write permission on the file and its folder, or choose another with"
                " SCHOOLKLIMAAT_READINGS_URL. Nothing was changed."
            ) from problem

    # --- writing

    def write(self, points: Iterable[Point], on_conflict: Conflict = Conflict.KEEP) -> WriteOutcome:
        """Store points durably, in one transaction; see the protocol."""
        connection = self.connection()
        try:
            connection.execute("BEGIN IMMEDIATE")
            outcome = self.write_within(connection, points, on_conflict)
            connection.execute("COMMIT")
        except sqlite3.Error as problem:
            self._undo(connection)
            raise StoreError(
                f"Readings could not be written to {self.path}: {problem}. Nothing was stored."
            ) from problem
        except BaseException:
            self._undo(connection)
            raise
        return outcome

    def write_within(
        self, connection: sqlite3.Connection, points: Iterable[Point], on_conflict: Conflict = Conflict.KEEP
    ) -> WriteOutcome:
        """Write within the caller's transaction on this store's file, without committing it.

        After a rollback call `forget_series`, since ids of series made in that transaction are gone.
        """
        new = identical = conflicting = 0
        iterator = iter(points)
        while batch := list(islice(iterator, _BATCH)):
            rows = [(self._id(connection, p.series), p.time_ms, p.value, p.duration_s, int(p.quality)) for p in batch]
            before = connection.total_changes
            connection.executemany("INSERT INTO reading VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)
            added = connection.total_changes - before
            new += added
            if added < len(rows):
                same, other = self._sort_out(connection, rows, added, on_conflict)
                identical += same
                conflicting += other
            hours = {(row[0], row[1] - row[1] % HOUR_MS) for row in rows}
            connection.executemany("INSERT INTO stale VALUES (?, ?) ON CONFLICT DO NOTHING", sorted(hours))
        return WriteOutcome(new, identical, conflicting)

    @staticmethod
    def _sort_out(
        connection: sqlite3.Connection, rows: list[tuple[int, int, float | None, int, int]], added: int,
        on_conflict: Conflict,
    ) -> tuple[int, int]:  # fmt: skip
        """Tell identical from conflicting among rows of which `added` were new, and replace where asked."""
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
        return len(rows) - added - conflicting, conflicting

    def forget_series(self) -> None:
        """Drop remembered ids of series; needed after a transaction with `write_within` was rolled back."""
        self._ids.clear()

    def delete(self, series: Series, start_ms: int, end_ms: int) -> int:
        """Remove the points of a period and return how many."""
        found = self._find(series)
        if found is None:
            return 0
        connection = self.connection()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "INSERT INTO stale SELECT DISTINCT series_id, time_ms - time_ms % ? FROM reading"
            " WHERE series_id = ? AND time_ms >= ? AND time_ms < ? ON CONFLICT DO NOTHING",
            (HOUR_MS, found, start_ms, end_ms),
        )
        removed = connection.execute(
            "DELETE FROM reading WHERE series_id = ? AND time_ms >= ? AND time_ms < ?", (found, start_ms, end_ms)
        ).rowcount
        connection.execute("COMMIT")
        return removed

    # --- rollups

    def refresh(self) -> int:
        """Bring stale rollups up to date and return how many hours were; in small transactions, so writers wait little."""
        done = 0
        connection = self.connection()
        while True:
            connection.execute("BEGIN IMMEDIATE")
            hours = connection.execute(
                "SELECT series_id, start_ms FROM stale ORDER BY series_id, start_ms LIMIT ?", (_REFRESH_BATCH,)
            ).fetchall()
            self._refresh_hours(connection, hours)
            connection.execute("COMMIT")
            done += len(hours)
            if len(hours) < _REFRESH_BATCH:
                return done

    def rebuild(self) -> None:
        """Throw all rollups away and make them anew from raw readings."""
        connection = self.connection()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM hour")
        connection.execute("DELETE FROM day")
        connection.execute(
            "INSERT INTO stale SELECT DISTINCT series_id, time_ms - time_ms % ? FROM reading WHERE TRUE"
            " ON CONFLICT DO NOTHING", (HOUR_MS,),
        )  # fmt: skip
        connection.execute("COMMIT")
        self.refresh()

    def _refresh_hours(self, connection: sqlite3.Connection, hours: list[tuple[int, int]]) -> None:
        """Refresh hours that come sorted, whole runs at a time, and the local days that they touch."""
        for series_id, mine in groupby(hours, key=itemgetter(0)):
            starts = [start for _series_id, start in mine]
            for first, after in hour_runs(starts):
                rows = _raw(connection, series_id, first, after, HOUR_MS)
                _put(connection, "hour", series_id, first, after, rows=rows)
                connection.execute(
                    "DELETE FROM stale WHERE series_id = ? AND start_ms >= ? AND start_ms < ?",
                    (series_id, first, after),
                )
            for first, after in day_runs(starts):
                rows = regroup(_hours(connection, series_id, first, after), Step.DAY)
                _put(connection, "day", series_id, first, after, rows=rows)

    # --- reading

    def series(self, source: str) -> list[Series]:
        """Return all series of a kit or connection, sorted."""
        rows = self.connection().execute(
            "SELECT source, channel, quantity FROM series WHERE source = ? ORDER BY channel, quantity", (source,)
        )
        return [Series(*row) for row in rows]

    def points(self, series: Series, start_ms: int, end_ms: int, limit: int | None = None) -> list[Point]:
        """Return raw points in order of time."""
        found = self._find(series)
        if found is None:
            return []
        rows = self.connection().execute(
            "SELECT time_ms, value, duration_s, quality FROM reading"
            " WHERE series_id = ? AND time_ms >= ? AND time_ms < ? ORDER BY time_ms LIMIT ?",
            (found, start_ms, end_ms, -1 if limit is None else limit),
        )
        return [Point(series, time_ms, value, duration, Quality(quality)) for time_ms, value, duration, quality in rows]

    def scan(self, source: str, start_ms: int, end_ms: int) -> Iterator[Point]:
        """Yield raw points of all series of a source, by series and time."""
        for series in self.series(source):
            at = start_ms
            while batch := self.points(series, at, end_ms, _BATCH):
                yield from batch
                at = batch[-1].time_ms + 1

    def latest(self, sources: Sequence[str]) -> dict[Series, Point]:
        """Return the newest point with a value of each series of these sources."""
        if not sources:
            return {}
        marks = ", ".join("?" * len(sources))
        rows = self.connection().execute(
            f"SELECT s.source, s.channel, s.quantity, r.time_ms, r.value, r.duration_s, r.quality FROM series s"  # noqa: S608 - only marks
            f" JOIN reading r ON r.series_id = s.id AND r.time_ms = (SELECT time_ms FROM reading n"
            f"  WHERE n.series_id = s.id AND n.value IS NOT NULL ORDER BY n.time_ms DESC LIMIT 1)"
            f" WHERE s.source IN ({marks})",
            list(sources),
        )
        return {Series(*row[:3]): Point(Series(*row[:3]), row[3], row[4], row[5], Quality(row[6])) for row in rows}

    def last_before(self, series: Series, time_ms: int) -> Point | None:
        """Return the newest point with a value before an instant."""
        found = self._find(series)
        if found is None:
            return None
        row = self.connection().execute(
            "SELECT time_ms, value, duration_s, quality FROM reading WHERE series_id = ? AND time_ms < ?"
            " AND value IS NOT NULL ORDER BY time_ms DESC LIMIT 1",
            (found, time_ms),
        ).fetchone()  # fmt: skip
        return None if row is None else Point(series, row[0], row[1], row[2], Quality(row[3]))

    def buckets(self, series: Series, start_ms: int, end_ms: int, step: Step) -> Buckets:
        """Return aggregates per bucket."""
        found = self._find(series)
        if found is None or end_ms <= start_ms:
            return Buckets()
        connection = self.connection()
        start, end = _whole(start_ms, end_ms, step)
        connection.execute("BEGIN")  # one view of rollups and raw
        try:
            if step in FIXED_MS and step is not Step.HOUR:
                rows = _raw(connection, found, start, end, FIXED_MS[step])
            elif step is Step.HOUR:
                rows = _hours(connection, found, start, end)
            else:
                days = _days(connection, found, start, end)
                rows = days if step is Step.DAY else regroup(days, step)
        finally:
            connection.execute("COMMIT")
        return to_buckets(rows)

    def ready(self) -> bool:
        """Say whether the file answers."""
        try:
            self.connection().execute("SELECT 1 FROM series LIMIT 1").fetchall()
        except sqlite3.Error:
            return False
        return True

    # --- the file

    def connection(self) -> sqlite3.Connection:
        """Return this thread's connection, in autocommit mode: transactions are begun and ended in words."""
        kept: sqlite3.Connection | None = getattr(self._threads, "connection", None)
        if kept is None:
            address = f"{self.path.absolute().as_uri()}?mode={'ro' if self._read_only else 'rwc'}"
            kept = sqlite3.connect(address, uri=True, isolation_level=None, timeout=30, check_same_thread=False)
            kept.execute("PRAGMA busy_timeout=30000")
            if not self._read_only:
                kept.execute("PRAGMA journal_mode=WAL")
                kept.execute("PRAGMA synchronous=FULL")
            kept.execute("PRAGMA cache_size=-32000")
            kept.execute("PRAGMA mmap_size=268435456")
            self._threads.connection = kept
            self._opened.append(kept)
        return kept

    def close(self) -> None:
        """Close every thread's connection."""
        for connection in self._opened:
            connection.close()
        self._opened.clear()
        self._threads = threading.local()

    def _find(self, series: Series) -> int | None:
        if (known := self._ids.get(series)) is None:
            row = self.connection().execute(
                "SELECT id FROM series WHERE source = ? AND channel = ? AND quantity = ?", series
            ).fetchone()  # fmt: skip
            if row is None:
                return None
            known = self._ids[series] = int(row[0])
        return known

    def _id(self, connection: sqlite3.Connection, series: Series) -> int:
        if (known := self._ids.get(series)) is None:
            connection.execute(
                "INSERT INTO series (source, channel, quantity) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", series
            )
            row = connection.execute(
                "SELECT id FROM series WHERE source = ? AND channel = ? AND quantity = ?", series
            ).fetchone()  # fmt: skip
            known = self._ids[series] = int(row[0])
        return known

    def _undo(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        self.forget_series()


def _whole(start_ms: int, end_ms: int, step: Step) -> tuple[int, int]:
    """Widen a period to whole buckets."""
    start, last = floor_ms(start_ms, step), floor_ms(end_ms - 1, step)
    if step in FIXED_MS:
        return start, last + FIXED_MS[step]
    return start, day_start_ms(next_first_day(first_day(local_day(last), step), step))


def _raw(connection: sqlite3.Connection, series_id: int, start: int, end: int, step_ms: int | None) -> list[Row]:
    """Aggregate raw readings per fixed step, or the whole period as one bucket."""
    rows = connection.execute(
        schema.RAW_BY_STEP if step_ms else schema.RAW_WHOLE,
        {"series": series_id, "start": start, "end": end, "step": step_ms},
    )
    return [(row[0], Aggregate(*row[1:])) for row in rows]


def _hours(connection: sqlite3.Connection, series_id: int, start: int, end: int) -> list[Row]:
    """Return the hours of a period: clean ones from the rollup, stale ones from raw."""
    period = {"series": series_id, "start": start, "end": end}
    rows = [(row[0], Aggregate(*row[1:])) for row in connection.execute(schema.CLEAN_HOURS, period)]
    stale = [hour for (hour,) in connection.execute(schema.STALE_HOURS, period)]
    for first, after in hour_runs(stale):
        rows += _raw(connection, series_id, first, after, HOUR_MS)
    return sorted(rows, key=_start) if stale else rows


def _days(connection: sqlite3.Connection, series_id: int, start: int, end: int) -> list[Row]:
    """Return the local days of a period: clean ones from the rollup, those with a stale hour from their hours."""
    period = {"series": series_id, "start": start, "end": end}
    stale_days = {floor_ms(hour, Step.DAY) for (hour,) in connection.execute(schema.STALE_HOURS, period)}
    rows = [
        (row[0], Aggregate(*row[1:])) for row in connection.execute(schema.DAYS, period) if row[0] not in stale_days
    ]
    for day in stale_days:
        after = next(islice(bucket_starts(day, day + 3 * 24 * HOUR_MS, Step.DAY), 1, None))
        rows += regroup(_hours(connection, series_id, day, after), Step.DAY)
    return sorted(rows, key=_start) if stale_days else rows


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


def _start(row: Row) -> int:
    return row[0]
