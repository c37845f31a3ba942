"""Roles of the region: searched, given, taken, and given back within the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from schoolklimaat.core.audit import AuditEntry
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.home.iok.figures import open_invitation
from schoolklimaat.home.iok.listing import like
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import Invitation, Membership, Municipality, Role, School
from schoolklimaat.schools.services.invitations import LastCoordinatorError, grant, take_role

UNDO_WITHIN: Final = timedelta(days=1)
_MOST_CHOICES: Final = 1000


class LastAdministratorError(Exception):
    """IOK would be left without an administrator."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A role that was taken in the last day and can be given back; `entry_id` is its line in the trail."""

    entry_id: int
    role: Role
    school: School | None


def accounts(word: str) -> Select[Any]:
    """Build the question of which accounts have a word in their name or address, by name."""
    wanted = select(Account).order_by(Account.name, Account.id)
    if not word:
        return wanted
    pattern = like(word)
    return wanted.where(or_(*(func.lower(one).like(pattern, escape="/") for one in (Account.name, Account.email))))


def roles_of(account_ids: Sequence[int]) -> dict[int, list[Membership]]:
    """Return the roles of accounts with school and municipality, in one question."""
    held: dict[int, list[Membership]] = {}
    found = db.session.scalars(
        select(Membership)
        .where(Membership.account_id.in_(account_ids))
        .options(joinedload(Membership.school), joinedload(Membership.municipality))
        .order_by(Membership.id)
    )
    for one in found:
        held.setdefault(one.account_id, []).append(one)
    return held


def find_account(number: int) -> Account | None:
    """Return the account of a URL."""
    return db.session.get(Account, number)


def find_role(number: int, role: int) -> Membership | None:
    """Return a role of the account of a URL."""
    return db.session.scalar(
        select(Membership).where(Membership.id == role, Membership.account_id == number).options(
            joinedload(Membership.account)
        )
    )  # fmt: skip


def take(membership: Membership) -> None:
    """Take a role; raises `LastAdministratorError` or `LastCoordinatorError` rather than orphan the region or a school."""
    if membership.role is Role.IOK_ADMIN:
        administrators = select(func.count(Membership.account_id.distinct())).where(Membership.role == Role.IOK_ADMIN)
        if db.session.scalar(administrators) == 1:
            raise LastAdministratorError
    take_role(membership)


def taken_lately(account: Account) -> list[Taken]:
    """Return the roles taken from an account in the last day that it does not hold again, newest first.

    Roles for a municipality are not among them: the trail does not say which one, so they are given by invitation.
    """
    entries = db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.action == "role.take",
            AuditEntry.subject == f"staff:{account.id}",
            AuditEntry.at > now() - UNDO_WITHIN,
        )
        .order_by(AuditEntry.id.desc())
    ).all()
    holds = {(one.role, one.school_id) for one in roles_of([account.id]).get(account.id, [])}
    schools = {
        school.id: school
        for school in db.session.scalars(select(School).where(School.id.in_([one.school_id for one in entries])))
    }
    found: dict[tuple[Role, int | None], Taken] = {}
    for entry in entries:
        role = Role(entry.detail["role"])
        key = (role, entry.school_id)
        if key in holds or key in found or role is Role.MUNICIPALITY_OFFICER:
            continue
        found[key] = Taken(entry.id, role, schools.get(entry.school_id or 0))
    return list(found.values())


def give_back(account: Account, entry_id: int) -> Taken | None:
    """Give back a role that was taken in the last day; returns it, or None when that is over."""
    taken = next((one for one in taken_lately(account) if one.entry_id == entry_id), None)
    if taken is not None:
        grant(account, taken.role, school_id=taken.school.id if taken.school else None)
    return taken


def schools_to_assign(account: Account) -> list[School]:
    """Return the schools that an expert does not guide yet, by name."""
    guides = select(Membership.school_id).where(
        Membership.account_id == account.id, Membership.role == Role.IOK_EXPERT, Membership.school_id.is_not(None)
    )
    wanted = select(School).where(School.archived_at.is_(None), School.id.not_in(guides))
    return list(db.session.scalars(wanted.order_by(School.name).limit(_MOST_CHOICES)))


def municipalities() -> list[Municipality]:
    """Return the municipalities that still exist, by name."""
    return list(
        db.session.scalars(
            select(Municipality).where(Municipality.valid_to.is_(None)).order_by(Municipality.name).limit(_MOST_CHOICES)
        )
    )


def invitations(word: str) -> Select[Any]:
    """Build the question of which invitations wait for an answer, newest first."""
    wanted = (
        select(Invitation)
        .where(open_invitation())
        .options(joinedload(Invitation.school), joinedload(Invitation.municipality))
        .order_by(Invitation.id.desc())
    )
    return wanted.where(func.lower(Invitation.email).like(like(word), escape="/")) if word else wanted


def find_invitation(number: int) -> Invitation | None:
    """Return the unanswered invitation of a URL."""
    return db.session.scalar(select(Invitation).where(Invitation.id == number, open_invitation()))


__all__ = [
    "LastAdministratorError", "LastCoordinatorError", "Taken", "accounts", "find_account", "find_invitation", "find_role",
    "give_back", "invitations", "municipalities", "roles_of", "schools_to_assign", "take", "taken_lately",
]  # fmt: skip
