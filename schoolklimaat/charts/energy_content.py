"""The charts of the energy page as columns: JSON for drawing, rows for a spreadsheet."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from flask_babel import gettext as _

from schoolklimaat.charts import energy_words as words
from schoolklimaat.charts.choice import CARRIER_NAMES, Choice, carrier_word, connections_of
from schoolklimaat.charts.energy import Amounts, amounts, day_profile
from schoolklimaat.charts.energy_read import Read, now_ms, read_amounts, year_of
from schoolklimaat.charts.files import etag_of, json_body
from schoolklimaat.charts.period import Period
from schoolklimaat.charts.series import Channels, Grid
from schoolklimaat.core.clock import BRUSSELS
from schoolklimaat.meters.models import Carrier
from schoolklimaat.schools.models import School
from schoolklimaat.schools.services import calendar_of, find_school
from sensors.periods import FIXED_MS, HOUR_MS, Step, from_ms, local_day, to_ms

CHARTS: Final = ("verbruik", "dag", "tapijt")


class EnergyChart(NamedTuple):
    """A chart of a school's energy page, named in the address."""

    school: School
    name: str


def find_energy_chart(slug: str, chart: str) -> EnergyChart | None:
    """Return the chart of an address, or None for a chart that is not there."""
    school = find_school(slug)
    return EnergyChart(school, chart) if school is not None and chart in CHARTS else None


def bars_content(school: School, read: Read) -> dict[str, Any]:
    """Return the columns of the main chart: bars, or power of one day."""
    choice, found = read.choice, read.found
    if choice.period.step is Step.DAY:
        return power_content(school, choice, found, read.before)
    deeper = [choice.period.one_bar(start) for start in found.starts]
    return {
        "kind": "bars",
        "unit": words.short_unit(found.unit),
        "x": found.starts,
        "labels": [words.bar_label(choice, start) for start in found.starts],
        "names": [period.title() if period else "" for period in deeper],
        "y": _rounded([_less(value, guess) for value, guess in zip(found.amount, found.estimated, strict=True)]),
        "estimated": _rounded([guess or None for guess in found.estimated]),
        "before": _rounded(fitted(read.before.amount, len(found.starts))) if read.before else None,
        "deeper": [
            choice.at(period).url(school) if period and period.start_ms < now_ms() else None for period in deeper
        ],
        "words": {
            "now": choice.period.title(),
            "before": words.tail(choice),
            "estimated": _("geschat"),
            "gap": _("geen meting"),
            "deeper": _("Druk op Enter om in te zoomen."),
        },
    }


def _less(value: float | None, guess: float) -> float | None:
    return None if value is None else max(0.0, value - guess)


def fitted(values: list[float | None], size: int) -> list[float | None]:
    """Return values cut or filled with gaps to a length."""
    return (values + [None] * size)[:size]


def _rounded(values: Sequence[float | None]) -> list[float | None]:
    return [None if value is None else round(value, 3) for value in values]


def power_content(
    school: School, choice: Choice, found: Amounts, before: Amounts | None = None, base_load: float | None = None
) -> dict[str, Any]:
    """Return a day as power per quarter (kW), or as an amount per step for what is not energy."""
    width = FIXED_MS[found.grid.step]
    per_hour = HOUR_MS / width if found.unit == "kWh" else 1.0
    day = choice.period.first if choice.period.step is Step.DAY else local_day(found.starts[0])
    shade = calendar_of(school).open_periods(day, day)
    return {
        "kind": "line",
        "stepped": True,
        "fill": True,
        "unit": "kW" if found.unit == "kWh" else words.short_unit(found.unit),
        "name": carrier_word(choice.carrier),
        "x": found.starts,
        "y": _rounded([None if value is None else value * per_hour for value in found.amount]),
        "before": _rounded(fitted([None if v is None else v * per_hour for v in before.amount], len(found.starts)))
        if before
        else None,
        "view": [found.starts[0], found.grid.end_ms],
        "low": 0,
        "limits": [{"value": base_load, "kind": "basis"}] if base_load is not None and found.unit == "kWh" else [],
        "mark_peak": True,
        "guessed": _stretches(found),
        "guessed_word": _("geschat"),
        "shaded": [{"from": to_ms(begin), "to": to_ms(end), "label": _("schooluren")} for begin, end in shade],
        "now": found.grid.end_ms > now_ms(),
        "now_word": _("nu"),
        "empty": _("geen meting"),
        "before_word": words.tail(choice),
    }


def _stretches(found: Amounts) -> list[list[int]]:
    """Return from when until when values are estimated, side by side ones joined."""
    joined: list[list[int]] = []
    for start, end, guess in zip(found.starts, found.ends(), found.estimated, strict=True):
        if not guess:
            continue
        if joined and joined[-1][1] == start:
            joined[-1][1] = end
        else:
            joined.append([start, end])
    return joined


def chart_body(channels: Channels, chart: EnergyChart, choice: Choice) -> tuple[bytes, str]:
    """Return the JSON of a chart and its ETag."""
    connections = connections_of(chart.school).get(choice.carrier, [])
    if not connections:
        body = json_body({"kind": "empty"})
        return body, etag_of(body)
    if chart.name == "dag":
        day = Period.around(Step.DAY, choice.period.first)
        found = day_profile(channels, connections, choice.direction, day, now_ms())
        quarters = year_of(channels, connections, choice.direction, Period.around(Step.YEAR, day.first))
        body = json_body(
            power_content(
                chart.school,
                choice.at(day),
                found,
                base_load=quarters.base_load_kw() if choice.carrier is Carrier.ELECTRICITY else None,
            )
        )
    else:
        body = json_body(bars_content(chart.school, read_amounts(channels, chart.school, connections, choice)))
    return body, etag_of(body)


def csv_rows(channels: Channels, chart: EnergyChart, choice: Choice) -> tuple[list[str], list[list[object]]]:
    """Return a chart as rows for a spreadsheet: start with its offset, amount, estimated part, measured share."""
    connections = connections_of(chart.school).get(choice.carrier, [])
    if chart.name == "tapijt":
        period, step = Period.around(Step.YEAR, choice.period.first), Step.QUARTER
    elif chart.name == "dag":
        period, step = Period.around(Step.DAY, choice.period.first), Step.QUARTER
    else:
        period, step = choice.period, choice.period.bars()
    heads = ["start", f"{CARRIER_NAMES[choice.carrier]}_{{unit}}", "waarvan_geschat", "gedekt_deel"]
    if not connections:
        return [heads[0], heads[1].format(unit="kWh"), *heads[2:]], []
    if chart.name == "verbruik":
        found = read_amounts(channels, chart.school, connections, choice).found
    else:
        found = amounts(
            channels, connections, choice.direction, Grid.over(period.start_ms, period.end_ms, step), now_ms()
        )
    heads[1] = heads[1].format(unit=found.unit)
    rows: list[list[object]] = [
        [
            from_ms(start).astimezone(BRUSSELS).isoformat(),
            None if value is None else round(value, 6),
            None if value is None else round(guess, 6),
            None if share is None else round(share, 4),
        ]
        for start, value, guess, share in zip(
            found.starts, found.amount, found.estimated, found.bucket_coverage(now_ms()), strict=True
        )
    ]
    return heads, rows
