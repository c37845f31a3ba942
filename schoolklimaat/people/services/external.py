"""Which account belongs to whom at another service. A link is made only by the account itself, or by an invitation."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from schoolklimaat.core import audit
from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account, ExternalIdentity
from schoolklimaat.people.services.accounts import create_account, find_account
from schoolklimaat.people.services.passwords import hash_password
from schoolklimaat.people.services.providers import Claim


@dataclass(frozen=True, slots=True)
class Newcomers:
    """What a higher room knows of people without an account: who is invited, and what to give them."""

    is_invited: Callable[[str], bool]
    welcome: Callable[[Account], None]


_NEWCOMERS: Final[list[Newcomers]] = []


class TakenError(Exception):
    """This person at the other service belongs to another account, or the account has another one there."""


def register_newcomers(newcomers: Newcomers) -> None:
    """Let a higher room take in whom it invited."""
    if newcomers not in _NEWCOMERS:
        _NEWCOMERS.append(newcomers)


def account_of(claim: Claim) -> Account | None:
    """Return the account that somebody at another service belongs to; what Smartschool told is brought up to date."""
    found = db.session.scalar(
        select(ExternalIdentity)
        .where(ExternalIdentity.provider == claim.provider, ExternalIdentity.subject_hash == claim.subject_hash)
        .options(joinedload(ExternalIdentity.account).joinedload(Account.second_factor))
    )
    if found is None:
        return None
    found.institution_number, found.role, found.class_name = claim.institution_number, claim.role, claim.class_name
    return found.account


def identities_of(account: Account) -> list[ExternalIdentity]:
    """Return the other services by which an account may sign in; at most one each."""
    return list(
        db.session.scalars(
            select(ExternalIdentity)
            .where(ExternalIdentity.account_id == account.id)
            .order_by(ExternalIdentity.provider)
        )
    )


def link(account: Account, claim: Claim) -> None:
    """Let somebody at another service sign in as this account from now on; raises `TakenError`."""
    owner = account_of(claim)
    if owner is account:
        return
    if owner is not None or any(one.provider == claim.provider for one in identities_of(account)):
        raise TakenError
    db.session.add(
        ExternalIdentity(
            account=account, provider=claim.provider, subject_hash=claim.subject_hash,
            institution_number=claim.institution_number, role=claim.role, class_name=claim.class_name,
        )
    )  # fmt: skip
    audit.record("external.link", f"account:{account.id}", provider=claim.provider)


def find_identity(number: int) -> ExternalIdentity | None:
    """Return the link of a URL."""
    return db.session.get(ExternalIdentity, number)


def unlink(identity: ExternalIdentity) -> None:
    """Let the other service no longer sign this account in."""
    audit.record("external.unlink", f"account:{identity.account_id}", provider=identity.provider)
    db.session.delete(identity)


def is_invited(claim: Claim) -> bool:
    """Whether somebody without an account was invited on the address that the other service verified."""
    if claim.email is None or find_account(claim.email) is not None:
        return False
    return any(newcomers.is_invited(claim.email) for newcomers in _NEWCOMERS)


def welcome(claim: Claim, name: str) -> Account:
    """Make the account of an invited newcomer, linked; its password is nobody's until they choose one by mail."""
    assert claim.email is not None  # noqa: S101 - `is_invited` was asked first
    account = create_account(claim.email, name, hash_password(secrets.token_urlsafe(32)))
    db.session.flush()
    link(account, claim)
    for newcomers in _NEWCOMERS:
        newcomers.welcome(account)
    return account
