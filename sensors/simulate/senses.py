"""What a sensor of a simulated school would notice at any moment: room air and meter readings, as columns.

Counters run from the school's origin, so a window of time can be asked alone and still meets the one before it.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from sensors.simulate.clock import local_time
from sensors.simulate.meters import QUARTER_S, Quarters, minute_shape, quarters
from sensors.simulate.noise import Floats, Integers, normal, one, smooth
from sensors.simulate.rooms import STEP_S, Air, air
from sensors.simulate.spec import MeterSpec, SchoolSpec
from sensors.simulate.weather import weather

Columns = dict[str, Floats]
"""Named columns of equal length; the names are the fields of `ROOM_FIELDS` or `METER_FIELDS`."""

ROOM_FIELDS: Final = ("co2", "temperature", "humidity", "pressure", "battery")
METER_FIELDS: Final = (
    "import_t1_kwh", "import_t2_kwh", "import_kwh", "export_t1_kwh", "export_t2_kwh", "export_kwh", "power_w",
    "import_w", "export_w", "demand_w", "peak_w", "peak_at_s", "gas_m3", "water_m3", "quarter_s", "pv_kwh", "pv_power_w",
    "pv_phase_w", "pv_standby_kwh", "tariff",
)  # fmt: skip
_BATTERY_LIFE_S: Final = 560 * 86_400
_INVERTER_STANDBY_KW: Final = 0.002
_LOWEST_REPORTED_PPM: Final = 400.0  # sensors are calibrated so that they do not go below fresh air


@dataclass(frozen=True)
class RoomSenses:
    """All rooms of a school over a window of time, computed once."""

    spec: SchoolSpec
    start_s: int
    end_s: int

    @cached_property
    def _run(self) -> tuple[Integers, Air]:
        return air(self.spec, self.start_s, self.end_s)

    def at(self, room: str, sensor: str, seconds: Integers) -> Columns:
        """What `sensor` in `room` reads at moments within the window; each sensor is off in its own small way."""
        moments, true = self._run
        number = [one_room.name for one_room in self.spec.rooms].index(room)
        position = (seconds - moments[0]) / STEP_S
        before = np.clip(position.astype(np.int64), 0, len(moments) - 2)
        share = position - before

        def between(column: Floats) -> Floats:
            values = column[:, number]
            return np.asarray(values[before] * (1 - share) + values[before + 1] * share, dtype=np.float64)

        seed = self.spec.seed
        co2 = between(true.co2)
        stirred = smooth(seed, f"co2/{sensor}/stir", seconds, 240) * (4 + 0.018 * (co2 - 420))
        co2 = co2 * (1 + _offset(seed, f"{sensor}/gain", 0.03)) + _offset(seed, f"{sensor}/co2", 25) + stirred
        co2 = co2 + 3 * normal(seed, f"co2/{sensor}", seconds)
        temperature = between(true.temperature) + 0.4 + _offset(seed, f"{sensor}/t", 0.5)
        temperature = temperature + 0.05 * smooth(seed, f"t/{sensor}", seconds, 600)
        humidity = between(true.humidity) + _offset(seed, f"{sensor}/rh", 2.5)
        humidity = humidity + 0.5 * smooth(seed, f"rh/{sensor}", seconds, 900)
        worn = (seconds - self.spec.origin_s) / _BATTERY_LIFE_S + one(seed, f"{sensor}/battery") * 0.3
        return {
            "co2": np.maximum(co2, _LOWEST_REPORTED_PPM),
            "temperature": temperature,
            "humidity": np.clip(humidity, 5, 99),
            "pressure": weather(seed, seconds).pressure - 3,
            "battery": np.clip(100 - 100 * worn, 3, 100),
        }


@dataclass(frozen=True)
class MeterSenses:
    """One building's meters from the school's origin until `end_s`, computed once."""

    spec: SchoolSpec
    meter: MeterSpec
    end_s: int

    @cached_property
    def quarters(self) -> Quarters:
        """Quarter hours from the origin until the end."""
        return quarters(self.spec, self.meter, self.spec.origin_s, self.end_s)

    @cached_property
    def _month_peaks(self) -> tuple[Floats, Integers]:
        """Highest quarter so far in its local month in W, and when that quarter ended; per quarter."""
        q = self.quarters
        watts = q.import_kwh * 3600 / QUARTER_S * 1000
        day = local_time(q.start).day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        highest, ended = np.empty(len(watts)), np.empty(len(watts), dtype=np.int64)
        for month in np.unique(day):
            rows = np.flatnonzero(day == month)
            highest[rows] = np.maximum.accumulate(watts[rows])
            is_new = watts[rows] >= highest[rows]
            ended[rows] = np.maximum.accumulate(np.where(is_new, q.start[rows] + QUARTER_S, 0))
        return highest, ended

    def at(self, seconds: Integers) -> Columns:
        """Readings of all registers at moments in [origin, end)."""
        q = self.quarters
        row = np.clip((seconds - q.start[0]) // QUARTER_S, 0, len(q.start) - 1)
        wanted, inverse = np.unique(row, return_inverse=True)
        shape = minute_shape(self.spec.seed, self.meter.name, q.start[wanted])
        into = seconds - q.start[row]
        minute = np.clip(into // 60, 0, shape.shape[1] - 1)
        done = np.concatenate([np.zeros((len(wanted), 1)), np.cumsum(shape, axis=1)], axis=1) / shape.shape[1]
        weight = shape[inverse, minute]
        share = done[inverse, minute] + weight / shape.shape[1] * (into - minute * 60) / 60
        per_hour = 3600 / QUARTER_S * 1000  # kWh of a quarter to W
        first = self.meter

        def counter(amount: Floats, start: float) -> Floats:
            before = np.concatenate([[0.0], np.cumsum(amount)])
            return np.asarray(start + before[row] + amount[row] * share, dtype=np.float64)

        day, night = q.day_tariff, ~q.day_tariff
        import_t1 = counter(q.import_kwh * day, first.first_import_kwh * 0.58)
        import_t2 = counter(q.import_kwh * night, first.first_import_kwh * 0.42)
        export_t1 = counter(q.export_kwh * day, first.first_export_kwh * 0.7)
        export_t2 = counter(q.export_kwh * night, first.first_export_kwh * 0.3)
        import_w = q.import_kwh[row] * per_hour * weight
        export_w = q.export_kwh[row] * per_hour * weight
        peak_w, peak_at = self._month_peaks
        earlier = np.maximum(row - 1, 0)
        return {
            "import_t1_kwh": import_t1,
            "import_t2_kwh": import_t2,
            "import_kwh": import_t1 + import_t2,
            "export_t1_kwh": export_t1,
            "export_t2_kwh": export_t2,
            "export_kwh": export_t1 + export_t2,
            "power_w": import_w - export_w,
            "import_w": import_w,
            "export_w": export_w,
            "demand_w": q.import_kwh[row] * per_hour * share,
            "peak_w": peak_w[earlier],
            "peak_at_s": peak_at[earlier].astype(np.float64),
            # Gas and water meters tell the digital meter their reading once a quarter.
            "gas_m3": first.first_gas_m3 + np.concatenate([[0.0], np.cumsum(q.gas_m3)])[row],
            "water_m3": first.first_water_m3 + np.concatenate([[0.0], np.cumsum(q.water_m3)])[row],
            "quarter_s": q.start[row].astype(np.float64),
            "pv_kwh": counter(q.pv_kwh, first.first_pv_kwh),
            "pv_power_w": -q.pv_kwh[row] * per_hour * weight,
            "pv_phase_w": -q.pv_kwh[row] * per_hour * weight / 3,
            "pv_standby_kwh": (q.start[row] - q.start[0]) / 3600 * _INVERTER_STANDBY_KW,
            "tariff": np.where(q.day_tariff[row], 1.0, 2.0),
        }


def _offset(seed: int, name: str, spread: float) -> float:
    """How far one sensor is off all its life: evenly between minus and plus `spread`."""
    return (2 * one(seed, f"offset/{name}") - 1) * spread
