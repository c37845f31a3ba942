"""Findings in words about air: titles and one-sentence summaries, made from the readings."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from flask_babel import gettext as _
from flask_babel import ngettext

from schoolklimaat.calc.air import GUIDELINE_PPM, OUTDOOR_PPM
from schoolklimaat.charts.air import (
    AIR_NOW_PPM,
    COMFORT,
    GOAL_SHARE,
    DayOfAir,
    RoomNow,
    WeekOfAir,
)
from schoolklimaat.core.clock import now, today
from schoolklimaat.core.i18n import clock_time, number
from schoolklimaat.core.i18n import day as written_day
from schoolklimaat.core.shown import percent
from sensors.periods import BRUSSELS, from_ms

_LIKE_OUTDOOR_PPM: Final = 30  # less than a classroom sensor can tell apart


def ppm(value: float) -> str:
    """Write a CO2 value rounded to tens: the sensor knows no better."""
    return number(round(value, -1))


def light_word(level: str | None) -> str:
    """Return the word of the air light."""
    words: dict[str | None, str] = {"goed": _("Goed"), "let-op": _("Let op"), "verlucht": _("Verlucht nu")}
    return words.get(level) or str(_("Geen meting"))


def room_headline(room_name: str, air: RoomNow) -> str:
    """Return the finding of a room's page."""
    match air.level:
        case "goed":
            said = _("%(room)s: de lucht is goed", room=room_name)
        case "let-op":
            said = _("%(room)s: de lucht wordt muf. Zet een raam op een kier.", room=room_name)
        case "verlucht":
            said = _("%(room)s: de lucht is te muf. Verlucht nu.", room=room_name)
        case _ if not air.has_kit:
            said = _("%(room)s: hier hangt nog geen kit", room=room_name)
        case _:
            said = _("%(room)s: er is nu geen meting", room=room_name)
    return str(said)


def class_headline(air: RoomNow) -> tuple[str, str]:
    """Return the finding of a pupil's page in two short sentences."""
    match air.level:
        case "goed":
            pair = (_("Onze lucht is goed."), _("Zo blijft je hoofd fris."))
        case "let-op":
            pair = (_("Onze lucht wordt muf."), _("Zet nu een raam op een kier."))
        case "verlucht":
            pair = (_("Onze lucht is te muf."), _("Zet de ramen wijd open."))
        case _ if air.has_kit:
            pair = (_("We horen onze kit niet."), _("Kijk of de stekker erin zit."))
        case _:
            pair = (_("In onze klas hangt nog geen kit."), _("Vraag het aan je leerkracht."))
    return str(pair[0]), str(pair[1])


def class_headline_away() -> tuple[str, str]:
    """Return what a pupil reads while the readings cannot be reached."""
    return str(_("De metingen zijn even weg.")), str(_("Probeer het straks opnieuw."))


def school_headline(name: str, rooms: Iterable[RoomNow]) -> str:
    """Return the finding of a school's page."""
    levels = [air.level for air in rooms]
    measured = [level for level in levels if level]
    if not measured:
        return str(_("%(school)s: er is nu geen meting van de lucht", school=name))
    stuffy = sum(level != "goed" for level in measured)
    if stuffy == 0:
        return str(_("%(school)s: overal goede lucht", school=name))
    return str(
        ngettext(
            "%(school)s: in %(num)s lokaal mag een raam open",
            "%(school)s: in %(num)s lokalen mag een raam open",
            stuffy,
            school=name,
        )
    )


def advice(air: RoomNow) -> str:
    """Return the one thing to do now."""
    match air.level:
        case "goed":
            said = _("Je hoeft nu niets te doen.")
        case "let-op":
            said = _("Zet een raam op een kier.")
        case "verlucht":
            said = _("Zet de ramen tien minuten wijd open.")
        case _ if air.last_at is not None:
            said = _("De kit zweeg sinds %(moment)s. Controleer de stekker en de wifi.", moment=_moment(air.last_at))
        case _ if air.has_kit:
            said = _("De kit stuurde nog niets. Controleer de stekker en de wifi.")
        case _:
            said = _("Vraag de technische werkgroep om een kit.")
    return str(said)


def above_outdoor(air: RoomNow) -> str:
    """Compare with outdoor air, as the Flemish guideline does."""
    if air.co2 is None:
        return ""
    more = round(air.co2 - OUTDOOR_PPM, -1)
    if more < _LIKE_OUTDOOR_PPM:
        return str(_("Dat is zoals buiten."))
    return str(_("Dat is %(ppm)s meer dan buiten.", ppm=number(more)))


def measured_at(air: RoomNow) -> str:
    """Say when the value was measured."""
    return str(_("Gemeten om %(time)s.", time=clock_time(air.at))) if air.at else ""


def _moment(at: datetime) -> str:
    same_day = at.astimezone(BRUSSELS).date() == today()
    return clock_time(at) if same_day else f"{written_day(at)}, {clock_time(at)}"


