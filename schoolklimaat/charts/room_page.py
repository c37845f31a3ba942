"""Everything a room's page shows, and the columns of its charts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from flask import url_for
from flask_babel import gettext as _

from schoolklimaat.calc.air import DRIFTED_HIGH_PPM, DRIFTED_LOW_PPM, GUIDELINE_PPM
from schoolklimaat.charts import words
from schoolklimaat.charts.air import (
    AIR_NOW_PPM,
    COMFORT,
    DayOfAir,
    RoomNow,
    WeekOfAir,
    comfort_columns,
    day_of_air,
    level_of,
    rooms_now,
    week_of_air,
)
from schoolklimaat.charts.live import POLL_MS
from schoolklimaat.charts.period import Period
from schoolklimaat.charts.room_span import SPANS, span_chart, span_content
from schoolklimaat.charts.series import Channels, Columns
from schoolklimaat.core.clock import BRUSSELS, now, today
from schoolklimaat.core.i18n import clock_time, number
from schoolklimaat.core.i18n import day as written_day
from schoolklimaat.kits.services import SILENT_AFTER
from schoolklimaat.schools.models import Room, School
from schoolklimaat.schools.services import calendar_of_room, find_room
from sensors.periods import Step, from_ms

_TABLE_STEP: Final = 6  # rows of half an hour, of columns of five minutes
_SPARK: Final = (200, 76)  # the small drawing's width and height


class RoomChart(NamedTuple):
    """A chart of a room's page, named in the address."""

    room: Room
    name: str

    @property
    def school(self) -> School:
        """The school that guards it."""
        return self.room.school


def find_room_chart(slug: str, room: str, chart: str) -> RoomChart | None:
    """Return the chart of an address, or None for a chart that is not there."""
    found = find_room(slug, room)
    return RoomChart(found, chart) if found is not None and chart in CHARTS else None


def _rounded(columns: Columns, decimals: int) -> list[float | None]:
    return [None if value is None else round(value, decimals) for value in columns.values]


def co2_columns(channels: Channels, room: Room, day: Period) -> dict[str, Any]:
    """Return the CO2 chart: columns, limits with their source, school hours, what is shown."""
    air = day_of_air(channels, room.id, day, calendar_of_room(room))
    return co2_content(air)


def co2_content(air: DayOfAir) -> dict[str, Any]:
    """Return the CO2 chart of a day that is already read."""
    return {
        "kind": "line",
        "quantity": "co2",
        "unit": "ppm",
        "name": _("CO2"),
        "title": words.day_title(air),
        "x": air.co2.starts,
        "y": _rounded(air.co2, 0),
        "view": list(air.view),
        "low": 400,
        "limits": [
            {"value": GUIDELINE_PPM, "kind": "guide", "label": f"{GUIDELINE_PPM}"},
            {"value": AIR_NOW_PPM, "kind": "air-now", "label": f"{AIR_NOW_PPM}"},
        ],
        "shaded": [
            {
                "from": shade.start_ms,
                "to": shade.end_ms,
                "label": _("les") if air.lessons is not None else _("schooluren"),
            }
            for shade in air.shaded()
        ],
        "gaps": [list(gap) for gap in air.gaps()],
        "now": air.period.holds(today()),
        "now_word": _("nu"),
        "empty": _("geen meting"),
    }


def comfort_content(channels: Channels, room: Room, day: Period, quantity: str) -> dict[str, Any]:
    """Return the columns of temperature or humidity."""
    columns = comfort_columns(channels, room.id, day, quantity)
    low, high = COMFORT[quantity]
    return {
        "kind": "line",
        "quantity": quantity,
        "unit": "°C" if quantity == "temperature" else "%",
        "x": columns.starts,
        "y": _rounded(columns, 1),
        "comfort": [low, high],
    }


def week_content(channels: Channels, room: Room, day: Period) -> dict[str, Any]:
    """Return the week strip as columns."""
    week = week_of_air(channels, room.id, Period.around(Step.WEEK, day.first), calendar_of_room(room))
    return {
        "kind": "strip",
        "unit": "ppm",
        "heads": [f"{head:%H:%M}" for head in week.heads],
        "days": [day.isoformat() for day, _blocks in week.days],
        "rows": [[None if block.mean is None else round(block.mean) for block in row] for _day, row in week.days],
    }


