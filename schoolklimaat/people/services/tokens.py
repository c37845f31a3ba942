"""Tokens for programs: made once, shown once, for a year at most, and revocable."""

import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from schoolklimaat.core import audit
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.core.sealed import fingerprint
from schoolklimaat.people.models import Account, ApiToken

VALID_FOR: Final = timedelta(days=365)
MOST_TOKENS: Final = 10


class TooManyTokensError(Exception):
    """An account has as many tokens as one person can keep an eye on."""


def make_token(account: Account, name: str) -> tuple[ApiToken, str]:
    """Make a token; returns it with its text, which is kept nowhere. Raises `TooManyTokensError`."""
    if len(tokens_of(account)) >= MOST_TOKENS:
        raise TooManyTokensError
    text = f"sk_{secrets.token_urlsafe(32)}"
    token = ApiToken(
        account_id=account.id, name=name.strip(), token_hash=fingerprint(text), expires_at=now() + VALID_FOR
    )
    db.session.add(token)
    db.session.flush()
    audit.record("token.make", f"token:{token.id}")
    return token, text


def tokens_of(account: Account) -> list[ApiToken]:
    """Return the tokens of an account that still work, newest first."""
    return list(
        db.session.scalars(
            select(ApiToken)
            .where(ApiToken.account_id == account.id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > now())
            .order_by(ApiToken.id.desc())
        )
    )


def find_token(number: int) -> ApiToken | None:
    """Return the token of a URL."""
    return db.session.get(ApiToken, number)


def token_owner(text: str) -> ApiToken | None:
    """Return the token of a text, with its account, while it works."""
    return db.session.scalar(
        select(ApiToken)
        .where(ApiToken.token_hash == fingerprint(text), ApiToken.revoked_at.is_(None), ApiToken.expires_at > now())
        .options(joinedload(ApiToken.account))
    )


def revoke_token(token: ApiToken) -> None:
    """End a token at once."""
    token.revoked_at = now()
    audit.record("token.revoke", f"token:{token.id}")
