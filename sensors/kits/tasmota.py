"""Tasmota: telemetry as JSON, one object per sensor. The full topic is free, so the prefix may stand last."""

from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.obis import add_line
from sensors.kits.parsing import (
    NO_TIME,
    Collector,
    Stamp,
    available,
    epoch,
    iso_time,
    metadata,
    object_of,
    text_of,
)
from sensors.reading import Decoded

_PREFIXES: Final = frozenset({"tele", "stat", "cmnd"})
_READS: Final = frozenset({"SENSOR", "STATUS8", "STATUS10", "RESULT"})
_OTHER: Final = frozenset({"STATE", "INFO1", "INFO2", "INFO3", "POWER", "UPTIME", "MARGINS", "HASS_STATE"})
# The chip's own temperature, not the room's.
_CHIP: Final = frozenset({"ESP32", "ESP8266", "MCU"})
_PRESSURE_UNITS: Final = {"hPa": 1.0, "mmHg": 1.333224, "inHg": 33.86389}


class _Tasmota:
    name = "tasmota"
    gateway = False
    best_effort = True

    def claims(self, topic: str) -> bool:
        parts = topic.split("/")
        last = parts[-1]
        return bool(_PREFIXES.intersection(parts[:-1])) and (
            last in _READS or last in _OTHER or last == "LWT" or last.startswith(("STATUS", "POWER"))
        )

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        *before, last = message.topic.split("/")
        names = [part for part in before if part not in _PREFIXES]
        device = names[-1] if names else None
        if last == "LWT":
            return available(self.name, device, text_of(message.payload))
        if last not in _READS:
            return metadata(self.name)
        held = object_of(message.payload)
        held = held["StatusSNS"] if isinstance(held.get("StatusSNS"), dict) else held
        collector = Collector(self.name, device, _time_of(held, message))
        serial = held.get("SerialReceived")
        if isinstance(serial, str):
            for line in serial.splitlines():
                add_line(collector, line, message.timezone)
        zigbee = held.get("ZbReceived")
        if isinstance(zigbee, dict):
            for key, sensor in zigbee.items():
                if isinstance(sensor, dict):  # a bridge: each device is a channel
                    device = str(sensor.get("Device") or key)
                    _add_sensor(collector, device, sensor, held, device=device)
        for name, sensor in held.items():
            if name == "ENERGY" and isinstance(sensor, dict):
                _add_energy(collector, sensor)
            elif isinstance(sensor, dict) and name not in _CHIP and name != "ZbReceived":
                _add_sensor(collector, name, sensor, held)
        return collector.decoded()


def _time_of(held: dict[str, Any], message: Message) -> Stamp:
    for key in ("Epoch", "Time"):
        value = held.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return epoch(value)
    return iso_time(held.get("Time"), message.timezone) if "Time" in held else NO_TIME


def _add_energy(collector: Collector, energy: dict[str, Any]) -> None:
    """Add the cumulative counters and power; a list has one value per phase or relay."""
    wanted = (
        ("Total", "electricity_import", "kWh"),
        ("ExportActive", "electricity_export", "kWh"),
        ("Power", "power", "W"),
    )
    for key, quantity, unit in wanted:
        value = energy.get(key)
        if isinstance(value, list):
            for at, one in enumerate(value):
                collector.add(quantity, one, unit, channel=str(at))
        elif value is not None:
            collector.add(quantity, value, unit)


def _add_sensor(
    collector: Collector, channel: str | None, sensor: dict[str, Any], held: dict[str, Any], device: str | None = None
) -> None:
    # eCO2 is a filtered or derived value; CarbonDioxide alone is what the sensor measured.
    if "CarbonDioxide" in sensor:
        collector.add("co2", sensor["CarbonDioxide"], "ppm", channel=channel, device=device)
    if "Temperature" in sensor:
        unit = held.get("TempUnit", "C")
        collector.add("temperature", sensor["Temperature"], str(unit), channel=channel, device=device)
    if "Humidity" in sensor:
        collector.add("humidity", sensor["Humidity"], "%", channel=channel, device=device)
    if "Pressure" in sensor:
        factor = _PRESSURE_UNITS.get(str(held.get("PressureUnit", "hPa")))
        value = sensor["Pressure"]
        if factor is None:
            collector.reject("pressure", "unit unknown")
        else:
            scaled = value * factor if isinstance(value, int | float) and factor != 1 else value
            collector.add("pressure", scaled, "hPa", channel=channel, device=device)


FAMILY: Final = _Tasmota()
