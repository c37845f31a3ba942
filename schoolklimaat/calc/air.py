"""What the CO2 of a room says: how much of the time in use the air was good, and how fast the room was aired after.

Times are milliseconds UTC, CO2 in ppm. A value stands until the next, at most `LONGEST_HOLD_MS`: a gap is no time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

GUIDELINE_PPM: Final = 900  # Codex over het welzijn op het werk (royal decree of 2 May 2019): 400 outdoors + 500
OUTDOOR_PPM: Final = 420  # outdoor reference until an outdoor kit says better
OCCUPIED_RISE_PPM: Final = 150  # people are inferred from this much above outdoor air
LONGEST_HOLD_MS: Final = 15 * 60_000
DRIFTED_HIGH_PPM: Final = 500  # a week's lowest value above this, or below the next: the sensor has drifted
DRIFTED_LOW_PPM: Final = 350
SHORTEST_DECAY_MIN: Final = 20.0
_FEWEST_POINTS: Final = 5
_LEAST_ABOVE_OUTDOOR_PPM: Final = 50.0  # closer to outdoor air the logarithm is noise
_LEAST_R2: Final = 0.9
_LEAST_FALLING: Final = 0.8
_MINUTE_MS: Final = 60_000
_HOUR_MS: Final = 3_600_000
Floats = npt.NDArray[np.float64]
Period = tuple[int, int]


@dataclass(frozen=True, slots=True)
class AirShare:
    """Share of the occupied minutes at or below the guideline value; None when nobody was there."""

    share_ok: float | None
    occupied_minutes: float
    is_inferred: bool


@dataclass(frozen=True, slots=True)
class AirChanges:
    """Air changes an hour with their standard error, over how many minutes and values; or why there is no figure."""

    per_hour: float | None
    standard_error: float | None
    minutes: float
    n: int
    refusal: str | None = None


def is_occupied(ppm: float, outdoor_ppm: float = OUTDOOR_PPM) -> bool:
    """Infer people from CO2 alone: more than 150 ppm above outdoor air."""
    return ppm > outdoor_ppm + OCCUPIED_RISE_PPM


def share_ok(
    times_ms: Sequence[int],
    ppm: Sequence[float | None],
    *,
    occupied: Sequence[Period] | None = None,
    outdoor_ppm: float = OUTDOOR_PPM,
    limit_ppm: float = GUIDELINE_PPM,
) -> AirShare:
    """Return occupied minutes at or below the limit / occupied minutes.

    `occupied` are the periods [start, end) of a timetable; without them presence is inferred from the CO2, and the
    result says so. Times ascend; a None is a gap.
    """
    good = total = 0.0
    for at, (start, value) in enumerate(zip(times_ms, ppm, strict=True)):
        if value is None:
            continue
        following = times_ms[at + 1] if at + 1 < len(times_ms) else start + LONGEST_HOLD_MS
        if at + 1 == len(times_ms) and at:
            following = start + (start - times_ms[at - 1])  # the last value stands as long as the one before it did
        end = min(following, start + LONGEST_HOLD_MS)
        if occupied is None:
            minutes = (end - start) / _MINUTE_MS if is_occupied(value, outdoor_ppm) else 0.0
        else:
            minutes = sum(max(0, min(end, last) - max(start, first)) for first, last in occupied) / _MINUTE_MS
        total += minutes
        good += minutes if value <= limit_ppm else 0.0
    return AirShare(good / total if total else None, total, occupied is None)


def air_changes(times_ms: Sequence[int], ppm: Sequence[float | None], outdoor_ppm: float = OUTDOOR_PPM) -> AirChanges:
    """Return the air changes an hour of a decay in an empty room: minus the slope of ln(C − C_outdoor) over hours.

    Refused when the part well above outdoor air lasts less than 20 minutes, has less than five values, or does not
    fall steadily (textbook: dilution of a tracer gas without a source).
    """
    known = [(t, value) for t, value in zip(times_ms, ppm, strict=True) if value is not None]
    used: list[tuple[int, float]] = []
    for t, value in known:
        if value - outdoor_ppm < _LEAST_ABOVE_OUTDOOR_PPM:
            break
        used.append((t, value))
    n = len(used)
    minutes = (used[-1][0] - used[0][0]) / _MINUTE_MS if n else 0.0
    if minutes < SHORTEST_DECAY_MIN or n < _FEWEST_POINTS:
        return AirChanges(None, None, minutes, n, "de daling duurt te kort: nodig zijn 20 minuten en 5 metingen")
    values: Floats = np.array([value for _t, value in used], dtype=float)
    hours: Floats = np.array([t - used[0][0] for t, _value in used], dtype=float) / _HOUR_MS
    logs = np.log(values - outdoor_ppm)
    slope, error, r2 = _line(hours, logs)
    falling = float((np.diff(values) <= 0).mean())
    if slope >= 0 or falling < _LEAST_FALLING or r2 < _LEAST_R2:
        return AirChanges(
            None, None, minutes, n, "de CO2 daalt niet gestaag: er was nog iemand, of het raam ging open of toe"
        )
    return AirChanges(-slope, error, minutes, n)


def _line(x: Floats, y: Floats) -> tuple[float, float, float]:
    """Return the slope of a least-squares line, its standard error, and R²."""
    mean_x, mean_y = float(x.mean()), float(y.mean())
    spread = float(((x - mean_x) ** 2).sum())
    slope = float(((x - mean_x) * (y - mean_y)).sum()) / spread
    rest = float(((y - mean_y - slope * (x - mean_x)) ** 2).sum())
    total = float(((y - mean_y) ** 2).sum())
    return slope, float((rest / (len(x) - 2) / spread) ** 0.5), 1 - rest / total if total else 0.0


def has_drifted(week_ppm: Sequence[float | None]) -> bool | None:
    """Say whether a week's lowest value is no outdoor air: above 500 or below 350 ppm. None without any value."""
    lowest = min((value for value in week_ppm if value is not None), default=None)
    return None if lowest is None else not DRIFTED_LOW_PPM <= lowest <= DRIFTED_HIGH_PPM
