"""Findings in words about energy and water, made from the amounts."""

from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _
from flask_babel import ngettext

from schoolklimaat.charts.choice import Choice, carrier_word
from schoolklimaat.charts.energy import Amounts
from schoolklimaat.charts.period import Period
from schoolklimaat.core.clock import today
from schoolklimaat.core.i18n import clock_time, month_name, number
from schoolklimaat.core.i18n import day as written_day
from schoolklimaat.core.shown import NO_BREAK, figure, percent
from schoolklimaat.meters.models import Carrier
from sensors.periods import Step, from_ms, local_day

ENOUGH: Final = 0.9  # of the time measured on both sides, before two periods are compared
_SAME: Final = 0.005


@dataclass(frozen=True, slots=True)
class Compared:
    """Two totals up to the same moment; `enough` when both were measured well enough to compare."""

    now: float | None
    before: float | None
    enough: bool
    until_ms: int
    running: bool

    @property
    def change(self) -> float | None:
        """The relative difference; None when it would say nothing."""
        if not self.enough or self.now is None or not self.before:
            return None
        return self.now / self.before - 1


def unit_word(unit: str) -> str:
    """Return a unit spelled out."""
    words = {
        "kWh": _("kilowattuur (kWh)"),
        "m3": _("kubieke meter (m³)"),
        "€": _("euro (€)"),
        "kg CO2": _("kilogram CO2"),
    }
    return str(words.get(unit, unit))


def unit_sentence(choice: Choice, unit: str) -> str:
    """Say what the bars are: what, per what, in which unit."""
    per = {Step.DAY: _("per dag"), Step.MONTH: _("per maand")}.get(choice.period.bars(), _("per kwartier"))
    return str(
        _("%(carrier)s %(per)s, in %(unit)s.", carrier=carrier_sentence(choice.carrier), per=per, unit=unit_word(unit))
    )


def short_unit(unit: str) -> str:
    """Return a unit as it stands behind a figure."""
    return {"m3": "m³", "kg CO2": "kg"}.get(unit, unit)


def amount(value: float | None, unit: str) -> str:
    """Return a figure with its unit; euro with cents under a hundred."""
    if value is None:
        return str(_("onbekend"))
    if unit == "€":
        return f"€{NO_BREAK}{number(value, 2 if abs(value) < 100 else 0)}"  # noqa: PLR2004 - a hundred euro
    return f"{figure(value)}{NO_BREAK}{short_unit(unit)}"


def lead(choice: Choice) -> str:
    """Name the period at the head of a sentence."""
    if choice.period.holds(today()):
        words = {
            Step.DAY: _("Vandaag tot nu"),
            Step.WEEK: _("Deze week tot nu"),
            Step.MONTH: _("Deze maand tot nu"),
            Step.YEAR: _("Dit jaar tot nu"),
            Step.SCHOOL_YEAR: _("Dit schooljaar tot nu"),
        }
        return str(words[choice.period.step])
    title = choice.period.title()
    return f"{title[0].upper()}{title[1:]}:"


def tail(choice: Choice) -> str:
    """Name what is compared with, at the end of a sentence."""
    if choice.comparison == "vorig-jaar":
        return str(_("een jaar eerder"))
    words = {
        Step.DAY: _("de dag ervoor"),
        Step.WEEK: _("vorige week") if choice.period.holds(today()) else _("de week ervoor"),
        Step.MONTH: _("de maand ervoor"),
        Step.YEAR: _("het jaar ervoor"),
        Step.SCHOOL_YEAR: _("het schooljaar ervoor"),
    }
    return str(words[choice.period.step])


def headline(choice: Choice, found: Amounts, compared: Compared | None, *, measured: bool = False) -> str:
    """Return the finding of the page; `measured` says that there are amounts, whether or not they could be converted."""
    word = carrier_word(choice.carrier)
    total = found.total()
    if total is None and measured and choice.unit == "euro":
        return str(_("%(period)s de kost van %(carrier)s is onbekend", period=lead(choice), carrier=word))
    if total is None and measured:
        return str(_("%(period)s de uitstoot van %(carrier)s is onbekend", period=lead(choice), carrier=word))
    if total is None:
        return str(
            _("%(period)s: nog geen metingen van %(carrier)s", period=choice.period.title().capitalize(), carrier=word)
        )
    change = compared.change if compared is not None else None
    if change is None:
        return str(
            _("%(period)s %(amount)s %(carrier)s", period=lead(choice), amount=amount(total, found.unit), carrier=word)
        )
    if abs(change) < _SAME:
        return str(
            _("%(period)s evenveel %(carrier)s als %(before)s", period=lead(choice), carrier=word, before=tail(choice))
        )
    words = {
        "period": lead(choice),
        "share": percent(abs(change)),
        "carrier": word,
        "before": tail(choice),
    }
    if change < 0:
        return str(_("%(period)s %(share)s minder %(carrier)s dan %(before)s", **words))
    return str(_("%(period)s %(share)s meer %(carrier)s dan %(before)s", **words))


