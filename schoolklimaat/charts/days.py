"""What a school's connections of one carrier took on each local day, for comparing days with days."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from schoolklimaat.charts.energy import MAIN_DIRECTION, amounts
from schoolklimaat.charts.energy_read import now_ms
from schoolklimaat.charts.series import Channels, Grid
from schoolklimaat.meters.models import Connection
from sensors.periods import Step, day_start_ms, local_day


class DayAmount(NamedTuple):
    """A local day: what was taken in `unit` (None: nothing measured) and the share of the day that was measured."""

    day: date
    amount: float | None
    measured: float
    unit: str


def daily_amounts(channels: Channels, connections: Sequence[Connection], first: date, last: date) -> list[DayAmount]:
    """Return every local day from first to last, both included, for connections of one carrier."""
    grid = Grid.over(day_start_ms(first), day_start_ms(last + timedelta(days=1)), Step.DAY)
    found = amounts(channels, connections, MAIN_DIRECTION[connections[0].carrier], grid, now_ms())
    shares = found.bucket_coverage(now_ms())
    return [
        DayAmount(local_day(start), value, share or 0.0, found.unit)
        for start, value, share in zip(found.starts, found.amount, shares, strict=True)
    ]
