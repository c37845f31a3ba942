"""Degree days of the Synergrid kind.

GD(d) = max(0, base − mean outdoor temperature of local day d); equivalent GDeq(d) = 0.6·GD(d) + 0.3·GD(d−1) +
0.1·GD(d−2). Base 16.5 °C, station Uccle (synergrid.be, "Graaddagen", read 2026-11-24).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

BASE_C: Final = 16.5
VARIANT: Final = "synergrid_equivalent"
_WEIGHTS: Final = (0.6, 0.3, 0.1)


def degree_days(mean_temperatures_c: Mapping[date, float], base_c: float = BASE_C) -> dict[date, float]:
    """Return the equivalent degree days of each day whose own and two previous means are known (no day is invented)."""
    plain = {day: max(0.0, base_c - mean) for day, mean in mean_temperatures_c.items()}
    equivalent = {}
    for day in plain:
        parts = [plain.get(day - timedelta(days=back)) for back in range(len(_WEIGHTS))]
        if all(part is not None for part in parts):
            equivalent[day] = sum(weight * (part or 0.0) for weight, part in zip(_WEIGHTS, parts, strict=True))
    return equivalent
