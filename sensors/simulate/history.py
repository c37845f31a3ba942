"""History in bulk: what simulated kits would have stored, and what a grid operator would have exported."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Final

import numpy as np

from sensors.simulate.clock import HOUR_S
from sensors.simulate.kits import Fault, KitSpec, SchoolSenses, SensedPlace
from sensors.simulate.meters import GAS_KWH_PER_M3, QUARTER_S
from sensors.simulate.noise import Floats, Integers, uniform
from sensors.simulate.senses import Columns, MeterSenses, RoomSenses
from sensors.simulate.spec import SchoolSpec
from sensors.store.protocol import Point, Series

_LOST_HOURS: Final = 0.004
"""Share of hours in which nothing arrives: wifi down, a plug pulled for the vacuum cleaner."""


@dataclass(frozen=True)
class Window:
    """[start_s, end_s) in seconds UTC, coarse until `fine_from_s` and then one point a minute."""

    start_s: int
    end_s: int
    fine_from_s: int
    coarse_s: int = QUARTER_S
    fine_s: int = 60

    def moments(self) -> Integers:
        """All moments of the window."""
        fine_from = min(max(self.fine_from_s, self.start_s), self.end_s)
        fine_from -= fine_from % self.coarse_s
        start = -(-self.start_s // self.coarse_s) * self.coarse_s
        coarse = np.arange(start, max(start, fine_from), self.coarse_s)
        fine = np.arange(max(fine_from, -(-self.start_s // self.fine_s) * self.fine_s), self.end_s, self.fine_s)
        return np.concatenate([coarse, fine]).astype(np.int64)


def senses(spec: SchoolSpec, start_s: int, end_s: int) -> SchoolSenses:
    """All that is sensed in a school over a window."""
    return SchoolSenses(
        RoomSenses(spec, start_s, end_s), {meter.name: MeterSenses(spec, meter, end_s) for meter in spec.meters}
    )


def kit_history(spec: SchoolSpec, kit: KitSpec, sensed: SchoolSenses, window: Window) -> Iterator[list[Point]]:
    """Points of one kit, a list for each of its series, in order of time; its gap and its fault are honest gaps."""
    for place in kit.places:
        moments = window.moments()
        moments = moments[_arrived(spec, kit, moments)]
        if not len(moments):
            continue
        columns = sensed.of(kit, place, moments)
        yield from _series(kit, place, columns, moments, window)


def _arrived(spec: SchoolSpec, kit: KitSpec, moments: Integers) -> np.ndarray:
    there = uniform(spec.seed, f"lost/{kit.kit}", moments // HOUR_S) >= _LOST_HOURS
    there &= ~((moments >= kit.gap_from_s) & (moments < kit.gap_until_s))
    if kit.fault is not Fault.NONE:
        there &= moments < kit.fault_from_s
    return there


def _series(
    kit: KitSpec, place: SensedPlace, columns: Columns, moments: Integers, window: Window
) -> Iterator[list[Point]]:
    fine = moments >= window.fine_from_s
    for column in kit.speaks.stored(kit.device(place)):
        chosen = fine | (moments % column.step_s == 0) if column.step_s else np.ones(len(moments), dtype=np.bool_)
        times, values = moments[chosen], columns[column.field][chosen]
        if column.time_field:
            own, first = np.unique(columns[column.time_field][chosen].astype(np.int64), return_index=True)
            later = own >= window.start_s
            times, values = own[later], values[first][later]
        if not len(times):
            continue
        yield _points(Series(kit.kit, column.channel, column.quantity), times, np.round(values, column.decimals))


def _points(series: Series, seconds: Integers, values: Floats, duration_s: int = 0) -> list[Point]:
    times = (seconds * 1000).tolist()
    return list(map(Point, repeat(series), times, values.tolist(), repeat(duration_s)))


def export_history(spec: SchoolSpec, meter: str, ean: str, carrier: str, window: Window) -> Iterator[list[Point]]:
    """What the grid operator's export of one connection would hold: registers by quarter hour, gas by hour.

    `carrier` is electricity, gas, water or pv. Registers are named as in exports: Afname Dag, Injectie Nacht, Afname.
    """
    sensed = next(one for one in spec.meters if one.name == meter)
    q = MeterSenses(spec, sensed, window.end_s).quarters
    rows = (q.start >= window.start_s) & (q.start + QUARTER_S <= window.end_s)
    source = f"ean:{ean}"
    start = q.start[rows]
    if carrier == "electricity":
        for register, quantity, amount in (
            ("Afname", "offtake_energy", q.import_kwh),
            ("Injectie", "injection_energy", q.export_kwh),
        ):
            if quantity == "injection_energy" and not sensed.pv_kwp:
                continue
            for tariff, counts in (("Dag", q.day_tariff), ("Nacht", ~q.day_tariff)):
                chosen = rows & counts
                series = Series(source, f"{register} {tariff}", quantity)
                yield _points(series, q.start[chosen], np.round(amount[chosen], 3), QUARTER_S)
    elif carrier == "pv":
        yield _points(Series(source, "Productie", "production_energy"), start, np.round(q.pv_kwh[rows], 3), QUARTER_S)
    else:
        hours, volume = _hourly(start, (q.gas_m3 if carrier == "gas" else q.water_m3)[rows])
        yield _points(Series(source, "Afname", "offtake_volume"), hours, np.round(volume, 3), HOUR_S)
        if carrier == "gas":
            energy = np.round(volume * GAS_KWH_PER_M3, 3)
            yield _points(Series(source, "Afname", "offtake_energy"), hours, energy, HOUR_S)


def _hourly(start: Integers, amount: Floats) -> tuple[Integers, Floats]:
    """Sums over whole hours of amounts per quarter."""
    skip = int((-start[0] // QUARTER_S) % 4) if len(start) else 0
    whole = (len(start) - skip) // 4 * 4
    return start[skip : skip + whole : 4], amount[skip : skip + whole].reshape(-1, 4).sum(axis=1)
