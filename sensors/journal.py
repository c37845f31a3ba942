"""One durable commit for all that a batch of messages brought; only after it may they be acknowledged.

With the embedded store the readings go into the same file and the same commit. With another store they wait in
`pending` until `Mover` has brought them there.
"""

import json
import sqlite3
import struct
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from sensors import ingest_log
from sensors.batch import Batch, Fault, Heard
from sensors.store.protocol import ReadingStore, Series, StoreError, WriteOutcome
from sensors.store.sqlite import SqliteReadingStore

PAYLOAD_KEPT_BYTES: Final = 512
SET_ASIDE_PER_KIT: Final = 200
SET_ASIDE_KITS: Final = 1_000
DEVICES_PER_KIT: Final = 500
OTHERS: Final = "…"  # the topic under which what made room is counted
_MADE_ROOM: Final = "older messages that could not be used; only their number is kept"
# More than a broker may send us unacknowledged (`Ingester` asks for 500 at once).
REDELIVERIES_KNOWN: Final = 4_000
_DELIVERY: Final = struct.Struct(">H16s")  # packet id, digest


class Journal:
    """The ingester's file. All methods are called from one thread, except `refresh`, which may have its own."""

    def __init__(self, path: Path, store: ReadingStore) -> None:
        self._embedded = store if isinstance(store, SqliteReadingStore) and store.path == Path(path) else None
        self.path = Path(path)
        self.came = threading.Event()
        """Set when readings wait for a store elsewhere."""
        self._connection = self._embedded.connection() if self._embedded else open_journal(self.path)
        ingest_log.prepare(self._connection)
        self._take_stock()

    def _take_stock(self) -> None:
        """Count what is bounded, as it is in the file."""
        ask = self._connection.execute
        self._aside = Counter(dict(ask("SELECT kit, COUNT(*) FROM set_aside GROUP BY kit")))
        self._devices = set(ask("SELECT kit, device FROM device_heard"))
        self._devices_of = Counter(kit for kit, _device in self._devices)
        rows = ask("SELECT id, LENGTH(messages) FROM delivered ORDER BY id")
        self._delivered = deque((row, size // _DELIVERY.size) for row, size in rows)
        self._delivered_count = sum(count for _row, count in self._delivered)

    def commit(self, batch: Batch) -> None:
        """Make a batch durable, whole or not at all; raises `StoreError`, after which the same batch may come again."""
        try:
            try:
                self._commit(batch)
            except UnicodeEncodeError:
                batch.make_writable()
                self._commit(batch)
        except sqlite3.Error as problem:
            raise StoreError(
                f"{self.path} cannot be written: {problem}. Nothing was acknowledged; make room or look at the disk."
            ) from problem
        if batch.points and self._embedded is None:
            self.came.set()

    def _commit(self, batch: Batch) -> None:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            counts = batch.counts + self._put_points(connection, batch)
            for (kit, device), known in batch.heard.items():
                self._put_heard(connection, kit, device, known)
            for fault in batch.faults:
                self._put_fault(connection, fault)
            count(connection, counts)
            for (kit, key), value in batch.memory.items():
                self._put_memory(connection, kit, key, value)
            self._put_delivered(connection, batch)
            self._put_moments(connection, batch.moments)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if self._embedded is not None:
                self._embedded.forget_series()
            self._take_stock()
            raise

    def _put_points(self, connection: sqlite3.Connection, batch: Batch) -> Counter[str]:
        if not batch.points:
            return Counter()
        received = Counter({"readings_received": len(batch.points)})
        if self._embedded is not None:
            return received + outcome_counts(self._embedded.write_within(connection, batch.points))
        connection.executemany(
            "INSERT INTO pending (source, channel, quantity, time_ms, value, duration_s, quality)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(*p.series, p.time_ms, p.value, p.duration_s, int(p.quality)) for p in batch.points],
        )
        return received

    def _put_heard(self, connection: sqlite3.Connection, kit: str, device: str, known: Heard) -> None:
        if (kit, device) not in self._devices:
            if self._devices_of[kit] >= DEVICES_PER_KIT:
                return
            self._devices.add((kit, device))
            self._devices_of[kit] += 1
        connection.execute(
            "INSERT INTO device_heard VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (kit, device) DO UPDATE SET"
            " heard_ms = MAX(COALESCE(heard_ms, excluded.heard_ms), COALESCE(excluded.heard_ms, heard_ms)),"
            " availability = CASE WHEN excluded.said_ms IS NULL THEN COALESCE(availability, excluded.availability)"
            "                ELSE excluded.availability END,"
            " said_ms = COALESCE(excluded.said_ms, said_ms),"
            " skew_ms = COALESCE(excluded.skew_ms, skew_ms)",
            (kit, device, known.heard_ms, known.availability, known.heard_ms if known.availability_live else None,
             known.skew_ms),
        )  # fmt: skip

    def _put_fault(self, connection: sqlite3.Connection, fault: Fault) -> None:
        """Count a fault, with its newest example. Beyond the bound the one longest not heard makes room: its count stays."""
        kit = fault.kit
        if kit not in self._aside and len(self._aside) >= SET_ASIDE_KITS:
            kit = OTHERS
        key = (kit, fault.topic[:300], fault.what[:200], fault.reason[:300])
        there = connection.execute(
            "SELECT 1 FROM set_aside WHERE kit = ? AND topic = ? AND what = ? AND reason = ?", key
        ).fetchone()
        if there is None and self._aside[kit] >= SET_ASIDE_PER_KIT:
            oldest = connection.execute(
                "SELECT topic, what, reason, count FROM set_aside WHERE kit = ? AND reason != ? ORDER BY heard_ms LIMIT 1",
                (kit, _MADE_ROOM),
            ).fetchone()
            connection.execute(
                "DELETE FROM set_aside WHERE kit = ? AND topic = ? AND what = ? AND reason = ?", (kit, *oldest[:3])
            )
            _count_fault(
                connection, (kit, OTHERS, OTHERS, _MADE_ROOM), None, b"", heard_ms=fault.heard_ms, times=oldest[3]
            )
        elif there is None:
            self._aside[kit] += 1
        _count_fault(
            connection, key, fault.family, fault.payload[:PAYLOAD_KEPT_BYTES], heard_ms=fault.heard_ms, times=1
        )

    @staticmethod
    def _put_memory(connection: sqlite3.Connection, kit: str, key: str, value: Any) -> None:
        if value is None:
            connection.execute("DELETE FROM memory WHERE kit = ? AND key = ?", (kit, key))
        else:
            connection.execute("INSERT OR REPLACE INTO memory VALUES (?, ?, ?)", (kit, key, json.dumps(value)))

    def _put_delivered(self, connection: sqlite3.Connection, batch: Batch) -> None:
        """Keep the packet ids of the last messages, a row per batch."""
        if batch.new_session:
            connection.execute("DELETE FROM delivered")
            self._delivered.clear()
            self._delivered_count = 0
        if not batch.delivered:
            return
        messages = b"".join(map(_DELIVERY.pack, batch.delivered.keys(), batch.delivered.values()))
        row = connection.execute("INSERT INTO delivered (messages) VALUES (?)", (messages,)).lastrowid
        self._delivered.append((row, len(batch.delivered)))
        self._delivered_count += len(batch.delivered)
        while self._delivered_count - self._delivered[0][1] >= REDELIVERIES_KNOWN:
            row, size = self._delivered.popleft()
            connection.execute("DELETE FROM delivered WHERE id = ?", (row,))
            self._delivered_count -= size

    @staticmethod
    def _put_moments(connection: sqlite3.Connection, moments: Mapping[Series, int]) -> None:
        if not moments:
            return
        connection.execute("DELETE FROM moment_ahead WHERE moment_ms < ?", (_now_ms(),))
        connection.executemany(
            "INSERT OR REPLACE INTO moment_ahead VALUES (?, ?, ?, ?)",
            [(*series, moment) for series, moment in moments.items()],
        )

    # --- what an ingester must know when it starts

    def memory_of(self, kit: str) -> dict[str, Any]:
        """Return what families remembered of a kit; raises `StoreError`."""
        try:
            rows = self._connection.execute("SELECT key, value FROM memory WHERE kit = ?", (kit,)).fetchall()
        except sqlite3.Error as problem:
            raise StoreError(f"{self.path} cannot be read: {problem}.") from problem
        return {key: json.loads(value) for key, value in rows}

    def delivered(self) -> dict[int, bytes]:
        """Return packet ids whose message is committed, with its digest: a redelivery of one brings nothing new."""
        rows = self._connection.execute("SELECT messages FROM delivered ORDER BY id")
        return {mid: digest for (messages,) in rows for mid, digest in _DELIVERY.iter_unpack(messages)}

    def moments_ahead(self) -> dict[Series, int]:
        """Return the moments of hearing that were given ahead of the clock."""
        rows = self._connection.execute("SELECT source, channel, quantity, moment_ms FROM moment_ahead")
        return {Series(*row[:3]): row[3] for row in rows}

    # --- upkeep

    def note_alive(self) -> None:
        """Write down that the ingester lives; raises `StoreError`."""
        try:
            self._connection.execute("INSERT OR REPLACE INTO alive VALUES (1, ?)", (_now_ms(),))
        except sqlite3.Error as problem:
            raise StoreError(f"{self.path} cannot be written: {problem}.") from problem

    def refresh(self) -> None:
        """Bring the embedded store's rollups up to date."""
        if self._embedded is not None:
            self._embedded.refresh()

    @property
    def moves(self) -> bool:
        """Whether readings wait here for a store elsewhere."""
        return self._embedded is None


def open_journal(path: Path) -> sqlite3.Connection:
    """Open a journal's file for writing, each commit on disk before it returns."""
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    except sqlite3.Error as problem:
        raise StoreError(
            f"The journal {path} cannot be opened: {problem}. Give yourself write permission."
        ) from problem
    return connection


def count(connection: sqlite3.Connection, counts: Mapping[str, int]) -> None:
    """Add to counters, within the caller's transaction."""
    connection.executemany(
        "INSERT INTO counter VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET count = count + excluded.count",
        counts.items(),
    )


def outcome_counts(outcome: WriteOutcome) -> Counter[str]:
    """Return the counters of what a store did with readings."""
    return Counter(
        readings_new=outcome.new, readings_identical=outcome.identical, readings_conflicting=outcome.conflicting
    )


def _count_fault(
    connection: sqlite3.Connection, key: Iterable[str], family: str | None, payload: bytes, *, heard_ms: int, times: int
) -> None:
    connection.execute(
        "INSERT INTO set_aside (kit, topic, what, reason, family, payload, first_ms, heard_ms, count)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kit, topic, what, reason) DO UPDATE SET"
        " payload = excluded.payload, heard_ms = excluded.heard_ms, count = count + excluded.count",
        (*key, family, payload, heard_ms, heard_ms, times),
    )


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
