"""Findings in words about quarters: of one day, and of a whole year."""

from flask_babel import gettext as _
from flask_babel import ngettext

from schoolklimaat.charts import energy_words as words
from schoolklimaat.charts.choice import Choice
from schoolklimaat.charts.energy import Amounts
from schoolklimaat.charts.period import Period
from schoolklimaat.charts.year import YearOfQuarters
from schoolklimaat.core.i18n import clock_time, month_name
from schoolklimaat.core.i18n import day as written_day
from schoolklimaat.core.shown import figure, percent
from schoolklimaat.meters.models import Carrier
from schoolklimaat.schools.models import School
from schoolklimaat.schools.services import calendar_of
from sensors.periods import FIXED_MS, HOUR_MS, from_ms, to_ms


def day_words(school: School, choice: Choice, day: Period, found: Amounts) -> tuple[str, str]:
    """Return title and summary of a day in quarters."""
    total = found.total()
    shade = calendar_of(school).open_periods(day.first, day.first)
    name = written_day(day.first, whole=True)
    name = name[0].upper() + name[1:]
    sun = choice.carrier is Carrier.PV
    title = _("%(day)s: %(amount)s", day=name, amount=words.amount(total, found.unit))
    if shade and total and not sun:
        begin, end = to_ms(shade[0][0]), to_ms(shade[0][1])
        inside = sum(
            v for start, v in zip(found.starts, found.amount, strict=True) if v is not None and begin <= start < end
        )
        title = _("%(day)s: %(share)s ging buiten de schooluren", day=name, share=percent(1 - inside / total))
    present = [(start, value) for start, value in zip(found.starts, found.amount, strict=True) if value is not None]
    if not present:
        return str(title), ""
    start, value = max(present, key=lambda each: each[1])
    figures = {
        "total": words.amount(total, found.unit),
        "peak": figure(value * HOUR_MS / FIXED_MS[found.grid.step]),
        "time": clock_time(from_ms(start)),
    }
    summary = (
        _("De zonnepanelen maakten %(total)s. De piek was %(peak)s kW om %(time)s.", **figures)
        if sun
        else _("De school verbruikte %(total)s. De piek was %(peak)s kW om %(time)s.", **figures)
    )
    guessed = found.estimated_total()
    more = _(" Daarvan is %(amount)s geschat.", amount=words.amount(guessed, found.unit)) if guessed else ""
    return str(title), f"{summary}{more}"


def carpet_words(year: YearOfQuarters, outside: float | None, *, sun: bool) -> tuple[str, str]:
    """Return title and summary of the carpet."""
    name = year.period.title()
    title = (
        _("%(year)s: %(share)s ging buiten de schooluren", year=name, share=percent(outside))
        if outside is not None
        else _("%(year)s, kwartier voor kwartier", year=name)
    )
    said = []
    rows = [row for row in year.month_rows() if row[1] is not None]
    if rows:
        most = max(rows, key=lambda row: row[1] or 0.0)
        figures = {"month": month_name(most[0].month), "amount": words.amount(most[1], "kWh")}
        said.append(
            str(
                _("De zonnigste maand was %(month)s, met %(amount)s.", **figures)
                if sun
                else _("De zwaarste maand was %(month)s, met %(amount)s.", **figures)
            )
        )
    if year.estimated_share:
        said.append(str(_("Daarvan is %(share)s geschat, niet gemeten.", share=percent(year.estimated_share, 1))))
    gaps = year.missing_days()
    if gaps:
        days = sum((last - first).days + 1 for first, last in gaps)
        said.append(
            str(ngettext("Op %(num)s dag zijn er geen gegevens.", "Op %(num)s dagen zijn er geen gegevens.", days))
        )
    return str(title), " ".join(said)
