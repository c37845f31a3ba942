"""Accounts and how they prove who they are."""

from datetime import datetime, timedelta
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import select

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account

_HASHER: Final = PasswordHasher()
# Checked when there is no such account, so that the answer takes as long.
_NOBODY: Final = _HASHER.hash("niemand")
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
    if account is None:
        matches(_NOBODY, password)
        return None
    if account.locked_until is not None and account.locked_until > now():
        matches(_NOBODY, password)
        raise PausedError(account.locked_until)
    if matches(account.password_hash, password):
        account.failed_attempts, account.locked_until = 0, None
        return account
    account.failed_attempts += 1
    if account.failed_attempts % TRIES_BEFORE_PAUSE == 0:
        account.locked_until = now() + PAUSE
    return None


def load_account(account_id: int) -> Account | None:
    """Return the account of a session."""
    return db.session.get(Account, account_id)


def _normal(email: str) -> str:
    return email.strip().lower()
