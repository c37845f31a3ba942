"""Reference data with its source: emission factors and holidays to read, learning goals to read in and end."""

from typing import Final

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from schoolklimaat.calc.emissions import UNKNOWN, factor_set
from schoolklimaat.calc.school_calendar import flemish_free_periods, school_year_of
from schoolklimaat.core.clock import today
from schoolklimaat.core.forms import Form
from schoolklimaat.core.guard import needs
from schoolklimaat.core.i18n import day
from schoolklimaat.core.pages import page
from schoolklimaat.home.iok import goals
from schoolklimaat.home.iok.blueprint import blueprint
from schoolklimaat.home.iok.policy import CHANGE_REGION, READ_REGION
from schoolklimaat.learning.models import LearningGoal

_YEARS: Final = 3


@blueprint.get("/iok/referentie")
@needs(READ_REGION)
def reference() -> ResponseReturnValue:
    """Show all reference data."""
    return _reference("", [])


@blueprint.post("/iok/referentie/leerdoelen")
@needs(CHANGE_REGION)
def read_goals() -> ResponseReturnValue:
    """Read learning goals in; what is wrong is said by line and nothing is lost."""
    text = request.form.get("regels", "")
    count, faults = goals.read_in(text)
    if faults:
        return _reference(text, faults, 400)
    flash(ngettext("%(num)s leerdoel is toegevoegd.", "%(num)s leerdoelen zijn toegevoegd.", count))
    return redirect(url_for(".reference"), 303)


@blueprint.post("/iok/referentie/leerdoelen/<int:number>/einde")
@needs(CHANGE_REGION, on=goals.find_goal)
def retire_goal(goal: LearningGoal) -> ResponseReturnValue:
    """End a learning goal."""
    goals.retire(goal)
    flash(_("%(code)s geldt niet meer. Lessen die het noemen, blijven zoals ze zijn.", code=goal.code))
    return redirect(url_for(".reference"), 303)


def _reference(text: str, faults: list[str], status: int = 200) -> ResponseReturnValue:
    factors = factor_set()
    first = school_year_of(today())
    factor_rows = [
        (
            one.carrier, str(one.value).replace(".", ",") if one.value is not None else UNKNOWN, one.unit, one.scope,
            str(one.year or "–"), f"{one.from_year or ''}–{one.to_year or ''}", one.source, one.key,
        )
        for one in factors.factors
    ]  # fmt: skip
    years = [
        (
            f"{year}-{year + 1}",
            [
                (period.name, day(period.first_day, year=True), day(period.last_day, year=True))
                for period in flemish_free_periods(year)
            ],
        )
        for year in range(first, first + _YEARS)
    ]
    return page(
        "home/iok_reference.html", status, factors=factors, factor_rows=factor_rows, years=years, goals=goals.goals(),
        text=text, faults=faults, today=today(), form=Form(formdata=None),
    )  # fmt: skip
