"""Badges of a class and of a school, and their certificates on paper."""

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from schoolklimaat.core.clock import today
from schoolklimaat.core.guard import current_actor, may, needs
from schoolklimaat.core.pages import page
from schoolklimaat.learning.policy import SEE_CLASS_BADGES, is_pupil
from schoolklimaat.learning.services.papers import certificate_pdf
from schoolklimaat.learning.services.recognition import Badge, badges_of_class, badges_of_school
from schoolklimaat.learning.views.blueprint import blueprint
from schoolklimaat.schools.models import ClassGroup, School
from schoolklimaat.schools.policy import BELONG_TO_SCHOOL, SEE_CLASS
from schoolklimaat.schools.services import find_school
from schoolklimaat.schools.services.classes import find_class_of

_OF_CLASS = "/scholen/<slug>/klassen/<int:number>/insignes"
_OF_SCHOOL = "/scholen/<slug>/insignes"


def find_class_for_badge(slug: str, number: int, name: str) -> ClassGroup | None:  # noqa: ARG001 - of the address
    """Return the class of an address that also names a badge."""
    return find_class_of(slug, number)


def find_school_for_badge(slug: str, name: str) -> School | None:  # noqa: ARG001 - of the address
    """Return the school of an address that also names a badge."""
    return find_school(slug)


@blueprint.get(_OF_CLASS)
@needs(SEE_CLASS_BADGES, on=find_class_of)
def class_badges(group: ClassGroup) -> ResponseReturnValue:
    """Show what a class reached together."""
    return page(
        "learning/badges.html", badges=badges_of_class(group), who=group.name, school=group.school, group=group,
        as_pupil=is_pupil(current_actor()), see_class=may(SEE_CLASS, group),
    )  # fmt: skip


@blueprint.get(_OF_SCHOOL)
@needs(BELONG_TO_SCHOOL, on=find_school)
def school_badges(school: School) -> ResponseReturnValue:
    """Show what a school reached together."""
    return page(
        "learning/badges.html", badges=badges_of_school(school), who=school.name, school=school, group=None,
        as_pupil=is_pupil(current_actor()), see_class=False,
    )  # fmt: skip


@blueprint.get(f"{_OF_CLASS}/<name>/oorkonde.pdf")
@needs(SEE_CLASS_BADGES, on=find_class_for_badge)
def class_certificate(group: ClassGroup) -> ResponseReturnValue:
    """Give the certificate of a badge that a class reached."""
    return _certificate(badges_of_class(group), group.name, group.school)


@blueprint.get(f"{_OF_SCHOOL}/<name>/oorkonde.pdf")
@needs(BELONG_TO_SCHOOL, on=find_school_for_badge)
def school_certificate(school: School) -> ResponseReturnValue:
    """Give the certificate of a badge that a school reached."""
    return _certificate(badges_of_school(school), school.name, school)


def _certificate(badges: list[Badge], who: str, school: School) -> ResponseReturnValue:
    name = (request.view_args or {})["name"]
    badge = next((one for one in badges if one.code == name and one.is_earned), None)
    if badge is None:
        return abort(404)
    content = certificate_pdf(badge.title, badge.why, who=who, school=school.name, on=today())
    return Response(
        content,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="oorkonde-{badge.code}.pdf"'},
    )
