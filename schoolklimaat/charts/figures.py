"""One figure of a room or a school for a page of another room (a lesson, a project): title, summary, table, addresses."""

from datetime import date, timedelta
from typing import Any, Final

from flask import url_for
from flask_babel import gettext as _

from schoolklimaat.charts import energy_words
from schoolklimaat.charts.air import day_of_air, level_of
from schoolklimaat.charts.choice import CARRIERS, Choice, connections_of
from schoolklimaat.charts.energy_content import fitted
from schoolklimaat.charts.energy_read import read_amounts
from schoolklimaat.charts.period import LEVELS, Period
from schoolklimaat.charts.room_page import half_hours
from schoolklimaat.charts.room_span import QUANTITIES, UNITS, span_columns
from schoolklimaat.charts.series import Channels
from schoolklimaat.charts.words import day_summary, day_title, light_word, ppm
from schoolklimaat.core.clock import today
from schoolklimaat.core.i18n import clock_time, number
from schoolklimaat.core.i18n import day as written_day
from schoolklimaat.schools.models import Room, School
from schoolklimaat.schools.services import calendar_of, calendar_of_room
from sensors.periods import Step, from_ms, local_day

_LONGEST_SEARCH_DAYS: Final = 80  # longer than any holiday


def period_named(name: str, school: School) -> Period:
    """Return a period as lessons name it: vandaag, gisteren (the last school day), deze-week, vorige-week, maand, schooljaar.

    Two dates joined by `..` mean the week or month that holds the first. What cannot be read means this week.
    """
    day = today()
    if name == "vandaag":
        return Period.of_day(day)
    if name == "gisteren":
        calendar = calendar_of(school)
        before = day - timedelta(days=1)
        for _each in range(_LONGEST_SEARCH_DAYS):
            if calendar.hours_on(before) is not None:
                return Period.of_day(before)
            before -= timedelta(days=1)
        return Period.of_day(day - timedelta(days=1))
    if name == "vorige-week":
        return Period.around(Step.WEEK, day).previous()
    if name in {"maand", "schooljaar"}:
        return Period.around(LEVELS[name], day)
    first, dots, last = name.partition("..")
    if dots:
        return _spanning(first, last) or Period.around(Step.WEEK, day)
    return Period.around(Step.WEEK, day)


def _spanning(first: str, last: str) -> Period | None:
    try:
        begin, end = (date.fromisoformat(text) for text in (first, last))
    except ValueError:
        return None
    step = Step.DAY if begin == end else Step.WEEK if (end - begin).days <= 7 else Step.MONTH  # noqa: PLR2004 - a week
    return Period.around(step, begin)


def room_figure(channels: Channels, room: Room, quantity: str, period: Period) -> dict[str, Any] | None:
    """Return the figure of a gauge (co2, temperatuur, vochtigheid) in a room, or None when nothing was measured."""
    if quantity == "co2" and period.step is Step.DAY:
        return _air_day(channels, room, period)
    kind = QUANTITIES[quantity]
    if period.step not in (Step.DAY, Step.WEEK):
        period = Period.around(Step.MONTH, period.first)
    columns = span_columns(channels, room, period, kind)
    present = [(value, start) for value, start in zip(columns.values, columns.starts, strict=True) if value is not None]
    if not present:
        return None
    unit = UNITS[kind]
    place: dict[str, Any] = {
        "slug": room.school.slug,
        "room": room.slug,
        "chart": f"{quantity}-{period.name}",
        "dag": period.first.isoformat(),
    }
    low, high = min(present), max(present)
    words = {"temperature": _("Temperatuur"), "humidity": _("Vochtigheid"), "co2": _("CO2")}[kind]
    figures = {"low": _shown(low[0], kind), "high": _shown(high[0], kind), "unit": unit}
    return {
        "title": _("%(what)s in %(room)s: tussen %(low)s en %(high)s %(unit)s", what=words, room=room.name, **figures),
        "unit": _("%(what)s in %(room)s, in %(unit)s, %(period)s", what=words, room=room.name, unit=unit, period=period.title()),
        "keys": [("line", _("gemeten")), ("shade", _("schooluren"))],
        "summary": _(
            "De hoogste waarde was %(high)s %(unit)s (%(when)s), de laagste %(low)s %(unit)s.",
            when=f"{written_day(from_ms(high[1]))}, {clock_time(from_ms(high[1]))}",
            **figures,
        ),
        "columns": [(_("Dag") if period.step is not Step.DAY else _("Uur"), False), (_("Laagste"), True), (_("Hoogste"), True)],
        "rows": _lows_and_highs(present, period, kind),
        "json_url": url_for("charts.room_chart", **place),
        "csv_url": url_for("charts.room_csv", **place),
    }  # fmt: skip


