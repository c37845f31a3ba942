"""The file of the embedded store: a connection per thread, transactions, and what goes wrong said in words."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sensors.store import rollups, schema
from sensors.store.protocol import StoreError

_BUSY_MS: Final = 30_000
_ANOTHER: Final = "or choose another file with SCHOOLKLIMAAT_READINGS_URL"
# What to do, by SQLite's primary result code.
_ADVICE: Final[dict[int, str]] = {
    sqlite3.SQLITE_PERM: f"Give yourself write permission on the file and its folder, {_ANOTHER}.",
    sqlite3.SQLITE_READONLY: f"Give yourself write permission on the file and its folder, {_ANOTHER}.",
    sqlite3.SQLITE_CANTOPEN: f"See that its folder exists and that you may write in it, {_ANOTHER}.",
    sqlite3.SQLITE_FULL: "Make room on its disk and try again.",
    sqlite3.SQLITE_IOERR: "Look at the disk it is on: reading or writing failed there.",
    sqlite3.SQLITE_BUSY: "Another program has kept it busy for 30 seconds; end that one, or try again.",
    sqlite3.SQLITE_LOCKED: "Another program has kept it busy; end that one, or try again.",
    sqlite3.SQLITE_CORRUPT: "The file is damaged: set it apart and put back a copy; `sqlite3 FILE .recover` gives what is whole.",
    sqlite3.SQLITE_NOTADB: f"It is not a file of readings: move it away, {_ANOTHER}.",
}


def in_words(path: Path, problem: Exception, doing: str) -> StoreError:
    """Say what failed, where, and what to do about it."""
    if isinstance(problem, sqlite3.Error):
        code = getattr(problem, "sqlite_errorcode", None)
        advice = _ADVICE.get((code or 0) & 0xFF, "Try again; if it stays, look at the file and its disk.")
    else:
        advice = f"See that its folder exists and that you may write in it, {_ANOTHER}."
    return StoreError(f"The readings in {path} could not be {doing}: {problem}. {advice} Nothing was changed.")


class SqliteFile:
    """Connections to one SQLite file in WAL, opened when a thread first needs one."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self.path = path
        self._read_only = read_only
        self._local = threading.local()
        self._opened: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._lock = threading.Lock()
        if read_only and not path.exists():
            raise StoreError(
                f"There is no file of readings at {path} yet. The ingester makes it, or `schoolklimaat migrate`;"
                f" or name another with SCHOOLKLIMAAT_READINGS_URL."
            )
        try:
            if not read_only:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._take_in_use(self.connection())
        except (OSError, sqlite3.Error) as problem:
            self.close()
            raise in_words(path, problem, "opened") from problem
        except StoreError:
            self.close()
            raise

    def _take_in_use(self, connection: sqlite3.Connection) -> None:
        """Make the tables where they are lacking; refuse a file whose shape this version does not know."""
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > schema.VERSION:
            raise StoreError(
                f"The readings in {self.path} were made by a newer Schoolklimaat (shape {version}; this one knows"
                f" {schema.VERSION}). Use that version, {_ANOTHER}. Nothing was changed."
            )
        if version < schema.VERSION:
            if self._read_only:
                raise StoreError(
                    f"The readings in {self.path} are of an older version."
                    " Run `schoolklimaat migrate` once. Nothing was changed."
                )
            connection.executescript(f"BEGIN IMMEDIATE; {schema.SCHEMA}")
            rollups.fill_months(connection)
            connection.execute(f"PRAGMA user_version = {schema.VERSION}")
            connection.execute("COMMIT")
        connection.execute("SELECT 1 FROM series LIMIT 1").fetchall()

    def connection(self) -> sqlite3.Connection:
        """Return this thread's connection, in autocommit mode: transactions are begun and ended in words."""
        kept: sqlite3.Connection | None = getattr(self._local, "connection", None)
        # A connection must not be carried into a forked process.
        if kept is None or self._local.process != os.getpid():
            kept = self._open()
            self._local.connection, self._local.process = kept, os.getpid()
            with self._lock:
                ended = [pair for pair in self._opened if not pair[0].is_alive()]
                self._opened = [pair for pair in self._opened if pair[0].is_alive()]
                self._opened.append((threading.current_thread(), kept))
            for _thread, connection in ended:
                connection.close()
        return kept

    def _open(self) -> sqlite3.Connection:
        address = f"{self.path.absolute().as_uri()}?mode={'ro' if self._read_only else 'rwc'}"
        made = sqlite3.connect(
            address, uri=True, isolation_level=None, timeout=_BUSY_MS / 1000, check_same_thread=False
        )
        try:
            if not self._read_only:
                # Takes effect in a new file only: room of sealed readings goes back to the disk bit by bit.
                made.execute("PRAGMA auto_vacuum=INCREMENTAL")
                made.execute("PRAGMA journal_mode=WAL")
                made.execute("PRAGMA synchronous=FULL")
                made.execute("PRAGMA journal_size_limit=67108864")
            made.execute("PRAGMA cache_size=-32000")
            made.execute("PRAGMA mmap_size=268435456")
        except BaseException:
            made.close()
            raise
        return made

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give one view of everything: nothing changes between two queries within."""
        connection = self.connection()
        begins = not connection.in_transaction
        try:
            if begins:
                connection.execute("BEGIN")
            yield connection
        except sqlite3.Error as problem:
            raise in_words(self.path, problem, "read") from problem
        finally:
            if begins and connection.in_transaction:
                connection.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Commit everything within durably at its end, or nothing of it."""
        connection = self.connection()
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        except sqlite3.Error as problem:
            _roll_back(connection)
            raise in_words(self.path, problem, "written") from problem
        except BaseException:
            _roll_back(connection)
            raise

    def close(self) -> None:
        """Close every thread's connection."""
        with self._lock:
            for _thread, connection in self._opened:
                connection.close()
            self._opened.clear()
        self._local = threading.local()


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")
