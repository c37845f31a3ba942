"""What a year of consumption says: totals, base load, peaks, what falls outside school hours. Definitions: see each field.

Input are intervals of offtake, stamped with their start in UTC. Local days are those of the zone given. Nothing is
filled in: a missing interval is missing, and every figure says over what it was taken.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

SCHOOL_STARTS_H: Final = 8
SCHOOL_ENDS_H: Final = 17
NIGHT_ENDS_H: Final = 4
SATURDAY: Final = 5
DAY_S: Final = 24 * 3600
INCOMPLETE_BELOW: Final = 0.95
_LONGEST_FINE_S: Final = 3600


class Amount(NamedTuple):
    """Energy in kWh over [start, start + duration); no value where the grid operator said "no consumption"."""

    start_ms: int
    duration_s: int
    kwh: float | None
    estimated: bool = False


@dataclass(slots=True)
class YearFigures:
    """The figures of one local calendar year, in kWh and kW; None where a figure is refused (see `warnings`)."""

    year: int
    first_ms: int
    last_ms: int
    intervals_present: int
    intervals_expected: int
    coverage: float
    no_consumption_intervals: int
    annual_kwh: float | None
    monthly_kwh: dict[str, float]
    baseload_kw_night_median: float | None
    p05_kw: float | None
    share_outside_school_hours: float | None
    share_outside_school_hours_calendar: float | None
    weekend_share: float | None
    peak_kw: float | None
    peak_start: datetime | None
    monthly_peak_kw: dict[str, float]
    estimated_share: float | None
    daily_kwh: dict[date, float] = field(default_factory=dict, repr=False)
    warnings: list[str] = field(default_factory=list)


def combined(intervals: Iterable[Amount]) -> list[Amount]:
    """Add up registers: one amount per start and duration, in order of time. A value beside "no consumption" wins."""
    held: dict[tuple[int, int], Amount] = {}
    for one in intervals:
        key = one.start_ms, one.duration_s
        known = held.get(key)
        if known is None:
            held[key] = one
        elif known.kwh is None or one.kwh is None:
            held[key] = one if known.kwh is None else known
        else:
            held[key] = Amount(*key, known.kwh + one.kwh, known.estimated or one.estimated)
    return [held[key] for key in sorted(held)]


def finest(amounts: Sequence[Amount], zone: ZoneInfo) -> list[tuple[datetime, Amount]]:
    """Keep per local day only the finest resolution present (quarters before hours before day totals), with local starts."""
    local = [(datetime.fromtimestamp(one.start_ms / 1000, UTC).astimezone(zone), one) for one in amounts]
    best: dict[date, int] = {}
    for start, one in local:
        day = start.date()
        best[day] = min(best.get(day, one.duration_s), one.duration_s)
    return [
        (start, one)
        for start, one in local
        if one.duration_s == best[start.date()]
        or (one.duration_s > _LONGEST_FINE_S and best[start.date()] > _LONGEST_FINE_S)
    ]


def year_figures(
    amounts: Iterable[Amount],
    zone: ZoneInfo,
    *,
    year: int | None = None,
    is_free: Callable[[date], bool] | None = None,
) -> YearFigures | None:
    """Return the figures of a local calendar year (the latest present without `year`); None without any value in it.

    `is_free` says which days are holidays; without it `share_outside_school_hours` is None. Raises nothing.
    """
    local = finest(combined(amounts), zone)
    valued = [(start, one) for start, one in local if one.kwh is not None]
    if not valued:
        return None
    year = year if year is not None else max(start.year for start, _one in valued)
    here = [(start, one) for start, one in local if start.year == year]
    present = [(start, one) for start, one in here if one.kwh is not None]
    if not present:
        return None
    figures = _figures(year, here, present, zone, is_free)
    figures.first_ms = min(one.start_ms for _start, one in valued)
    figures.last_ms = max(one.start_ms for _start, one in valued)
    return figures


def _figures(
    year: int,
    here: list[tuple[datetime, Amount]],
    present: list[tuple[datetime, Amount]],
    zone: ZoneInfo,
    is_free: Callable[[date], bool] | None,
) -> YearFigures:
    kwh = np.array([one.kwh for _start, one in present], dtype=float)
    annual = float(kwh.sum())
    expected = _expected(year, here, zone)
    silent = [(start, one) for start, one in here if one.kwh is None]
    fine = all(one.duration_s <= _LONGEST_FINE_S for _start, one in present)
    figures = YearFigures(
        year=year,
        first_ms=0,
        last_ms=0,
        intervals_present=len(present),
        intervals_expected=expected,
        coverage=len(present) / expected,
        no_consumption_intervals=len(silent),
        annual_kwh=annual,
        monthly_kwh=_by_month(present, kwh, "sum"),
        baseload_kw_night_median=None,
        p05_kw=None,
        share_outside_school_hours=None,
        share_outside_school_hours_calendar=None,
        weekend_share=None,
        peak_kw=None,
        peak_start=None,
        monthly_peak_kw={},
        estimated_share=sum(one.estimated for _start, one in present) / len(present),
    )
    _add_days(figures, present, zone)
    if annual > 0:
        weekend = np.array([start.weekday() >= SATURDAY for start, _one in present])
        figures.weekend_share = float(kwh[weekend].sum()) / annual
    else:
        figures.warnings.append("Het verbruik is nul; aandelen daarvan zijn er niet.")
    if fine:
        _add_power(figures, present, kwh, silent, is_free)
    else:
        figures.warnings.append(
            "Voor een deel van het jaar zijn er enkel dagtotalen: nachtverbruik, 5de percentiel, piek en het aandeel"
            " buiten de schooluren zijn daaruit niet te halen."
        )
    if figures.coverage < INCOMPLETE_BELOW:
        figures.warnings.append(
            f"Onvolledig: {figures.intervals_present} van {expected} perioden van {year} hebben een waarde"
            f" ({_dutch(100 * figures.coverage, 1)} %). Het jaartotaal telt alleen wat er is."
        )
    return figures


def _add_power(
    figures: YearFigures,
    present: list[tuple[datetime, Amount]],
    kwh: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    silent: list[tuple[datetime, Amount]],
    is_free: Callable[[date], bool] | None,
) -> None:
    hours = np.array([one.duration_s / 3600 for _start, one in present])
    kw = kwh / hours
    night = np.array([start.hour < NIGHT_ENDS_H and start.weekday() < SATURDAY for start, _one in present])
    if night.any():
        figures.baseload_kw_night_median = float(np.median(kw[night]))
    figures.p05_kw = float(np.percentile(kw, 5))
    highest = int(np.argmax(kw))
    figures.peak_kw, figures.peak_start = float(kw[highest]), present[highest][0]
    figures.monthly_peak_kw = _by_month(present, kw, "max")
    in_hours = np.array([_in_school_hours(start) for start, _one in present])
    annual = figures.annual_kwh or 0.0
    if annual > 0:
        figures.share_outside_school_hours_calendar = 1 - float(kwh[in_hours].sum()) / annual
        if is_free is not None:
            free = {day: is_free(day) for day in {start.date() for start, _one in present}}
            taught = in_hours & np.array([not free[start.date()] for start, _one in present])
            figures.share_outside_school_hours = 1 - float(kwh[taught].sum()) / annual
    if silent:
        silent_night = sum(start.hour < NIGHT_ENDS_H and start.weekday() < SATURDAY for start, _one in silent)
        as_zero = np.concatenate([kw, np.zeros(len(silent))])
        night_as_zero = np.concatenate([kw[night], np.zeros(silent_night)])
        base = f"{_dutch(float(np.median(night_as_zero)), 3)} kW" if len(night_as_zero) else "geen"
        share = 100 * (len(present) + len(silent)) / figures.intervals_expected
        figures.warnings.append(
            f"{len(silent)} perioden zijn door de netbeheerder gemeld als geen verbruik, zonder waarde. Als nul geteld:"
            f" dekking {_dutch(share, 1)} %, nachtverbruik {base},"
            f" 5de percentiel {_dutch(float(np.percentile(as_zero, 5)), 3)} kW; het jaartotaal blijft gelijk."
        )


def _dutch(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace(".", ",")


def _in_school_hours(start: datetime) -> bool:
    return start.weekday() < SATURDAY and SCHOOL_STARTS_H <= start.hour < SCHOOL_ENDS_H


def _by_month(
    present: list[tuple[datetime, Amount]], values: "np.ndarray[tuple[int], np.dtype[np.float64]]", how: str
) -> dict[str, float]:
    months: dict[str, float] = {}
    for (start, _one), value in zip(present, values.tolist(), strict=True):
        month = f"{start:%Y-%m}"
        if month not in months:
            months[month] = value
        else:
            months[month] = months[month] + value if how == "sum" else max(months[month], value)
    return months


def _midnight_ms(day: date, zone: ZoneInfo) -> int:
    return round(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)


def _expected(year: int, here: list[tuple[datetime, Amount]], zone: ZoneInfo) -> int:
    """Count the intervals that the local year has: per day at the day's own resolution, elsewhere at the finest present."""
    by_day: dict[date, int] = {}
    for start, one in here:
        by_day[start.date()] = min(by_day.get(start.date(), one.duration_s), one.duration_s)
    common = min(by_day.values())
    expected = 0
    day, last = date(year, 1, 1), date(year, 12, 31)
    while day <= last:
        length_s = (_midnight_ms(day + timedelta(days=1), zone) - _midnight_ms(day, zone)) // 1000
        step = by_day.get(day, common)
        expected += 1 if step > _LONGEST_FINE_S else length_s // step
        day += timedelta(days=1)
    return expected


def _add_days(figures: YearFigures, present: list[tuple[datetime, Amount]], zone: ZoneInfo) -> None:
    """Keep the totals of complete local days."""
    sums: dict[date, float] = {}
    seconds: dict[date, int] = {}
    for start, one in present:
        day = start.date()
        sums[day] = sums.get(day, 0.0) + (one.kwh or 0.0)
        seconds[day] = seconds.get(day, 0) + one.duration_s
    for day, total in sums.items():
        length_s = (_midnight_ms(day + timedelta(days=1), zone) - _midnight_ms(day, zone)) // 1000
        if seconds[day] >= length_s:
            figures.daily_kwh[day] = total
