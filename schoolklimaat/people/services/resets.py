"""A forgotten password: a link by mail, good for one new password within the hour.

Whether an address has an account is looked up by the worker, not by the request. So the answer, and the time it takes,
are the same for every address.
"""

import secrets
from datetime import timedelta
from typing import Final, cast

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import joinedload

from schoolklimaat.core import audit, jobs
from schoolklimaat.core.clock import now
from schoolklimaat.core.context import settings
from schoolklimaat.core.db import after_commit, db
from schoolklimaat.core.mail import send_mail
from schoolklimaat.core.sealed import fingerprint
from schoolklimaat.people.models import Account, PasswordReset
from schoolklimaat.people.services.accounts import find_account, set_password

LINK_LASTS: Final = timedelta(hours=1)
PATH: Final = "/wachtwoord/nieuw"
_LINKS_AN_HOUR: Final = 3  # so that nobody's letter box is filled by another


def ask_reset(email: str) -> None:
    """Have a link mailed to an address, if it has an account: the same for every address, once this is committed."""
    after_commit(lambda: jobs.later(send_reset_link, email))


@jobs.task
def send_reset_link(email: str) -> None:
    """Make a link for the account of an address and mail it; an address without one gets nothing."""
    account = find_account(email)
    if account is None or _links_lately(account) >= _LINKS_AN_HOUR:
        return
    token = secrets.token_urlsafe(32)
    db.session.add(PasswordReset(account=account, token_hash=fingerprint(token), expires_at=now() + LINK_LASTS))
    audit.record("password.reset_asked", f"account:{account.id}")
    with force_locale(account.language or "nl"):
        send_mail(
            account.email,
            _("Een nieuw wachtwoord kiezen"),
            _(
                "Dag %(name)s\n\nMet deze link kies je een nieuw wachtwoord voor Schoolklimaat. De link werkt één keer,"
                " en dit uur nog:\n\n%(link)s\n\nHeb jij dit niet gevraagd? Dan hoef je niets te doen: je wachtwoord"
                " blijft zoals het is.\n",
                name=account.name,
                link=f"{settings().site_url}{PATH}/{token}",
            ),
        )


def find_reset(token: str) -> PasswordReset | None:
    """Return the link of a token while it works, with its account."""
    return db.session.scalar(
        select(PasswordReset)
        .where(
            PasswordReset.token_hash == fingerprint(token),
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > now(),
        )
        .options(joinedload(PasswordReset.account))
    )


def use_reset(link: PasswordReset, password: str) -> bool:
    """Set the new password by a link, which then, like every other open link of the account, is spent.

    Returns False when another request spent it first.
    """
    spent = cast(
        "CursorResult[object]",
        db.session.execute(
            update(PasswordReset)
            .where(PasswordReset.id == link.id, PasswordReset.used_at.is_(None))
            .values(used_at=now())
            .execution_options(synchronize_session=False)
        ),
    )
    if spent.rowcount != 1:
        return False
    db.session.execute(
        update(PasswordReset)
        .where(PasswordReset.account_id == link.account_id, PasswordReset.used_at.is_(None))
        .values(used_at=now())
        .execution_options(synchronize_session=False)
    )
    set_password(link.account, password, "reset")
    return True


def _links_lately(account: Account) -> int:
    since = now() - LINK_LASTS
    counted = select(func.count()).where(PasswordReset.account_id == account.id, PasswordReset.created_at > since)
    return db.session.scalar(counted) or 0
