"""A year of quarters: the carpet, and the key figures that need every quarter. Definitions: docs on analysis.

Base load: the median power of quarters that start in [00:00, 04:00) local, Monday to Friday. Outside school hours: one
minus the energy in school hours over all energy. Peak: the highest power of one quarter, first time it occurs.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from flask_babel import gettext as _

from schoolklimaat.calc.school_calendar import Calendar
from schoolklimaat.charts.energy import Amounts
from schoolklimaat.charts.period import Period
from sensors.periods import FIXED_MS, Step, day_start_ms, to_ms

QUARTER_MS: Final = FIXED_MS[Step.QUARTER]
SLOTS: Final = 96
_NIGHT_ENDS_SLOT: Final = 16  # 04:00
_PER_HOUR: Final = 4
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class YearOfQuarters:
    """Amounts per quarter of a local year, as arrays; NaN where nothing was measured."""

    period: Period
    starts: Ints
    amount: Floats
    until_ms: int
    estimated_share: float = 0.0

    @classmethod
    def of(cls, period: Period, found: Amounts, until_ms: int) -> "YearOfQuarters":
        """Take over what was read."""
        return cls(
            period,
            np.array(found.starts, dtype=np.int64),
            np.array([np.nan if value is None else value for value in found.amount], dtype=np.float64),
            min(until_ms, period.end_ms),
            found.estimated_total() / total if (total := found.total()) else 0.0,
        )

    @cached_property
    def days(self) -> list[date]:
        """The local days."""
        return self.period.days

    @cached_property
    def _day_starts(self) -> Ints:
        return np.array([day_start_ms(day) for day in [*self.days, self.period.after]], dtype=np.int64)

    @cached_property
    def day_index(self) -> Ints:
        """For each quarter its day, counted from the first."""
        return np.searchsorted(self._day_starts, self.starts, side="right") - 1

    @cached_property
    def slot(self) -> Ints:
        """For each quarter its place on a local clock, 0 to 95; both passes of the autumn hour have the same places."""
        lengths = np.diff(self._day_starts) // QUARTER_MS
        slot = (self.starts - self._day_starts[self.day_index]) // QUARTER_MS
        length = lengths[self.day_index]
        slot = np.where((length < SLOTS) & (slot >= 2 * _PER_HOUR), slot + _PER_HOUR, slot)
        return np.where((length > SLOTS) & (slot >= 3 * _PER_HOUR), slot - _PER_HOUR, slot)

    def coverage(self) -> float | None:
        """Return the measured share of the quarters that have passed; an estimate is not measured."""
        passed = self.starts < self.until_ms
        return float(np.isfinite(self.amount[passed]).mean()) * (1 - self.estimated_share) if passed.any() else None

    def carpet(self) -> list[float | None]:
        """Return power in kW, day after day, 96 places each; None where nothing was measured."""
        known = np.isfinite(self.amount)
        place = self.day_index[known] * SLOTS + self.slot[known]
        size = len(self.days) * SLOTS
        totals = np.bincount(place, weights=self.amount[known] * _PER_HOUR, minlength=size)
        counts = np.bincount(place, minlength=size)
        with np.errstate(invalid="ignore", divide="ignore"):
            power = np.round(totals / counts, 2)
        return [None if value != value else value for value in power.tolist()]  # noqa: PLR0124 - NaN is not itself

    def base_load_kw(self, first: date | None = None, last: date | None = None) -> float | None:
        """Return the base load over the whole year, or over [first, last]."""
        weekday = np.array([day.weekday() < 5 for day in self.days])  # noqa: PLR2004 - Monday to Friday
        chosen = np.array([(first is None or day >= first) and (last is None or day <= last) for day in self.days])
        night = (self.slot < _NIGHT_ENDS_SLOT) & (weekday & chosen)[self.day_index] & np.isfinite(self.amount)
        return float(np.median(self.amount[night]) * _PER_HOUR) if night.any() else None

    def outside_school_hours(self, calendar: Calendar) -> float | None:
        """Return the share outside school hours."""
        known = np.isfinite(self.amount)
        total = float(self.amount[known].sum())
        if total <= 0:
            return None
        inside = np.zeros(len(self.starts), dtype=bool)
        for begin, end in calendar.open_periods(self.days[0], self.days[-1]):
            low, high = np.searchsorted(self.starts, [to_ms(begin), to_ms(end)])
            inside[low:high] = True
        return 1 - float(self.amount[known & inside].sum()) / total

    def peak(self, period: Period) -> tuple[int, float] | None:
        """Return when power was highest in a part of the year, and how high (kW)."""
        low, high = np.searchsorted(self.starts, [period.start_ms, period.end_ms])
        part = self.amount[low:high]
        if not np.isfinite(part).any():
            return None
        place = int(np.nanargmax(part))
        return int(self.starts[low + place]), float(part[place] * _PER_HOUR)

    def month_rows(self) -> list[tuple[date, float | None, float | None]]:
        """Return for each month its amount and its measured share, as far as it has passed."""
        rows = []
        month = Period(Step.MONTH, self.period.first)
        while month.start_ms < min(self.period.end_ms, self.until_ms):
            low, high = np.searchsorted(self.starts, [month.start_ms, min(month.end_ms, self.until_ms)])
            part = self.amount[low:high]
            known = np.isfinite(part)
            amount = float(part[known].sum()) if known.any() else None
            rows.append((month.first, amount, float(known.mean()) if len(part) else None))
            month = month.following()
        return rows

    def missing_days(self) -> list[tuple[date, date]]:
        """Return the stretches of whole local days without any quarter, first and last day included."""
        passed = self._day_starts[1:] <= self.until_ms
        present = np.bincount(self.day_index[np.isfinite(self.amount)], minlength=len(self.days)) > 0
        stretches: list[tuple[date, date]] = []
        for day, gone, some in zip(self.days, passed, present, strict=True):
            if not gone or some:
                continue
            if stretches and stretches[-1][1] == day - timedelta(days=1):
                stretches[-1] = (stretches[-1][0], day)
            else:
                stretches.append((day, day))
        return stretches

    def content(self) -> dict[str, Any]:
        """Return the columns of the carpet."""
        flat = self.carpet()
        present = sorted(value for value in flat if value is not None)
        low = present[len(present) // 50] if present else 0.0
        high = present[-1 - len(present) // 50] if present else 1.0
        return {
            "kind": "carpet",
            "unit": "kW",
            "days": [day.isoformat() for day in self.days],
            "slots": SLOTS,
            "power": flat,
            "scale": [round(low, 2), round(max(high, low + 0.1), 2)],
            "until": self.until_ms,
            "words": {"gap": _("geen gegevens"), "deeper": _("Druk op Enter om die dag te openen.")},
        }
