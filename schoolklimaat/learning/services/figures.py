"""The charts of a lesson, filled with the own school: which figure a chart block stands for, or why there is none."""

from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _

from schoolklimaat.charts.choice import CARRIERS
from schoolklimaat.charts.figures import energy_figure, period_named, room_figure
from schoolklimaat.charts.series import Channels
from schoolklimaat.kits.readings import STORE_AWAY, store
from schoolklimaat.learning.lesson.render import ShownChart
from schoolklimaat.schools.models import ClassGroup, Room

_AIR: Final = {"co2": "co2", "temperatuur": "temperatuur", "vocht": "vochtigheid", "vochtigheid": "vochtigheid"}
_COMPARED: Final = {"week-ervoor": "vorige", "zelfde-week-vorig-jaar": "vorig-jaar"}


@dataclass(frozen=True, slots=True)
class LessonFigure:
    """A figure to draw, or (None) a kind sentence; `rooms` is what somebody may choose from."""

    figure: dict[str, Any] | None
    sentence: str = ""
    rooms: tuple[Room, ...] = ()
    room: Room | None = None
    only_number: bool = False


def figure_for(chart: ShownChart, group: ClassGroup, chosen: str | None = None) -> LessonFigure:
    """Return the figure of a chart block for a class; `chosen` is the slug of a room for a chart that lets choose."""
    school = group.school
    period = period_named(chart.period, school)
    number = chart.shape == "getal"
    try:
        channels = Channels(store())
        if chart.quantity in CARRIERS:
            compare = _COMPARED.get(chart.compare, "niet")
            figure = energy_figure(channels, school, chart.quantity, period, compare)
            return LessonFigure(figure, "" if figure else _nothing_yet(), only_number=number)
        if chart.quantity not in _AIR or chart.place == "buiten":
            return LessonFigure(
                None, _("Jullie school meet dit nog niet. Lees verder en gebruik de voorbeelden in de les.")
            )
        rooms = tuple(school.rooms) if chart.place in {"kiezen", "school"} else ()
        room = _room_of(chart, group, rooms, chosen)
        if room is None:
            return LessonFigure(
                None, _("Jullie klas heeft nog geen eigen lokaal op de site. Vraag het aan je leerkracht.")
            )
        figure = room_figure(channels, room, _AIR[chart.quantity], period)
        return LessonFigure(figure, "" if figure else _nothing_yet(), rooms, room, only_number=number)
    except STORE_AWAY:
        return LessonFigure(None, _("De metingen zijn even niet bereikbaar. Probeer het over enkele minuten opnieuw."))


def _room_of(chart: ShownChart, group: ClassGroup, rooms: tuple[Room, ...], chosen: str | None) -> Room | None:
    if rooms:
        by_slug = {room.slug: room for room in rooms}
        return by_slug.get(chosen or "") or group.room or rooms[0]
    if chart.place == "eigen-klas":
        return group.room
    return next((room for room in group.school.rooms if room.slug == chart.place), None)


def _nothing_yet() -> str:
    return str(_("Hier komt de grafiek van jullie school. Er is voor deze dagen nog niets gemeten."))
