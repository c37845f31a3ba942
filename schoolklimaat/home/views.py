"""Start pages: public, a pupil's class, a school; and the pages that explain."""

from typing import Any, Final

from flask import Blueprint, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from schoolklimaat.charts import words
from schoolklimaat.charts.air import RoomNow, day_of_air, level_of, rooms_now
from schoolklimaat.charts.energy_week import energy_week
from schoolklimaat.charts.live import POLL_MS
from schoolklimaat.charts.period import Period
from schoolklimaat.charts.room_page import half_hours
from schoolklimaat.charts.series import Channels
from schoolklimaat.core.clock import now, today
from schoolklimaat.core.guard import current_actor, may, needs, open_to_all
from schoolklimaat.core.i18n import language
from schoolklimaat.core.pages import page, page_number
from schoolklimaat.home import begin, menu
from schoolklimaat.kits.readings import STORE_AWAY, store
from schoolklimaat.learning.policy import PUBLISH_STORIES, READ_ECO_SCHOOL, READ_ROUNDS
from schoolklimaat.learning.proposal_words import STATE_WORDS
from schoolklimaat.learning.services.attempts import lessons_for
from schoolklimaat.learning.services.proposal_lists import highlight_for, path_of
from schoolklimaat.schools.models import Room, School
from schoolklimaat.schools.policy import BELONG_TO_SCHOOL, OPEN_ADMINISTRATION, RUN_REGION, SEE_SCHOOL, VISIT_AS_PUPIL
from schoolklimaat.schools.services import calendar_of_room, find_school, find_school_that_goes_on, visible_schools

_PER_PAGE: Final = 48
_LESSONS_SHOWN: Final = 6
MENU: Final = (menu.doors, menu.who)  # importing them put them in the header

blueprint = Blueprint("home", __name__, template_folder="templates")


@blueprint.get("/")
@open_to_all("the public start; whoever is signed in sees their own schools")
def start() -> ResponseReturnValue:
    """Greet a visitor, or lead somebody signed in to their own page."""
    actor = current_actor()
    if getattr(actor, "kind", None) == "pupil":
        return redirect(url_for(".class_start"))
    if not actor.is_authenticated:
        return page("home/welcome.html")
    number = page_number()
    schools = visible_schools(actor, page=number, per_page=_PER_PAGE + 1)
    if number == 1 and len(schools) == 1:
        if may(OPEN_ADMINISTRATION, schools[0]) and begin.needs_guiding(schools[0]):
            return redirect(url_for(".first_steps", slug=schools[0].slug))
        return redirect(url_for(".school", slug=schools[0].slug))
    return page("home/schools.html", schools=schools[:_PER_PAGE], number=number, more=len(schools) > _PER_PAGE)


def _room_figure(channels: Channels, room: Room, air_now: RoomNow) -> dict[str, Any]:
    """Return a room's light and today's chart."""
    day = Period.of_day(today())
    air = day_of_air(channels, room.id, day, calendar_of_room(room))
    place: dict[str, Any] = {"slug": room.school.slug, "room": room.slug, "chart": "co2", "dag": day.first.isoformat()}
    return {
        "air": air,
        "now_air": air_now,
        "advice": words.advice(air_now),
        "measured": words.measured_at(air_now),
        "title": words.day_title(air),
        "summary": words.day_summary(air),
        "rows": [
            (head, words.ppm(value) if value is not None else "–", words.light_word(level_of(value)))
            for head, value in half_hours(air)
        ],
        "json_url": url_for("charts.room_chart", **place),
        "csv_url": url_for("charts.room_csv", **place),
        "live_url": url_for("charts.room_now", slug=room.school.slug, room=room.slug),
        "poll_ms": POLL_MS,
    }


@blueprint.get("/klas")
@needs(VISIT_AS_PUPIL)
def class_start() -> ResponseReturnValue:
    """Show a pupil the air and the energy of their class."""
    class_group = current_actor().class_group
    school, room = class_group.school, class_group.room
    context: dict[str, Any] = {
        "class_group": class_group,
        "school": school,
        "room": room,
        "moment": now(),
        "away": False,
        "my_lessons": lessons_for(current_actor(), limit=_LESSONS_SHOWN),
        "idea": (idea := highlight_for(class_group)),
        "idea_path": path_of(idea) if idea is not None else [],
        "idea_words": STATE_WORDS,
    }
    try:
        channels = Channels(store())
        air_now = rooms_now(channels, [room.id])[room.id] if room is not None else RoomNow()
        context["figure"] = _room_figure(channels, room, air_now) if room is not None else None
        context["energy"] = energy_week(channels, school)
        context["headline"] = words.class_headline(air_now)
    except STORE_AWAY:
        current_app.logger.warning("the reading store did not answer a class's page", exc_info=True)
        context |= {"away": True, "figure": None, "energy": None, "headline": words.class_headline_away()}
    return page("home/class.html", **context)


@blueprint.get("/scholen/<slug>")
@needs(SEE_SCHOOL, on=find_school_that_goes_on)
def school(school: School) -> ResponseReturnValue:
    """Show a school: its rooms with their air, and its energy; without doors to who does not belong to it."""
    if (request.view_args or {}).get("slug") != school.slug:  # it went on in another school
        return redirect(url_for(".school", slug=school.slug), 301)
    rooms = list(school.rooms)
    context: dict[str, Any] = {"school": school, "rooms": rooms, "away": False}
    administers = may(OPEN_ADMINISTRATION, school)
    context |= {"belongs": may(BELONG_TO_SCHOOL, school), "administers": administers}
    context["runs_region"] = may(RUN_REGION)
    context["takes_part"] = {
        "rounds": may(READ_ROUNDS, school), "eco": may(READ_ECO_SCHOOL, school), "stories": may(PUBLISH_STORIES, school),
    }  # fmt: skip
    context["unfinished"] = administers and not begin.is_finished(school)
    try:
        channels = Channels(store())
        context["air"] = rooms_now(channels, [room.id for room in rooms])
        context["energy"] = energy_week(channels, school)
    except STORE_AWAY:
        current_app.logger.warning("the reading store did not answer a school's page", exc_info=True)
        context |= {"away": True, "air": {room.id: RoomNow() for room in rooms}, "energy": None}
    context["headline"] = words.school_headline(school.name, context["air"].values())
    return page("home/school.html", **context)


@blueprint.get("/scholen/<slug>/begin")
@needs(OPEN_ADMINISTRATION, on=find_school)
def first_steps(school: School) -> ResponseReturnValue:
    """Lead a coordinator from an empty school to its first chart."""
    steps = begin.steps_of(school)
    left = [step for step in steps if step.state is not begin.StepState.DONE]
    return page("home/begin.html", school=school, steps=steps, done=len(steps) - len(left),
                minutes=sum(step.minutes for step in left))  # fmt: skip


def _explain(name: str) -> ResponseReturnValue:
    return page(f"home/{name}.{language()}.html")


@blueprint.get("/hoe-meten-we")
@open_to_all("how we measure is no secret")
def how() -> ResponseReturnValue:
    """Explain how is measured and calculated."""
    return _explain("how")


@blueprint.get("/toegankelijkheid")
@open_to_all("a statement for everybody")
def accessibility() -> ResponseReturnValue:
    """Say how accessible the site is."""
    return _explain("accessibility")


@blueprint.get("/privacy")
@open_to_all("a statement for everybody")
def privacy() -> ResponseReturnValue:
    """Say what is kept about whom."""
    return _explain("privacy")