def day_title(air: DayOfAir) -> str:
    """Return the finding of a day's CO2 chart."""
    highest = air.peak()
    is_today = air.period.first == today()
    if highest is None:
        if is_today:
            return str(_("Vandaag zijn er nog geen metingen"))
        return str(_("Op %(day)s zijn er geen metingen", day=written_day(air.period.first, whole=True)))
    at, value = highest
    if value <= GUIDELINE_PPM:
        if is_today:
            return str(_("De CO2 bleef vandaag tot nu onder 900 ppm"))
        return str(_("De CO2 bleef de hele dag onder 900 ppm"))
    if value <= AIR_NOW_PPM:
        return str(_("De CO2 kwam boven 900 ppm, maar niet boven %(limit)s ppm", limit=number(AIR_NOW_PPM)))
    return str(_("De CO2 steeg tot %(ppm)s ppm om %(time)s", ppm=ppm(value), time=clock_time(from_ms(at))))


def day_summary(air: DayOfAir) -> str:
    """Return one or two sentences about a day: highest value, good share, what is missing."""
    highest = air.peak()
    if highest is None:
        return str(_("Zodra een kit in dit lokaal meet, zie je hier de lijn van de dag."))
    at, value = highest
    said = [str(_("De hoogste waarde was %(ppm)s ppm, om %(time)s.", ppm=ppm(value), time=clock_time(from_ms(at))))]
    share = air.occupied_share_ok()
    if share is not None:
        figures = {"share": percent(share), "goal": percent(GOAL_SHARE)}
        said.append(
            str(
                _(
                    "Tijdens de lessen was de lucht %(share)s van de tijd onder 900 ppm. Het doel is %(goal)s.",
                    **figures,
                )
            )
            if air.lessons is not None
            else str(
                _(
                    "Toen er mensen waren (afgeleid uit de CO2), was de lucht %(share)s van de tijd onder 900 ppm."
                    " Het doel is %(goal)s.",
                    **figures,
                )
            )
        )
    gaps = air.gaps()
    if len(gaps) == 1:
        said.append(
            str(
                _(
                    "Van %(start)s tot %(end)s zijn er geen metingen.",
                    start=clock_time(from_ms(gaps[0].start_ms)),
                    end=clock_time(from_ms(gaps[0].end_ms)),
                )
            )
        )
    elif gaps:
        said.append(
            str(ngettext("Er is %(num)s stuk zonder metingen.", "Er zijn %(num)s stukken zonder metingen.", len(gaps)))
        )
    return " ".join(said)


def week_title(week: WeekOfAir) -> str:
    """Return the finding of the week strip."""
    good, of = week.counted()
    this_week = week.period.holds(today())
    if of == 0:
        return (
            str(_("Deze week zijn er nog geen metingen")) if this_week else str(_("In die week zijn er geen metingen"))
        )
    lead = _("Deze week") if this_week else week.period.title().capitalize()
    return str(
        _(
            "%(week)s: goede lucht in %(good)s van de %(all)s dagdelen",
            week=lead,
            good=good,
            all=of,
        )
    )


def comfort_level(quantity: str, value: float | None) -> str | None:
    """Say whether temperature or humidity is pleasant: `goed` or `let-op`."""
    if value is None:
        return None
    low, high = COMFORT[quantity]
    return "goed" if low <= value <= high else "let-op"


def comfort_title(temperature: float | None, humidity: float | None) -> str:
    """Return the finding about warmth and moisture."""
    if temperature is None and humidity is None:
        return str(_("Temperatuur en vochtigheid: nog geen meting"))
    parts = []
    if temperature is not None:
        low, high = COMFORT["temperature"]
        parts.append(_("te koel") if temperature < low else _("te warm") if temperature > high else _("warm genoeg"))
    if humidity is not None:
        low, high = COMFORT["humidity"]
        parts.append(
            _("te droge lucht")
            if humidity < low
            else _("vochtige lucht")
            if humidity > high
            else _("niet te droog of te vochtig")
        )
    text = ", ".join(str(part) for part in parts)
    return text[0].upper() + text[1:]


def minutes_ago(at: datetime) -> str:
    """Say how long ago a moment was."""
    minutes = max(0, int((now() - at).total_seconds() // 60))
    if minutes < 1:
        return str(_("zonet"))
    if minutes < 90:  # noqa: PLR2004 - from here on hours say more
        return str(ngettext("%(num)s minuut geleden", "%(num)s minuten geleden", minutes))
    hours = round(minutes / 60)
    if hours < 48:  # noqa: PLR2004 - from here on days say more
        return str(ngettext("%(num)s uur geleden", "%(num)s uur geleden", hours))
    return str(ngettext("%(num)s dag geleden", "%(num)s dagen geleden", hours // 24))
