"""Start pages: public, a pupil's class, a school."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from schoolklimaat.core.guard import current_actor, needs, open_to_all
from schoolklimaat.core.pages import page
from schoolklimaat.schools.models import School
from schoolklimaat.schools.policy import SEE_SCHOOL, VISIT_AS_PUPIL
from schoolklimaat.schools.services import find_school, visible_schools

blueprint = Blueprint("home", __name__, template_folder="templates")


@blueprint.get("/")
@open_to_all("the public start; whoever is signed in sees their own schools")
def start() -> ResponseReturnValue:
    """Greet a visitor, or lead somebody signed in to their own page."""
    actor = current_actor()
    if getattr(actor, "kind", None) == "pupil":
        return redirect(url_for(".class_start"))
    schools = visible_schools(actor) if actor.is_authenticated else []
    if len(schools) == 1:
        return redirect(url_for(".school", slug=schools[0].slug))
    return page("home/start.html", schools=schools)


@blueprint.get("/klas")
@needs(VISIT_AS_PUPIL)
def class_start() -> ResponseReturnValue:
    """Show a pupil the air and the energy of their class."""
    return page("home/class.html", class_group=current_actor().class_group, school=current_actor().class_group.school)


@blueprint.get("/scholen/<slug>")
@needs(SEE_SCHOOL, on=find_school)
def school(school: School) -> ResponseReturnValue:
    """Show a school: its rooms and its energy."""
    return page("home/school.html", school=school)
