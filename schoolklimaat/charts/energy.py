"""The energy or water of connections on a grid of time: what was imported where there is such, else what a kit counted.

For each local day one of the two is taken, whole: the import when it covers nearly all of the day or at least as much as
the kit, otherwise the kit. So nothing is counted twice, and the bars of a day add up to the day's own bar.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, NamedTuple

from schoolklimaat.charts.counters import differences
from schoolklimaat.charts.period import Period
from schoolklimaat.charts.series import Channels, Grid
from schoolklimaat.kits.services import KitInterval, kits_on_connections
from schoolklimaat.meters.models import Carrier, Connection
from schoolklimaat.meters.preview import is_day_total
from sensors.periods import FIXED_MS, Step, day_start_ms, from_ms, local_day, to_ms
from sensors.store import Quality, Series

_LEAD: Final = timedelta(hours=2)  # a reading from just outside the period says what went by at its edges
_IMPORT_IS_ENOUGH: Final = 0.95
_MOST_PARTLY_ESTIMATED: Final = 60
_KWH_PER_GJ: Final = 1000 / 3.6


class Direction(NamedTuple):
    """Which way it flows: the imported quantities in order of preference with their unit, and the counters."""

    name: str
    intervals: tuple[tuple[str, str], ...]
    counters: tuple[tuple[str, str, float], ...]  # quantity, unit shown, units shown per unit counted


_OFFTAKE = "offtake"
FLOWS: Final[dict[tuple[Carrier, str], Direction]] = {
    (Carrier.ELECTRICITY, _OFFTAKE): Direction(
        _OFFTAKE, (("offtake_energy", "kWh"),), (("electricity_import", "kWh", 1.0),)
    ),
    (Carrier.ELECTRICITY, "injection"): Direction(
        "injection", (("injection_energy", "kWh"),), (("electricity_export", "kWh", 1.0),)
    ),
    (Carrier.PV, "production"): Direction(
        "production",
        (("production_energy", "kWh"),),
        (("electricity_export", "kWh", 1.0), ("electricity_import", "kWh", 1.0)),
    ),
    (Carrier.GAS, _OFFTAKE): Direction(
        _OFFTAKE, (("offtake_energy", "kWh"), ("offtake_volume", "m3")), (("gas", "m3", 1.0),)
    ),
    (Carrier.WATER, _OFFTAKE): Direction(_OFFTAKE, (("offtake_volume", "m3"),), (("water", "m3", 1.0),)),
    (Carrier.HEAT, _OFFTAKE): Direction(_OFFTAKE, (("offtake_energy", "kWh"),), (("heat", "kWh", _KWH_PER_GJ),)),
}
MAIN_DIRECTION: Final = {carrier: direction for carrier, direction in FLOWS if direction != "injection"}


@dataclass(slots=True)
class Amounts:
    """Columns per bucket: amount in `unit` (None: nothing measured), the estimated part of it, measured seconds.

    `unplaced` went by during silences of a kit and belongs to no single bucket. `coarse` says that (some of) the data
    comes in steps wider than the bucket and is therefore not drawn in it. `last_ms` is where the newest data ends,
    `common_ms` where the data of the connection that lags most ends (None: one has nothing).
    """

    grid: Grid
    unit: str
    amount: list[float | None]
    estimated: list[float]
    covered_s: list[float]
    connections: int = 1
    unplaced: float = 0.0
    coarse: bool = False
    last_ms: int | None = None
    common_ms: int | None = None

    @classmethod
    def empty(cls, grid: Grid, unit: str) -> "Amounts":
        """Return a grid on which nothing was measured."""
        size = len(grid.starts)
        return cls(grid, unit, [None] * size, [0.0] * size, [0.0] * size)

    @property
    def starts(self) -> list[int]:
        """The bucket starts, UTC ms."""
        return self.grid.starts

    def ends(self) -> list[int]:
        """Return where each bucket ends."""
        return self.grid.ends()

    def total(self) -> float | None:
        """Return the sum of what is there; None when there is nothing."""
        present = [value for value in self.amount if value is not None]
        return sum(present) if present else None

    def estimated_total(self) -> float:
        """Return how much of the total is estimated."""
        return sum(self.estimated)

    def coverage(self, until_ms: int) -> float | None:
        """Return the share of the time until a moment that was measured; None when no time has passed."""
        expected = sum(max(0, min(end, until_ms) - start) for start, end in zip(self.starts, self.ends(), strict=True))
        return min(1.0, sum(self.covered_s) * 1000 / (expected * self.connections)) if expected else None

    def bucket_coverage(self, until_ms: int) -> list[float | None]:
        """Return the measured share of each bucket, as far as it has passed."""
        shares: list[float | None] = []
        for start, end, covered in zip(self.starts, self.ends(), self.covered_s, strict=True):
            passed = max(0, min(end, until_ms) - start) * self.connections
            shares.append(min(1.0, covered * 1000 / passed) if passed else None)
        return shares

    def grouped(self, step: Step) -> "Amounts":
        """Add the buckets up to wider ones."""
        wide = Amounts.empty(Grid.over(self.starts[0], self.grid.end_ms, step), self.unit)
        place = 0
        for index, start in enumerate(self.starts):
            while place + 1 < len(wide.starts) and wide.starts[place + 1] <= start:
                place += 1
            value = self.amount[index]
            if value is not None:
                wide.amount[place] = (wide.amount[place] or 0.0) + value
            wide.estimated[place] += self.estimated[index]
            wide.covered_s[place] += self.covered_s[index]
        wide.connections, wide.unplaced, wide.coarse = self.connections, self.unplaced, self.coarse
        wide.last_ms, wide.common_ms = self.last_ms, self.common_ms
        return wide


def _imported(channels: Channels, connection: Connection, quantity: str, found: Amounts) -> Amounts:
    grid = found.grid
    place_of = {start: place for place, start in enumerate(grid.starts)}
    ends = grid.ends()
    newest = 0
    finer: set[int] | None = None
    # Day totals come last, and only for what nothing finer has filled: the finest resolution counts, never both.
    for series in sorted(channels.of(connection.source), key=lambda series: is_day_total(series.channel)):
        if series.quantity != quantity:
            continue
        is_coarse = is_day_total(series.channel)
        if is_coarse and finer is None:
            finer = {place for place, value in enumerate(found.amount) if value is not None}
        buckets = channels.store.buckets(series, grid.starts[0], grid.end_ms, grid.step)
        width_s = FIXED_MS[grid.step] // 1000 if grid.step in FIXED_MS else None
        partly = 0
        columns = zip(
            buckets.start_ms, buckets.total, buckets.covered_s, buckets.estimated_s, buckets.count, buckets.last_ms,
            strict=True,
        )  # fmt: skip
        for start, total, covered, guessed_s, count, last_ms in columns:
            place = place_of.get(start)
            if place is None or total is None or (is_coarse and finer and place in finer):
                continue
            if width_s is not None and covered > width_s * count:
                found.coarse = True
                continue
            if guessed_s >= covered > 0:
                found.estimated[place] += total
            elif guessed_s:
                partly += 1
                found.estimated[place] += (
                    _estimated_exactly(channels, series, start, ends[place])
                    if partly <= _MOST_PARTLY_ESTIMATED
                    else total * guessed_s / covered
                )
            found.amount[place] = (found.amount[place] or 0.0) + total
            found.covered_s[place] += covered
            if last_ms is not None and (until := last_ms + covered * 1000 // count) > newest:
                newest = until
    found.last_ms = newest or None
    for place, covered_s in enumerate(found.covered_s):
        # Two registers that both give a row for the same quarter cover it once.
        found.covered_s[place] = min(covered_s, (ends[place] - grid.starts[place]) / 1000)
    return found


def _estimated_exactly(channels: Channels, series: Series, start_ms: int, end_ms: int) -> float:
    points = channels.store.points(series, start_ms, end_ms)
    return sum(point.value for point in points if point.value is not None and point.quality is Quality.ESTIMATED)


def _counted(channels: Channels, placements: Sequence[KitInterval], flow: Direction, found: Amounts) -> Amounts:
    place_of = {start: place for place, start in enumerate(found.starts)}
    for interval in placements:
        for quantity, shown, factor in flow.counters:
            many = channels.within(interval, quantity) if shown == found.unit else []
            for series in many:
                placed = (to_ms(interval.start), to_ms(interval.end))
                out = differences(channels.store, series, placed, found.grid)
                for start, amount in out.amount.items():
                    place = place_of[start]
                    found.amount[place] = (found.amount[place] or 0.0) + amount * factor
                    found.covered_s[place] += out.covered_s[start]
                    found.last_ms = max(found.last_ms or 0, start + round(out.covered_s[start] * 1000))
                found.unplaced += out.unplaced * factor
            if many:
                break
    return found


def _unit_of(channels: Channels, connections: Sequence[Connection], flow: Direction) -> str:
    """Return the unit to show: energy where any connection has imported energy, else what there is."""
    quantities = {series.quantity for connection in connections for series in channels.of(connection.source)}
    for quantity, unit in flow.intervals:
        if quantity in quantities:
            return unit
    return flow.counters[0][1]


def amounts(channels: Channels, connections: Sequence[Connection], direction: str, grid: Grid, now_ms: int) -> Amounts:
    """Return what connections of one carrier took (or gave) per bucket (quarters, hours or days) of a grid."""
    flow = FLOWS[connections[0].carrier, direction]
    unit = _unit_of(channels, connections, flow)
    quantity = next((quantity for quantity, shown in flow.intervals if shown == unit), None)
    whole = Amounts.empty(grid, unit)
    whole.connections = len(connections)
    horizon = min(grid.end_ms, now_ms)
    imports = {
        connection.id: _imported(channels, connection, quantity, Amounts.empty(grid, unit))
        for connection in connections
        if quantity is not None
    }
    lacking = [c.id for c in connections if c.id not in imports or not _is_enough(imports[c.id], horizon)]
    placements = _placements(lacking, grid.starts[0], horizon)
    ends: list[int | None] = []
    for connection in connections:
        placed = placements.get(connection.id)
        counted = _counted(channels, placed, flow, Amounts.empty(grid, unit)) if placed else None
        part = _choose_by_day(imports.get(connection.id), counted, horizon)
        _add(whole, part)
        ends.append(part.last_ms if part is not None else None)
    whole.common_ms = None if None in ends else min(end for end in ends if end is not None)
    return whole


def _placements(connection_ids: list[int], start_ms: int, horizon: int) -> dict[int, list[KitInterval]]:
    if not connection_ids or horizon <= start_ms:
        return {}
    return kits_on_connections(connection_ids, from_ms(start_ms) - _LEAD, from_ms(horizon) + _LEAD)


class _DayOfBuckets(NamedTuple):
    """The buckets of one local day, first to last (not included), with the seconds measured and passed."""

    first: int
    last: int
    covered_s: float
    passed_s: float


def _days(found: Amounts, horizon: int) -> list[_DayOfBuckets]:
    """Return the local days of a grid up to a moment."""
    starts, ends = found.starts, found.ends()
    days = []
    first = 0
    while first < len(starts) and starts[first] < horizon:
        day_end = day_start_ms(local_day(starts[first]) + timedelta(days=1))
        last = max(first + 1, bisect_left(starts, day_end, first))
        passed = min(ends[last - 1], horizon) - starts[first]
        days.append(_DayOfBuckets(first, last, sum(found.covered_s[first:last]), passed / 1000))
        first = last
    return days


def _is_enough(imported: Amounts, horizon: int) -> bool:
    return all(day.covered_s >= _IMPORT_IS_ENOUGH * day.passed_s for day in _days(imported, horizon))


def _choose_by_day(imported: Amounts | None, counted: Amounts | None, horizon: int) -> Amounts | None:
    if imported is None or counted is None:
        return imported or counted
    for day in _days(imported, horizon):
        place = slice(day.first, day.last)
        by_kit = sum(counted.covered_s[place])
        if day.covered_s >= _IMPORT_IS_ENOUGH * day.passed_s or day.covered_s >= by_kit:
            continue
        imported.amount[place] = counted.amount[place]
        imported.covered_s[place] = counted.covered_s[place]
        imported.estimated[place] = counted.estimated[place]
    imported.unplaced = counted.unplaced
    imported.last_ms = max(imported.last_ms or 0, counted.last_ms or 0) or None
    return imported


def _add(whole: Amounts, part: Amounts | None) -> None:
    if part is None:
        return
    for place, value in enumerate(part.amount):
        if value is not None:
            whole.amount[place] = (whole.amount[place] or 0.0) + value
        whole.estimated[place] += part.estimated[place]
        whole.covered_s[place] += part.covered_s[place]
    whole.unplaced += part.unplaced
    whole.coarse = whole.coarse or part.coarse
    if part.last_ms is not None:
        whole.last_ms = max(whole.last_ms or 0, part.last_ms)


def day_profile(
    channels: Channels, connections: Sequence[Connection], direction: str, day: Period, now_ms: int
) -> Amounts:
    """Return one day in quarters, or in hours where that is all there is."""
    fine = amounts(channels, connections, direction, Grid.over(day.start_ms, day.end_ms, Step.QUARTER), now_ms)
    if not fine.coarse or fine.total() is not None:
        return fine
    return amounts(channels, connections, direction, Grid.over(day.start_ms, day.end_ms, Step.HOUR), now_ms)
