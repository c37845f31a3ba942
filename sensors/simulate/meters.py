"""Meters of a building: electricity by quarter hour, gas and water, PV. Counters only rise and never begin anew.

Ground truth is the quarter hour: mean powers and amounts. Within a quarter a load wanders from minute to minute, but
its minutes add up to the quarter, so counters, powers and quarter-hour exports tell the same story.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sensors.simulate.clock import DAY_S, HOUR_S
from sensors.simulate.noise import Floats, Integers, normal, smooth, uniform
from sensors.simulate.school_day import SchoolDay, opening, school_day
from sensors.simulate.spec import MeterSpec, SchoolSpec
from sensors.simulate.weather import Weather, weather

QUARTER_S: Final = 900
_MINUTES: Final = 15
_BASE_TEMPERATURE_C: Final = 16.5  # of Synergrid's degree days
GAS_KWH_PER_M3: Final = 11.51  # H-gas, gross, mean of 2021 (VREG)
_TUESDAY_AND_THURSDAY: Final = (1, 3)
_SATURDAY: Final = 5
_PV_LOSSES: Final = 0.84
_STANDARD_IRRADIANCE: Final = 1000.0


@dataclass(frozen=True)
class Quarters:
    """Parallel arrays per quarter hour; `start` in seconds UTC. Energies in kWh, volumes in m3, of that quarter."""

    start: Integers
    used_kwh: Floats
    pv_kwh: Floats
    import_kwh: Floats
    export_kwh: Floats
    gas_m3: Floats
    water_m3: Floats
    day_tariff: np.ndarray
    """True where the day register counts: weekdays 7 to 22 h local time."""


def quarters(spec: SchoolSpec, meter: MeterSpec, start_s: int, end_s: int) -> Quarters:
    """What one building uses in each quarter hour that touches [start_s, end_s)."""
    start = np.arange(start_s - start_s % QUARTER_S, end_s, QUARTER_S, dtype=np.int64)
    day = school_day(spec, start)
    outside = weather(spec.seed, start + QUARTER_S // 2)
    hours = QUARTER_S / HOUR_S
    used = _load_kw(spec, meter, day, outside, start) * hours
    pv = _pv_kw(meter, outside) * hours
    net = used - pv
    hour = day.clock.hour
    return Quarters(
        start=start,
        used_kwh=used,
        pv_kwh=pv,
        import_kwh=np.maximum(net, 0.0),
        export_kwh=np.maximum(-net, 0.0),
        gas_m3=_gas_kw(spec, meter, day, start) * hours / GAS_KWH_PER_M3,
        water_m3=_water_l_per_h(spec, meter, day, start) * hours / 1000,
        day_tariff=(day.clock.weekday < _SATURDAY) & (hour >= 7) & (hour < 22),  # noqa: PLR2004 - hours of the day tariff
    )


def minute_shape(seed: int, name: str, quarter_start: Integers) -> Floats:
    """How a quarter's energy is spread over its minutes: shape (quarters, 15), each row has mean 1."""
    minute = quarter_start[:, None] // 60 + np.arange(_MINUTES)
    wander = np.exp(0.16 * normal(seed, f"minute/{name}", minute.ravel()).reshape(minute.shape))
    return np.asarray(wander / wander.mean(axis=1, keepdims=True), dtype=np.float64)


