"""One durable commit for all that a batch of messages brought; only after it may they be acknowledged.

With the embedded store the readings go into the same file and the same commit. With another store they wait in
`pending` until a writer has moved them there.
"""

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sensors import ingest_log
from sensors.store.protocol import Point, Quality, ReadingStore, Series
from sensors.store.sqlite import SqliteReadingStore

PAYLOAD_KEPT_BYTES: Final = 512
SET_ASIDE_PER_KIT: Final = 200
SET_ASIDE_KITS: Final = 1_000
OTHERS: Final = "…"  # the topic under which what comes beyond the bound is counted
_MEMORY_PER_KIT: Final = 2_000


@dataclass(slots=True)
class Fault:
    """Something to set aside."""

    kit: str
    topic: str
    what: str
    reason: str
    family: str | None
    payload: bytes
    heard_ms: int


@dataclass(slots=True)
class Heard:
    """What is known of a kit after a batch; None leaves what is stored."""

    heard_ms: int
    availability: str | None = None
    skew_ms: int | None = None


@dataclass(slots=True)
class Batch:
    """What a group of messages brought."""

    points: list[Point] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    heard: dict[str, Heard] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    memory: dict[tuple[str, str], Any] = field(default_factory=dict)
    unacknowledged: dict[int, bytes] = field(default_factory=dict)


class Journal:
    """The ingester's file. All methods are called from one thread, except `move`, which may have its own."""

    def __init__(self, path: Path, store: ReadingStore) -> None:
        self._store = store
        self._embedded = store if isinstance(store, SqliteReadingStore) and store.path == Path(path) else None
        self._path = path
        self._connection = self._open()
        self._connection.executescript(ingest_log.SCHEMA)
        self._aside = Counter(dict(self._connection.execute("SELECT kit, COUNT(*) FROM set_aside GROUP BY kit")))

    def _open(self) -> sqlite3.Connection:
        if self._embedded is not None:
            return self._embedded.connection()
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=30, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    def commit(self, batch: Batch) -> None:
        """Make a batch durable, whole or not at all."""
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            self._put_points(connection, batch)
            self._put_heard(connection, batch.heard)
            for fault in batch.faults:
                self._put_fault(connection, fault)
            connection.executemany(
                "INSERT INTO counter VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET count = count + excluded.count",
                batch.counts.items(),
            )
            for (kit, key), value in batch.memory.items():
                self._put_memory(connection, kit, key, value)
            connection.executemany("INSERT OR REPLACE INTO unacknowledged VALUES (?, ?)", batch.unacknowledged.items())
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if self._embedded is not None:
                self._embedded.forget_series()
            raise

    def _put_points(self, connection: sqlite3.Connection, batch: Batch) -> None:
        if not batch.points:
            return
        if self._embedded is not None:
            outcome = self._embedded.write_within(connection, batch.points)
            batch.counts["readings_new"] += outcome.new
            batch.counts["readings_identical"] += outcome.identical
            batch.counts["readings_conflicting"] += outcome.conflicting
            return
        connection.executemany(
            "INSERT INTO pending (source, channel, quantity, time_ms, value, duration_s, quality)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(*p.series, p.time_ms, p.value, p.duration_s, int(p.quality)) for p in batch.points],
        )

    @staticmethod
    def _put_heard(connection: sqlite3.Connection, heard: dict[str, Heard]) -> None:
        connection.executemany(
            "INSERT INTO heard VALUES (?, ?, ?, ?) ON CONFLICT (kit) DO UPDATE SET"
            " heard_ms = MAX(heard_ms, excluded.heard_ms),"
            " availability = COALESCE(excluded.availability, availability),"
            " skew_ms = COALESCE(excluded.skew_ms, skew_ms)",
            [(kit, known.heard_ms, known.availability, known.skew_ms) for kit, known in heard.items()],
        )

    def _put_fault(self, connection: sqlite3.Connection, fault: Fault) -> None:
        """Count a fault, with the newest example; beyond the bound only under `OTHERS`, so nothing grows for ever."""
        kit, topic = fault.kit, fault.topic[:300]
        key = (kit, topic, fault.what[:200], fault.reason[:300])
        known = connection.execute(
            "SELECT 1 FROM set_aside WHERE kit = ? AND topic = ? AND what = ? AND reason = ?", key
        ).fetchone()
        if known is None:
            if kit not in self._aside and len(self._aside) >= SET_ASIDE_KITS:
                kit = OTHERS
            if self._aside[kit] >= SET_ASIDE_PER_KIT:
                topic = OTHERS
                key = (kit, OTHERS, OTHERS, "Meer berichten konden niet gebruikt worden; enkel hun aantal is bewaard.")
            else:
                self._aside[kit] += 1
                key = (kit, *key[1:])
        connection.execute(
            "INSERT INTO set_aside (kit, topic, what, reason, family, payload, first_ms, heard_ms, count)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (kit, topic, what, reason) DO UPDATE SET"
            " payload = excluded.payload, heard_ms = excluded.heard_ms, count = count + 1",
            (*key, fault.family, fault.payload[:PAYLOAD_KEPT_BYTES], fault.heard_ms, fault.heard_ms),
        )

    @staticmethod
    def _put_memory(connection: sqlite3.Connection, kit: str, key: str, value: Any) -> None:
        if value is None:
            connection.execute("DELETE FROM memory WHERE kit = ? AND key = ?", (kit, key))
        else:
            connection.execute("INSERT OR REPLACE INTO memory VALUES (?, ?, ?)", (kit, key, json.dumps(value)))

    def memory_of(self, kit: str) -> dict[str, Any]:
        """Return what families remembered of a kit."""
        rows = self._connection.execute("SELECT key, value FROM memory WHERE kit = ? LIMIT ?", (kit, _MEMORY_PER_KIT))
        return {key: json.loads(value) for key, value in rows}

    def unacknowledged(self) -> dict[int, bytes]:
        """Return packet ids whose message is committed, with its digest: a redelivery of one brings nothing new."""
        return dict(self._connection.execute("SELECT mid, digest FROM unacknowledged").fetchall())

    def note_alive(self) -> None:
        """Write down that the ingester lives."""
        self._connection.execute("INSERT OR REPLACE INTO alive VALUES (1, ?)", (time.time_ns() // 1_000_000,))

    def refresh(self) -> None:
        """Bring the embedded store's rollups up to date."""
        if self._embedded is not None:
            self._embedded.refresh()

    @property
    def moves(self) -> bool:
        """Whether readings wait here for a store elsewhere."""
        return self._embedded is None

    def move(self, at_most: int = 5_000) -> int:
        """Move waiting readings to the store, oldest first, and return how many; raises `StoreError` when it is away."""
        connection = self._open()
        try:
            rows = connection.execute(
                "SELECT id, source, channel, quantity, time_ms, value, duration_s, quality FROM pending ORDER BY id LIMIT ?",
                (at_most,),
            ).fetchall()
            if not rows:
                return 0
            outcome = self._store.write(_points(rows))
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM pending WHERE id <= ?", (rows[-1][0],))
            connection.executemany(
                "INSERT INTO counter VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET count = count + excluded.count",
                [("readings_new", outcome.new), ("readings_identical", outcome.identical),
                 ("readings_conflicting", outcome.conflicting)],
            )  # fmt: skip
            connection.execute("COMMIT")
        finally:
            connection.close()
        return len(rows)


def _points(rows: Iterable[tuple[Any, ...]]) -> list[Point]:
    return [
        Point(Series(source, channel, quantity), time_ms, value, duration_s, Quality(quality))
        for _id, source, channel, quantity, time_ms, value, duration_s, quality in rows
    ]
