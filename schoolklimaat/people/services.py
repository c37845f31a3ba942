"""Accounts and how they prove who they are."""

from datetime import datetime, timedelta
from functools import cache
from typing import Final, Protocol

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import select

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account

_HASHER: Final = PasswordHasher()
TRIES_BEFORE_PAUSE: Final = 10
PAUSE: Final = timedelta(minutes=5)


class PausedError(Exception):
    """Too many wrong tries for one account; `until` says when to try again."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"paused until {until}")
        self.until = until


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password or PIN, with its salt and parameters."""
    return _HASHER.hash(password)


def matches(hashed: str, password: str) -> bool:
    """Say whether a password or PIN belongs to a hash."""
    try:
        return _HASHER.verify(hashed, password)
    except VerificationError:
        return False


class KeepsTries(Protocol):
    """Somebody with a secret, whose wrong tries are counted: an account or a pupil."""

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
    if matches(hashed, secret):
        who.failed_attempts, who.locked_until = 0, None
        return True
    who.failed_attempts += 1
    if who.failed_attempts % tries == 0:
        who.locked_until = now() + PAUSE
    return False


@cache
def _nobodys_hash() -> str:
    """Return a hash to check against where there is none; made on first need, since making one takes its time."""
    return hash_password("niemand")


def create_account(email: str, name: str, password_hash: str) -> Account:
    """Add an account; raises ValueError when the address is taken."""
    address = _normal(email)
    if db.session.scalar(select(Account.id).where(Account.email == address)) is not None:
        raise ValueError(f"{address} heeft al een account.")
    account = Account(email=address, name=name, password_hash=password_hash)
    db.session.add(account)
    return account


def authenticate(email: str, password: str) -> Account | None:
    """Return the account that belongs to an address and password, or None; raises `PausedError` after many tries.

    The pause is per account, never per network address: thirty people of one school share one.
    """
    account: Account | None = db.session.scalar(select(Account).where(Account.email == _normal(email)))
    known = knows_secret(account, account and account.password_hash, password, tries=TRIES_BEFORE_PAUSE)
    return account if known else None


def load_account(account_id: int) -> Account | None:
    """Return the account of a session."""
    return db.session.get(Account, account_id)


def _normal(email: str) -> str:
    return email.strip().lower()
