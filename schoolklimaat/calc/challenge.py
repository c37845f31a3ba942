"""What a challenge of some weeks brought: use per school day before and during it, with an interval by resampling days.

Nothing is corrected for weather: the figures say what was used, not why. The interval only shows how much one school
day differs from another; it is the percentile bootstrap of the difference of two means (Efron and Tibshirani, An
Introduction to the Bootstrap, 1993, ch. 13), each period resampled by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

FEWEST_DAYS: Final = 8  # measured school days in each period; fewer say nothing
LEAST_MEASURED: Final = 0.7  # of the school days of a period
LEVEL: Final = 0.9
SEED: Final = 20261126
DRAWS: Final = 4000


@dataclass(frozen=True, slots=True)
class Outcome:
    """Use per school day before and during, their difference (during less before, negative is a saving), its interval.

    All in the unit of the days given. The figures are None when too few days were measured.
    """

    days_before: int
    days_during: int
    school_days_before: int
    school_days_during: int
    before: float | None = None
    during: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_enough(self) -> bool:
        """Whether enough school days were measured to say something."""
        return self.difference is not None

    @property
    def share(self) -> float | None:
        """The difference as a share of the use before; None when that is nothing."""
        return self.difference / self.before if self.difference is not None and self.before else None

    @property
    def is_clear(self) -> bool:
        """Whether the interval lies on one side of nought."""
        return self.low is not None and self.high is not None and (self.high < 0 or self.low > 0)


def outcome(before: Sequence[float], during: Sequence[float], school_days: tuple[int, int]) -> Outcome:
    """Compare the measured school days of two periods that have so many school days, before and during."""
    counted = Outcome(len(before), len(during), *school_days)
    for days, possible in ((before, school_days[0]), (during, school_days[1])):
        if len(days) < FEWEST_DAYS or len(days) < LEAST_MEASURED * possible:
            return counted
    first, second = np.asarray(before, float), np.asarray(during, float)
    chance = np.random.default_rng(SEED)
    means = [
        chance.choice(period, (DRAWS, len(period)), replace=True).mean(axis=1) for period in (first, second)
    ]  # fmt: skip
    low, high = np.quantile(means[1] - means[0], [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Outcome(
        len(before), len(during), *school_days, before=float(first.mean()), during=float(second.mean()),
        difference=float(second.mean() - first.mean()), low=float(low), high=float(high),
    )  # fmt: skip
