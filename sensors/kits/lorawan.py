"""Names that decoders of LoRaWAN sensors give their values, shared by the network servers that pass them on.

Seen in the public decoders of Milesight, Elsys, Dragino and Decentlab; all write °C, %, hPa and ppm.
"""

from collections.abc import Mapping
from typing import Any, Final

from sensors.kits.parsing import NO_TIME, Collector, epoch, iso_time

_NAMES: Final = {
    "co2": ("co2", "ppm"), "CO2": ("co2", "ppm"), "co2_ppm": ("co2", "ppm"), "CO2_ppm": ("co2", "ppm"),
    "co2_concentration": ("co2", "ppm"),
    "temperature": ("temperature", "C"), "Temperature": ("temperature", "C"), "temp": ("temperature", "C"),
    "air_temperature": ("temperature", "C"), "TempC_SHT": ("temperature", "C"), "TempC_SHT31": ("temperature", "C"),
    "humidity": ("humidity", "%"), "Humidity": ("humidity", "%"), "hum": ("humidity", "%"),
    "relative_humidity": ("humidity", "%"), "relativeHumidity": ("humidity", "%"), "air_humidity": ("humidity", "%"),
    "Hum_SHT": ("humidity", "%"), "Hum_SHT31": ("humidity", "%"),
    "pressure": ("pressure", "hPa"), "air_pressure": ("pressure", "hPa"), "barometric_pressure": ("pressure", "hPa"),
    "battery": ("battery", "%"),
}  # fmt: skip
_MOST_HISTORY: Final = 1_000


def add_values(collector: Collector, values: Mapping[str, Any]) -> None:
    """Add what a decoder named, and the history it sends again, each record with its own time."""
    for name, value in values.items():
        known = _NAMES.get(name)
        if known is not None and value is not None and not isinstance(value, dict | list):
            collector.add(known[0], value, known[1])
    history = values.get("history")
    for record in history[:_MOST_HISTORY] if isinstance(history, list) else []:
        if not isinstance(record, dict):
            continue
        stated = record.get("timestamp", record.get("time"))
        stamp = iso_time(stated, None) if isinstance(stated, str) else epoch(stated)
        if stamp == NO_TIME:
            collector.reject("history", "a record of the past without a usable time")
            continue
        for name, value in record.items():
            known = _NAMES.get(name)
            if known is not None and value is not None:
                collector.add(known[0], value, known[1], stamp=stamp)
