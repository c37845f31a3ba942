"""What the ingester writes down beside readings: who was heard when, what was set aside and why, and its counters.

Embedded, these tables live in the file of the SQLite reading store, so that one commit covers both.

Nothing is lost without being counted. At any moment, of messages and of the readings in them:

    messages_received = messages_read + messages_collapsed + messages_rejected + messages_informative + messages_replayed
    readings_received = readings_new + readings_identical + readings_conflicting + readings_refused + readings_pending
"""

import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

from sensors.periods import from_ms
from sensors.store.protocol import StoreError

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS device_heard (
    kit TEXT NOT NULL, device TEXT NOT NULL, heard_ms INTEGER, availability TEXT, said_ms INTEGER, skew_ms INTEGER,
    PRIMARY KEY (kit, device)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS set_aside (
    kit TEXT NOT NULL, topic TEXT NOT NULL, what TEXT NOT NULL, reason TEXT NOT NULL, family TEXT,
    payload BLOB NOT NULL, first_ms INTEGER NOT NULL, heard_ms INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (kit, topic, what, reason)
) WITHOUT ROWID;
DROP INDEX IF EXISTS ix_set_aside_heard;
CREATE INDEX IF NOT EXISTS ix_set_aside_kit ON set_aside (kit, heard_ms);
CREATE TABLE IF NOT EXISTS memory (
    kit TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kit, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS delivered (id INTEGER PRIMARY KEY, messages BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS moment_ahead (
    source TEXT NOT NULL, channel TEXT NOT NULL, quantity TEXT NOT NULL, moment_ms INTEGER NOT NULL,
    PRIMARY KEY (source, channel, quantity)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS alive (one INTEGER PRIMARY KEY CHECK (one = 1), at_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS pending (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, channel TEXT NOT NULL, quantity TEXT NOT NULL,
    time_ms INTEGER NOT NULL, value REAL, duration_s INTEGER NOT NULL, quality INTEGER NOT NULL
);
DROP TABLE IF EXISTS unacknowledged;
"""
# Files of before November 2026 know of kits only.
_FROM_HEARD: Final = """
BEGIN IMMEDIATE;
INSERT OR IGNORE INTO device_heard SELECT kit, '', heard_ms, availability, heard_ms, skew_ms FROM heard;
DROP TABLE heard;
COMMIT;
"""
COUNTERS: Final = (
    "messages_received",
    "messages_read",  # held at least one reading
    "messages_collapsed",  # redelivered, or the same bytes within a second
    "messages_rejected",  # nothing in it could be used
    "messages_informative",  # availability, discovery, units
    "messages_replayed",  # retained: told before, so never a new reading
    "messages_lost_qos0",  # sent without asking for receipt, and more than could be taken in; not in messages_received
    "readings_received",
    "readings_new",
    "readings_identical",
    "readings_conflicting",
    "readings_refused",  # by the store, for what they are; set aside
    "values_rejected",
    "clocks_corrected",
)
PENDING: Final = "readings_pending"


@dataclass(frozen=True, slots=True)
class SetAside:
    """Something that could not be used: the part of the message, the reason, an example, and how often."""

    kit: str
    topic: str
    what: str
    reason: str
    family: str | None
    payload: bytes
    first_at: datetime
    heard_at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Device:
    """What is known of a kit (name "") or of a device behind it.

    `heard_at` is None for one that only the broker told about. `said_at` is when it last said its availability itself;
    None with an availability means that the broker repeated an old word. `lag_s` is how far the last device time lay
    behind the moment of hearing: its clock's error, or the age of what it filled in later.
    """

    name: str
    heard_at: datetime | None
    availability: str | None
    said_at: datetime | None
    lag_s: float | None


class IngestLog(Protocol):
    """What the site may ask of the ingester's notes."""

    def last_heard(self, kits: Sequence[str]) -> dict[str, datetime]:
        """When each kit was last heard, in UTC; a kit never heard is not there."""

    def devices(self, kits: Sequence[str]) -> dict[str, list[Device]]:
        """What is known of each kit and of the devices behind it, by name, the kit itself first."""

    def set_aside(self, kits: Sequence[str], *, limit: int, offset: int = 0) -> list[SetAside]:
        """What was set aside of these kits, the last heard first; kit "" is what came outside every kit's root."""

    def counters(self) -> dict[str, int]:
        """All counters of `COUNTERS` since the log began, and `PENDING`: the sums above hold in each answer."""

    def alive_at(self) -> datetime | None:
        """When the ingester last said that it lives."""


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables that are not there; keeps what older versions wrote."""
    connection.executescript(_SCHEMA)
    if connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'heard'").fetchone():
        connection.executescript(_FROM_HEARD)


class SqliteIngestLog:
    """The ingest log in a SQLite file; raises `StoreError` when it cannot be opened."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.local()
        try:
            prepare(self._connection())
        except sqlite3.Error as problem:
            raise StoreError(
                f"The ingest log in {path} cannot be opened: {problem}. Give yourself write permission on it."
            ) from problem

    def _connection(self) -> sqlite3.Connection:
        kept: sqlite3.Connection | None = getattr(self._threads, "connection", None)
        if kept is None:
            kept = sqlite3.connect(self._path, isolation_level=None, timeout=30)
            kept.execute("PRAGMA journal_mode=WAL")
            self._threads.connection = kept
        return kept

    def _of(self, kits: Sequence[str], query: str, *rest: Any) -> list[tuple[Any, ...]]:
        """Run a query that holds `{kits}` where a list of kits must stand."""
        if not kits:
            return []
        return self._connection().execute(query.format(kits=", ".join("?" * len(kits))), [*kits, *rest]).fetchall()

    def last_heard(self, kits: Sequence[str]) -> dict[str, datetime]:
        """Return when each kit was last heard."""
        query = "SELECT kit, heard_ms FROM device_heard WHERE kit IN ({kits}) AND device = '' AND heard_ms IS NOT NULL"
        return {kit: from_ms(heard) for kit, heard in self._of(kits, query)}

    def devices(self, kits: Sequence[str]) -> dict[str, list[Device]]:
        """Return what is known of each kit and of the devices behind it."""
        query = (
            "SELECT kit, device, heard_ms, availability, said_ms, skew_ms FROM device_heard WHERE kit IN ({kits})"
            " ORDER BY kit, device"
        )
        found: dict[str, list[Device]] = {}
        for kit, name, heard, availability, said, skew in self._of(kits, query):
            device = Device(name, _moment(heard), availability, _moment(said), None if skew is None else skew / 1000)
            found.setdefault(kit, []).append(device)
        return found

    def set_aside(self, kits: Sequence[str], *, limit: int, offset: int = 0) -> list[SetAside]:
        """Return what was set aside of these kits, the last heard first."""
        query = (
            "SELECT kit, topic, what, reason, family, payload, first_ms, heard_ms, count FROM set_aside"
            " WHERE kit IN ({kits}) ORDER BY heard_ms DESC, topic, what LIMIT ? OFFSET ?"
        )
        return [
            SetAside(kit, topic, what, reason, family, payload, from_ms(first_ms), from_ms(heard_ms), count)
            for kit, topic, what, reason, family, payload, first_ms, heard_ms, count in self._of(
                kits, query, limit, offset
            )
        ]

    def counters(self) -> dict[str, int]:
        """Return all counters; one that never counted is 0."""
        # One statement, so one view: else a batch could come in between the sums.
        rows = self._connection().execute(
            "SELECT name, count FROM counter UNION ALL SELECT ?, COUNT(*) FROM pending", (PENDING,)
        )
        kept = dict(rows.fetchall())
        return {name: kept.get(name, 0) for name in (*COUNTERS, PENDING)}

    def alive_at(self) -> datetime | None:
        """Return when the ingester last said that it lives."""
        row = self._connection().execute("SELECT at_ms FROM alive").fetchone()
        return None if row is None else datetime.fromtimestamp(row[0] / 1000, UTC)


def _moment(instant_ms: int | None) -> datetime | None:
    return None if instant_ms is None else from_ms(instant_ms)


def open_ingest_log(path: str | Path) -> IngestLog:
    """Open the ingest log in a file."""
    return SqliteIngestLog(Path(path))
