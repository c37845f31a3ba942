"""What the ingester writes down beside readings: who was heard when, what was set aside and why, and its counters.

Embedded, these tables live in the file of the SQLite reading store, so that one commit covers both.
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

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS heard (
    kit TEXT PRIMARY KEY, heard_ms INTEGER NOT NULL, availability TEXT, skew_ms INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS set_aside (
    kit TEXT NOT NULL, topic TEXT NOT NULL, what TEXT NOT NULL, reason TEXT NOT NULL, family TEXT,
    payload BLOB NOT NULL, first_ms INTEGER NOT NULL, heard_ms INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (kit, topic, what, reason)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ix_set_aside_heard ON set_aside (heard_ms);
CREATE TABLE IF NOT EXISTS memory (
    kit TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kit, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unacknowledged (mid INTEGER PRIMARY KEY, digest BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS alive (one INTEGER PRIMARY KEY CHECK (one = 1), at_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS pending (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, channel TEXT NOT NULL, quantity TEXT NOT NULL,
    time_ms INTEGER NOT NULL, value REAL, duration_s INTEGER NOT NULL, quality INTEGER NOT NULL
);
"""
COUNTERS: Final = (
    "messages_received",  # = the five below together
    "messages_read",  # held at least one reading
    "messages_collapsed",  # redelivered, or the same bytes within a second
    "messages_rejected",  # nothing in it could be used
    "messages_informative",  # availability, discovery, units
    "messages_replayed",  # retained: told before, so never a new reading
    "readings_new",
    "readings_identical",
    "readings_conflicting",
    "values_rejected",
    "clocks_corrected",
)


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


class IngestLog(Protocol):
    """What the site may ask of the ingester's notes."""

    def last_heard(self, kits: Sequence[str]) -> dict[str, datetime]:
        """When each kit was last heard, in UTC; a kit never heard is not there."""

    def availability(self, kits: Sequence[str]) -> dict[str, str]:
        """What each kit's own last word about itself is: online or offline."""

    def set_aside(self, kits: Sequence[str], *, limit: int, offset: int = 0) -> list[SetAside]:
        """What was set aside of these kits, the last heard first."""

    def counters(self) -> dict[str, int]:
        """All counters of `COUNTERS`, since the log began."""

    def alive_at(self) -> datetime | None:
        """When the ingester last said that it lives."""


class SqliteIngestLog:
    """The ingest log in a SQLite file; raises `StoreError` when it cannot be opened."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.local()
        try:
            self._connection().executescript(SCHEMA)
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

    def last_heard(self, kits: Sequence[str]) -> dict[str, datetime]:
        """Return when each kit was last heard."""
        return {kit: from_ms(heard) for kit, heard in self._of(kits, "kit, heard_ms")}

    def availability(self, kits: Sequence[str]) -> dict[str, str]:
        """Return each kit's own last word about itself."""
        return {kit: word for kit, word in self._of(kits, "kit, availability") if word is not None}

    def _of(self, kits: Sequence[str], columns: str) -> list[tuple[Any, ...]]:
        if not kits:
            return []
        marks = ", ".join("?" * len(kits))
        query = f"SELECT {columns} FROM heard WHERE kit IN ({marks})"  # noqa: S608 - only marks
        return self._connection().execute(query, list(kits)).fetchall()

    def set_aside(self, kits: Sequence[str], *, limit: int, offset: int = 0) -> list[SetAside]:
        """Return what was set aside of these kits, the last heard first."""
        if not kits:
            return []
        marks = ", ".join("?" * len(kits))
        rows = self._connection().execute(
            "SELECT kit, topic, what, reason, family, payload, first_ms, heard_ms, count FROM set_aside"  # noqa: S608 - only marks
            f" WHERE kit IN ({marks}) ORDER BY heard_ms DESC, topic, what LIMIT ? OFFSET ?",
            [*kits, limit, offset],
        )
        return [
            SetAside(kit, topic, what, reason, family, payload, from_ms(first_ms), from_ms(heard_ms), count)
            for kit, topic, what, reason, family, payload, first_ms, heard_ms, count in rows
        ]

    def counters(self) -> dict[str, int]:
        """Return all counters; one that never counted is 0."""
        kept = dict(self._connection().execute("SELECT name, count FROM counter").fetchall())
        return {name: kept.get(name, 0) for name in COUNTERS}

    def alive_at(self) -> datetime | None:
        """Return when the ingester last said that it lives."""
        row = self._connection().execute("SELECT at_ms FROM alive").fetchone()
        return None if row is None else datetime.fromtimestamp(row[0] / 1000, UTC)


def open_ingest_log(path: str | Path) -> IngestLog:
    """Open the ingest log in a file."""
    return SqliteIngestLog(Path(path))
