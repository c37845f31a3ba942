"""Schools, rooms, connections and kits, as JSON."""

from typing import Any, Final

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.charts.air import rooms_now
from schoolklimaat.charts.api.asking import bad_request, heading
from schoolklimaat.charts.api.blueprint import answer, blueprint
from schoolklimaat.charts.api.openapi import document
from schoolklimaat.charts.series import Channels
from schoolklimaat.core.guard import current_actor, needs, open_to_all
from schoolklimaat.kits.policy import SEE_KITS
from schoolklimaat.kits.readings import store
from schoolklimaat.kits.services import kits_of
from schoolklimaat.meters.policy import SEE_IMPORTS
from schoolklimaat.meters.services import connections_of
from schoolklimaat.schools.models import School
from schoolklimaat.schools.policy import BELONG_TO_SCHOOL, SIGNED_IN
from schoolklimaat.schools.services import find_school, visible_schools

_PER_PAGE: Final = 100
_MOST_PAGES: Final = 10_000


@blueprint.get("/openapi.json")
@open_to_all("the shape of the API is no secret; what it answers is guarded")
def openapi() -> ResponseReturnValue:
    """Return the OpenAPI document."""
    return answer(document())


@blueprint.get("/schools")
@needs(SIGNED_IN)
def schools() -> ResponseReturnValue:
    """Return the schools that the asker may see, a page at a time."""
    text = request.args.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < len(str(_MOST_PAGES)) else 0
    if number < 1:
        bad_request(_("page is een getal vanaf 1."))
    found = visible_schools(current_actor(), page=number, per_page=_PER_PAGE)
    more = len(found) == _PER_PAGE and bool(visible_schools(current_actor(), page=number + 1, per_page=_PER_PAGE))
    following = url_for("api.schools", page=number + 1) if more else None
    return answer({"items": [_school(one) for one in found], "next": following})


@blueprint.get("/schools/<slug>")
@needs(BELONG_TO_SCHOOL, on=find_school)
def school(school: School) -> ResponseReturnValue:
    """Return one school."""
    return answer(_school(school))


@blueprint.get("/schools/<slug>/rooms")
@needs(BELONG_TO_SCHOOL, on=find_school)
def rooms(school: School) -> ResponseReturnValue:
    """Return the rooms of a school with their air now."""
    found = list(school.rooms)
    air = rooms_now(Channels(store()), [room.id for room in found])
    items = [
        {
            "slug": room.slug,
            "name": room.name,
            "floor": room.floor,
            "area_m2": room.area_m2,
            "volume_m3": room.volume_m3,
            "seats": room.seats,
            "now": {
                "at": at.isoformat() if (at := air[room.id].at) else None,
                "co2_ppm": air[room.id].co2,
                "temperature_c": air[room.id].temperature,
                "humidity_pct": air[room.id].humidity,
                "light": air[room.id].level,
            },
        }
        for room in found
    ]
    return answer({"school": heading(school), "items": items})


@blueprint.get("/schools/<slug>/connections")
@needs(SEE_IMPORTS, on=find_school)
def connections(school: School) -> ResponseReturnValue:
    """Return the connections of a school."""
    items = [
        {"ean": one.ean, "name": one.name, "carrier": one.carrier.value, "building_id": one.building_id}
        for one in connections_of(school)
    ]
    return answer({"school": heading(school), "items": items})


@blueprint.get("/schools/<slug>/kits")
@needs(SEE_KITS, on=find_school)
def kits(school: School) -> ResponseReturnValue:
    """Return the kits of a school and how they are doing."""
    items = [
        {
            "id": state.kit.id,
            "name": state.kit.name,
            "place": state.place,
            "last_heard": state.last_heard.isoformat() if state.last_heard else None,
            "silent": state.last_heard is None or state.silent_for is not None,
            "unreadable": state.unreadable,
        }
        for state in kits_of(school)
    ]
    return answer({"school": heading(school), "items": items})


def _school(school: School) -> dict[str, Any]:
    return {
        **heading(school),
        "municipality": {"nis_code": school.municipality.nis_code, "name": school.municipality.name},
        "level": school.level,
        "network": school.network,
        "institution_number": school.institution_number,
        "simulated": school.simulated,
    }
