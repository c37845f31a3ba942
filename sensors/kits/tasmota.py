"""Tasmota: telemetry as JSON, one object per sensor. The full topic is free, so the prefix may stand last.

Units are `TempUnit` and `PressureUnit` of the message; without them °C and hPa. ENERGY is in kWh and W, and so is a
current clamp (CTEnergy). A Zigbee bridge reports each device by itself, always in °C (tasmota.github.io/docs: MQTT,
JSON Status Responses, Zigbee; read 2026-11-24).
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.obis import add_line, groups_of, telegram_time, value_of
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
from sensors.reading import Decoded, MessageKind

_PREFIXES: Final = frozenset({"tele", "stat", "cmnd"})
_READS: Final = re.compile(r"(?:SENSOR|RESULT|STATUS\d*)\Z")
_OTHER: Final = re.compile(r"(?:LWT|STATE|INFO\d?|POWER\d*|UPTIME|MARGINS|HASS_STATE|LOGGING|ENERGY|WAKEUP)\Z")
# The chip's own temperature, not the room's.
_CHIP: Final = frozenset({"ESP32", "ESP8266", "MCU"})
_NUMBERED: Final = re.compile(r"(?P<what>CarbonDioxide|Temperature|Humidity|Pressure)(?P<number>\d{0,2})\Z")
_METER: Final = re.compile(r"0-\d:24\.2\.(?P<register>[13])\Z")
_MOST_NESTED: Final = 2


class _Tasmota:
    name = "tasmota"
    gateway = False
    best_effort = True

    def claims(self, topic: str) -> bool:
        *before, last = topic.split("/")
        if before[:2] == ["tasmota", "discovery"]:
            return True
        if not _PREFIXES.intersection(before):
            return bool(before) and last == "SENSOR"  # the prefixes can be renamed
        return bool(_READS.match(last) or _OTHER.match(last) or before[0] == "cmnd")

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        *before, last = message.topic.split("/")
        if before[:2] == ["tasmota", "discovery"]:
            return self._discovery(message)
        names = [part for part in before if part not in _PREFIXES]
        device = names[-1] if names else message.kit
        if last == "LWT":
            return available(self.name, device, text_of(message.payload))
        if not _READS.match(last) or "cmnd" in before:
            return metadata(self.name)
        held = object_of(message.payload)
        held = held["StatusSNS"] if isinstance(held.get("StatusSNS"), dict) else held
        collector = Collector(self.name, device, _time_of(held, message))
        if isinstance(held.get("SerialReceived"), str):
            _add_serial(collector, held["SerialReceived"], message)
        for key, sensor in _bridged(held):
            _add_sensor(collector, key, sensor, {}, device=key)
        if isinstance(held.get("ENERGY"), dict):
            _add_energy(collector, held["ENERGY"])
        if not _is_bridged(held):
            _add_sensor(collector, None, held, held)
        return collector.decoded()

    def _discovery(self, message: Message) -> Decoded:
        """What a device tells Home Assistant of itself; its values are those of the moment it started."""
        if message.payload.strip():
            object_of(message.payload)
            return Decoded(MessageKind.DISCOVERY, self.name)
        return metadata(self.name)


def _time_of(held: dict[str, Any], message: Message) -> Stamp:
    for key in ("Epoch", "Time"):
        value = held.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return epoch(value)
    return iso_time(held.get("Time"), message.timezone) if "Time" in held else NO_TIME


def _is_bridged(sensor: dict[str, Any]) -> bool:
    return isinstance(sensor.get("Device"), str) and sensor["Device"].startswith("0x")


def _bridged(held: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the Zigbee devices of a message: below ZbReceived, or by name, or as the whole message."""
    if _is_bridged(held):
        yield held["Device"], held
    received = held.get("ZbReceived")
    for key, sensor in received.items() if isinstance(received, dict) else ():
        if isinstance(sensor, dict):
            yield str(sensor.get("Device") or key), sensor
    for sensor in held.values():
        if isinstance(sensor, dict) and _is_bridged(sensor):
            yield sensor["Device"], sensor


def _add_energy(collector: Collector, energy: dict[str, Any]) -> None:
    """Add the cumulative counters and power; a list or an object has one value per phase or relay."""
    wanted = (
        ("Total", "electricity_import", "kWh"),
        ("ExportActive", "electricity_export", "kWh"),
        ("Power", "power", "W"),
    )
    for key, quantity, unit in wanted:
        value = energy.get(key)
        parts = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else None
        if parts is not None:
            for name, one in parts:
                collector.add(quantity, one, unit, channel=str(name))
        elif value is not None:
            collector.add(quantity, value, unit)


def _add_sensor(
    collector: Collector, channel: str | None, sensor: dict[str, Any], held: dict[str, Any], *, device: str | None = None,
    depth: int = 0,
) -> None:  # fmt: skip
    """Add what a sensor's object says; objects within it are sensors of their own (DS18x20: DS1, DS2)."""
    for key, value in sensor.items():
        if isinstance(value, dict):
            if key in _CHIP or key in {"ENERGY", "ZbReceived"} or _is_bridged(value) or depth >= _MOST_NESTED:
                continue
            inner = f"{channel}-{key}" if channel else key
            if key.startswith("CTEnergy"):
                _add_clamp(collector, inner, value)
            # An analogue probe beside a power meter is the one that guards the device itself against heat.
            elif not (key == "ANALOG" and "ENERGY" in held):
                _add_sensor(collector, inner, value, held, device=device, depth=depth + 1)
            continue
        match = _NUMBERED.match(key)
        if match is None:  # eCO2, say: a filtered or derived value; CarbonDioxide alone is what was measured
            continue
        numbered = f"{channel or match['what']}-{match['number']}" if match["number"] else channel
        quantity, unit = {
            "CarbonDioxide": ("co2", "ppm"),
            "Temperature": ("temperature", str(held.get("TempUnit", "C"))),
            "Humidity": ("humidity", "%"),
            "Pressure": ("pressure", str(held.get("PressureUnit", "hPa"))),
        }[match["what"]]
        collector.add(quantity, value, unit, channel=numbered, device=device)


def _add_clamp(collector: Collector, channel: str, clamp: dict[str, Any]) -> None:
    for key, quantity, unit in (("Energy", "electricity_import", "kWh"), ("Power", "power", "W")):
        if clamp.get(key) is not None:
            collector.add(quantity, clamp[key], unit, channel=channel)


def _add_serial(collector: Collector, received: str, message: Message) -> None:
    """Add lines of a P1 telegram. Register 24.2.3 is gas on every Belgian meter; 24.2.1 is any other meter."""
    for line in received.splitlines():
        if add_line(collector, line, message.timezone):
            continue
        code, groups = groups_of(line)
        meter = _METER.match(code)
        value = value_of(groups[-1]) if meter and groups else None
        if meter is None or value is None:
            continue
        if meter["register"] == "3":
            stamp = telegram_time(groups[0], message.timezone) if len(groups) > 1 else None
            collector.add("gas", value[0], value[1], stamp=stamp)
        else:
            collector.reject(code, "one line does not say what meter it is of: send the whole telegram")


FAMILY: Final = _Tasmota()
