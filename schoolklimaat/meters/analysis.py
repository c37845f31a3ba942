"""An export, analysed: from files to the figures that `schoolklimaat analyse` prints. No database."""

import csv
import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from schoolklimaat.calc import degree_days as dd
from schoolklimaat.calc.consumption import SATURDAY, Amount, YearFigures, year_figures
from schoolklimaat.calc.heating_signature import heating_signature
from schoolklimaat.meters.exports import Export, Interval
from schoolklimaat.meters.exports.interval import ESTIMATED

_FREE_KINDS: Final = frozenset({"holiday", "free_day"})
# A day's mean needs most of its hours; a morning alone would make it look cold.
_LEAST_OF_A_DAY: Final = 0.75
_WEAK_BELOW_R2: Final = 0.3


class AnalysisInputError(Exception):
    """A weather or holiday file that cannot be used; the message says what, where and what to do."""


@dataclass(slots=True)
class Subject:
    """One connection to analyse, with all that was read of it."""

    file: str
    ean: str | None
    carrier: str | None
    intervals: list[Interval] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


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
    return list(found.values())


def _join(subject: Subject, intervals: list[Interval]) -> None:
    if not subject.intervals:
        subject.intervals = list(intervals)
        return
    held = {(one.register, one.quantity, one.start_ms, one.duration_s): one for one in subject.intervals}
    other = 0
    for one in intervals:
        key = one.register, one.quantity, one.start_ms, one.duration_s
        known = held.get(key)
        other += known is not None and known.value != one.value
        held[key] = one
    subject.intervals = list(held.values())
    if other:
        subject.warnings.append(f"{other} perioden staan in twee bestanden met een andere waarde; de laatste telt.")


def analyse(
    subject: Subject,
    zone: ZoneInfo,
    *,
    year: int | None = None,
    mean_temperatures_c: Mapping[date, float] | None = None,
    free_days: set[date] | None = None,
) -> dict[str, Any]:
    """Return the figures of one connection under the names of the command's contract."""
    offtake = [_amount(one) for one in subject.intervals if one.quantity == "offtake_energy"]
    is_free = None if free_days is None else free_days.__contains__
    figures = year_figures(offtake, zone, year=year, is_free=is_free)
    shown: dict[str, Any] = {"file": subject.file, "ean": subject.ean, "carrier": subject.carrier, "unit": "kWh"}
    if figures is None:
        return shown | _empty(year, subject)
    injected = [_amount(one) for one in subject.intervals if one.quantity == "injection_energy"]
    injection = year_figures(injected, zone, year=figures.year)
    warnings = subject.warnings + figures.warnings
    if free_days is None:
        warnings.append("Zonder vakanties (--holidays) is het aandeel buiten de schooluren niet te berekenen.")
    shown |= {
        "year": figures.year,
        "first": _utc(figures.first_ms),
        "last": _utc(figures.last_ms),
        "intervals_present": figures.intervals_present,
        "intervals_expected": figures.intervals_expected,
        "coverage": figures.coverage,
        "no_consumption_intervals": figures.no_consumption_intervals,
        "annual_kwh": _rounded(figures.annual_kwh),
        "injection_kwh": _rounded(injection.annual_kwh) if injection else None,
        "monthly_kwh": {month: _rounded(kwh) for month, kwh in sorted(figures.monthly_kwh.items())},
        "baseload_kw_night_median": _rounded(figures.baseload_kw_night_median),
        "p05_kw": _rounded(figures.p05_kw),
        "share_outside_school_hours": figures.share_outside_school_hours,
        "share_outside_school_hours_calendar": figures.share_outside_school_hours_calendar,
        "weekend_share": figures.weekend_share,
        "peak_kw": _rounded(figures.peak_kw),
        "peak_start": figures.peak_start.isoformat() if figures.peak_start else None,
        "monthly_peak_kw": {month: _rounded(kw) for month, kw in sorted(figures.monthly_peak_kw.items())},
        "estimated_share": figures.estimated_share,
        "warnings": warnings,
    }
    if mean_temperatures_c is not None:
        shown["heating"] = _heating(figures, mean_temperatures_c, free_days, warnings)
    return shown


def _heating(
    figures: YearFigures, mean_temperatures_c: Mapping[date, float], free_days: set[date] | None, warnings: list[str]
) -> dict[str, Any]:
    equivalents = dd.degree_days(mean_temperatures_c)
    days = [day for day in sorted(figures.daily_kwh) if day in equivalents]
    answer: dict[str, Any] = {"school_days": None, "all_days": None}
    chosen = {"all_days": days}
    if free_days is None:
        warnings.append("Zonder vakanties (--holidays) is er geen stooklijn van schooldagen.")
    else:
        chosen["school_days"] = [day for day in days if day.weekday() < SATURDAY and day not in free_days]
    words = {"all_days": "alle dagen", "school_days": "schooldagen"}
    for name, used in chosen.items():
        line = heating_signature([equivalents[day] for day in used], [figures.daily_kwh[day] for day in used])
        if line is None:
            warnings.append(
                f"Te weinig volledige dagen met weer voor een stooklijn over {words[name]} ({len(used)}; nodig 30)."
            )
            continue
        if line.r2 < _WEAK_BELOW_R2:
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


