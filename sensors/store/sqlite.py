"""The embedded store: one SQLite file with raw readings, sealed older ones and rollups.

One connection per thread; any number of processes may read beside one that writes. To write readings and something of
one's own (the ingester's log) in a single commit, open a transaction on `connection()` and call `write_within`.
"""

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, repeat
from pathlib import Path
from typing import Final

from sensors.periods import FIXED_MS, HOUR_MS, Step, day_start_ms, first_day, floor_ms, local_day, next_first_day
from sensors.store import raw, rollups, sealing
from sensors.store.aggregate import fine_buckets, regroup, to_buckets
from sensors.store.protocol import Buckets, Conflict, Point, Quality, Series, WriteOutcome
from sensors.store.sqlite_file import SqliteFile, in_words

_BATCH: Final = 50_000
_REFRESH_BATCH: Final = 5_000  # hours in one transaction: a fifth of a second at most, for whoever waits to write
_SEAL_AFTER_MS: Final = 48 * HOUR_MS  # by then hardly anything comes late
_SEALED_BY_A_REFRESH: Final = 4
_PAGES_FREED_BY_A_SEAL: Final = 64
_QUALITIES: Final = tuple(Quality)


class SqliteReadingStore:
    """A `ReadingStore` in a SQLite file; every method raises `StoreError` when the file cannot be used."""

    def __init__(self, path: str | Path, *, read_only: bool = False) -> None:
        self.path = Path(path)
        self._file = SqliteFile(self.path, read_only=read_only)
        # Per thread: what one thread has made and not committed must not be known to another.
        self._local = threading.local()

    # --- writing

    def write(self, points: Iterable[Point], on_conflict: Conflict = Conflict.KEEP) -> WriteOutcome:
        """Store points durably, in one transaction; see the protocol. Sorted points are written fastest."""
        try:
            with self._file.writing() as connection:
                return self.write_within(connection, points, on_conflict)
        except BaseException:
            self.forget_series()
            raise

    def write_within(
        self, connection: sqlite3.Connection, points: Iterable[Point], on_conflict: Conflict = Conflict.KEEP
    ) -> WriteOutcome:
        """Write within the caller's transaction on `connection()`, without committing it; raises `sqlite3.Error`.

        After a rollback call `forget_series`, since ids of series made in that transaction are gone.
        """
        new = identical = conflicting = 0
        iterator = iter(points)
        while batch := list(islice(iterator, _BATCH)):
            try:
                rows = raw.rows_of(self._ids(), batch)
            except KeyError:
                ids = {series: self._id(connection, series) for series in {point.series for point in batch}}
                rows = raw.rows_of(ids, batch)
            outcome = raw.insert(connection, rows, on_conflict)
            new += outcome.new
            identical += outcome.identical
            conflicting += outcome.conflicting
        return WriteOutcome(new, identical, conflicting)

    def forget_series(self) -> None:
        """Drop this thread's remembered ids; needed after its transaction with `write_within` was rolled back."""
        self._ids().clear()

    def delete(self, series: Series, start_ms: int, end_ms: int) -> int:
        """Remove the points of a period and return how many."""
        with self._file.writing() as connection:
            found = self._find(connection, series)
            return 0 if found is None else raw.delete(connection, found, start_ms, end_ms)

    # --- upkeep; readers see the same before, during and after

    def refresh(self) -> int:
        """Bring stale rollups up to date and return how many hours were; then seal a little of what is old.

        In small transactions, so that whoever wants to write waits little. Call it about once a minute.
        """
        done = 0
        while True:
            with self._file.writing() as connection:
                refreshed = rollups.refresh(connection, _REFRESH_BATCH)
            done += refreshed
            if refreshed < _REFRESH_BATCH:
                break
        self.seal(at_most=_SEALED_BY_A_REFRESH)
        return done

    def seal(self, *, before_ms: int | None = None, at_most: int | None = None) -> int:
        """Seal readings from before an instant (two days ago), at most so many blocks, and return how many.

        Only hours whose rollups are up to date are sealed: `refresh` first.
        """
        before = time.time_ns() // 1_000_000 - _SEAL_AFTER_MS if before_ms is None else before_ms
        with self._file.reading() as connection:
            candidates = connection.execute(
                "SELECT id FROM series s WHERE EXISTS (SELECT 1 FROM (SELECT 1 FROM reading"
                " WHERE series_id = s.id AND time_ms < ? LIMIT 1 OFFSET ?))",
                (before, sealing.FEWEST - 1),
            ).fetchall()
        done = 0
        for (series_id,) in candidates:
            while at_most is None or done < at_most:
                with self._file.writing() as connection:
                    sealed = sealing.seal(connection, series_id, before)
                if not sealed:
                    break
                done += 1
        if done:
            # A script, since `execute` takes one step and each step frees one page.
            self.connection().executescript(f"PRAGMA incremental_vacuum({done * _PAGES_FREED_BY_A_SEAL})")
        return done

    def rebuild(self) -> None:
        """Throw all rollups away, unseal everything, and make the rollups anew from raw readings."""
        with self._file.writing() as connection:
            for (series_id,) in connection.execute("SELECT DISTINCT series_id FROM sealed").fetchall():
                raw.unseal(connection, series_id, 0, raw.FOREVER_MS)
            for table in ("hour", "day", "month"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - constants
            connection.execute(
                "INSERT INTO stale SELECT DISTINCT series_id, time_ms - time_ms % ? FROM reading WHERE TRUE"
                " ON CONFLICT DO NOTHING",
                (HOUR_MS,),
            )
        self.refresh()

    # --- reading

    def series(self, source: str) -> list[Series]:
        """Return all series of a kit or connection, sorted."""
        with self._file.reading() as connection:
            return [series for series, _id in self._series_of(connection, source)]

    def points(self, series: Series, start_ms: int, end_ms: int, limit: int | None = None) -> list[Point]:
        """Return raw points in order of time."""
        with self._file.reading() as connection:
            found = self._find(connection, series)
            if found is None:
                return []
            times, values, durations, qualities = raw.points(connection, found, start_ms, end_ms, limit)
        words = map(_QUALITIES.__getitem__, qualities)
        return list(map(Point._make, zip(repeat(series), times, values, durations, words, strict=False)))

    def scan(self, source: str, start_ms: int, end_ms: int) -> Iterator[Point]:
        """Yield raw points of all series of a source, by series and time."""
        for series in self.series(source):
            at = start_ms
            while batch := self.points(series, at, end_ms, _BATCH):
                yield from batch
                at = batch[-1].time_ms + 1

    def latest(self, sources: Sequence[str]) -> dict[Series, Point]:
        """Return the newest point with a value of each series of these sources."""
        found = {}
        with self._file.reading() as connection:
            for source in sources:
                for series, series_id in self._series_of(connection, source):
                    if (newest := raw.newest(connection, series_id)) is not None:
                        found[series] = _point(series, newest)
        return found

    def last_before(self, series: Series, time_ms: int) -> Point | None:
        """Return the newest point with a value before an instant."""
        with self._file.reading() as connection:
            found = self._find(connection, series)
            newest = None if found is None else raw.newest(connection, found, time_ms)
        return None if newest is None else _point(series, newest)

    def buckets(self, series: Series, start_ms: int, end_ms: int, step: Step) -> Buckets:
        """Return aggregates per bucket."""
        if end_ms <= start_ms:
            return Buckets()
        start, end = _whole(start_ms, end_ms, step)
        with self._file.reading() as connection:
            found = self._find(connection, series)
            if found is None:
                return Buckets()
            if step in FIXED_MS and step is not Step.HOUR:
                return fine_buckets(raw.points(connection, found, start, end), FIXED_MS[step])
            if step is Step.HOUR:
                return to_buckets(rollups.hours(connection, found, start, end))
            if step in {Step.DAY, Step.WEEK}:
                rows = rollups.days(connection, found, start, end)
            else:
                rows = rollups.months(connection, found, start, end)
        return to_buckets(rows if step in {Step.DAY, Step.MONTH} else regroup(rows, step))

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
        try:
            return self._file.connection()
        except sqlite3.Error as problem:
            raise in_words(self.path, problem, "opened") from problem

    def close(self) -> None:
        """Close every thread's connection."""
        self._file.close()

    @staticmethod
    def _series_of(connection: sqlite3.Connection, source: str) -> list[tuple[Series, int]]:
        rows = connection.execute(
            "SELECT id, channel, quantity FROM series WHERE source = ? ORDER BY channel, quantity", (source,)
        )
        return [(Series(source, channel, quantity), series_id) for series_id, channel, quantity in rows]

    def _ids(self) -> dict[Series, int]:
        kept: dict[Series, int] | None = getattr(self._local, "ids", None)
        if kept is None:
            kept = self._local.ids = {}
        return kept

    def _find(self, connection: sqlite3.Connection, series: Series) -> int | None:
        ids = self._ids()
        if (known := ids.get(series)) is None:
            row = connection.execute(
                "SELECT id FROM series WHERE source = ? AND channel = ? AND quantity = ?", series
            ).fetchone()
            if row is None:
                return None
            known = ids[series] = int(row[0])
        return known

    def _id(self, connection: sqlite3.Connection, series: Series) -> int:
        if (known := self._find(connection, series)) is None:
            made = connection.execute(
                "INSERT INTO series (source, channel, quantity) VALUES (?, ?, ?) RETURNING id", series
            ).fetchone()
            known = self._ids()[series] = int(made[0])
        return known


def _point(series: Series, found: raw.Newest) -> Point:
    time_ms, value, duration_s, quality = found
    return Point(series, time_ms, value, duration_s, _QUALITIES[quality])


def _whole(start_ms: int, end_ms: int, step: Step) -> tuple[int, int]:
    """Widen a period to whole buckets."""
    start, last = floor_ms(start_ms, step), floor_ms(end_ms - 1, step)
    if step in FIXED_MS:
        return start, last + FIXED_MS[step]
    return start, day_start_ms(next_first_day(first_day(local_day(last), step), step))
