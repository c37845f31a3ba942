"""What waits at the desk of IOK, counted in few questions."""

from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, exists, func, select

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.kits.models import Kit
from schoolklimaat.kits.readings import STORE_AWAY, ingest_log
from schoolklimaat.kits.services import SILENT_AFTER
from schoolklimaat.schools.models import Application, ApplicationState, ClassGroup, Invitation, Membership, Role, School
from schoolklimaat.schools.policy import scope_of


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits and how big the region is; `silent_kits` is None while nobody can say."""

    applications: int
    without_coordinator: int
    silent_kits: int | None
    open_invitations: int
    schools: int
    classes: int
    kits: int


def has_no_coordinator() -> ColumnElement[bool]:
    """Answer, for a query over schools, whether nobody runs a school."""
    return ~exists().where(Membership.school_id == School.id, Membership.role == Role.CLIMATE_COORDINATOR)


def in_reach(actor: Any) -> ColumnElement[bool]:
    """Answer, for a query over schools, which ones somebody reaches that still go on."""
    return scope_of(actor).filter() & School.archived_at.is_(None)


def waiting_for(actor: Any) -> Waiting:
    """Count what waits for somebody at IOK, among the schools that they reach."""
    reach = in_reach(actor)
    kits = list(db.session.scalars(select(Kit.id).join(Kit.school).where(reach)))
    row = db.session.execute(
        select(
            select(func.count(Application.id)).where(Application.state == ApplicationState.APPLIED).scalar_subquery(),
            select(func.count(School.id)).where(reach, has_no_coordinator()).scalar_subquery(),
            select(func.count(Invitation.id)).where(open_invitation()).scalar_subquery(),
            select(func.count(School.id)).where(reach).scalar_subquery(),
            select(func.count(ClassGroup.id))
            .join(ClassGroup.school)
            .where(reach, ClassGroup.archived_at.is_(None))
            .scalar_subquery(),
        )
    ).one()
    applications, without, invitations, schools, classes = row
    return Waiting(applications, without, _silent(kits), invitations, schools, classes, len(kits))


def open_invitation() -> ColumnElement[bool]:
    """Answer, for a query over invitations, which still wait for an answer."""
    return Invitation.used_at.is_(None) & Invitation.revoked_at.is_(None)


def _silent(kits: list[str]) -> int | None:
    try:
        heard = ingest_log().last_heard(kits)
    except STORE_AWAY:
        current_app.logger.warning("the ingest log did not answer the desk of IOK", exc_info=True)
        return None
    limit = now() - SILENT_AFTER
    return sum(heard[kit] < limit if kit in heard else True for kit in kits)
