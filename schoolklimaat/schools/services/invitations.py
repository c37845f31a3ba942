"""Invitations to a role, who holds which, and handing a school over."""

import secrets
from datetime import timedelta
from typing import Any, Final

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from schoolklimaat.core.audit import record
from schoolklimaat.core.clock import now
from schoolklimaat.core.context import settings
from schoolklimaat.core.db import db
from schoolklimaat.core.i18n import day
from schoolklimaat.core.mail import send_mail
from schoolklimaat.core.sealed import fingerprint
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import Invitation, Membership, Municipality, Role, School, Teaching
from schoolklimaat.schools.words import ROLE_WORDS

VALID_FOR: Final = timedelta(days=14)


class LastCoordinatorError(Exception):
    """A school would be left without anybody who runs it."""


def invite(
    email: str, role: Role, *, school: School | None = None, municipality: Municipality | None = None,
    by: Account | None = None,
) -> Invitation:  # fmt: skip
    """Send somebody a link to a role; an earlier open invitation to the same role stops working."""
    address = email.strip().lower()
    where = (Invitation.school_id == (school.id if school else None)) & (
        Invitation.municipality_id == (municipality.id if municipality else None)
    )
    earlier = select(Invitation).where(
        Invitation.email == address, Invitation.role == role, where, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None)
    )  # fmt: skip
    for one in db.session.scalars(earlier):
        one.revoked_at = now()
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        email=address, role=role, school=school, municipality=municipality, token_hash=fingerprint(token),
        invited_by_id=by.id if by else None, expires_at=now() + VALID_FOR,
    )  # fmt: skip
    db.session.add(invitation)
    db.session.flush()
    place = school.name if school else municipality.name if municipality else "IOK"
    link = settings().site_url + url_for("schools.invitation", token=token)
    send_mail(
        address,
        _("Je bent uitgenodigd bij %(place)s", place=place),
        _(
            "Dag\n\nJe bent uitgenodigd als %(role)s bij %(place)s op Schoolklimaat.\n\nKlik op deze link om te beginnen:\n"
            "%(link)s\n\nDe link werkt één keer, tot en met %(day)s. Verwachtte je dit niet? Dan hoef je niets te doen.",
            role=ROLE_WORDS[role], place=place, link=link, day=day(invitation.expires_at, whole=True, year=True),
        ),
    )  # fmt: skip
    record("invitation.send", f"invitation:{invitation.id}", school_id=school.id if school else None, role=role.value)
    return invitation


def find_invitation(token: str) -> Invitation | None:
    """Return the invitation of a link, used or not; None for a link we never sent."""
    return db.session.scalar(
        select(Invitation)
        .where(Invitation.token_hash == fingerprint(token))
        .options(joinedload(Invitation.school), joinedload(Invitation.municipality))
    )


def is_open(invitation: Invitation) -> bool:
    """Say whether a link still works."""
    return invitation.used_at is None and invitation.revoked_at is None and invitation.expires_at > now()


def account_of(email: str) -> Account | None:
    """Return the account of an address."""
    return db.session.scalar(select(Account).where(Account.email == email.strip().lower()))


def spend(invitation: Invitation) -> bool:
    """Spend a link; False when it was spent, revoked or over already, also by a request at this very moment."""
    moment = now()
    spent: Any = db.session.execute(
        update(Invitation)
        .where(
            Invitation.id == invitation.id, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None),
            Invitation.expires_at > moment,
        )
        .values(used_at=moment)
    )  # fmt: skip
    db.session.refresh(invitation)
    return bool(spent.rowcount == 1)


def accept_invitation(invitation: Invitation, account: Account) -> Membership:
    """Give an account the role of an invitation that `spend` spent. Having the role already is fine."""
    return grant(account, invitation.role, school_id=invitation.school_id, municipality_id=invitation.municipality_id)


def grant(
    account: Account, role: Role, *, school_id: int | None = None, municipality_id: int | None = None
) -> Membership:
    """Give an account a role, once."""
    held = db.session.scalar(
        select(Membership).where(
            Membership.account_id == account.id, Membership.role == role, Membership.school_id == school_id,
            Membership.municipality_id == municipality_id,
        )
    )  # fmt: skip
    if held is not None:
        return held
    membership = Membership(account_id=account.id, role=role, school_id=school_id, municipality_id=municipality_id)
    db.session.add(membership)
    db.session.flush()
    record("role.grant", f"staff:{account.id}", school_id=school_id, role=role.value)
    return membership


def staff_of(school: School) -> list[Membership]:
    """Return who holds which role at a school, by name."""
    return list(
        db.session.scalars(
            select(Membership)
            .join(Membership.account)
            .where(Membership.school_id == school.id)
            .options(joinedload(Membership.account))
            .order_by(Account.name, Membership.role)
        )
    )


def open_invitations(school: School) -> list[Invitation]:
    """Return the invitations of a school that wait for an answer, newest first; expired ones too, to send again."""
    return list(
        db.session.scalars(
            select(Invitation)
            .where(Invitation.school_id == school.id, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
            .order_by(Invitation.id.desc())
        )
    )


def find_membership(slug: str, number: int) -> Membership | None:
    """Return the role of a URL, at the school of that URL."""
    return db.session.scalar(
        select(Membership)
        .join(Membership.school)
        .where(Membership.id == number, School.slug == slug)
        .options(joinedload(Membership.account), joinedload(Membership.school))
    )


def find_open_invitation(slug: str, number: int) -> Invitation | None:
    """Return the unanswered invitation of a URL, at the school of that URL."""
    return db.session.scalar(
        select(Invitation)
        .join(Invitation.school)
        .where(Invitation.id == number, School.slug == slug, Invitation.used_at.is_(None))
        .options(joinedload(Invitation.school))
    )


def revoke_invitation(invitation: Invitation) -> None:
    """Make a link useless."""
    invitation.revoked_at = now()
    record("invitation.revoke", f"invitation:{invitation.id}", school_id=invitation.school_id)


def take_role(membership: Membership) -> None:
    """Take a role away, and with a teacher's their classes; raises `LastCoordinatorError` rather than orphan a school."""
    if membership.role is Role.CLIMATE_COORDINATOR and len(_coordinators(membership)) == 1:
        raise LastCoordinatorError
    if membership.role is Role.TEACHER:
        for teaching in db.session.scalars(select(Teaching).where(Teaching.account_id == membership.account_id)):
            if teaching.class_group.school_id == membership.school_id:
                db.session.delete(teaching)
    record("role.take", f"staff:{membership.account_id}", school_id=membership.school_id, role=membership.role.value)
    db.session.delete(membership)


def hand_over(membership: Membership, to: Account) -> None:
    """Make a colleague the coordinator in somebody's place; both keep their other roles."""
    grant(to, Role.CLIMATE_COORDINATOR, school_id=membership.school_id)
    take_role(membership)


def names_of_schools(account: Account) -> list[str]:
    """Return the names of the schools that an account belongs to: words that its password may not hold."""
    at = select(Membership.school_id).where(Membership.account_id == account.id)
    return list(db.session.scalars(select(School.name).where(School.id.in_(at))))


def _coordinators(membership: Membership) -> list[int]:
    return list(
        db.session.scalars(
            select(Membership.id).where(
                Membership.school_id == membership.school_id, Membership.role == Role.CLIMATE_COORDINATOR
            )
        )
    )
