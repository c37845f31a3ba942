"""Accounts and how they prove who they are."""

from typing import Final

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from schoolklimaat.core import audit
from schoolklimaat.core.db import db
from schoolklimaat.core.mail import send_mail
from schoolklimaat.people.models import Account
from schoolklimaat.people.services.passwords import hash_password
from schoolklimaat.people.services.tokens import revoke_token, tokens_of
from schoolklimaat.people.services.tries import knows_secret

TRIES_BEFORE_PAUSE: Final = 10


def find_account(email: str) -> Account | None:
    """Return the account of an address; capitals and blanks around it do not matter."""
    return db.session.scalar(select(Account).where(Account.email == normal_address(email)))


def create_account(email: str, name: str, password_hash: str) -> Account:
    """Add an account; raises ValueError when the address is taken."""
    address = normal_address(email)
    if db.session.scalar(select(Account.id).where(Account.email == address)) is not None:
        raise ValueError(f"{address} heeft al een account.")
    account = Account(email=address, name=name, password_hash=password_hash)
    db.session.add(account)
    return account


def authenticate(email: str, password: str) -> Account | None:
    """Return the account that belongs to an address and password, or None; raises `PausedError` after many tries.

    The pause is per account, never per network address: thirty people of one school share one.
    """
    account = find_account(email)
    return account if knows_password(account, password) else None


def knows_password(account: Account | None, password: str) -> bool:
    """Say whether a password is an account's; raises `PausedError` after many tries."""
    return knows_secret(account, account and account.password_hash, password, tries=TRIES_BEFORE_PAUSE)


def set_password(account: Account, password: str, how: str) -> None:
    """Give an account a new password, note `how` ("changed", "reset") in the audit trail, and tell its owner by mail.

    After a reset its tokens for programs end too: whoever knew the old password may have made one.
    """
    account.password_hash = hash_password(password)
    account.failed_attempts, account.locked_until = 0, None
    if how == "reset":
        for token in tokens_of(account):
            revoke_token(token)
    audit.record(f"password.{how}", f"account:{account.id}")
    with force_locale(account.language or "nl"):
        send_mail(
            account.email,
            _("Je wachtwoord is veranderd"),
            _(
                "Dag %(name)s\n\nHet wachtwoord van je account bij Schoolklimaat is zonet veranderd.\n\nWas jij dat niet?"
                " Vraag dan meteen een nieuw wachtwoord via „Wachtwoord vergeten” en laat het weten aan IOK.\n",
                name=account.name,
            ),
        )


def load_account(account_id: int) -> Account | None:
    """Return the account of a session, with its second factor."""
    return db.session.get(Account, account_id, options=[joinedload(Account.second_factor)])


def normal_address(email: str) -> str:
    """Return an e-mail address as it is kept and compared."""
    return email.strip().lower()
