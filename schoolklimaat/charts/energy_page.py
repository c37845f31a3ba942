"""Everything a school's energy page shows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from schoolklimaat.charts import energy_words as words
from schoolklimaat.charts.choice import COMPARISONS, ICONS, UNITS, Choice, connections_of
from schoolklimaat.charts.converting import factor_words
from schoolklimaat.charts.energy import FLOWS, Amounts, amounts, day_profile
from schoolklimaat.charts.energy_content import CHARTS, bars_content, fitted, power_content
from schoolklimaat.charts.energy_read import Read, now_ms, power_now, read_amounts, year_of
from schoolklimaat.charts.period import Period
from schoolklimaat.charts.quarter_words import carpet_words, day_words
from schoolklimaat.charts.series import Channels, Grid
from schoolklimaat.core.clock import BRUSSELS, today
from schoolklimaat.core.i18n import clock_time, month_name
from schoolklimaat.core.i18n import day as written_day
from schoolklimaat.core.shown import percent
from schoolklimaat.meters.models import Carrier, Connection
from schoolklimaat.schools.models import School
from schoolklimaat.schools.services import calendar_of
from sensors.periods import Step, from_ms, local_day


def _shown_day(read: Read) -> Period | None:
    """Return the day to show in quarters beside a wider period: the last whole one with anything in it."""
    last = min(read.found.last_ms or 0, now_ms())
    if read.choice.period.step is Step.DAY or not last:
        return None
    day = local_day(last - 1)
    if day == today() and read.choice.period.holds(day - timedelta(days=1)):
        day -= timedelta(days=1)
    return Period(Step.DAY, day) if read.choice.period.holds(day) else None


def _table(read: Read) -> dict[str, Any]:
    choice, found = read.choice, read.found
    before = fitted(read.before.amount, len(found.starts)) if read.before else None
    names = (
        [clock_time(from_ms(start)) for start in found.starts]
        if choice.period.step is Step.DAY
        else [(p.short() if (p := choice.period.one_bar(start)) else "") for start in found.starts]
    )
    coverage = found.bucket_coverage(now_ms())
    rows = []
    for place, value in enumerate(found.amount):
        guess, share = found.estimated[place], coverage[place]
        measured = None if share is None else share * (1 - (guess / value if value else 0.0))
        row = [names[place], words.amount(value, found.unit) if value is not None else "–"]
        if before is not None:
            then = before[place]
            row += [
                words.amount(then, found.unit) if then is not None else "–",
                percent(value / then - 1) if value is not None and then else "–",
            ]
        rows.append([*row, percent(measured)])
    columns = [
        (choice.period.bars() is Step.DAY and _("Dag"))
        or (_("Vanaf") if choice.period.step is Step.DAY else _("Maand"))
    ]
    heads: list[tuple[str, bool]] = [(str(columns[0]), False), (choice.period.title(), True)]
    if before is not None:
        heads += [(words.tail(choice), True), (_("Verschil"), True)]
    heads.append((_("Gemeten"), True))
    compared = read.compared
    foot = [_("Samen"), words.amount(found.total(), found.unit)]
    if before is not None:
        foot += [
            words.amount(compared.before, found.unit) if compared and compared.before is not None else "–",
            percent(compared.change) if compared and compared.change is not None else "–",
        ]
    return {"columns": heads, "rows": rows, "foot": [*foot, percent(read.measured)]}


def _figures(channels: Channels, school: School, connections: Sequence[Connection], read: Read) -> dict[str, Any]:
    """Return base load, share outside school hours and month peak, where there are quarters of energy."""
    choice = read.choice
    year = year_of(channels, connections, choice.direction, Period.around(Step.YEAR, choice.period.first))
    share = year.coverage()
    if share is None or not share:
        return {}
    last = local_day(min(read.found.last_ms or choice.period.start_ms, now_ms()))
    month = Period.around(Step.MONTH, max(choice.period.first, min(last, choice.period.after - timedelta(days=1))))
    peak = year.peak(month)
    electric = choice.carrier is Carrier.ELECTRICITY
    # Sun shines when it likes: what panels make outside school hours says nothing about the school.
    outside = None if choice.carrier is Carrier.PV else year.outside_school_hours(calendar_of(school))
    return {
        "year": year,
        "base_load": year.base_load_kw() if electric else None,
        "outside": outside,
        "share": share,
        "words": carpet_words(year, outside, sun=choice.carrier is Carrier.PV),
        "months": [
            (month_name(first.month), words.amount(amount, "kWh") if amount is not None else "–", percent(part))
            for first, amount, part in year.month_rows()
        ],
        "peak": peak[1] if peak and electric else None,
        "peak_at": f"{written_day(from_ms(peak[0]).astimezone(BRUSSELS).date())}, {clock_time(from_ms(peak[0]))}"
        if peak
        else "",
        "peak_month": month.title(),
    }


def _unit_links(school: School, choice: Choice, read: Read) -> list[tuple[str, str, bool]]:
    native = words.short_unit(read.native.unit if read.native is not None else read.found.unit)
    names = {"kwh": native, "euro": "€", "co2": "CO2"}
    return [(names[unit], replace(choice, unit=unit).url(school), unit == choice.unit) for unit in UNITS]


def _comparison_links(school: School, choice: Choice) -> list[tuple[str, str, bool]]:
    names = {
        "vorige": words.tail(replace(choice, comparison="vorige")),
        "vorig-jaar": _("een jaar eerder"),
        "niet": _("niets"),
    }
    same = choice.period.step in {Step.YEAR, Step.SCHOOL_YEAR}  # the year before is a year earlier
    return [
        (names[each], replace(choice, comparison=each).url(school), each == choice.comparison)
        for each in COMPARISONS
        if not (same and each == "vorig-jaar")
    ]


def _next_level(choice: Choice) -> str | None:
    """Say what the next step deeper is."""
    words_of = {
        Step.MONTH: _("kies een dag"),
        Step.WEEK: _("kies een dag"),
        Step.YEAR: _("kies een maand"),
        Step.SCHOOL_YEAR: _("kies een maand"),
    }
    chosen = words_of.get(choice.period.step)
    return None if chosen is None else str(chosen)


def _injected(channels: Channels, connections: Sequence[Connection], choice: Choice) -> str | None:
    """Return what was put back on the grid in the period, apart from what was taken."""
    if (choice.carrier, "injection") not in FLOWS:
        return None
    grid = Grid.over(choice.period.start_ms, choice.period.end_ms, Step.DAY)
    back = amounts(channels, connections, "injection", grid, now_ms()).total()
    return words.amount(back, "kWh") if back else None


def _chart_url(school: School, kind: str, choice: Choice, name: str = "dag") -> str:
    if name == "tapijt" and kind == "json":
        return url_for("charts.carpet", slug=school.slug, **choice.args())
    endpoint = "charts.energy_chart" if kind == "json" else "charts.energy_csv"
    return url_for(endpoint, slug=school.slug, chart=name, **choice.args())


def _hours(found: Amounts) -> list[tuple[str, str]]:
    """Return the table of a day: an amount per hour."""
    hourly = found.grouped(Step.HOUR)
    return [
        (clock_time(from_ms(start)), words.amount(value, found.unit) if value is not None else "–")
        for start, value in zip(hourly.starts, hourly.amount, strict=True)
    ]


def energy_context(channels: Channels, school: School, choice: Choice) -> dict[str, Any]:
    """Return everything the page shows of a choice."""
    by_carrier = connections_of(school)
    if not by_carrier:
        return {"choice": choice, "carriers": [], "read": None}
    if choice.carrier not in by_carrier:
        choice = Choice(next(iter(by_carrier)), choice.period, choice.unit, choice.comparison)
    connections = by_carrier[choice.carrier]
    read = read_amounts(channels, school, connections, choice)
    energy_unit = read.native is not None and read.native.unit == "kWh"
    figures = _figures(channels, school, connections, read) if energy_unit else {}
    day = _shown_day(read) if energy_unit else None
    day_found = day_profile(channels, connections, choice.direction, day, now_ms()) if day else None
    return {
        "choice": choice,
        "read": read,
        "carriers": [
            (
                words.carrier_sentence(carrier),
                ICONS[carrier],
                replace(choice, carrier=carrier).url(school),
                carrier == choice.carrier,
            )
            for carrier in by_carrier
        ],
        "units": _unit_links(school, choice, read),
        "comparisons": _comparison_links(school, choice),
        "headline": words.headline(choice, read.found, read.compared, measured=read.is_measured),
        "subline": words.subline(choice, read.compared),
        "path": [(period, choice.at(period).url(school)) for period in choice.period.path(today())],
        "next_level": _next_level(choice),
        "levels": [
            (
                choice.at(Period.around(step, min(choice.period.after - timedelta(days=1), today()))),
                step is choice.period.step,
            )
            for step in (Step.DAY, Step.WEEK, Step.MONTH, Step.YEAR, Step.SCHOOL_YEAR)
        ],
        "previous": (choice.period.previous(), choice.at(choice.period.previous()).url(school)),
        "following": (choice.period.following(), choice.at(choice.period.following()).url(school))
        if choice.period.after <= today()
        else None,
        "chart_title": words.chart_title(choice, read.found, read.before),
        "unit_sentence": words.unit_sentence(choice, read.found.unit),
        "content": bars_content(school, read),
        "summary": words.summary(choice, read.found, read.compared),
        "factor": factor_words(choice.carrier, read.native.unit if read.native else "") if choice.unit == "co2" else "",
        "table": _table(read),
        "tail": words.tail(choice),
        "figures": figures,
        "power_now": power_now(channels, connections)
        if choice.carrier is Carrier.ELECTRICITY and choice.period.holds(today())
        else None,
        "injected": _injected(channels, connections, choice),
        "total": words.amount(read.found.total(), read.found.unit),
        "day": day,
        "day_url": choice.at(day).url(school) if day else None,
        "day_content": power_content(school, choice.at(day), day_found) if day and day_found else None,
        "day_hourly": day_found is not None and day_found.grid.step is Step.HOUR,
        "day_rows": _hours(day_found) if day_found else [],
        "day_json": _chart_url(school, "json", choice.at(day)) if day else None,
        "day_csv": _chart_url(school, "csv", choice.at(day)) if day else None,
        "day_words": day_words(school, choice, day, day_found) if day and day_found else None,
        "urls": {(name, kind): _chart_url(school, kind, choice, name) for name in CHARTS for kind in ("json", "csv")},
    }
