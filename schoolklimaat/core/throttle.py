"""How often something may happen: per account, class or token, never per address alone, since thirty pupils share one.

Counting is done by the library `limits`: in an SQLite file of the data folder, which all processes of one machine share
(the default), or in Redis by `SCHOOLKLIMAAT_LIMITS_URL` (`redis://host:6379/0`, with the extra `redis`).
"""

import sqlite3
import time
from typing import Final

from flask import Flask, abort
from limits import parse
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from schoolklimaat.core.context import provide, provided
from schoolklimaat.settings import Settings

_NAME: Final = "throttle"
_BUSY_S: Final = 10.0
_KEPT_PER_SWEEP: Final = 500
TOO_MANY: Final = 429


class SQLiteCounters(Storage):
    """Counters in an SQLite file, for `limits`; one statement a count, so processes do not lose one another's."""

    STORAGE_SCHEME = ["schoolklimaat+sqlite"]  # noqa: RUF012 - the library's own way to register

    def __init__(self, uri: str, wrap_exceptions: bool = False, **_options: str) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._path = uri.removeprefix("schoolklimaat+sqlite://")
        with self._open() as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS counter"
                " (key TEXT PRIMARY KEY, count INTEGER NOT NULL, until REAL NOT NULL) WITHOUT ROWID"
            )
        self._since_sweep = 0

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=_BUSY_S, isolation_level=None)

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong here."""
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count once more and return the count of this window; a window that is over begins again."""
        moment = time.time()
        self._since_sweep += 1
        connection = self._open()
        try:
            if self._since_sweep > _KEPT_PER_SWEEP:
                self._since_sweep = 0
                connection.execute("DELETE FROM counter WHERE until <= ?", (moment,))
            row = connection.execute(
                "INSERT INTO counter VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE SET"
                " count = CASE WHEN until <= ?4 THEN ?2 ELSE count + ?2 END,"
                " until = CASE WHEN until <= ?4 THEN ?3 ELSE until END RETURNING count",
                (key, amount, moment + expiry, moment),
            ).fetchone()
        finally:
            connection.close()
        return int(row[0])

    def _row(self, key: str) -> tuple[int, float] | None:
        connection = self._open()
        try:
            found: tuple[int, float] | None = connection.execute(
                "SELECT count, until FROM counter WHERE key = ? AND until > ?", (key, time.time())
            ).fetchone()
        finally:
            connection.close()
        return found

    def get(self, key: str) -> int:
        """Return the count of the window that runs."""
        row = self._row(key)
        return row[0] if row else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window ends, in seconds since the epoch."""
        row = self._row(key)
        return row[1] if row else time.time()

    def check(self) -> bool:
        """Say whether the file can be read."""
        return self._row("") is None

    def reset(self) -> int | None:
        """Forget every count."""
        connection = self._open()
        try:
            return connection.execute("DELETE FROM counter").rowcount
        finally:
            connection.close()

    def clear(self, key: str) -> None:
        """Forget one count."""
        connection = self._open()
        try:
            connection.execute("DELETE FROM counter WHERE key = ?", (key,))
        finally:
            connection.close()


def allow(what: str, whom: str, limit: str) -> bool:
    """Count one more of `what` by `whom` and say whether it is still within the limit, such as "60/10minutes"."""
    limiter: FixedWindowRateLimiter = provided(_NAME)
    return limiter.hit(parse(limit), what, whom)


def has_room(what: str, whom: str, limit: str) -> bool:
    """Say whether one more would be within the limit, without counting it."""
    limiter: FixedWindowRateLimiter = provided(_NAME)
    return limiter.test(parse(limit), what, whom)


def require(what: str, whom: str, limit: str) -> None:
    """Count one more and answer 429 when it is too much."""
    if not allow(what, whom, limit):
        abort(TOO_MANY)


def init_app(app: Flask, settings: Settings) -> None:
    """Open the counters."""
    url = settings.limits_url or f"schoolklimaat+sqlite://{settings.data / 'limits.sqlite'}"
    provide(app, _NAME, FixedWindowRateLimiter(storage_from_string(url)))
