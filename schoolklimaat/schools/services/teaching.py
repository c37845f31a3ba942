"""Who teaches a class."""

from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from schoolklimaat.core import audit
from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import ClassGroup, Membership, Role, School, Teaching
from schoolklimaat.schools.policy import memberships_of

_MOST_LISTED: Final = 300


def teachers_of(group: ClassGroup) -> list[Account]:
    """Return who teaches a class, by name."""
    taught = select(Teaching).where(Teaching.class_group_id == group.id).options(joinedload(Teaching.account))
    return sorted((one.account for one in db.session.scalars(taught)), key=lambda account: account.name.casefold())


def teachers_to_add(group: ClassGroup) -> list[Account]:
    """Return the teachers of the school who do not teach this class yet, by name."""
    teaches = select(Teaching.account_id).where(Teaching.class_group_id == group.id)
    return list(
        db.session.scalars(
            select(Account)
            .join(Membership, Membership.account_id == Account.id)
            .where(Membership.school_id == group.school_id, Membership.role == Role.TEACHER, Account.id.not_in(teaches))
            .order_by(Account.name)
            .limit(_MOST_LISTED)
        )
    )


def is_teacher_at(actor: Any, school: School) -> bool:
    """Say whether somebody is a teacher of this school."""
    return any(one.role is Role.TEACHER and one.school_id == school.id for one in memberships_of(actor))


def let_teach(account: Account, group: ClassGroup) -> None:
    """Make somebody a teacher of a class."""
    db.session.add(Teaching(account_id=account.id, class_group_id=group.id))
    audit.record("teaching.add", f"class_group:{group.id}", school_id=group.school_id, account=account.id)


def stop_teaching(account_id: int, group: ClassGroup) -> None:
    """End that somebody teaches a class."""
    db.session.execute(delete(Teaching).where(Teaching.account_id == account_id, Teaching.class_group_id == group.id))
    audit.record("teaching.remove", f"class_group:{group.id}", school_id=group.school_id, account=account_id)