Chart = Callable[[Channels, Room, Period], dict[str, Any]]


def _span(name: str) -> Chart:
    found = span_chart(name)
    assert found is not None  # noqa: S101 - a name of SPANS
    quantity, step = found
    return lambda channels, room, day: span_content(channels, room, Period.around(step, day.first), quantity)


CHARTS: Final[dict[str, Chart]] = {
    "co2": co2_columns,
    "temperatuur": lambda channels, room, day: comfort_content(channels, room, day, "temperature"),
    "vochtigheid": lambda channels, room, day: comfort_content(channels, room, day, "humidity"),
    "week": week_content,
} | {name: _span(name) for name in SPANS}


def csv_rows(content: dict[str, Any]) -> tuple[list[str], list[list[object]]]:
    """Return a room's chart as rows for a spreadsheet."""
    if content["kind"] == "strip":
        return ["dag", *content["heads"]], [
            [day, *row] for day, row in zip(content["days"], content["rows"], strict=True)
        ]
    rows: list[list[object]] = [
        [from_ms(at).astimezone(BRUSSELS).isoformat(), value]
        for at, value in zip(content["x"], content["y"], strict=True)
    ]
    return ["start", f"{content['quantity']}_{content['unit']}"], rows


def half_hours(air: DayOfAir) -> list[tuple[str, float | None]]:
    """Return the table beside the CO2 chart: means per half hour of what is shown and has passed."""
    rows = []
    for place in range(0, len(air.co2.starts), _TABLE_STEP):
        start = air.co2.starts[place]
        if not air.view.start_ms <= start < min(air.view.end_ms, air.until_ms):
            continue
        values = [value for value in air.co2.values[place : place + _TABLE_STEP] if value is not None]
        rows.append((clock_time(from_ms(start)), sum(values) / len(values) if values else None))
    return rows


@dataclass(frozen=True, slots=True)
class Spark:
    """A small line of a day: path, comfort band and last point, in a box of 200 × 76."""

    path: str
    band: tuple[float, float]
    last: tuple[float, float] | None


def spark(columns: Columns, quantity: str, air: DayOfAir) -> Spark:
    """Draw a day small; a gap breaks the line."""
    low, high = COMFORT[quantity]
    margin = (high - low) * 0.75
    present = [value for value in columns.values if value is not None]
    bottom = min([low - margin, *present])
    top = max([high + margin, *present])
    width, height = _SPARK

    def y_of(value: float) -> float:
        return round(height - 4 - (value - bottom) / (top - bottom) * (height - 8), 1)

    parts: list[str] = []
    last = None
    drawing = False
    for start, value in zip(columns.starts, columns.values, strict=True):
        if not air.view.start_ms <= start < air.view.end_ms:
            continue
        if value is None:
            drawing = False
            continue
        x = round(2 + (start - air.view.start_ms) / (air.view.end_ms - air.view.start_ms) * (width - 8), 1)
        parts.append(f"{'L' if drawing else 'M'}{x} {y_of(value)}")
        drawing = True
        last = (x, y_of(value))
    return Spark("".join(parts), (y_of(high), y_of(low)), last)


def _comfort_card(channels: Channels, room: Room, air: DayOfAir, current: RoomNow, quantity: str) -> dict[str, Any]:
    columns = comfort_columns(channels, room.id, air.period, quantity)
    value = current.temperature if quantity == "temperature" else current.humidity
    newest = columns.last()
    if value is None and newest is not None:
        value = newest[1]
    low, high = COMFORT[quantity]
    return {
        "quantity": quantity,
        "value": value,
        "shown": number(value, 1 if quantity == "temperature" else 0),
        "unit": "°C" if quantity == "temperature" else "%",
        "level": words.comfort_level(quantity, value),
        "low": number(low),
        "high": number(high),
        "spark": spark(columns, quantity, air),
        "chart": "temperatuur" if quantity == "temperature" else "vochtigheid",
    }


