"""Degree days of the Synergrid kind.

GD(d) = max(0, base − mean outdoor temperature of local day d); equivalent GDeq(d) = 0.6·GD(d) + 0.3·GD(d−1) +
0.1·GD(d−2). Base 16.5 °C, station Uccle (Synergrid, "Graaddagen 16,5", as published early 2023).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

BASE_C: Final = 16.5
VARIANT: Final = "synergrid_equivalent"
_WEIGHTS: Final = (0.6, 0.3, 0.1)
# Equivalent degree days of a normal month, January to December, at Uccle over 1991-2020 (Synergrid, early 2023).
NORMAL_PERIOD: Final = "1991-2020"
NORMAL_MONTHS: Final = (396, 349, 294, 187, 99, 35, 10, 11, 55, 161, 278, 377)
NORMAL_YEAR: Final = sum(NORMAL_MONTHS)


def degree_days(mean_temperatures_c: Mapping[date, float], base_c: float = BASE_C) -> dict[date, float]:
    """Return the equivalent degree days of each day whose own and two previous means are known (no day is invented)."""
    plain = {day: max(0.0, base_c - mean) for day, mean in mean_temperatures_c.items()}
    equivalent = {}
    for day in plain:
        parts = [plain.get(day - timedelta(days=back)) for back in range(len(_WEIGHTS))]
        if all(part is not None for part in parts):
            equivalent[day] = sum(weight * (part or 0.0) for weight, part in zip(_WEIGHTS, parts, strict=True))
    return equivalent
