"""From a decoded message to points: whose clock to believe, and under which series a reading is kept.

Promise P10: a device's time counts when it is not before 2015, not more than a minute ahead and not older than the
back-fill window; otherwise the moment of hearing counts and the point says so.
"""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from sensors.periods import to_ms
from sensors.quantities import QUANTITIES, Kind
from sensors.reading import Reading
from sensors.store.protocol import Point, Quality, Series

EARLIEST: Final = datetime(2015, 1, 1, tzinfo=UTC)
AHEAD: Final = timedelta(seconds=60)
BACK_FILL: Final = timedelta(days=400)
_WORDS: Final = frozenset(name for name, quantity in QUANTITIES.items() if quantity.kind is Kind.STATE)
_SERIES_REMEMBERED: Final = 50_000
# A series that gets more than a reading a millisecond, as after a long absence of the ingester, runs ahead of the
# clock. Further than this ahead the clock itself must have been set back.
MOST_AHEAD_MS: Final = 600_000
_WORTH_KEEPING_MS: Final = 100  # less ahead than any restart takes


class Judge:
    """Turns readings into points; remembers per series the last moment of hearing, so that none shares it.

    `moments` are such last moments that an earlier run left ahead of the clock.
    """

    def __init__(
        self, moments: Mapping[Series, int] | None = None, *, ahead: timedelta = AHEAD, back_fill: timedelta = BACK_FILL
    ) -> None:
        self._ahead_ms = ahead.total_seconds() * 1000
        self._back_fill_ms = back_fill.total_seconds() * 1000
        self._last_heard: OrderedDict[Series, int] = OrderedDict(moments or {})
        self._moments_ahead: dict[Series, int] = {}

    def points(self, kit: str, gateway: bool, readings: tuple[Reading, ...], heard_ms: int) -> list[Point]:
        """Return a point for each reading that is a number."""
        points = []
        for reading in readings:
            quantity, moment = reading.quantity, reading.time
            if quantity in _WORDS:
                continue
            series = Series(kit, _channel(reading) if gateway else reading.channel or "", quantity)
            if moment is None:
                points.append(Point(series, self._moment(series, heard_ms), float(reading.value)))
            elif self.believes(moment, heard_ms):
                points.append(Point(series, to_ms(moment), float(reading.value)))
            else:
                at = self._moment(series, heard_ms)
                points.append(Point(series, at, float(reading.value), 0, Quality.CLOCK_CORRECTED))
        return points

    def believes(self, moment: datetime, heard_ms: int) -> bool:
        """Say whether a device's time is plausible."""
        return moment >= EARLIEST and -self._ahead_ms <= heard_ms - to_ms(moment) <= self._back_fill_ms

    def moments_ahead(self) -> dict[Series, int]:
        """Return the moments given ahead of the clock since this was last asked; they must survive a restart."""
        ahead, self._moments_ahead = self._moments_ahead, {}
        return ahead

    def _moment(self, series: Series, heard_ms: int) -> int:
        """Return the moment of hearing, or the first free millisecond after it when the series has a point there."""
        last = self._last_heard.pop(series, -1)
        moment = last + 1 if last - MOST_AHEAD_MS < heard_ms <= last else heard_ms
        self._last_heard[series] = moment
        if moment - heard_ms > _WORTH_KEEPING_MS:
            self._moments_ahead[series] = moment
        if len(self._last_heard) > _SERIES_REMEMBERED:
            self._last_heard.popitem(last=False)
        return moment


def _channel(reading: Reading) -> str:
    """Return the stored channel behind a gateway, where the device comes first."""
    if not reading.device:
        return reading.channel or ""
    return f"{reading.device}/{reading.channel}" if reading.channel else reading.device
