"""What a year of consumption says: totals, base load, peaks, what falls outside school hours. Definitions: see each field.

Input are intervals of offtake, stamped with their start in UTC. Local days are those of the zone given. Nothing is
filled in: a missing interval is missing, and every figure says over what it was taken.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from schoolklimaat.calc.school_calendar import DEFAULT_HOURS, DayHours

NIGHT_ENDS_H: Final = 4
SATURDAY: Final = 5
INCOMPLETE_BELOW: Final = 0.95
_LONGEST_FINE_S: Final = 3600
_SHORTEST_DAY_S: Final = 23 * 3600
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Amount(NamedTuple):
    """Energy in kWh over [start, start + duration); no value where the grid operator said "no consumption"."""

    start_ms: int
    duration_s: int
    kwh: float | None
    estimated: bool = False


Local = tuple[datetime, Amount]


@dataclass(slots=True)
class YearFigures:
    """The figures of one local calendar year, in kWh and kW; None where a figure is refused (see `warnings`).

    `first_ms` and `last_ms` are the starts of the first and last interval with a value in that year.
    `estimated_share` is the share of the intervals present that is estimated. `holiday_share` is what was used from
    Monday to Friday inside a holiday. `daily_kwh` holds complete local days only.
    """

    year: int
    first_ms: int
    last_ms: int
    intervals_present: int
    intervals_expected: int
    coverage: float
    no_consumption_intervals: int
    annual_kwh: float
    monthly_kwh: dict[str, float]
    estimated_share: float
    baseload_kw_night_median: float | None = None
    p05_kw: float | None = None
    share_outside_school_hours: float | None = None
    share_outside_school_hours_calendar: float | None = None
    weekend_share: float | None = None
    holiday_share: float | None = None
    peak_kw: float | None = None
    peak_start: datetime | None = None
    monthly_peak_kw: dict[str, float] = field(default_factory=dict)
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


def finest(amounts: Sequence[Amount], zone: ZoneInfo) -> list[Local]:
    """Keep per local day only the finest resolution that has a value (quarters before day totals), with local starts."""
    local = [(datetime.fromtimestamp(one.start_ms / 1000, zone), one) for one in amounts]
    valued: dict[date, int] = {}
    silent: dict[date, int] = {}
    for start, one in local:
        lengths, day = (silent if one.kwh is None else valued), start.date()
        lengths[day] = min(lengths.get(day, one.duration_s), one.duration_s)
    best = silent | valued
    return [(start, one) for start, one in local if one.duration_s == best[start.date()]]


def latest_year(amounts: Iterable[Amount], zone: ZoneInfo) -> int | None:
    """Return the local year of the last interval that has a value."""
    last_ms = max((one.start_ms for one in amounts if one.kwh is not None), default=None)
    return None if last_ms is None else datetime.fromtimestamp(last_ms / 1000, zone).year


def year_figures(
    amounts: Iterable[Amount],
    zone: ZoneInfo,
    *,
    year: int | None = None,
    is_free: Callable[[date], bool] | None = None,
    hours: Mapping[int, DayHours] = DEFAULT_HOURS,
) -> YearFigures | None:
    """Return the figures of a local calendar year (the latest present without `year`); None without any value in it.

    `is_free` says which days are holidays; without it `share_outside_school_hours` is None. `hours` are the school
    hours by weekday. Raises nothing.
    """
    amounts = list(amounts)
    year = year if year is not None else latest_year(amounts, zone)
    if year is None:
        return None
    begin_ms, end_ms = _midnight_ms(date(year, 1, 1), zone), _midnight_ms(date(year + 1, 1, 1), zone)
    here = finest(combined(one for one in amounts if begin_ms <= one.start_ms < end_ms), zone)
    present = [(start, one) for start, one in here if one.kwh is not None]
    if not present:
        return None
    return _Year(year, zone, here, present).figures(is_free, hours)


def expected_intervals(year: int, steps_s: Mapping[date, int], zone: ZoneInfo) -> int:
    """Count the intervals of a local year: each day at its own step (seconds), other days at the finest of all steps.

    Raises ValueError without any step.
    """
    common = min(steps_s.values())
    expected = 0
    day = date(year, 1, 1)
    begin_ms = _midnight_ms(day, zone)
    while day.year == year:
        end_ms = _midnight_ms(day + timedelta(days=1), zone)
        step = steps_s.get(day, common)
        expected += 1 if step >= _SHORTEST_DAY_S else (end_ms - begin_ms) // 1000 // step
        day, begin_ms = day + timedelta(days=1), end_ms
    return expected


def _midnight_ms(day: date, zone: ZoneInfo) -> int:
    return round(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)


class _Year:
    """One year of intervals: `here` with those without a value, `present` only those with one."""

    def __init__(self, year: int, zone: ZoneInfo, here: list[Local], present: list[Local]) -> None:
        self.year, self.zone, self.here, self.present = year, zone, here, present
        self.silent = [start for start, one in here if one.kwh is None]
        self.starts = [start for start, _one in present]
        self.kwh: Floats = np.array([one.kwh for _start, one in present], dtype=float)
        self.kw: Floats = self.kwh / np.array([one.duration_s / 3600 for _start, one in present])
        self.is_fine = all(one.duration_s <= _LONGEST_FINE_S for _start, one in present)

    def figures(self, is_free: Callable[[date], bool] | None, hours: Mapping[int, DayHours]) -> YearFigures:
        """Work everything out."""
        steps = {start.date(): one.duration_s for start, one in self.here}
        expected = expected_intervals(self.year, steps, self.zone)
        count = len(self.present)
        figures = YearFigures(
            year=self.year,
            first_ms=self.present[0][1].start_ms,
            last_ms=self.present[-1][1].start_ms,
            intervals_present=count,
            intervals_expected=expected,
            coverage=count / expected,
            no_consumption_intervals=len(self.silent),
            annual_kwh=float(self.kwh.sum()),
            monthly_kwh=self._monthly(self.kwh, lambda before, value: before + value),
            estimated_share=sum(one.estimated for _start, one in self.present) / count,
            daily_kwh=self._days(),
        )
        free = None if is_free is None else {day: is_free(day) for day in {start.date() for start in self.starts}}
        self._add_shares(figures, free, hours)
        if self.is_fine:
            self._add_power(figures)
        else:
            figures.warnings.append(
                "Voor een deel van het jaar zijn er enkel dagtotalen: nachtverbruik, 5de percentiel, piek en het aandeel"
                " buiten de schooluren zijn daaruit niet te halen."
            )
        if self.silent:
            figures.warnings.append(self._as_zero(figures))
        if figures.coverage < INCOMPLETE_BELOW:
            figures.warnings.append(
                f"Onvolledig: {count} van {expected} perioden van {self.year} hebben een waarde"
                f" ({_dutch(100 * figures.coverage, 1)} %). Het jaartotaal telt alleen wat er is."
            )
        return figures

    def _add_shares(
        self, figures: YearFigures, free: Mapping[date, bool] | None, hours: Mapping[int, DayHours]
    ) -> None:
        total = figures.annual_kwh
        if total <= 0:
            figures.warnings.append("Het verbruik is nul; aandelen daarvan zijn er niet.")
            return

        def share(where: Flags) -> float:
            return float(self.kwh[where].sum()) / total

        weekend = self._where(lambda start: start.weekday() >= SATURDAY)
        figures.weekend_share = share(weekend)
        is_holiday: Flags | None = None
        if free is not None:
            is_holiday = self._where(lambda start: free[start.date()])
            figures.holiday_share = share(is_holiday & ~weekend)
        if not self.is_fine:
            return
        in_hours = self._where(lambda start: _within(hours.get(start.weekday()), start))
        figures.share_outside_school_hours_calendar = 1 - share(in_hours)
        if is_holiday is not None:
            figures.share_outside_school_hours = 1 - share(in_hours & ~is_holiday)

    def _add_power(self, figures: YearFigures) -> None:
        night = self._where(_is_weeknight)
        if night.any():
            figures.baseload_kw_night_median = float(np.median(self.kw[night]))
        figures.p05_kw = float(np.percentile(self.kw, 5))
        highest = int(np.argmax(self.kw))  # the first of equals
        figures.peak_kw, figures.peak_start = float(self.kw[highest]), self.starts[highest]
        figures.monthly_peak_kw = self._monthly(self.kw, max)

    def _as_zero(self, figures: YearFigures) -> str:
        """Say what the figures would be if "no consumption" were a zero: often it is, sometimes it is not."""
        count = len(self.silent)
        share = 100 * (len(self.present) + count) / figures.intervals_expected
        told = (
            f"{count} perioden zijn door de netbeheerder gemeld als geen verbruik, zonder waarde. Als nul geteld:"
            f" dekking {_dutch(share, 1)} %"
        )
        if self.is_fine:
            nights = sum(_is_weeknight(start) for start in self.silent)
            base = np.concatenate([self.kw[self._where(_is_weeknight)], np.zeros(nights)])
            low = float(np.percentile(np.concatenate([self.kw, np.zeros(count)]), 5))
            told += f", nachtverbruik {_dutch(float(np.median(base)), 3)} kW" if len(base) else ""
            told += f", 5de percentiel {_dutch(low, 3)} kW"
        return told + "; het jaartotaal blijft gelijk."

    def _where(self, test: Callable[[datetime], bool]) -> Flags:
        return np.fromiter((test(start) for start in self.starts), dtype=bool, count=len(self.starts))

    def _monthly(self, values: Floats, join: Callable[[float, float], float]) -> dict[str, float]:
        months: dict[tuple[int, int], float] = {}
        for start, value in zip(self.starts, values.tolist(), strict=True):
            month = (start.year, start.month)
            months[month] = join(months[month], value) if month in months else value
        return {f"{year:04d}-{month:02d}": value for (year, month), value in months.items()}

    def _days(self) -> dict[date, float]:
        """Return the totals of complete local days; 23 and 25 hours are complete when they have no other."""
        sums: dict[date, list[float]] = {}
        for start, one in self.present:
            held = sums.setdefault(start.date(), [0.0, 0])
            held[0] += one.kwh or 0.0
            held[1] += one.duration_s
        return {
            day: total
            for day, (total, seconds) in sums.items()
            if seconds * 1000 >= _midnight_ms(day + timedelta(days=1), self.zone) - _midnight_ms(day, self.zone)
        }


def _is_weeknight(start: datetime) -> bool:
    return start.hour < NIGHT_ENDS_H and start.weekday() < SATURDAY


def _within(hours: DayHours | None, start: datetime) -> bool:
    return hours is not None and hours.starts <= start.time() < hours.ends


def _dutch(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace(".", ",")
