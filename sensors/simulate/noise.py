"""Chance without memory: the same seed, stream and moment always give the same draw, whatever was asked before.

A generator with a state would make a value depend on where a simulation began. Here each draw is a hash of its place
(SplitMix64's finaliser, Steele, Lea and Flood 2014), so any window of time can be simulated alone.
"""

import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    with np.errstate(over="ignore"):
        values = (values ^ (values >> np.uint64(30))) * _FIRST
        values = (values ^ (values >> np.uint64(27))) * _SECOND
    return values ^ (values >> np.uint64(31))


def uniform(seed: int, stream: str, index: Integers) -> Floats:
    """Draws in (0, 1), one for each element of `index`."""
    start = np.uint64(zlib.crc32(f"{seed}/{stream}".encode()))
    with np.errstate(over="ignore"):
        place = index.astype(np.int64).view(np.uint64) * _GOLDEN + _mixed(np.array([start * _FIRST], dtype=np.uint64))
    bits = _mixed(_mixed(place) + _GOLDEN)
    return ((bits >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53


def normal(seed: int, stream: str, index: Integers) -> Floats:
    """Draws from the standard normal distribution (Box and Muller 1958), one for each element of `index`."""
    radius = np.sqrt(-2.0 * np.log(uniform(seed, f"{stream}/radius", index)))
    return np.asarray(radius * np.cos(2.0 * np.pi * uniform(seed, f"{stream}/angle", index)), dtype=np.float64)


def one(seed: int, stream: str, index: int = 0) -> float:
    """One draw in (0, 1)."""
    return float(uniform(seed, stream, np.array([index]))[0])


def smooth(seed: int, stream: str, seconds: Integers, period_s: int) -> Floats:
    """Noise of about unit deviation that wanders from knot to knot, one knot each `period_s` seconds."""
    knot = seconds // period_s
    share = (seconds - knot * period_s) / period_s
    eased = share * share * (3.0 - 2.0 * share)
    first, inverse = np.unique(knot, return_inverse=True)
    before = normal(seed, stream, first)[inverse]
    after = normal(seed, stream, first + 1)[inverse]
    # Half-way two independent knots average to less than unit deviation; this evens it out.
    return np.asarray((before * (1 - eased) + after * eased) / np.sqrt((1 - eased) ** 2 + eased**2), dtype=np.float64)
