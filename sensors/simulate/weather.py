"""Weather of a year that never was, for the middle of Belgium.

Temperature: a yearly wave through the normal months of Uccle, days that hold together, a warm afternoon.
Normal means 1991-2020 in degrees C (RMI, klimatologische normalen Ukkel): January 3.7, July 18.7, year 11.0.
Sun: height from the day and the hour (Spencer 1971), clear sky after Haurwitz (1945), clouds by chance.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sensors.simulate.clock import DAY_S, HOUR_S
from sensors.simulate.noise import Floats, Integers, normal, smooth, uniform

MEAN_C: Final = 11.0
AMPLITUDE_C: Final = 7.4
COLDEST_DAY: Final = 20  # day of the year, 0 is 1 January
LATITUDE: Final = np.radians(51.2)
LONGITUDE_H: Final = 4.95 / 15  # hours that the sun is ahead of Greenwich
_DAY_DEVIATION_C: Final = 3.1
_DAY_MEMORY: Final = 0.8  # how much of a day's anomaly is there the next day
_MEMORY_DAYS: Final = 30
_YEAR_DAYS: Final = 365.2425


@dataclass(frozen=True)
class Weather:
    """Parallel arrays: outdoor temperature in C, relative humidity in %, global irradiance in W/m2, pressure in hPa."""

    temperature: Floats
    humidity: Floats
    irradiance: Floats
    pressure: Floats


def weather(seed: int, seconds: Integers) -> Weather:
    """The weather at moments given in seconds since the epoch, UTC."""
    day = seconds / DAY_S
    clear = _clearness(seed, seconds)
    angle = 2 * np.pi * ((day % _YEAR_DAYS) - COLDEST_DAY) / _YEAR_DAYS
    season = -np.cos(angle)
    # Solar noon is about 11:40 UTC here; the air is warmest some three hours later.
    swing = (2.2 + 2.0 * (season + 1) / 2 * 1.4) * (0.55 + 0.75 * clear)
    afternoon = np.cos(2 * np.pi * (seconds % DAY_S / HOUR_S - 14.5) / 24)
    temperature = (
        MEAN_C
        + AMPLITUDE_C * season
        + _DAY_DEVIATION_C * _held_together(seed, seconds)
        + swing * afternoon
        + 0.35 * smooth(seed, "weather/gust", seconds, HOUR_S)
    )
    humidity = np.clip(
        82 - 5.5 * season - 2.6 * swing / 2 * afternoon + 6 * smooth(seed, "weather/damp", seconds, 9 * HOUR_S), 28, 100
    )
    pressure = 1015 + 8 * smooth(seed, "weather/pressure", seconds, 4 * DAY_S)
    return Weather(temperature, humidity, _clear_sky(seconds) * clear, pressure)


def vapour_pressure_pa(temperature: Floats, humidity: Floats) -> Floats:
    """Vapour pressure in Pa from C and % (Magnus formula, Alduchov and Eskridge 1996)."""
    return np.asarray(humidity / 100 * 610.94 * np.exp(17.625 * temperature / (temperature + 243.04)), dtype=np.float64)


def relative_humidity(temperature: Floats, vapour_pa: Floats) -> Floats:
    """Relative humidity in % from C and vapour pressure in Pa."""
    return np.asarray(
        100 * vapour_pa / (610.94 * np.exp(17.625 * temperature / (temperature + 243.04))), dtype=np.float64
    )


def _held_together(seed: int, seconds: Integers) -> Floats:
    """An anomaly of unit deviation that fades over days: an AR(1) series of days, eased from noon to noon."""
    shifted = seconds - DAY_S // 2
    knot = shifted // DAY_S
    days = np.arange(knot.min() - _MEMORY_DAYS, knot.max() + 2)
    draws = normal(seed, "weather/day", days) * np.sqrt(1 - _DAY_MEMORY**2)
    kept = _DAY_MEMORY ** np.arange(_MEMORY_DAYS + 1)
    series = np.convolve(draws, kept)[_MEMORY_DAYS : len(draws)]
    at = knot - knot.min()
    share = (shifted - knot * DAY_S) / DAY_S
    eased = share * share * (3 - 2 * share)
    return np.asarray(series[at] * (1 - eased) + series[at + 1] * eased, dtype=np.float64)


def _clear_sky(seconds: Integers) -> Floats:
    """Global irradiance in W/m2 under a clear sky."""
    turn = 2 * np.pi * (seconds / DAY_S % _YEAR_DAYS) / _YEAR_DAYS
    declination = (
        0.006918
        - 0.399912 * np.cos(turn)
        + 0.070257 * np.sin(turn)
        - 0.006758 * np.cos(2 * turn)
        + 0.000907 * np.sin(2 * turn)
    )
    hour_angle = np.pi * (seconds % DAY_S / HOUR_S + LONGITUDE_H - 12) / 12
    height = np.sin(LATITUDE) * np.sin(declination) + np.cos(LATITUDE) * np.cos(declination) * np.cos(hour_angle)
    above = np.maximum(height, 1e-3)
    return np.where(height > 0, 1098 * above * np.exp(-0.057 / above), 0.0)


def _clearness(seed: int, seconds: Integers) -> Floats:
    """The share of the clear sky's irradiance that arrives: dull days, bright days, and clouds passing."""
    days, inverse = np.unique(seconds // DAY_S, return_inverse=True)
    dull = uniform(seed, "weather/dull", days)[inverse]
    passing = smooth(seed, "weather/cloud", seconds, 25 * 60)
    base = 0.16 + 0.82 * dull
    share: Floats = np.clip(base * (1 + 0.28 * passing * (1 - np.abs(2 * dull - 1))), 0.06, 1.0)
    return share