def subline(choice: Choice, compared: Compared | None) -> str:
    """Say how was compared, or why not."""
    if compared is None or compared.now is None:
        return ""
    if compared.before is None:
        return str(_("Van %(before)s zijn er geen metingen om mee te vergelijken.", before=tail(choice)))
    if not compared.enough:
        return str(_("Er is te weinig gemeten om eerlijk te vergelijken met %(before)s.", before=tail(choice)))
    if compared.running:
        moment = from_ms(compared.until_ms)
        return str(
            _(
                "Vergeleken tot hetzelfde moment: %(day)s, %(time)s.",
                day=written_day(moment, whole=True),
                time=clock_time(moment),
            )
        )
    return ""


def chart_title(choice: Choice, found: Amounts, before: Amounts | None) -> str:
    """Return the finding of the bars."""
    if choice.period.step is Step.DAY:
        return str(_("Vermogen per kwartier op %(day)s", day=written_day(choice.period.first, whole=True)))
    present = [(value, start) for value, start in zip(found.amount, found.starts, strict=True) if value is not None]
    if not present:
        return str(_("Hier komt een staaf voor elke meting"))
    if before is not None and choice.period.step is Step.WEEK:
        pairs = [
            (now_value, then)
            for now_value, then in zip(found.amount, before.amount, strict=False)
            if now_value is not None and then is not None
        ]
        complete = pairs[:-1] if choice.period.holds(today()) else pairs
        lower = sum(now_value < then for now_value, then in complete)
        if len(complete) > 1 and lower == len(complete):
            return str(_("Elke dag lag lager dan %(before)s", before=tail(choice)))
        if len(complete) > 1 and lower:
            return str(
                ngettext(
                    "%(num)s dag lag lager dan %(before)s",
                    "%(num)s dagen lagen lager dan %(before)s",
                    lower,
                    before=tail(choice),
                )
            )
    value, start = max(present, key=lambda each: each[0])
    shown = amount(value, found.unit)
    if choice.period.bars() is Step.DAY:
        return str(
            _("Het meeste op %(when)s: %(amount)s", when=written_day(local_day(start), whole=True), amount=shown)
        )
    when = Period.around(Step.MONTH, local_day(start)).short()
    return str(_("Het meeste in %(when)s: %(amount)s", when=when, amount=shown))


def summary(choice: Choice, found: Amounts, compared: Compared | None) -> str:
    """Return the sentences under the bars: totals, what is estimated, what is missing."""
    total = found.total()
    if total is None and choice.unit != "kwh":
        return str(_("In een andere eenheid zie je wat er gemeten is."))
    if total is None:
        return str(_("Zodra er een meting of een invoer is, staat ze hier."))
    said = []
    if compared is not None and compared.now is not None and compared.before is not None and compared.enough:
        said.append(
            str(
                _(
                    "%(period)s %(now)s, %(before_name)s %(before)s.",
                    period=lead(choice),
                    now=amount(compared.now, found.unit),
                    before_name=tail(choice),
                    before=amount(compared.before, found.unit),
                )
            )
        )
    else:
        said.append(str(_("%(period)s samen %(total)s.", period=lead(choice), total=amount(total, found.unit))))
    guessed = found.estimated_total()
    if guessed > 0:
        said.append(
            str(
                _(
                    "Daarvan is %(amount)s geschat (%(share)s).",
                    amount=amount(guessed, found.unit),
                    share=percent(guessed / total, 1 if guessed < total / 100 else 0) if total else "–",
                )
            )
        )
    if found.unplaced > 0:
        said.append(
            str(
                _(
                    "Terwijl de meter zweeg, ging er nog %(amount)s door: dat hoort niet bij één staaf en telt hier niet mee.",
                    amount=amount(found.unplaced, found.unit),
                )
            )
        )
    if found.coarse:
        said.append(str(_("Een deel van de gegevens komt per dag of per uur; dat staat niet in deze kwartieren.")))
    return " ".join(said)


def bar_label(choice: Choice, start_ms: int) -> tuple[str, str]:
    """Return what stands under a bar: one or two short lines."""
    day = local_day(start_ms)
    if choice.period.bars() is Step.MONTH:
        return month_name(day.month, whole=False), ""
    if choice.period.step is Step.MONTH:
        return str(day.day), ""
    if choice.period.step is Step.WEEK:
        weekday, rest = written_day(day).split(" ", 1)
        return weekday, rest
    return clock_time(from_ms(start_ms)), ""


def carrier_sentence(carrier: Carrier) -> str:
    """Return a carrier's name at the head of a sentence."""
    word = carrier_word(carrier)
    return word[0].upper() + word[1:]
