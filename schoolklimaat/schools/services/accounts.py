"""What schools know of an account that signing in must know: whether it must be guarded twice."""

from typing import Final

from sqlalchemy import case, func, select

from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import Role, School
from schoolklimaat.schools.policy import memberships_of

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
