"""Local time for arrays: what the clock in Brussels shows at many moments at once."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np

from sensors.periods import BRUSSELS
from sensors.simulate.noise import Floats, Integers

HOUR_S: Final = 3600
DAY_S: Final = 86_400
_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True)
class LocalTime:
    """Parallel arrays: local day (days since 1970-01-01), seconds since local midnight by the wall clock, weekday."""

    day: Integers
    second: Integers
    weekday: Integers  # Monday is 0

    @property
    def hour(self) -> Floats:
        """Hour of the wall clock with its fraction."""
        return self.second / HOUR_S


def local_time(seconds: Integers) -> LocalTime:
    """Read the clock in Brussels at moments given in seconds since the epoch, UTC."""
    hours, inverse = np.unique(seconds // HOUR_S, return_inverse=True)
    # Summer time begins and ends on a whole hour UTC, so one offset holds for the hour.
    offsets = np.fromiter(
        (_offset_s(int(hour) * HOUR_S) for hour in hours),
        dtype=np.int64,
        count=len(hours),
    )
    wall = seconds + offsets[inverse]
    day = wall // DAY_S
    return LocalTime(day=day, second=wall - day * DAY_S, weekday=(day + 3) % 7)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """The day that is so many days after 1970-01-01."""
    return _EPOCH + timedelta(days=number)


def _offset_s(moment: int) -> int:
    offset = datetime.fromtimestamp(moment, UTC).astimezone(BRUSSELS).utcoffset()
    assert offset is not None  # noqa: S101 - a zone of the database always has an offset
    return int(offset.total_seconds())
