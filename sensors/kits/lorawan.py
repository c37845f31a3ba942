"""What decoders of LoRaWAN sensors call their values, shared by the network servers that pass them on.

Seen in the public decoders of Milesight, Elsys, Dragino, Decentlab, MClimate, SenseCAP and in Cayenne LPP, of The Things
Stack and of ChirpStack. They write °C, %, hPa and ppm unless the name or the value itself says otherwise.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from sensors.kits.parsing import NO_TIME, Collector, Stamp, epoch, iso_time, number_or_none

_TEMPERATURE: Final = re.compile(
    r"(?:(?P<place>air|ambient|room|indoor|environment|env|sensor|external|ext|probe|outside|outdoor)_)?"
    r"temp(?:erature)?(?:_(?:deg_?)?(?P<unit>c|f|celsius|fahrenheit)(?=_|\d|\Z))?(?:_?(?P<sensor>sht\d*|ds(?:18b20)?|\d{1,2}))?\Z"
)
_HUMIDITY: Final = re.compile(
    r"(?:(?:air|ambient|room|indoor|environment|env|relative|rel)_)*(?:hum(?:idity)?|rh)(?:_(?:rh|percent|pct))?"
    r"(?:_?(?P<sensor>sht\d*|\d{1,2}))?\Z"
)
_CO2: Final = re.compile(r"(?:air_|ambient_|room_|indoor_)?(?:co2|carbon_dioxide)(?:_?(?:ppm|concentration))*\Z")
_PRESSURE: Final = re.compile(
    r"(?:air_|barometric_|atmospheric_|ambient_)?pressure(?:_hpa)?(?:_(?P<sensor>\d{1,2}))?\Z"
)
_BATTERY: Final = re.compile(r"battery_?(?:level|percent|percentage|pct)\Z")
_PROBES: Final = frozenset({"external", "ext", "probe", "outside", "outdoor"})
# Cayenne LPP as ChirpStack decodes it: {"temperatureSensor": {"<channel>": value}}.
_BY_CHANNEL: Final = {
    "temperature_sensor": ("temperature", "C"), "humidity_sensor": ("humidity", "%"), "barometer": ("pressure", "hPa"),
}  # fmt: skip
# SenseCAP numbers its measurements (sensecap-docs.seeed.cc, "Measurement IDs", read 2026-11-24).
_SENSECAP: Final = {4097: ("temperature", "C"), 4098: ("humidity", "%"), 4100: ("co2", "ppm"), 4101: ("pressure", "Pa")}
_WRAPPERS: Final = frozenset({"data", "decoded", "measurements", "values"})
_MOST_HISTORY: Final = 1_000
_MOST_NAMES: Final = 500
# Some decoders give the battery in percent, others in volts under the same name; volts are small.
_LEAST_BATTERY: Final = 5


class _Value(NamedTuple):
    quantity: str
    unit: str
    value: Any
    channel: str | None = None


def add_values(collector: Collector, values: Mapping[str, Any]) -> None:
    """Add what a decoder named, and the history it sends again, each record with its own time."""
    _add(collector, values, collector.stamp)
    history = values.get("history")
    for record in history[:_MOST_HISTORY] if isinstance(history, list) else []:
        if not isinstance(record, dict):
            continue
        stated = record.get("timestamp", record.get("time"))
        stamp = iso_time(stated, None) if isinstance(stated, str) else epoch(stated)
        if stamp == NO_TIME:
            collector.reject("history", "a record of the past without a usable time")
            continue
        _add(collector, record, stamp)


def _add(collector: Collector, values: Mapping[str, Any], stamp: Stamp) -> None:
    """Add each value once: one temperature said in two units, or under two names, is one."""
    found = sorted(_named(values, depth=2), key=lambda one: one.unit == "F")
    said: set[tuple[str, str | None]] = set()
    for one in found[:_MOST_NAMES]:
        if (one.quantity, one.channel) not in said:
            said.add((one.quantity, one.channel))
            collector.add(one.quantity, one.value, one.unit, channel=one.channel, stamp=stamp)


def _named(values: Mapping[str, Any], depth: int) -> Iterator[_Value]:
    unit = str(values.get("temperature_unit", values.get("temp_unit", "")))
    degrees = "F" if unit.strip().lower().removeprefix("°").startswith("f") else "C"
    for name, value in values.items():
        plain = _plain(name)
        if value is None or isinstance(value, bool):
            continue
        if isinstance(value, dict):
            if plain in _BY_CHANNEL:
                quantity, fixed = _BY_CHANNEL[plain]
                yield from (_Value(quantity, fixed, one, str(channel)) for channel, one in value.items())
            elif plain in _WRAPPERS and depth:
                yield from _named(value, depth - 1)
            elif isinstance(value.get("unit"), str) and "value" in value:
                known = _meaning(plain, value["value"], degrees)
                if known is not None and value["value"] is not None:
                    yield known._replace(unit=value["unit"], value=value["value"])
        elif isinstance(value, list):
            if plain == "messages":
                yield from _sensecap(value)
        else:
            known = _meaning(plain, value, degrees)
            if known is not None:
                yield known


def _meaning(name: str, value: Any, degrees: str) -> _Value | None:
    temperature = _TEMPERATURE.match(name)
    if temperature:
        sensor = temperature["sensor"] or ""
        unit = (temperature["unit"] or degrees)[0].upper()
        probe = temperature["place"] in _PROBES or sensor.startswith("ds")
        number = sensor if sensor.isdigit() else ""
        return _Value("temperature", unit, value, f"external{number}" if probe else number or None)
    for pattern, quantity, unit in ((_HUMIDITY, "humidity", "%"), (_PRESSURE, "pressure", "hPa")):
        match = pattern.match(name)
        if match:
            sensor = match["sensor"] or ""
            return _Value(quantity, unit, value, sensor if sensor.isdigit() else None)
    if _CO2.match(name):
        return _Value("co2", "ppm", value)
    if _BATTERY.match(name) or (name == "battery" and (number_or_none(value) or 0) > _LEAST_BATTERY):
        return _Value("battery", "%", value)
    return None


def _sensecap(messages: list[Any]) -> Iterator[_Value]:
    for one in messages[:_MOST_NAMES]:
        inner = one if isinstance(one, list) else [one]
        for message in inner[:_MOST_NAMES]:
            if not isinstance(message, dict):
                continue
            known = _SENSECAP.get(int(number_or_none(message.get("measurementId")) or 0))
            if known is not None and message.get("measurementValue") is not None:
                yield _Value(known[0], known[1], message["measurementValue"])


def _plain(name: str) -> str:
    """Return a name in small letters with `_` between its words: `TempC_SHT` is `temp_c_sht`."""
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()).strip("_")
