"""The pages of a room's air and of a school's energy, with the JSON and CSV of every chart on them."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Flask, current_app, request, send_from_directory
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.charts import cache, energy_content, energy_page, room_page
from schoolklimaat.charts.carpet import SEE_CARPET, CarpetOf, carpet_body, find_carpet
from schoolklimaat.charts.choice import read_choice
from schoolklimaat.charts.files import answer, csv_answer, json_answer
from schoolklimaat.charts.live import SEE_LIVE, LiveRoom, find_live_room, live_body
from schoolklimaat.charts.period import Period, read_period
from schoolklimaat.charts.policy import SEE_AIR, SEE_ENERGY
from schoolklimaat.charts.series import Channels
from schoolklimaat.charts.words import ppm
from schoolklimaat.core.clock import today
from schoolklimaat.core.guard import current_actor, needs, open_to_all
from schoolklimaat.core.pages import page
from schoolklimaat.kits.readings import STORE_AWAY, store
from schoolklimaat.schools.models import Room, School
from schoolklimaat.schools.services import find_room, find_school
from sensors.periods import Step

# The same file that package.json names; used only where npm did not bring it.
CHART_JS: Final = {
    "version": "4.6.1",
    "integrity": "sha384-Emf5ZVIUiarAdhkgtqK+5/Z5qIvM6QoVrS+qAVtfyZVuD5lIHrac0me485+Antp0",
}
_SCRIPTS: Final = Path(__file__).resolve().parent / "static"
blueprint = Blueprint("charts", __name__, template_folder="templates", static_folder=None)


@blueprint.get("/grafieken/<path:filename>")
@open_to_all("our own scripts, the same for everybody")
def script(filename: str) -> ResponseReturnValue:
    """Send one of the scripts that draw."""
    response = send_from_directory(_SCRIPTS, filename)
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _day() -> Period:
    return read_period("dag", request.args.get("dag"), today(), Step.DAY)


def _away() -> ResponseReturnValue:
    """Answer a chart's request while the readings cannot be reached."""
    current_app.logger.warning("the reading store did not answer a chart")
    return {"error": _("De metingen zijn even niet bereikbaar. Probeer het over enkele minuten opnieuw.")}, 503


def part(view: Callable[[Any], ResponseReturnValue]) -> Callable[[Any], ResponseReturnValue]:
    """Let a chart's request be answered in words while the readings cannot be reached."""

    @wraps(view)
    def guarded(thing: Any) -> ResponseReturnValue:
        try:
            return view(thing)
        except STORE_AWAY:
            return _away()

    return guarded


@blueprint.get("/scholen/<slug>/lokalen/<room>")
@needs(SEE_AIR, on=find_room)
def air(room: Room) -> ResponseReturnValue:
    """Show the air of a room: now, on a day, in a week."""
    day = _day()
    try:
        context = room_page.room_context(Channels(store()), room, day)
    except STORE_AWAY:
        current_app.logger.warning("the reading store did not answer a room's page", exc_info=True)
        return page("charts/away.html", 200, school=room.school, title=room.name)
    return page("charts/room.html", room=room, school=room.school, day=day, **context)


@blueprint.get("/scholen/<slug>/lokalen/<room>/nu.json")
@needs(SEE_LIVE, on=find_live_room)
@part
def room_now(live: LiveRoom) -> ResponseReturnValue:
    """Say how a room is now, or 304."""
    body, etag = live_body(current_actor(), live)
    return answer(body, etag, "application/json")


@blueprint.get("/scholen/<slug>/lokalen/<room>/<chart>.json")
@needs(SEE_AIR, on=room_page.find_room_chart)
@part
def room_chart(chart: room_page.RoomChart) -> ResponseReturnValue:
    """Send the columns of one of a room's charts."""
    return json_answer(room_page.CHARTS[chart.name](Channels(store()), chart.room, _day()))


@blueprint.get("/scholen/<slug>/lokalen/<room>/<chart>.csv")
@needs(SEE_AIR, on=room_page.find_room_chart)
@part
def room_csv(chart: room_page.RoomChart) -> ResponseReturnValue:
    """Send one of a room's charts as a file for a spreadsheet."""
    day = _day()
    heads, rows = room_page.csv_rows(room_page.CHARTS[chart.name](Channels(store()), chart.room, day))
    return csv_answer(f"{chart.room.slug}-{chart.name}-{day.first.isoformat()}", heads, rows)


@blueprint.get("/scholen/<slug>/energie")
@needs(SEE_ENERGY, on=find_school)
def energy(school: School) -> ResponseReturnValue:
    """Show the energy of a school in a period."""
    try:
        context = energy_page.energy_context(Channels(store()), school, read_choice(request.args))
    except STORE_AWAY:
        current_app.logger.warning("the reading store did not answer an energy page", exc_info=True)
        return page("charts/away.html", 200, school=school, title=_("Energie"))
    return page("charts/energy.html", school=school, **context)


@blueprint.get("/scholen/<slug>/energie/tapijt.json")
@needs(SEE_CARPET, on=find_carpet)
@part
def carpet(school: CarpetOf) -> ResponseReturnValue:
    """Send the quarters of a year."""
    body, etag = carpet_body(school, read_choice(request.args))
    return answer(body, etag, "application/json")


@blueprint.get("/scholen/<slug>/energie/<chart>.json")
@needs(SEE_ENERGY, on=energy_content.find_energy_chart)
@part
def energy_chart(chart: energy_content.EnergyChart) -> ResponseReturnValue:
    """Send the columns of one of the energy charts."""
    body, etag = energy_content.chart_body(Channels(store()), chart, read_choice(request.args))
    return answer(body, etag, "application/json")


@blueprint.get("/scholen/<slug>/energie/<chart>.csv")
@needs(SEE_ENERGY, on=energy_content.find_energy_chart)
@part
def energy_csv(chart: energy_content.EnergyChart) -> ResponseReturnValue:
    """Send one of the energy charts as a file for a spreadsheet."""
    choice = read_choice(request.args)
    heads, rows = energy_content.csv_rows(Channels(store()), chart, choice)
    return csv_answer(f"{chart.school.slug}-{chart.name}-{choice.period.first.isoformat()}", heads, rows)


@blueprint.app_template_filter("ppm")
def _ppm(value: float) -> str:
    return ppm(value)


@blueprint.app_context_processor
def _frame() -> dict[str, object]:
    return {"today": today, "CHART_JS": CHART_JS}


@blueprint.record_once
def _prepare(state: object) -> None:
    app = getattr(state, "app", None)
    if isinstance(app, Flask):
        cache.init_app(app)
