"""Zigbee2MQTT: a gateway; one flat JSON object per device, whose name may hold blanks, slashes and any letter.

By setting it publishes each attribute on a topic of its own instead. Units are fixed: °C, %, hPa, W, kWh
(zigbee2mqtt.io, "MQTT topics and messages" and "Exposes", read 2026-11-24).
"""

import re
from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import (
    NO_TIME,
    Collector,
    Stamp,
    available,
    epoch,
    iso_time,
    json_of,
    metadata,
    number_or_none,
    text_of,
)
from sensors.reading import Decoded

_TOPIC: Final = re.compile(r"zigbee2mqtt[^/]*/(?P<name>.+)\Z", re.DOTALL)  # a second gateway adds to the name
# Key of the device's state -> quantity, unit (zigbee2mqtt.io, "Exposes"). A suffix _1, _l1 or _a is an endpoint or phase.
_KEYS: Final = {
    "co2": ("co2", "ppm"), "temperature": ("temperature", "C"), "humidity": ("humidity", "%"),
    "pressure": ("pressure", "hPa"), "battery": ("battery", "%"), "power": ("power", "W"),
    "energy": ("electricity_import", "kWh"), "produced_energy": ("electricity_export", "kWh"),
    "energy_produced": ("electricity_export", "kWh"),
}  # fmt: skip
_ENDPOINT: Final = re.compile(r"(?P<key>[a-z_0-9]+?)_(?P<channel>l?\d{1,2}|[abc]|phase_[abc]|left|right|top|bottom)\Z")
_FAHRENHEIT: Final = frozenset({"fahrenheit", "f", "°f"})


class _Zigbee2MQTT:
    name = "zigbee2mqtt"
    gateway = True
    best_effort = True

    def claims(self, topic: str) -> bool:
        return bool(_TOPIC.match(topic))

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        match = _TOPIC.match(message.topic)
        if match is None:
            return None
        name = match["name"]
        if name.endswith("/availability") or name == "bridge/state":
            return self._availability(message, name.removesuffix("/availability").removesuffix("/state"))
        if name.startswith("bridge/") or name.endswith(("/set", "/get")):
            return metadata(self.name)
        text = text_of(message.payload).strip()
        device, _, attribute = name.rpartition("/")
        if device and text and text[0] not in "{[":
            collector = Collector(self.name, device)
            if text != "null":  # this device has never reported it
                _add(collector, attribute, text, {})
            return collector.decoded()
        held = json_of(message.payload)
        if not isinstance(held, dict):
            return metadata(self.name)
        collector = Collector(self.name, name, _last_seen(held, message))
        for key, value in held.items():
            if value is not None:
                _add(collector, key, value, held)
        return collector.decoded()

    def _availability(self, message: Message, device: str) -> Decoded:
        if not message.payload.strip():
            return metadata(self.name)  # a cleared retained message says nothing
        text = text_of(message.payload).strip()
        if text.startswith("{"):
            held = json_of(message.payload)
            text = str(held.get("state", "")) if isinstance(held, dict) else ""
        return available(self.name, device, text)


def _known(key: str) -> tuple[str, str, str | None] | None:
    if key in _KEYS:
        return (*_KEYS[key], None)
    match = _ENDPOINT.match(key)
    if match and match["key"] in _KEYS:
        return (*_KEYS[match["key"]], match["channel"])
    return None


def _add(collector: Collector, key: str, value: Any, held: dict[str, Any]) -> None:
    known = _known(key)
    if known is None:
        return
    quantity, unit, channel = known
    if quantity == "temperature" and str(held.get("temperature_unit")).lower() in _FAHRENHEIT:
        # What its display shows; some devices then report °F where °C is promised, and nothing says which.
        collector.reject(key, "unit unknown: the device is set to °F; set it to °C")
        return
    if quantity == "power" and held.get(f"energy_flow_{channel}") == "producing":
        value = -abs(found) if (found := number_or_none(value)) is not None else value  # a size, with its way beside it
    collector.add(quantity, value, unit, channel=channel)


def _last_seen(held: dict[str, Any], message: Message) -> Stamp:
    seen = held.get("last_seen")
    if isinstance(seen, str):
        stamp = iso_time(seen, message.timezone)
        return stamp if stamp[0] else epoch(seen)
    return NO_TIME if seen is None else epoch(seen)


FAMILY: Final = _Zigbee2MQTT()
