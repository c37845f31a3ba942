"""An export, analysed: from files to the figures that `schoolklimaat analyse` prints. No database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from schoolklimaat.calc import degree_days as dd
from schoolklimaat.calc.consumption import (
    SATURDAY,
    Amount,
    YearFigures,
    expected_intervals,
    latest_year,
    year_figures,
)
from schoolklimaat.calc.heating_signature import WEAK_BELOW_R2, heating_signature
from schoolklimaat.meters.analysis_inputs import Weather
from schoolklimaat.meters.exports import Export, Interval
from schoolklimaat.meters.exports.interval import ESTIMATED

_DECIMALS: Final = 9  # takes away what binary sums leave behind the three decimals of an export
_REFUSED: Final = (
    "baseload_kw_night_median", "p05_kw", "share_outside_school_hours", "share_outside_school_hours_calendar",
    "weekend_share", "holiday_share", "peak_kw", "peak_start", "estimated_share",
)  # fmt: skip


@dataclass(slots=True)
class Subject:
    """One connection to analyse, with all that was read of it."""

    file: str
    ean: str | None
    carrier: str | None
    intervals: list[Interval] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def amounts(self, quantity: str) -> list[Amount]:
        """Return the intervals of one quantity."""
        return [
            Amount(one.start_ms, one.duration_s, one.value, one.quality == ESTIMATED)
            for one in self.intervals
            if one.quantity == quantity
        ]


def subjects(exports: Sequence[tuple[str, Export]]) -> list[Subject]:
    """Join what several files say of one connection; files that name none stay apart."""
    found: dict[object, Subject] = {}
    for at, (file, export) in enumerate(exports):
        for connection in export.connections:
            key = (connection.ean, connection.carrier) if connection.ean else at
            subject = found.setdefault(key, Subject(file, connection.ean, connection.carrier))
            _join(subject, connection.intervals)
            if export.rejected:
                subject.warnings.append(f"{len(export.rejected)} regels van {Path(file).name} zijn niet gebruikt.")
    for subject in found.values():
        if subject.ean and not _has_check_digit(subject.ean):
            subject.warnings.append(
                f"Het controlecijfer van EAN {subject.ean} klopt niet; kijk het nummer na op de factuur."
            )
    return list(found.values())


def _has_check_digit(ean: str) -> bool:
    """Check the last digit as GS1 prescribes: weights 3 and 1 from the right, the whole a multiple of ten."""
    digits = [int(digit) for digit in reversed(ean)]
    return sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0


def _join(subject: Subject, intervals: list[Interval]) -> None:
    if not subject.intervals:
        subject.intervals = intervals
        return
    held = {(one.register, one.quantity, one.start_ms, one.duration_s): one for one in subject.intervals}
    other = 0
    for one in intervals:
        key = one.register, one.quantity, one.start_ms, one.duration_s
        known = held.get(key)
        if known is not None and one.value is None:
            continue  # a later file that lacks the value takes nothing away
        other += known is not None and known.value is not None and known.value != one.value
        held[key] = one
    subject.intervals = list(held.values())
    if other:
        subject.warnings.append(f"{other} perioden staan in twee bestanden met een andere waarde; de laatste telt.")


def analyse(
    subject: Subject,
    zone: ZoneInfo,
    *,
    year: int | None = None,
    weather: Weather | None = None,
    free_days: set[date] | None = None,
) -> dict[str, Any]:
    """Return the figures of one connection under the names of the command's contract.

    `weather` adds `heating`; without `free_days` the figures that need holidays are None, with a warning.
    """
    offtake, injected = subject.amounts("offtake_energy"), subject.amounts("injection_energy")
    produced = subject.amounts("production_energy")
    is_free = None if free_days is None else free_days.__contains__
    figures = year_figures(offtake, zone, year=year, is_free=is_free)
    at_year = figures.year if figures else year or _some_year([*injected, *produced, *offtake], zone)
    shown: dict[str, Any] = {"file": subject.file, "ean": subject.ean, "carrier": subject.carrier, "unit": "kWh"}
    warnings = list(subject.warnings)
    shown |= _shown(figures) if figures else _nothing(subject, offtake, zone, at_year, warnings)
    for name, amounts in (("injection_kwh", injected), ("production_kwh", produced)):
        other = year_figures(amounts, zone, year=at_year) if at_year is not None else None
        shown[name] = _rounded(other.annual_kwh) if other else None
    if figures:
        warnings += figures.warnings
        if free_days is None:
            warnings.append("Zonder vakanties (--holidays) is het aandeel buiten de schooluren niet te berekenen.")
        elif not any(day.year == figures.year for day in free_days):
            warnings.append(
                f"Het vakantiebestand heeft geen enkele dag in {figures.year}; elke weekdag telt als schooldag."
            )
    if weather is not None:
        shown["heating"] = _heating(figures, weather, free_days, warnings)
    return shown | {"warnings": warnings}


def _shown(figures: YearFigures) -> dict[str, Any]:
    return {
        "year": figures.year,
        "first": _utc(figures.first_ms),
        "last": _utc(figures.last_ms),
        "intervals_present": figures.intervals_present,
        "intervals_expected": figures.intervals_expected,
        "coverage": figures.coverage,
        "no_consumption_intervals": figures.no_consumption_intervals,
        "annual_kwh": _rounded(figures.annual_kwh),
        "monthly_kwh": {month: _rounded(kwh) for month, kwh in sorted(figures.monthly_kwh.items())},
        "baseload_kw_night_median": _rounded(figures.baseload_kw_night_median),
        "p05_kw": _rounded(figures.p05_kw),
        "share_outside_school_hours": figures.share_outside_school_hours,
        "share_outside_school_hours_calendar": figures.share_outside_school_hours_calendar,
        "weekend_share": figures.weekend_share,
        "holiday_share": figures.holiday_share,
        "peak_kw": _rounded(figures.peak_kw),
        "peak_start": figures.peak_start.isoformat() if figures.peak_start else None,
        "monthly_peak_kw": {month: _rounded(kw) for month, kw in sorted(figures.monthly_peak_kw.items())},
        "estimated_share": figures.estimated_share,
    }


def _nothing(
    subject: Subject, offtake: list[Amount], zone: ZoneInfo, year: int | None, warnings: list[str]
) -> dict[str, Any]:
    """Return the figures of a year without any offtake: all refused, with the reason."""
    when = f" in {year}" if year is not None else ""
    if not offtake and any(one.quantity == "offtake_volume" for one in subject.intervals):
        warnings.append(
            "Er zijn alleen rijen in m³, geen in kWh. Vraag de export met kWh; een vaste omrekening doen we niet."
        )
    elif not offtake:
        warnings.append("Deze aansluiting heeft geen afname in het bestand; de cijfers over afname zijn er niet.")
    else:
        warnings.append(f"Er is geen enkele waarde van afname{when}; er valt niets te berekenen.")
    silent = {one.start_ms for one in offtake if one.kwh is None and _local_year(one, zone) == year}
    expected = None
    if offtake and year is not None:
        expected = expected_intervals(year, {date.min: min(one.duration_s for one in offtake)}, zone)
    return {
        "year": year, "first": None, "last": None, "intervals_present": 0, "intervals_expected": expected,
        "coverage": None if expected is None else 0.0, "no_consumption_intervals": len(silent), "annual_kwh": None,
        "monthly_kwh": {}, "monthly_peak_kw": {}, **dict.fromkeys(_REFUSED),
    }  # fmt: skip


def _some_year(amounts: list[Amount], zone: ZoneInfo) -> int | None:
    """Return the latest year that has a value, else the latest that has a row."""
    return latest_year(amounts, zone) or max((_local_year(one, zone) for one in amounts), default=None)


def _local_year(one: Amount, zone: ZoneInfo) -> int:
    return datetime.fromtimestamp(one.start_ms / 1000, zone).year


def _heating(
    figures: YearFigures | None, weather: Weather, free_days: set[date] | None, warnings: list[str]
) -> dict[str, Any]:
    warnings.extend(weather.notes)
    answer: dict[str, Any] = {"school_days": None, "all_days": None}
    if figures is None or not weather.means_c:
        return answer
    equivalents = dd.degree_days(weather.means_c)
    days = [day for day in sorted(figures.daily_kwh) if day in equivalents]
    chosen: dict[str, Iterable[date]] = {"all_days": days}
    if free_days is None:
        warnings.append("Zonder vakanties (--holidays) is er geen stooklijn van schooldagen.")
    else:
        chosen["school_days"] = [day for day in days if day.weekday() < SATURDAY and day not in free_days]
    words = {"all_days": "alle dagen", "school_days": "schooldagen"}
    for name, used in chosen.items():
        line = heating_signature([equivalents[day] for day in used], [figures.daily_kwh[day] for day in used])
        if line is None:
            count = sum(1 for _day in used)
            warnings.append(
                f"Te weinig volledige dagen met weer voor een stooklijn over {words[name]} ({count}; nodig 30)."
            )
            continue
        if line.r2 < WEAK_BELOW_R2:
            warnings.append(
                f"Over {words[name]} verklaart het weer hier weinig (R² {f'{line.r2:.2f}'.replace('.', ',')})."
            )
        answer[name] = {
            "a_kwh_per_day": line.a_kwh_per_day,
            "b_kwh_per_degree_day": line.b_kwh_per_degree_day,
            "b_95_half_width": line.b_half_width,
            "r2": line.r2,
            "cv_rmse": line.cv_rmse,
            "n": line.n,
            "base": dd.BASE_C,
            "variant": dd.VARIANT,
        }
    return answer


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DECIMALS)


def _utc(instant_ms: int) -> str:
    return datetime.fromtimestamp(instant_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
