"""The heating signature: daily energy = a + b · degree days, by least squares.

a is what does not depend on the weather (hot water, kitchen); b what a degree day costs. R² says how much the weather
explains, CV(RMSE) = sqrt(SSE / (n − 2)) / mean how far days lie from the line (ASHRAE Guideline 14).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

FEWEST_DAYS: Final = 30
WEAK_BELOW_R2: Final = 0.3  # below this the weather explains little, and nothing is normalised with it
# Two-sided 95 % quantile of the normal distribution, from which Student's t is worked out.
_Z: Final = 1.959964


@dataclass(frozen=True, slots=True)
class HeatingSignature:
    """a in kWh a day, b in kWh a degree day with half the width of its 95 % interval; R², CV(RMSE) and days used."""

    a_kwh_per_day: float
    b_kwh_per_degree_day: float
    b_half_width: float
    r2: float
    cv_rmse: float
    n: int

    def normalised_kwh(self, days: int, normal_degree_days: float) -> float | None:
        """Return a · days + b · normal degree days: only the part that depends on the weather moves with it.

        None when the weather explains too little of the use to say so (R² below 0.3).
        """
        if self.r2 < WEAK_BELOW_R2:
            return None
        return self.a_kwh_per_day * days + self.b_kwh_per_degree_day * normal_degree_days


def heating_signature(degree_days: Sequence[float], energy_kwh: Sequence[float]) -> HeatingSignature | None:
    """Fit the line over days (same length, same order); None below 30 days or without any spread or use."""
    x, y = np.asarray(degree_days, dtype=float), np.asarray(energy_kwh, dtype=float)
    n = len(x)
    if n < FEWEST_DAYS:
        return None
    mean_x, mean_y = x.mean(), y.mean()
    spread_x, spread_y = float(((x - mean_x) ** 2).sum()), float(((y - mean_y) ** 2).sum())
    if spread_x == 0 or mean_y == 0:
        return None
    b = float(((x - mean_x) * (y - mean_y)).sum()) / spread_x
    a = float(mean_y - b * mean_x)
    rest = float(((y - a - b * x) ** 2).sum())
    variance = rest / (n - 2)
    r2 = 1 - rest / spread_y if spread_y else 0.0
    half_width = student_95(n - 2) * (variance / spread_x) ** 0.5
    return HeatingSignature(a, b, half_width, r2, variance**0.5 / float(mean_y), n)


def student_95(freedom: int) -> float:
    """Return the two-sided 95 % quantile of Student's t (Cornish-Fisher; within 0.001 from 9 degrees of freedom on)."""
    z = _Z
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
