"""Removing an account: everything that is somebody's goes, what they did stays without a name."""

from sqlalchemy import delete, func, select

from schoolklimaat.core import audit
from schoolklimaat.core.belongings import let_go
from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import Invitation, Membership, Role, School


class StillNeededError(Exception):
    """Somebody must hand over first: `schools` they run alone, or (`region`) they are IOK's last administrator."""

    def __init__(self, schools: list[School], *, region: bool) -> None:
        super().__init__("the account runs something alone")
        self.schools = schools
        self.region = region


def needed_for(account: Account) -> tuple[list[School], bool]:
    """Return the schools that an account coordinates alone, and whether it is the last administrator of IOK."""
    coordinators = (
        select(Membership.school_id)
        .where(Membership.role == Role.CLIMATE_COORDINATOR, Membership.account_id != account.id)
        .scalar_subquery()
    )
    alone = (
        select(School)
        .join(Membership, Membership.school_id == School.id)
        .where(
            Membership.account_id == account.id,
            Membership.role == Role.CLIMATE_COORDINATOR,
            School.archived_at.is_(None),
            School.id.not_in(coordinators),
        )
        .order_by(School.name)
    )
    administers = select(Membership.account_id).where(Membership.role == Role.IOK_ADMIN).distinct()
    administrators = list(db.session.scalars(administers))
    return list(db.session.scalars(alone)), administrators == [account.id]


def remove_account(account: Account) -> None:
    """Delete an account with its roles, sessions, keys and invitations; raises `StillNeededError`.

    The audit trail keeps its number, which then means nobody.
    """
    schools, region = needed_for(account)
    if schools or region:
        raise StillNeededError(schools, region=region)
    audit.record("account.remove", f"staff:{account.id}")
    db.session.flush()
    db.session.execute(delete(Invitation).where(func.lower(Invitation.email) == account.email.lower()))
    let_go("account", account.id)