def _load_kw(spec: SchoolSpec, meter: MeterSpec, day: SchoolDay, outside: Weather, start: Integers) -> Floats:
    seed, name = spec.seed, meter.name
    hour = day.clock.hour
    staff = opening(spec, day, HOUR_S, 2 * HOUR_S)
    lessons = opening(spec, day, HOUR_S // 4, 0)
    wander = 1 + 0.09 * smooth(seed, f"load/{name}", start, 2 * HOUR_S)
    season = 1 + 0.18 * np.cos(2 * np.pi * (start / DAY_S % 365.2425 - COLD_SEASON_MIDDLE) / 365.2425)
    # Little light is needed by the windows when the sun shines; corridors are lit anyway.
    dark = np.clip(1.08 - outside.irradiance / 420, 0.3, 1.0)
    light = meter.lighting_kw * dark * (0.75 * lessons + 0.25 * staff)
    equipment = meter.equipment_kw * (0.7 * lessons + 0.3 * staff)
    cooking = (hour >= 10) & (hour < 13.25) & lessons  # noqa: PLR2004 - warm meals
    kitchen = meter.kitchen_kw * cooking * np.exp(-(((hour - 11.4) / 0.95) ** 2))
    cleaning = 0.35 * meter.lighting_kw * (staff & ~lessons & (hour > 15))  # noqa: PLR2004 - after school
    club = np.isin(day.clock.weekday, _TUESDAY_AND_THURSDAY) & (hour >= 19) & (hour < 22.25)  # noqa: PLR2004
    club_on = club & (uniform(seed, f"club/{name}", day.clock.day) < 0.88) & ~_high_summer(start)  # noqa: PLR2004
    heating_pumps = 0.02 * meter.boiler_kw * 0.5 * (season - 0.82)
    awake = light + equipment + kitchen + cleaning
    load = (meter.base_kw * season + heating_pumps + meter.evening_kw * club_on) * wander + awake * wander
    return np.asarray(load * np.exp(0.05 * normal(seed, f"quarter/{name}", start // QUARTER_S)), dtype=np.float64)


COLD_SEASON_MIDDLE: Final = 10


def _high_summer(start: Integers) -> np.ndarray:
    """The weeks from July to mid August in which the club does not play."""
    of_year = start / DAY_S % 365.2425
    return np.asarray((of_year > 181) & (of_year < 227))  # noqa: PLR2004 - 1 July, 15 August


def _pv_kw(meter: MeterSpec, outside: Weather) -> Floats:
    """Output of the panels; about 900 to 1000 kWh a year for each kWp. Warm panels give less."""
    warm = 1 - 0.004 * np.maximum(outside.temperature + outside.irradiance / 40 - 25, 0.0)
    tilt = 1.06
    return np.asarray(
        np.where(outside.irradiance > 8, meter.pv_kwp * outside.irradiance / _STANDARD_IRRADIANCE * tilt, 0.0)  # noqa: PLR2004
        * _PV_LOSSES
        * warm,
        dtype=np.float64,
    )


def _gas_kw(spec: SchoolSpec, meter: MeterSpec, day: SchoolDay, start: Integers) -> Floats:
    """Heat by degrees below the base, a push in the morning after a lowered night, and hot water on school days."""
    if meter.heat_loss_kw_per_k == 0:
        return np.zeros(len(start))
    recent = (
        weather(spec.seed, start).temperature * 0.5
        + weather(spec.seed, start - 8 * HOUR_S).temperature * 0.3
        + weather(spec.seed, start - 24 * HOUR_S).temperature * 0.2
    )
    cold = np.maximum(_BASE_TEMPERATURE_C - recent, 0.0)
    hour = day.clock.hour
    as_if_school = day.is_school_day | (
        uniform(spec.seed, f"programme/{meter.name}", day.clock.day // 7) >= meter.weekend_setback
    )
    day_heat = as_if_school & (hour >= 5.5) & (hour < 16)  # noqa: PLR2004 - clock programme
    push = as_if_school & (hour >= 5.5) & (hour < 8)  # noqa: PLR2004 - clock programme
    after_weekend = np.where((day.clock.weekday == 0) & push, 1.35, 1.0)
    factor = np.where(push, 2.3, np.where(day_heat, 1.5, 0.38)) * after_weekend
    heat = np.minimum(meter.heat_loss_kw_per_k * cold * factor, meter.boiler_kw)
    # Below freezing an old building never quite stops; above 16 degrees the boiler is off.
    washing = opening(spec, day, HOUR_S, HOUR_S) * meter.hot_water_kw
    return np.asarray(
        (heat + washing) * np.exp(0.07 * normal(spec.seed, f"gas/{meter.name}", start // HOUR_S)), dtype=np.float64
    )


def _water_l_per_h(spec: SchoolSpec, meter: MeterSpec, day: SchoolDay, start: Integers) -> Floats:
    """Toilets at the breaks, taps during the day, and what a leaking valve loses day and night."""
    lessons = opening(spec, day, HOUR_S // 2, HOUR_S // 2)
    rush = np.where(day.in_break, 3.2, np.where(lessons, 0.7, 0.0))
    open_hours = 7.0
    flow = meter.litres_per_pupil * spec.pupils / open_hours * rush
    chance = np.exp(0.3 * normal(spec.seed, f"water/{meter.name}", start // QUARTER_S))
    return np.asarray(flow * chance + meter.leak_litres_per_hour, dtype=np.float64)
