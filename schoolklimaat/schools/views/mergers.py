"""IOK moves a school to another municipality, merges it into another school, and merges municipalities."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from schoolklimaat.core.guard import needs
from schoolklimaat.core.pages import page
from schoolklimaat.schools.forms.mergers import MergeForm, MoveSchoolForm
from schoolklimaat.schools.models import Municipality, School
from schoolklimaat.schools.policy import RUN_REGION
from schoolklimaat.schools.services import find_school, mergers
from schoolklimaat.schools.services.joining import municipalities_now
from schoolklimaat.schools.views.blueprint import blueprint

_WORDS = {
    "site": _l("vestigingen"), "room": _l("lokalen"), "connection": _l("aansluitingen"), "kit": _l("kits"),
    "class_group": _l("klassen"), "membership": _l("rollen van mensen"), "invitation": _l("uitnodigingen"),
    "project": _l("projecten"), "proposal": _l("voorstellen"),
}  # fmt: skip


@blueprint.get("/iok/scholen/<slug>")
@needs(RUN_REGION, on=find_school)
def region_school(school: School) -> ResponseReturnValue:
    """Show where a school belongs, and what would go along with it."""
    return _school_page(school)


@blueprint.post("/iok/scholen/<slug>/verhuis")
@needs(RUN_REGION, on=find_school)
def move_school(school: School) -> ResponseReturnValue:
    """Put a school in another municipality."""
    form = _move_form(school)
    if not form.validate():
        return _school_page(school, move=form)
    town = next(one for one in municipalities_now() if one.id == form.municipality.data)
    mergers.move_school(school, town)
    flash(_("%(school)s hoort nu bij %(town)s.", school=school.name, town=town.name))
    return redirect(url_for(".region_school", slug=school.slug), 303)


@blueprint.post("/iok/scholen/<slug>/samenvoegen")
@needs(RUN_REGION, on=find_school)
def merge_school(school: School) -> ResponseReturnValue:
    """Let a school go on in another one."""
    form = _merge_form(school)
    if not form.validate():
        return _school_page(school, merge=form)
    into = next(one for one in mergers.schools_to_merge_into(school) if one.id == form.into.data)
    name = school.name
    mergers.merge_schools(school, into)
    flash(_("%(school)s gaat verder in %(into)s.", school=name, into=into.name))
    return redirect(url_for(".region_school", slug=into.slug), 303)


@blueprint.get("/iok/gemeenten")
@needs(RUN_REGION)
def municipalities() -> ResponseReturnValue:
    """List the municipalities, those that ended last."""
    return page("schools/municipalities.html", towns=mergers.all_municipalities())


@blueprint.route("/iok/gemeenten/<nis_code>", methods=["GET", "POST"])
@needs(RUN_REGION, on=mergers.find_municipality)
def municipality(town: Municipality) -> ResponseReturnValue:
    """Let a municipality go on in another one."""
    form = MergeForm()
    form.into.choices = [(one.id, one.name) for one in municipalities_now() if one.id != town.id]
    if town.successor_id is None and form.validate_on_submit():
        into = next(one for one in municipalities_now() if one.id == form.into.data)
        mergers.merge_municipalities(town, into)
        flash(_("%(town)s gaat verder in %(into)s, met alle scholen.", town=town.name, into=into.name))
        return redirect(url_for(".municipalities"), 303)
    return page("schools/municipality.html", 400 if request.method == "POST" else 200, town=town, form=form)


def _move_form(school: School, *, fresh: bool = False) -> MoveSchoolForm:
    form = MoveSchoolForm(formdata=None) if fresh else MoveSchoolForm()
    form.municipality.choices = [(one.id, one.name) for one in municipalities_now() if one.id != school.municipality_id]
    return form


def _merge_form(school: School, *, fresh: bool = False) -> MergeForm:
    form = MergeForm(formdata=None) if fresh else MergeForm()
    form.into.choices = [
        (one.id, f"{one.name}, {one.municipality.name}") for one in mergers.schools_to_merge_into(school)
    ]
    return form


def _school_page(
    school: School, move: MoveSchoolForm | None = None, merge: MergeForm | None = None
) -> ResponseReturnValue:
    uses = mergers.what_goes_along(school)
    return page(
        "schools/region_school.html", 400 if move or merge else 200, school=school,
        move=move or _move_form(school, fresh=True), merge=merge or _merge_form(school, fresh=True),
        sent_move=move is not None, sent_merge=merge is not None,
        along=[(word, uses[table]) for table, word in _WORDS.items() if table in uses],
    )  # fmt: skip