def kit_strip(current: RoomNow, week: WeekOfAir) -> list[tuple[str, str, str]]:
    """Return how the kit is doing: icon, bold words, other words."""
    if not current.has_kit:
        return [("uitroep", _("Hier hangt geen kit."), _("Hang een kit op en wijs ze toe aan dit lokaal."))]
    if current.last_at is None:
        return [("uitroep", _("De kit stuurde nog niets."), _("Controleer de stekker en de wifi."))]
    strip = []
    if current.at is None and now() - current.last_at <= SILENT_AFTER:
        strip.append(
            (
                "uitroep",
                _("De kit stuurt geen bruikbare CO2-meting."),
                _("Wel iets anders, %(ago)s. Kijk bij Kits waarom.", ago=words.minutes_ago(current.last_at)),
            )
        )
    elif current.at is None:
        strip.append(
            (
                "uitroep",
                _("De kit zwijgt."),
                _("Laatste meting %(ago)s. Controleer de stekker en de wifi.", ago=words.minutes_ago(current.last_at)),
            )
        )
    else:
        strip.append(
            ("vink", _("De kit werkt goed."), _("Laatste meting %(ago)s", ago=words.minutes_ago(current.last_at)))
        )
    if current.battery is not None:
        strip.append(("bliksem", "", _("batterij %(percent)s %%", percent=number(current.battery))))
    if week.lowest is not None:
        drifted = not DRIFTED_LOW_PPM <= week.lowest <= DRIFTED_HIGH_PPM
        text = _("laagste weekwaarde %(ppm)s ppm", ppm=number(week.lowest))
        strip.append(("uitroep" if drifted else "meet", _("Kijk de ijking na:") if drifted else "", text))
    return strip


def room_context(channels: Channels, room: Room, day: Period) -> dict[str, Any]:
    """Return everything the page shows of a room on a day."""
    calendar = calendar_of_room(room)
    current = rooms_now(channels, [room.id])[room.id]
    air = day_of_air(channels, room.id, day, calendar)
    week = week_of_air(channels, room.id, Period.around(Step.WEEK, day.first), calendar)
    comfort = [_comfort_card(channels, room, air, current, quantity) for quantity in ("temperature", "humidity")]
    chart: dict[str, Any] = {"slug": room.school.slug, "room": room.slug, "dag": day.first.isoformat()}
    return {
        "now_air": current,
        "headline": words.room_headline(room.name, current),
        "past_headline": _("%(room)s op %(day)s", room=room.name, day=written_day(day.first, whole=True)),
        "advice": words.advice(current),
        "more": words.above_outdoor(current),
        "measured": words.measured_at(current),
        "air": air,
        "content": co2_content(air),
        "day_title": words.day_title(air),
        "day_summary": words.day_summary(air),
        "table": [
            (head, words.ppm(value) if value is not None else _("geen meting"), words.light_word(level_of(value)))
            for head, value in half_hours(air)
        ],
        "week": week,
        "week_title": words.week_title(week),
        "comfort": comfort,
        "comfort_title": words.comfort_title(comfort[0]["value"], comfort[1]["value"]),
        "kit": (strip := kit_strip(current, week)),
        "kit_worries": any(icon == "uitroep" for icon, _bold, _text in strip),
        "is_today": day.holds(today()),
        "earlier": _day_link(room, day.first - timedelta(days=1)),
        "later": _day_link(room, day.first + timedelta(days=1)) if day.first < today() else None,
        "json_url": url_for("charts.room_chart", chart="co2", **chart),
        "csv_url": url_for("charts.room_csv", chart="co2", **chart),
        "week_csv_url": url_for("charts.room_csv", chart="week", **chart),
        "live_url": url_for("charts.room_now", slug=room.school.slug, room=room.slug),
        "poll_ms": POLL_MS,
        "day_words": written_day(day.first),
    }


def _day_link(room: Room, day: date) -> tuple[str, str]:
    return written_day(day), url_for("charts.air", slug=room.school.slug, room=room.slug, dag=day.isoformat())
