"""A school becomes a climate school: it applies with its board's agreement, IOK answers and names who guides it."""

from typing import Any, Final

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from schoolklimaat.core.audit import record
from schoolklimaat.core.clock import now, today
from schoolklimaat.core.context import settings
from schoolklimaat.core.db import db
from schoolklimaat.core.mail import send_mail
from schoolklimaat.core.slugs import slug_of
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import (
    Application,
    ApplicationState,
    Membership,
    Municipality,
    Role,
    School,
    SchoolBoard,
    Site,
)
from schoolklimaat.schools.services.invitations import grant, invite
from schoolklimaat.schools.services.structure import board_named

ENGAGEMENT_VERSION: Final = "2026-11"
_OPEN_PER_ADDRESS: Final = 3


class KnownSchoolError(Exception):
    """This institution number is a climate school already, or its application waits."""


class TooManyError(Exception):
    """One address has enough applications waiting."""


def municipalities_now() -> list[Municipality]:
    """Return the municipalities that exist today, by name."""
    day = today()
    return list(
        db.session.scalars(
            select(Municipality)
            .where((Municipality.valid_to.is_(None)) | (Municipality.valid_to > day))
            .order_by(Municipality.name)
        )
    )


def apply(said: dict[str, Any]) -> Application:
    """Keep an application and tell the applicant and IOK; raises `KnownSchoolError` or `TooManyError`."""
    number = said["institution_number"].strip().zfill(6)
    email = said["contact_email"].strip().lower()
    waiting = Application.state == ApplicationState.APPLIED
    if db.session.scalar(select(School.id).where(School.institution_number == number)) or db.session.scalar(
        select(Application.id).where(waiting, Application.institution_number == number)
    ):
        raise KnownSchoolError
    count = select(func.count()).select_from(Application).where(waiting, Application.contact_email == email)
    if (db.session.scalar(count) or 0) >= _OPEN_PER_ADDRESS:
        raise TooManyError
    application = Application(
        **{**said, "institution_number": number, "contact_email": email}, engagement_version=ENGAGEMENT_VERSION
    )
    db.session.add(application)
    db.session.flush()
    send_mail(
        email,
        _("We kregen de aanvraag van %(school)s", school=application.school_name),
        _(
            "Dag %(name)s\n\nWe kregen de aanvraag om %(school)s klimaatschool te maken. IOK bekijkt ze en antwoordt op dit"
            " adres. Je hoeft nu niets te doen.",
            name=application.contact_name, school=application.school_name,
        ),
    )  # fmt: skip
    for address in _addresses_of_iok():
        send_mail(
            address,
            _("Nieuwe klimaatschool: %(school)s", school=application.school_name),
            _(
                "%(school)s vraagt om klimaatschool te worden.\n\nBekijk de aanvraag: %(link)s",
                school=application.school_name,
                link=settings().site_url + url_for("schools.application", number=application.id),
            ),
        )
    record("application.apply", f"application:{application.id}")
    return application


def find_application(number: int) -> Application | None:
    """Return the application of a URL."""
    return db.session.scalar(
        select(Application).where(Application.id == number).options(joinedload(Application.municipality))
    )


def applications(*, waiting: bool, page: int = 1, per_page: int = 25) -> list[Application]:
    """Return one page of applications and one more: those that wait, oldest first, or those answered, newest first."""
    wanted = select(Application).options(joinedload(Application.municipality), joinedload(Application.school))
    if waiting:
        wanted = wanted.where(Application.state == ApplicationState.APPLIED).order_by(Application.id)
    else:
        wanted = wanted.where(Application.state != ApplicationState.APPLIED).order_by(Application.id.desc())
    return list(db.session.scalars(wanted.limit(per_page + 1).offset((page - 1) * per_page)))


def experts() -> list[Account]:
    """Return who at IOK can guide a school, by name."""
    at_iok = select(Membership.account_id).where(Membership.role.in_((Role.IOK_EXPERT, Role.IOK_ADMIN)))
    return list(db.session.scalars(select(Account).where(Account.id.in_(at_iok)).order_by(Account.name)))


def accept(application: Application, *, expert: Account, by: Account, note: str = "") -> School:
    """Make the school with its board and first site, give it its expert, and invite its coordinator."""
    school = School(
        slug=free_school_slug(application.school_name), name=application.school_name,
        municipality_id=application.municipality_id, institution_number=application.institution_number,
        level=application.level, network=application.network, board=_board_of(application),
    )  # fmt: skip
    db.session.add_all([school, Site(school=school, name=_("Hoofdvestiging"))])
    db.session.flush()
    _decide(application, ApplicationState.ACCEPTED, by, note)
    application.school_id = school.id
    grant(expert, Role.IOK_EXPERT, school_id=school.id)
    if note:
        send_mail(application.contact_email, _("%(school)s is klimaatschool", school=school.name), note)
    invite(application.contact_email, Role.CLIMATE_COORDINATOR, school=school, by=by)
    record("application.accept", f"application:{application.id}", school_id=school.id)
    return school


def decline(application: Application, *, by: Account, note: str) -> None:
    """Say not now, with the reason; the school can apply again."""
    _decide(application, ApplicationState.DECLINED, by, note)
    send_mail(
        application.contact_email,
        _("Over de aanvraag van %(school)s", school=application.school_name),
        _("Dag %(name)s\n\nIOK kan nu niet op de aanvraag ingaan. De uitleg:\n\n%(note)s\n\nJe mag later opnieuw aanvragen.",
          name=application.contact_name, note=note),
    )  # fmt: skip
    record("application.decline", f"application:{application.id}")


def _decide(application: Application, state: ApplicationState, by: Account, note: str) -> None:
    application.state, application.decided_at = state, now()
    application.decided_by_id, application.decision_note = by.id, note or None


def _board_of(application: Application) -> SchoolBoard:
    return board_named(application.board_name, application.board_kbo)


def free_school_slug(name: str) -> str:
    """Return an address for a new school that no other school has or had."""
    return slug_of(name, set(db.session.scalars(select(School.slug))), otherwise="school")


def _addresses_of_iok() -> list[str]:
    admins = select(Membership.account_id).where(Membership.role == Role.IOK_ADMIN)
    return list(db.session.scalars(select(Account.email).where(Account.id.in_(admins)).order_by(Account.email)))
