"""Air of rooms: mass balance of CO2 and of water vapour, and a temperature that follows heating, sun and people.

CO2: dC/dt = G / V - n (C - C_out), with n in air changes per hour; solved exactly over each step.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sensors.simulate.clock import DAY_S, HOUR_S
from sensors.simulate.noise import Floats, Integers, smooth
from sensors.simulate.school_day import opening, people, school_day, windows_at_break
from sensors.simulate.spec import RoomSpec, SchoolSpec
from sensors.simulate.weather import relative_humidity, vapour_pressure_pa, weather

OUTDOOR_PPM: Final = 420.0
STEP_S: Final = 300
PIECE_S: Final = 20 * DAY_S
WARM_UP_S: Final = 10 * DAY_S
"""How long a run begins before its window: a room has forgotten its start by then."""
_WATTS_PER_PERSON: Final = 75.0
_GRAMS_PER_PERSON_H: Final = 45.0
_GAS_CONSTANT_VAPOUR: Final = 461.5  # J / (kg K)
_AIR_W_PER_M3_K: Final = 0.34  # heat carried by one air change an hour
_CLASS_SET_POINT_C: Final = 20.5
_NIGHT_SET_POINT_C: Final = 15.5
_HEATING_LIMIT_C: Final = 17.0
_CHILL_H: Final = 0.25
_STEP_H: Final = STEP_S / HOUR_S
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

    The moments enclose [start_s, end_s]. Time is cut into pieces at fixed instants; each piece begins `WARM_UP_S`
    earlier than it counts, so what a moment gives never depends on the window that is asked. All pieces run abreast.
    """
    start_s -= start_s % STEP_S
    pieces = np.arange(start_s // PIECE_S, (end_s + STEP_S) // PIECE_S + 1, dtype=np.int64)
    moments = np.arange(pieces[0] * PIECE_S, (pieces[-1] + 1) * PIECE_S, STEP_S, dtype=np.int64)
    wanted = slice((start_s - moments[0]) // STEP_S, -(-(end_s + STEP_S - moments[0]) // STEP_S))
    if not spec.rooms:
        empty = np.zeros((len(moments[wanted]), 0))
        return moments[wanted], Air(empty, empty, empty, empty)
    columns = _Run(spec, pieces).columns()
    skip = WARM_UP_S // STEP_S
    joined = (column[skip:].swapaxes(0, 1).reshape(len(moments), -1)[wanted] for column in columns)
    return moments[wanted], Air(*joined)


class _Run:
    """One pass through time with all pieces and all rooms side by side: arrays of shape (steps, pieces, rooms)."""

    def __init__(self, spec: SchoolSpec, pieces: Integers) -> None:
        steps = np.arange(-WARM_UP_S, PIECE_S, STEP_S, dtype=np.int64)
        seconds = (steps[:, None] + pieces * PIECE_S).ravel()
        shape = (len(steps), len(pieces))
        self._rooms = spec.rooms
        out = weather(spec.seed, seconds)
        self._outside = out.temperature.reshape(*shape, 1)
        self._sun = out.irradiance.reshape(*shape, 1)
        self._vapour = vapour_pressure_pa(out.temperature, out.humidity).reshape(*shape, 1)
        day = school_day(spec, seconds)
        in_use = opening(spec, day, HOUR_S, HOUR_S)
        wind = 1 + 0.25 * smooth(spec.seed, "wind", seconds, 5 * HOUR_S)
        # On a mild day windows stay ajar during lessons as well.
        mild = (out.temperature > _MILD_C) & day.in_lesson

        def abreast(columns: list[np.ndarray]) -> np.ndarray:
            return np.stack(columns, axis=1).reshape(*shape, len(spec.rooms))

        self._people = abreast([people(spec, room, day) for room in spec.rooms])
        self._closed = abreast([_closed_ach(room, wind, in_use) for room in spec.rooms])
        self._aired = abreast([windows_at_break(spec, room, day) | mild for room in spec.rooms])
        warm = opening(spec, day, int(2.5 * HOUR_S), 0)
        self._set_point = np.where(warm, _CLASS_SET_POINT_C, _NIGHT_SET_POINT_C).reshape(*shape, 1)

    def _of_rooms(self, field: str) -> Floats:
        return np.array([getattr(room, field) for room in self._rooms], dtype=np.float64)

    def columns(self) -> tuple[Floats, Floats, Floats, Floats]:
        """CO2, temperature, humidity and people, each of shape (steps, pieces, rooms)."""
        shape = self._people.shape
        volume, opens_at = self._of_rooms("volume_m3"), self._of_rooms("opens_at_ppm")
        source = self._people * self._of_rooms("litres_per_hour") / volume * 1000  # ppm / h
        opened = self._closed + self._of_rooms("window_ach")
        fade_closed, fade_opened = np.exp(-self._closed * _STEP_H), np.exp(-opened * _STEP_H)
        grams = self._people * _GRAMS_PER_PERSON_H / volume / 1000  # kg / (m3 h)
        # A room's heavy parts: some 60 kJ/K per m3 of room; walls and glass lose about 0.55 W/K per m3.
        capacity_wh, loss = 16.0 * volume, 0.55 * volume
        strongest = 45.0 * volume  # W
        gain = self._people * _WATTS_PER_PERSON + self._of_rooms("sun_gain") * volume * 0.014 * self._sun
        heated = np.where(self._outside < _HEATING_LIMIT_C, strongest, 0.0)
        co2, heat, vapour = np.empty(shape), np.empty(shape), np.empty(shape)
        now = np.full(shape[1:], OUTDOOR_PPM + 40)
        warmth, chill = np.full(shape[1:], 19.0), np.zeros(shape[1:])
        damp = np.broadcast_to(self._vapour[0], shape[1:])
        watching = np.zeros(shape[1:], dtype=np.bool_)
        chill_fade = np.exp(-_STEP_H / _CHILL_H)
        for at in range(shape[0]):
            outside = self._outside[at]
            watching = (self._people[at] > 0) & (now > np.where(watching, opens_at - _CLOSES_BELOW, opens_at))
            wide = self._aired[at] | watching
            ach = np.where(wide, opened[at], self._closed[at])
            fade = np.where(wide, fade_opened[at], fade_closed[at])
            level = OUTDOOR_PPM + source[at] / ach
            now = level + (now - level) * fade
            wet = self._vapour[at] + grams[at] / ach * _GAS_CONSTANT_VAPOUR * (warmth + 273.15)
            damp = wet + (damp - wet) * fade
            heating = np.clip((self._set_point[at] - warmth) * strongest * 0.6, 0, heated[at])
            flow = (loss + 0.5 * _AIR_W_PER_M3_K * volume * ach) * (outside - warmth)
            warmth = warmth + (gain[at] + heating + flow) * _STEP_H / capacity_wh
            # Open windows cool the air before they cool the walls.
            dip = np.where(wide, -0.13 * np.maximum(warmth - outside, 0.0), 0.0)
            chill = dip + (chill - dip) * chill_fade
            co2[at], heat[at], vapour[at] = now, warmth + chill, damp
        return co2, heat, np.clip(relative_humidity(heat, vapour), 12, 96), self._people


def _closed_ach(room: RoomSpec, wind: Floats, in_use: np.ndarray) -> Floats:
    """Air changes an hour with the windows closed."""
    return np.maximum(room.leak_ach * wind, 0.08) + np.where(in_use, room.mechanical_ach + room.door_ach, 0.0)