def _empty(year: int | None, subject: Subject) -> dict[str, Any]:
    when = f" in {year}" if year is not None else ""
    nothing = dict.fromkeys(
        ("first", "last", "annual_kwh", "injection_kwh", "baseload_kw_night_median", "p05_kw",
         "share_outside_school_hours", "share_outside_school_hours_calendar", "weekend_share", "peak_kw", "peak_start",
         "estimated_share")
    )  # fmt: skip
    silent = sum(one.quantity == "offtake_energy" for one in subject.intervals)
    return {
        "year": year, **nothing, "intervals_present": 0, "intervals_expected": None, "coverage": 0.0,
        "no_consumption_intervals": silent, "monthly_kwh": {}, "monthly_peak_kw": {},
        "warnings": [*subject.warnings, f"Er is geen afname in kWh{when}; er valt niets te berekenen."],
    }  # fmt: skip


def _amount(one: Interval) -> Amount:
    return Amount(one.start_ms, one.duration_s, one.value, one.quality == ESTIMATED)


def _rounded(value: float | None) -> float | None:
    """Take away what binary sums leave behind the decimals of the export."""
    return None if value is None else round(value, 9)


def _utc(instant_ms: int) -> str:
    return datetime.fromtimestamp(instant_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def mean_temperatures(path: Path, zone: ZoneInfo) -> dict[date, float]:
    """Return the mean temperature of each local day of a weather file; a day without most of its values is left out."""
    rows = list(_temperatures(path, zone))
    if not rows:
        raise AnalysisInputError(f"{path.name}: er staat geen enkele temperatuur in.")
    sums: dict[date, list[float]] = {}
    for day, value in rows:
        sums.setdefault(day, []).append(value)
    usual = sorted(len(values) for values in sums.values())[len(sums) // 2]
    return {day: sum(values) / len(values) for day, values in sums.items() if len(values) >= _LEAST_OF_A_DAY * usual}


def _temperatures(path: Path, zone: ZoneInfo) -> Iterator[tuple[date, float]]:
    with _opened(path) as file:
        reader = csv.DictReader(file)
        names = reader.fieldnames or []
        clock = next((name for name in ("start_utc", "local_time") if name in names), None)
        if clock is None or "temp_c" not in names:
            raise AnalysisInputError(
                f"{path.name}: de kolommen moeten start_utc,temp_c of local_time,temp_c zijn; gevonden: {', '.join(names)}."
            )
        for row in reader:
            text = (row["temp_c"] or "").strip()
            if not text:
                continue
            try:
                moment, value = datetime.fromisoformat((row[clock] or "").strip()), float(text)
            except ValueError:
                raise AnalysisInputError(
                    f"{path.name}: regel {reader.line_num} is geen tijd met een temperatuur."
                ) from None
            if clock == "start_utc":
                moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone)
            yield moment.date(), value


def read_holidays(path: Path) -> set[date]:
    """Return all days of the holidays in a file, first and last included."""
    days: set[date] = set()
    with _opened(path) as file:
        reader = csv.DictReader(file)
        names = reader.fieldnames or []
        pairs = (("start", "end"), ("first_day", "last_day"))
        columns = next((pair for pair in pairs if set(pair) <= set(names)), None)
        if columns is None:
            raise AnalysisInputError(
                f"{path.name}: de kolommen moeten name,start,end of name,first_day,last_day zijn; gevonden: {', '.join(names)}."
            )
        for row in reader:
            if "kind" in names and (row["kind"] or "").strip() not in _FREE_KINDS:
                continue
            try:
                first, last = (date.fromisoformat((row[column] or "").strip()) for column in columns)
            except ValueError:
                raise AnalysisInputError(
                    f"{path.name}: regel {reader.line_num} heeft geen twee dagen als 2026-01-31."
                ) from None
            days.update(_each_day(first, last))
    return days


def _each_day(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=at) for at in range((last - first).days + 1))


def _opened(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            zipped = file.read(2) == b"\x1f\x8b"
        opener = gzip.open if zipped else open
        return opener(path, "rt", encoding="utf-8-sig", newline="")
    except OSError as problem:
        raise AnalysisInputError(f"{path}: {problem.strerror}. Kijk de naam van het bestand na.") from problem
