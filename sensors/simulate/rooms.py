"""Air of rooms: mass balance of CO2 and of water vapour, and a temperature that follows heating, sun and people.

CO2: dC/dt = G / V - n (C - C_out), with n in air changes per hour; solved exactly over each step.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sensors.simulate.clock import DAY_S, HOUR_S
from sensors.simulate.noise import Floats, Integers, smooth
from sensors.simulate.school_day import SchoolDay, opening, people, school_day, windows_at_break
from sensors.simulate.spec import RoomSpec, SchoolSpec
from sensors.simulate.weather import Weather, relative_humidity, vapour_pressure_pa, weather

OUTDOOR_PPM: Final = 420.0
STEP_S: Final = 300
WARM_UP_S: Final = 10 * DAY_S
"""How long a run begins before its window: a room has forgotten its start by then."""
_WATTS_PER_PERSON: Final = 75.0
_GRAMS_PER_PERSON_H: Final = 45.0
_GAS_CONSTANT_VAPOUR: Final = 461.5  # J / (kg K)
_AIR_W_PER_M3_K: Final = 0.34  # heat carried by one air change an hour
_CLASS_SET_POINT_C: Final = 20.5
_NIGHT_SET_POINT_C: Final = 15.5
_HEATING_LIMIT_C: Final = 15.0
_MILD_C: Final = 15.5
_CLOSES_BELOW: Final = 350.0  # ppm under the level at which a watching class opened


@dataclass(frozen=True)
class Air:
    """Arrays of shape (moments, rooms): CO2 in ppm, temperature in C, relative humidity in %; all true values."""

    co2: Floats
    temperature: Floats
    humidity: Floats
    people: Floats


def air(spec: SchoolSpec, start_s: int, end_s: int) -> tuple[Integers, Air]:
    """Simulate all rooms of a school and return moments `STEP_S` apart (seconds, UTC) with their air.

    The moments enclose [start_s, end_s]. The run begins `WARM_UP_S` earlier, so the outcome does not depend on where
    the window starts; the step is always the same, so it does not depend on how finely it is asked either.
    """
    start_s -= start_s % STEP_S
    seconds = np.arange(start_s - WARM_UP_S, end_s + STEP_S, STEP_S, dtype=np.int64)
    skip = WARM_UP_S // STEP_S
    if not spec.rooms:
        empty = np.zeros((len(seconds) - skip, 0))
        return seconds[skip:], Air(empty, empty, empty, empty)
    return seconds[skip:], Air(*(column[skip:] for column in _Run(spec, seconds).columns()))


class _Run:
    """One pass through time with all rooms side by side."""

    def __init__(self, spec: SchoolSpec, seconds: Integers) -> None:
        self._step_h = STEP_S / HOUR_S
        self._rooms = spec.rooms
        self._out: Weather = weather(spec.seed, seconds)
        day = school_day(spec, seconds)
        self._people = np.stack([people(spec, room, day) for room in spec.rooms], axis=1)
        in_use = opening(spec, day, HOUR_S, HOUR_S)
        self._closed = np.stack([self._closed_ach(spec, room, seconds, in_use) for room in spec.rooms], axis=1)
        self._aired = np.stack([self._open_at_all(spec, room, day) for room in spec.rooms], axis=1)
        self._window = np.array([room.window_ach for room in spec.rooms])
        warm = opening(spec, day, int(2.5 * HOUR_S), 0)
        self._set_point = np.where(warm, _CLASS_SET_POINT_C, _NIGHT_SET_POINT_C)

    def _closed_ach(self, spec: SchoolSpec, room: RoomSpec, seconds: Integers, in_use: np.ndarray) -> Floats:
        wind = 1 + 0.25 * smooth(spec.seed, "wind", seconds, 5 * HOUR_S)
        fan = np.where(in_use, room.mechanical_ach, 0.0)
        doors = np.where(in_use, room.door_ach, 0.0)
        return np.maximum(room.leak_ach * wind, 0.08) + fan + doors

    def _open_at_all(self, spec: SchoolSpec, room: RoomSpec, day: SchoolDay) -> np.ndarray:
        # On a mild day windows stay ajar during lessons as well.
        mild = (self._out.temperature > _MILD_C) & day.in_lesson
        return windows_at_break(spec, room, day) | mild

    def columns(self) -> tuple[Floats, Floats, Floats, Floats]:
        """CO2, temperature, humidity and people, each of shape (moments, rooms)."""
        shape = self._people.shape
        volume = np.array([room.volume_m3 for room in self._rooms])
        source = self._people * np.array([room.litres_per_hour for room in self._rooms]) / volume * 1000  # ppm / h
        opens_at = np.array([room.opens_at_ppm for room in self._rooms])
        opened = self._closed + self._window
        fade_closed, fade_opened = np.exp(-self._closed * self._step_h), np.exp(-opened * self._step_h)
        vapour_out = vapour_pressure_pa(self._out.temperature, self._out.humidity)
        grams = self._people * _GRAMS_PER_PERSON_H / volume / 1000  # kg / (m3 h)
        # A room's heavy parts: some 60 kJ/K per m3 of room; walls and glass lose about 0.55 W/K per m3.
        capacity_wh = 16.0 * volume
        loss = 0.55 * volume
        strongest = 45.0 * volume  # W
        sun = np.array([room.sun_gain for room in self._rooms]) * volume * 0.014
        co2, heat = np.empty(shape), np.empty(shape)
        vapour = np.empty(shape)
        now = np.full(shape[1], OUTDOOR_PPM + 40)
        warmth = np.full(shape[1], 19.0)
        chill = np.zeros(shape[1])
        damp = np.full(shape[1], vapour_out[0])
        watching = np.zeros(shape[1], dtype=np.bool_)
        chill_fade = np.exp(-self._step_h / 0.25)
        for at in range(shape[0]):
            there = self._people[at] > 0
            watching = there & (now > np.where(watching, opens_at - _CLOSES_BELOW, opens_at))
            wide = self._aired[at] | watching
            ach = np.where(wide, opened[at], self._closed[at])
            fade = np.where(wide, fade_opened[at], fade_closed[at])
            level = OUTDOOR_PPM + source[at] / ach
            now = level + (now - level) * fade
            outside = self._out.temperature[at]
            added_pa = grams[at] / ach * _GAS_CONSTANT_VAPOUR * (warmth + 273.15)
            wet = vapour_out[at] + added_pa
            damp = wet + (damp - wet) * fade
            heating = np.clip((self._set_point[at] - warmth) * strongest * 0.6, 0, strongest)
            heating = np.where(outside < _HEATING_LIMIT_C + 2, heating, 0.0)
            gain = self._people[at] * _WATTS_PER_PERSON + sun * self._out.irradiance[at] + heating
            flow = (loss + 0.5 * _AIR_W_PER_M3_K * volume * ach) * (outside - warmth)
            warmth = warmth + (gain + flow) * self._step_h / capacity_wh
            # Open windows cool the air before they cool the walls.
            dip = np.where(wide, -0.13 * np.maximum(warmth - outside, 0.0), 0.0)
            chill = dip + (chill - dip) * chill_fade
            co2[at], heat[at], vapour[at] = now, warmth + chill, damp
        return co2, heat, np.clip(relative_humidity(heat, vapour), 12, 96), self._people