def _shown(value: float, kind: str) -> str:
    return ppm(value) if kind == "co2" else number(value, 1)


def _lows_and_highs(present: list[tuple[float, int]], period: Period, kind: str) -> list[tuple[str, str, str]]:
    parts: dict[str, list[float]] = {}
    for value, start in present:
        at = from_ms(start)
        part = f"{clock_time(at).split('.')[0].split(':')[0]} u" if period.step is Step.DAY else written_day(at)
        parts.setdefault(part, []).append(value)
    return [(part, _shown(min(values), kind), _shown(max(values), kind)) for part, values in parts.items()]


def _air_day(channels: Channels, room: Room, day: Period) -> dict[str, Any] | None:
    air = day_of_air(channels, room.id, day, calendar_of_room(room))
    if air.peak() is None:
        return None
    place: dict[str, Any] = {"slug": room.school.slug, "room": room.slug, "chart": "co2", "dag": day.first.isoformat()}
    return {
        "title": day_title(air),
        "unit": _("CO2 in %(room)s, in ppm, %(day)s", room=room.name, day=day.title()),
        "keys": [
            ("line", _("CO2 gemeten")),
            ("guide", _("900 ppm: richtwaarde")),
            ("air-now", _("%(ppm)s ppm: verlucht", ppm=number(1200))),
            ("shade", _("schooluren")),
        ],
        "summary": day_summary(air),
        "columns": [(_("Uur"), False), (_("CO2 in ppm"), True), (_("Lucht"), True)],
        "rows": [
            (head, ppm(value) if value is not None else "–", light_word(level_of(value)))
            for head, value in half_hours(air)
        ],
        "json_url": url_for("charts.room_chart", **place),
        "csv_url": url_for("charts.room_csv", **place),
    }


def energy_figure(
    channels: Channels, school: School, carrier: str, period: Period, comparison: str = "niet"
) -> dict[str, Any] | None:
    """Return the figure of a carrier (elektriciteit, gas, warmte, water, zon), or None when nothing was measured.

    `comparison` is vorige, vorig-jaar or niet.
    """
    choice = Choice(CARRIERS[carrier], period, comparison=comparison)
    connections = connections_of(school).get(choice.carrier)
    if not connections:
        return None
    read = read_amounts(channels, school, connections, choice)
    found, before = read.found, read.before
    if found.total() is None:
        return None
    then = fitted(before.amount, len(found.starts)) if before else [None] * len(found.starts)
    is_day = period.step is Step.DAY
    keys = [("line" if is_day else "bar", period.title())]
    keys += [("estimated", _("geschat"))] if found.estimated_total() else []
    keys += [("line-before" if is_day else "before", energy_words.tail(choice))] if before else []
    place = {"slug": school.slug, "chart": "verbruik", **choice.args()}
    columns = [(_("Wanneer"), False), (period.title(), True)]
    columns += [(energy_words.tail(choice), True)] if before else []
    rows = []
    for start, value, earlier in zip(found.starts, found.amount, then, strict=True):
        missing = _("nog niet") if local_day(start) >= today() else "–"
        row = [" ".join(energy_words.bar_label(choice, start)).strip()]
        row.append(energy_words.amount(value, found.unit) if value is not None else missing)
        if before:
            row.append(energy_words.amount(earlier, found.unit) if earlier is not None else "–")
        rows.append(tuple(row))
    return {
        "title": energy_words.headline(choice, found, read.compared),
        "unit": _("Vermogen per kwartier, in kilowatt (kW)")
        if is_day and found.unit == "kWh"
        else energy_words.unit_sentence(choice, found.unit),
        "keys": keys,
        "summary": energy_words.summary(choice, found, read.compared),
        "columns": columns,
        "rows": rows,
        "json_url": url_for("charts.energy_chart", **place),
        "csv_url": url_for("charts.energy_csv", **place),
    }
