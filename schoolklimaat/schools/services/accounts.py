"""What schools know that signing in must know: which accounts must be guarded twice, and who is invited."""

from typing import Final

from sqlalchemy import case, func, select

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account
from schoolklimaat.people.services.external import Newcomers
from schoolklimaat.schools.models import Invitation, Role, School
from schoolklimaat.schools.policy import memberships_of
from schoolklimaat.schools.services.invitations import accept_invitation, spend

GUARDED_TWICE: Final = frozenset({Role.IOK_ADMIN, Role.IOK_EXPERT})


def is_demo_database() -> bool:
    """Whether everything here is made up: there are schools, and all of them are simulated."""
    schools, real = db.session.execute(
        select(func.count(School.id), func.sum(case((School.simulated.is_(True), 0), else_=1)))
    ).one()
    return bool(schools) and not real


def needs_second_factor(account: Account) -> bool:
    """Whether an account must have a second factor: IOK's, who reach many schools, except in a demonstration."""
    held = any(membership.role in GUARDED_TWICE for membership in memberships_of(account))
    return held and not is_demo_database()


def open_invitations_to(email: str) -> list[Invitation]:
    """Return the invitations of an address that still work."""
    return list(
        db.session.scalars(
            select(Invitation).where(
                Invitation.email == email,
                Invitation.used_at.is_(None),
                Invitation.revoked_at.is_(None),
                Invitation.expires_at > now(),
            )
        )
    )


def welcome(account: Account) -> None:
    """Give a new account the roles that its address was invited to."""
    for invitation in open_invitations_to(account.email):
        if spend(invitation):
            accept_invitation(invitation, account)


NEWCOMERS: Final = Newcomers(is_invited=lambda email: bool(open_invitations_to(email)), welcome=welcome)
