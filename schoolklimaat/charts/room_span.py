"""A gauge of a room over a day or some weeks, drawn as one line: what a lesson or a project looks at."""

from typing import Any, Final

from flask_babel import gettext as _

from schoolklimaat.calc.air import GUIDELINE_PPM
from schoolklimaat.charts.air import AIR_NOW_PPM, intervals_of, lesson_shades
from schoolklimaat.charts.period import LEVELS, Period
from schoolklimaat.charts.series import Channels, Columns, Grid, room_columns
from schoolklimaat.core.clock import today
from schoolklimaat.schools.models import Room
from schoolklimaat.schools.services import calendar_of_room
from sensors.periods import Step

# As a chart is named in an address: what is measured, and with `-week` or `-maand` over how long.
QUANTITIES: Final = {"co2": "co2", "temperatuur": "temperature", "vochtigheid": "humidity"}
UNITS: Final = {"co2": "ppm", "temperature": "°C", "humidity": "%"}
_WIDTHS: Final = {Step.DAY: Step.QUARTER, Step.WEEK: Step.HALF_HOUR}
_DECIMALS: Final = {"co2": 0}


def span_columns(channels: Channels, room: Room, period: Period, quantity: str) -> Columns:
    """Return the mean of a quantity per quarter (a day), half hour (a week) or hour (longer)."""
    grid = Grid.over(period.start_ms, period.end_ms, _WIDTHS.get(period.step, Step.HOUR))
    return room_columns(channels, intervals_of(room.id, period), quantity, grid)


def span_content(channels: Channels, room: Room, period: Period, quantity: str) -> dict[str, Any]:
    """Return the columns of a line over a period, with school hours shaded and, for CO2, the guideline values."""
    columns = span_columns(channels, room, period, quantity)
    calendar = calendar_of_room(room)
    shades = [shade for day in period.days for shade in lesson_shades(calendar, day)]
    word = _("les") if calendar.blocks is not None else _("schooluren")
    limits = [(GUIDELINE_PPM, "guide"), (AIR_NOW_PPM, "air-now")] if quantity == "co2" else []
    return {
        "kind": "line",
        "quantity": quantity,
        "unit": UNITS[quantity],
        "x": columns.starts,
        "y": [None if value is None else round(value, _DECIMALS.get(quantity, 1)) for value in columns.values],
        "view": [period.start_ms, period.end_ms],
        "low": 400 if quantity == "co2" else None,
        "limits": [{"value": value, "kind": kind, "label": f"{value}"} for value, kind in limits],
        "shaded": [
            {"from": shade.start_ms, "to": shade.end_ms, "label": word if period.step is Step.DAY else ""}
            for shade in shades
        ],
        "gaps": [],
        "now": False,
        "now_word": _("nu"),
        "empty": _("geen meting"),
        "today": period.holds(today()),
    }


def span_chart(name: str) -> tuple[str, Step] | None:
    """Read a chart's name (`temperatuur-week`): the quantity and how long; None for what is not such a chart."""
    what, _dash, level = name.partition("-")
    if what not in QUANTITIES or level not in LEVELS:
        return None
    return QUANTITIES[what], LEVELS[level]


SPANS: Final = tuple(f"{what}-{level}" for what in QUANTITIES for level in ("dag", "week", "maand"))
