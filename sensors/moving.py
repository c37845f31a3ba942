"""Moves readings that wait in the journal to a store elsewhere: in order, and gone here only once they are there.

A store that is away costs nothing but waiting. A reading that a living store refuses for what it is, is set aside with
the store's own reason, so that it does not hold up what comes after it.
"""

import logging
import sqlite3
import time
from collections.abc import Iterable
from typing import Any, Final

from sensors.journal import Journal, count, open_journal, outcome_counts
from sensors.store.protocol import Point, Quality, ReadingStore, Series, StoreError

log = logging.getLogger(__name__)

_AT_MOST: Final = 5_000
# HTTP: malformed or too old (400), too much at once (413), outside retention (422).
_REFUSED_FOR_WHAT_THEY_ARE: Final = frozenset({400, 413, 422})


class Mover:
    """Moves from the journal's `pending` to a store. Has a connection of its own; for one thread."""

    def __init__(self, journal: Journal, store: ReadingStore) -> None:
        self._connection = open_journal(journal.path)
        self._store = store
        self._at_most = _AT_MOST

    def move(self) -> int:
        """Move the oldest readings, and return how many left the journal; raises `StoreError` when the store is away."""
        rows = self._connection.execute(
            "SELECT id, source, channel, quantity, time_ms, value, duration_s, quality FROM pending ORDER BY id LIMIT ?",
            (self._at_most,),
        ).fetchall()
        if not rows:
            return 0
        try:
            outcome = self._store.write(_points(rows))
        except StoreError as problem:
            # The store keeps the HTTP status with its cause. Any other trouble (a token, a missing bucket, a full disk)
            # is not the reading's: then all wait.
            if getattr(problem.__cause__, "status", None) not in _REFUSED_FOR_WHAT_THEY_ARE:
                raise
            if len(rows) > 1:
                self._at_most = (len(rows) + 1) // 2
                return self.move()
            self._refused(rows[0], problem)
            return 1
        with _Commit(self._connection):
            self._connection.execute("DELETE FROM pending WHERE id <= ?", (rows[-1][0],))
            count(self._connection, outcome_counts(outcome))
        self._at_most = min(self._at_most * 2, _AT_MOST)
        return len(rows)

    def _refused(self, row: tuple[Any, ...], problem: StoreError) -> None:
        number, source, channel, quantity, time_ms, value = row[:6]
        log.error("the store refuses a reading of %s %s %s at %d: %s", source, channel, quantity, time_ms, problem)
        now = time.time_ns() // 1_000_000
        with _Commit(self._connection):
            self._connection.execute("DELETE FROM pending WHERE id = ?", (number,))
            count(self._connection, {"readings_refused": 1})
            self._connection.execute(
                "INSERT INTO set_aside VALUES (?, ?, ?, ?, NULL, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET"
                " payload = excluded.payload, heard_ms = excluded.heard_ms, count = count + 1",
                (source, channel[:300], quantity, str(problem)[:300], f"{value} at {time_ms}".encode(), now, now),
            )


class _Commit:
    """A transaction that is whole or not at all."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_rest: object) -> None:
        self._connection.execute("COMMIT" if kind is None else "ROLLBACK")


def _points(rows: Iterable[tuple[Any, ...]]) -> list[Point]:
    return [
        Point(Series(source, channel, quantity), time_ms, value, duration_s, Quality(quality))
        for _id, source, channel, quantity, time_ms, value, duration_s, quality in rows
    ]
