"""The quantities a kit or a meter can report: unit, plausible range, and how values add up.

Ranges say what a sensor on or in a school building can report at all; a value outside them is a fault of the sensor,
not a fact about the school. What is merely unusual (a drifting CO2 sensor, say) is judged later, by data quality.
"""

from enum import StrEnum
from typing import Final, NamedTuple


class Kind(StrEnum):
    """How values of a quantity behave in time."""

    GAUGE = "gauge"  # a state now: average it
    COUNTER = "counter"  # a meter reading that only rises: subtract
    INTERVAL = "interval"  # an amount over [time, time + duration): add up
    STATE = "state"  # a word


class Quantity(NamedTuple):
    """One known quantity; `lowest` and `highest` are the plausible range, inclusive, in `unit`."""

    name: str
    unit: str | None
    kind: Kind
    lowest: float
    highest: float


_LARGEST_COUNTER = 1e9  # above any meter register: 9 digits
_LARGEST_POWER_W = 2e7  # 20 MW: above any school connection

QUANTITIES: Final[dict[str, Quantity]] = {
    quantity.name: quantity
    for quantity in (
        # Outdoor air is about 420 ppm; below 200 no sensor is right. NDIR sensors end at 40,000 ppm.
        Quantity("co2", "ppm", Kind.GAUGE, 200, 40_000),
        # -127 and 85 + are error codes of common probes; heating pipes reach 95.
        Quantity("temperature", "C", Kind.GAUGE, -50, 110),
        Quantity("humidity", "%", Kind.GAUGE, 0, 100),
        Quantity("pressure", "hPa", Kind.GAUGE, 300, 1100),
        Quantity("battery", "%", Kind.GAUGE, 0, 100),
        Quantity("power", "W", Kind.GAUGE, -_LARGEST_POWER_W, _LARGEST_POWER_W),
        Quantity("power_import", "W", Kind.GAUGE, 0, _LARGEST_POWER_W),
        Quantity("power_export", "W", Kind.GAUGE, 0, _LARGEST_POWER_W),
        Quantity("peak_power", "W", Kind.GAUGE, 0, _LARGEST_POWER_W),
        Quantity("demand", "W", Kind.GAUGE, 0, _LARGEST_POWER_W),
        Quantity("electricity_import", "kWh", Kind.COUNTER, 0, _LARGEST_COUNTER),
        Quantity("electricity_export", "kWh", Kind.COUNTER, 0, _LARGEST_COUNTER),
        Quantity("gas", "m3", Kind.COUNTER, 0, _LARGEST_COUNTER),
        Quantity("water", "m3", Kind.COUNTER, 0, _LARGEST_COUNTER),
        Quantity("heat", "GJ", Kind.COUNTER, 0, _LARGEST_COUNTER),
        # Interval amounts: what a grid operator's export gives. The register is the series' channel.
        Quantity("offtake_energy", "kWh", Kind.INTERVAL, 0, 1e6),
        Quantity("injection_energy", "kWh", Kind.INTERVAL, 0, 1e6),
        Quantity("production_energy", "kWh", Kind.INTERVAL, 0, 1e6),
        Quantity("offtake_volume", "m3", Kind.INTERVAL, 0, 1e6),
        Quantity("availability", None, Kind.STATE, 0, 0),
    )
}
