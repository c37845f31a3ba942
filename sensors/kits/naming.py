"""What firmwares with one bare number per topic mean by their names and units (ESPHome, Home Assistant).

With a discovery message its unit and device class decide. Without one only names that say a quantity whose unit these
firmwares fix are taken: ppm, °C, %, hPa. A power or a meter without a stated unit is refused, never guessed.
"""

import re
from typing import Any, Final

from sensors.kits.parsing import Collector

_CHIP: Final = frozenset({"internal", "chip", "cpu", "esp", "esp32", "esp8266", "mcu", "device", "board"})
_NOT_THAT: Final = frozenset({"absolute", "abs", "dew", "dewpoint", "setpoint", "target", "offset", "eco2", "equivalent",
                              "estimated", "est", "calibration", "raw", "min", "max", "average"})  # fmt: skip
_BY_NAME: Final = (
    ({"co2", "carbondioxide"}, "co2", "ppm"),
    ({"temperature", "temp", "temperatuur"}, "temperature", "C"),
    ({"humidity", "rh", "vochtigheid", "luchtvochtigheid"}, "humidity", "%"),
    ({"pressure", "luchtdruk"}, "pressure", "hPa"),
)
# SlimmeLezer and ESPHome's dsmr component: the registers, whose unit is kWh and m³ on every meter.
_METER: Final = {
    "energy_consumed_tariff_1": ("electricity_import", "kWh", "t1"),
    "energy_consumed_tariff_2": ("electricity_import", "kWh", "t2"),
    "energy_produced_tariff_1": ("electricity_export", "kWh", "t1"),
    "energy_produced_tariff_2": ("electricity_export", "kWh", "t2"),
    "energy_delivered_tariff1": ("electricity_import", "kWh", "t1"),
    "energy_delivered_tariff2": ("electricity_import", "kWh", "t2"),
    "energy_returned_tariff1": ("electricity_export", "kWh", "t1"),
    "energy_returned_tariff2": ("electricity_export", "kWh", "t2"),
    "gas_consumed": ("gas", "m3", None),
    "gas_delivered": ("gas", "m3", None),
    "gas_consumed_belgium": ("gas", "m3", None),
    "gas_delivered_be": ("gas", "m3", None),
    "water_consumed": ("water", "m3", None),
    "water_delivered": ("water", "m3", None),
}
# Names of which the direction is known, once a unit is.
_POWER: Final = {
    "power_consumed": ("power_import", None), "power_delivered": ("power_import", None),
    "power_produced": ("power_export", None), "power_returned": ("power_export", None),
}  # fmt: skip


def tokens_of(name: str) -> set[str]:
    """Return the words of a name, with `carbon dioxide` as one."""
    return set(
        re.split(
            r"[^a-z0-9]+", name.lower().replace("carbon_dioxide", "carbondioxide").replace("dew_point", "dewpoint")
        )
    )


def add_named(
    collector: Collector, name: str, value: Any, *, unit: str | None = None, device_class: str | None = None
) -> bool:
    """Add a bare number by its name and, where discovery gave them, its unit and class; say whether it was known."""
    for known, (quantity, fixed, channel) in _METER.items():
        if name == known or name.endswith(f"_{known}"):
            collector.add(quantity, value, unit or fixed, channel=channel)
            return True
    for known, (quantity, channel) in _POWER.items():
        if name == known or name.endswith(f"_{known}"):
            collector.add(quantity, value, unit, channel=channel)
            return True
    words = tokens_of(name)
    if words & _NOT_THAT:
        return False
    return _add_by_class(collector, words, value, unit, device_class) or _add_by_words(
        collector, name, words, value, unit
    )


def _add_by_class(
    collector: Collector, words: set[str], value: Any, unit: str | None, device_class: str | None
) -> bool:
    match device_class:
        case "carbon_dioxide":
            collector.add("co2", value, unit)
        case "temperature" if not words & _CHIP:
            collector.add("temperature", value, unit)
        case "humidity":
            collector.add("humidity", value, unit)
        case "atmospheric_pressure":
            collector.add("pressure", value, unit)
        case "battery":
            collector.add("battery", value, unit)
        case "power":
            collector.add("power", value, unit)
        case "energy" if words & {"export", "produced", "returned", "injection", "injectie", "delivered"}:
            collector.add("electricity_export", value, unit)
        case "energy" if not words & {"today", "yesterday", "daily", "month", "monthly", "peak", "day", "dag"}:
            collector.add("electricity_import", value, unit)
        case "gas" | "water" if not words & {"today", "yesterday", "daily", "day", "flow", "dag"}:
            collector.add(device_class, value, unit)
        case _:
            return False
    return True


def _add_by_words(collector: Collector, name: str, words: set[str], value: Any, unit: str | None) -> bool:
    for known, quantity, fixed in _BY_NAME:
        if words & known:
            if quantity == "temperature" and words & _CHIP:
                return False
            collector.add(quantity, value, unit or fixed, channel=None)
            return True
    if words & {"power", "energy", "gas", "water", "vermogen"}:
        collector.reject(name, "unit unknown: no discovery message told it")
        return True
    return False
