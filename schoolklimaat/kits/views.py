"""The page of a school's kits and of the messages that could not be used."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from schoolklimaat.core.guard import may, needs
from schoolklimaat.core.pages import page
from schoolklimaat.kits.policy import SEE_KITS, SEE_SET_ASIDE
from schoolklimaat.kits.readings import ingest_log
from schoolklimaat.kits.services import KitState, kit_names, kits_of
from schoolklimaat.schools.models import School
from schoolklimaat.schools.services import find_school

blueprint = Blueprint("kits", __name__, template_folder="templates")
_PER_PAGE = 25


def _works(state: KitState) -> bool:
    return state.last_heard is not None and state.silent_for is None and not state.unreadable


@blueprint.get("/scholen/<slug>/kits")
@needs(SEE_KITS, on=find_school)
def kits(school: School) -> ResponseReturnValue:
    """List the kits of a school, the silent ones first."""
    states = sorted(kits_of(school), key=_works)
    set_aside_url = url_for(".set_aside", slug=school.slug) if may(SEE_SET_ASIDE, school) else None
    return page("kits/kits.html", school=school, states=states, set_aside_url=set_aside_url)


@blueprint.get("/scholen/<slug>/kits/opzij")
@needs(SEE_SET_ASIDE, on=find_school)
def set_aside(school: School) -> ResponseReturnValue:
    """List the messages of a school's kits that could not be used, each with its reason."""
    number = max(1, request.args.get("pagina", 1, type=int))
    names = kit_names(school)
    messages = ingest_log().set_aside(list(names), limit=_PER_PAGE + 1, offset=(number - 1) * _PER_PAGE)
    return page(
        "kits/set_aside.html",
        school=school,
        names=names,
        messages=messages[:_PER_PAGE],
        number=number,
        has_more=len(messages) > _PER_PAGE,
    )
