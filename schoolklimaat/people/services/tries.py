"""Wrong tries are counted per person, never per network address: thirty people of one school share one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, Protocol

from sqlalchemy import inspect, update

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.people.services.passwords import hash_password, matches

PAUSE: Final = timedelta(minutes=5)
_LONGEST_PAUSE: Final = timedelta(days=1)


class PausedError(Exception):
    """Too many wrong tries for one account; `until` says when to try again."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"paused until {until}")
        self.until = until


class KeepsTries(Protocol):
    """Somebody with a secret, whose wrong tries are counted: an account, its second factor, or a pupil."""

    failed_attempts: int
    locked_until: datetime | None


def knows_secret(who: KeepsTries | None, hashed: str | None, secret: str, *, tries: int) -> bool:
    """Say whether a secret is somebody's, and count it when it is not.

    After each `tries` wrong ones there is a pause, in which `PausedError` is raised whatever the secret. Nobody at all
    (None) takes as long to refuse as somebody.
    """
    nobodys = _nobodys_hash()  # asked for on every path, so that making it once tells nothing either
    if who is None or hashed is None:
        matches(nobodys, secret)
        return False
    if who.locked_until is not None and who.locked_until > now():
        matches(nobodys, secret)
        raise PausedError(who.locked_until)
    right = matches(hashed, secret)  # before the row is held: this takes its time
    return counted(who, lambda: right, tries=tries)


def counted(who: KeepsTries, is_right: Callable[[], bool], *, tries: int, growing: bool = False) -> bool:
    """Ask `is_right` and count it when it is not; raises `PausedError` during a pause.

    The row is held from here to the end of the request, so that tries sent at the same time are counted one after the
    other, and what `is_right` spends is spent once. `who` is a row of a table.

    With `growing` each pause is twice the last one, up to a day: for what only somebody who is already half in can try,
    so that nobody can keep another person out with it.
    """
    _hold(who)
    if who.locked_until is not None and who.locked_until > now():
        raise PausedError(who.locked_until)
    if is_right():
        who.failed_attempts, who.locked_until = 0, None
        return True
    who.failed_attempts += 1
    rounds, left = divmod(who.failed_attempts, tries)
    if left == 0:
        doublings = min(rounds - 1, 10) if growing else 0
        who.locked_until = now() + min(PAUSE * 2**doublings, _LONGEST_PAUSE)
    return False


def _hold(who: KeepsTries) -> None:
    """Take the row's lock (SQLite: the database's) by writing it as it is, and read its count anew."""
    table: Any = type(who)
    of_row = [column == value for column, value in zip(inspect(table).primary_key, inspect(who).identity, strict=True)]
    db.session.execute(
        update(table)
        .where(*of_row)
        .values(failed_attempts=table.failed_attempts)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(who)


@cache
def _nobodys_hash() -> str:
    """Return a hash to check against where there is none; made on first need, since making one takes its time."""
    return hash_password("niemand")
