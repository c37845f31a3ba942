"""The pages of a new school year: choose, look, begin, undo."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from schoolklimaat.core.forms import Form
from schoolklimaat.core.guard import needs
from schoolklimaat.core.pages import page
from schoolklimaat.schools.models import School
from schoolklimaat.schools.policy import ADMINISTER_SCHOOL, OPEN_ADMINISTRATION
from schoolklimaat.schools.services import find_school
from schoolklimaat.schools.services.school_years import (
    How,
    Plan,
    begin_year,
    plan_of,
    target_year,
    undo_year,
    undoable,
)

blueprint = Blueprint("year", __name__, template_folder="../templates")


@blueprint.get("/scholen/<slug>/schooljaar")
@needs(OPEN_ADMINISTRATION, on=find_school)
def school_year(school: School) -> ResponseReturnValue:
    """Show each class with what can become of it."""
    return _page(school, plan_of(school))


@blueprint.post("/scholen/<slug>/schooljaar")
@needs(ADMINISTER_SCHOOL, on=find_school)
def change_school_year(school: School) -> ResponseReturnValue:
    """Look at the choices, begin the year, or undo that."""
    here = url_for(".school_year", slug=school.slug)
    doing = request.form.get("doe")
    if doing == "terug":
        return _undo(school)
    plans = plan_of(school, _choices())
    if not plans:
        flash(_("Er zijn geen klassen van een vorig schooljaar. Er is niets veranderd."), "error")
        return redirect(here, 303)
    if not all(plan.stands for plan in plans):
        return _page(school, plans, 400)
    if doing != "begin":
        return _page(school, plans, looking=True)
    begin_year(school, plans)
    flash(ngettext("%(num)s klas is klaar voor het nieuwe schooljaar.",
                   "%(num)s klassen zijn klaar voor het nieuwe schooljaar.", len(plans)))  # fmt: skip
    return redirect(here, 303)


def _undo(school: School) -> ResponseReturnValue:
    entry = undoable(school)
    if entry is None:
        flash(_("Dit kan niet meer ongedaan gemaakt worden."), "error")
    else:
        kept = undo_year(school, entry)
        flash(_("De klassen zijn terug zoals ze waren."))
        if kept:
            flash(
                _("In deze nieuwe klassen was al gewerkt; ze staan in het archief: %(names)s.", names=", ".join(kept))
            )
    return redirect(url_for(".school_year", slug=school.slug), 303)


def _choices() -> dict[int, tuple[How, str]]:
    """Read what was chosen for each class; what is no choice counts as ending it."""
    found = {}
    for field, value in request.form.items():
        kind, _dash, number = field.partition("-")
        if kind == "hoe" and number.isdecimal() and value in set(How):
            found[int(number)] = (How(value), request.form.get(f"naam-{number}", "").strip())
    return found


def _page(school: School, plans: list[Plan], status: int = 200, *, looking: bool = False) -> ResponseReturnValue:
    return page(
        "home/school_year.html",
        status,
        school=school,
        plans=plans,
        year=target_year(),
        looking=looking,
        undo=undoable(school),
        hows=(
            (How.NEW, _("Nieuwe klas, nieuwe leerlingen")),
            (How.ALONG, _("Neem de leerlingen mee")),
            (How.END, _("Alleen archiveren")),
        ),
        form=Form(formdata=None),
    )  # fmt: skip
