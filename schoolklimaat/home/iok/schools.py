"""All schools that somebody at IOK reaches, with who runs them."""

from typing import Any, Final

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select, func, or_, select

from schoolklimaat.core.db import db
from schoolklimaat.core.guard import current_actor, needs
from schoolklimaat.home.iok.blueprint import blueprint
from schoolklimaat.home.iok.figures import has_no_coordinator
from schoolklimaat.home.iok.listing import PER_PAGE, Asked, Cell, asked, like, list_file, list_page, one_page, whole
from schoolklimaat.home.iok.policy import SEE_DESK
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import ClassGroup, Membership, Municipality, Role, School
from schoolklimaat.schools.policy import scope_of

_WITHOUT: Final = "zonder"
_ENDED: Final = "archief"


def _wanted(question: Asked) -> Select[Any]:
    classes = (
        select(func.count(ClassGroup.id))
        .where(ClassGroup.school_id == School.id, ClassGroup.archived_at.is_(None))
        .scalar_subquery()
    )
    ended = School.archived_at.is_not(None) if question.only == _ENDED else School.archived_at.is_(None)
    wanted = (
        select(School, Municipality.name, classes)
        .join(School.municipality)
        .where(scope_of(current_actor()).filter(), ended)
        .order_by(School.name, School.id)
    )
    if question.word:
        pattern = like(question.word)
        wanted = wanted.where(
            or_(
                func.lower(School.name).like(pattern, escape="/"),
                func.lower(Municipality.name).like(pattern, escape="/"),
                School.institution_number.like(pattern, escape="/"),
            )
        )
    return wanted.where(has_no_coordinator()) if question.only == _WITHOUT else wanted


def _coordinators(school_ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    held = (
        select(Membership.school_id, Account.name)
        .join(Membership.account)
        .where(Membership.role == Role.CLIMATE_COORDINATOR, Membership.school_id.in_(school_ids))
        .order_by(Account.name)
    )
    for school_id, name in db.session.execute(held):
        found.setdefault(school_id or 0, []).append(name)
    return found


def _cells(rows: list[Any]) -> list[list[Cell]]:
    coordinators = _coordinators([school.id for school, *_rest in rows])
    return [
        [
            Cell(school.name, url_for("home.school", slug=school.slug)),
            Cell(town),
            Cell(school.level),
            Cell(school.network),
            Cell(", ".join(coordinators.get(school.id, [])) or _("niemand")),
            Cell(str(classes)),
            Cell(school.institution_number or ""),
        ]
        for school, town, classes in rows
    ]


def _heads() -> list[str]:
    return [
        _("School"), _("Gemeente"), _("Niveau"), _("Net"), _("Klimaatcoördinator"), _("Klassen"), _("Instellingsnummer"),
    ]  # fmt: skip


@blueprint.get("/iok/scholen")
@needs(SEE_DESK)
def schools() -> ResponseReturnValue:
    """List the schools."""
    question = asked()
    rows = one_page(_wanted(question), question)
    return list_page(
        "iok.schools",
        _("Scholen"),
        _heads(),
        _cells(rows[:PER_PAGE]),
        question,
        more=len(rows) > PER_PAGE,
        filters=(("", _("Alle scholen")), (_WITHOUT, _("Zonder coördinator")), (_ENDED, _("Archief"))),
        empty=_("Zoek op de naam van een school, een gemeente of een instellingsnummer."),
    )


@blueprint.get("/iok/scholen.csv")
@needs(SEE_DESK)
def schools_csv() -> ResponseReturnValue:
    """Send the list as a file."""
    return list_file("scholen", _heads(), _cells(whole(_wanted(asked()))))
