"""Zigbee2MQTT: a gateway; one flat JSON object per device, whose name may hold blanks, slashes and any letter."""

import re
from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import NO_TIME, Collector, Stamp, available, epoch, iso_time, json_of, metadata, text_of
from sensors.reading import Decoded

_BASE: Final = "zigbee2mqtt/"
# Key of the device's state -> quantity, unit (zigbee2mqtt.io, "Exposes"). A suffix _1, _l1 or _a is an endpoint or phase.
_KEYS: Final = {
    "co2": ("co2", "ppm"), "temperature": ("temperature", "C"), "humidity": ("humidity", "%"),
    "pressure": ("pressure", "hPa"), "battery": ("battery", "%"), "power": ("power", "W"),
    "energy": ("electricity_import", "kWh"), "produced_energy": ("electricity_export", "kWh"),
}  # fmt: skip
_ENDPOINT: Final = re.compile(r"(?P<key>[a-z_0-9]+?)_(?P<channel>l?\d{1,2}|[abc]|phase_[abc]|left|right|top|bottom)\Z")


class _Zigbee2MQTT:
    name = "zigbee2mqtt"
    gateway = True
    best_effort = True

    def claims(self, topic: str) -> bool:
        return topic.startswith(_BASE)

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        name = message.topic.removeprefix(_BASE)
        if name.endswith("/availability") or name == "bridge/state":
            return self._availability(message, name.removesuffix("/availability").removesuffix("/state"))
        if name.startswith("bridge/") or name.endswith(("/set", "/get")):
            return metadata(self.name)
        device, _, last = name.rpartition("/")
        if device and _known(last):
            collector = Collector(self.name, device)
            _add(collector, last, text_of(message.payload))
            return collector.decoded()
        held = json_of(message.payload)
        if not isinstance(held, dict):
            return metadata(self.name)
        collector = Collector(self.name, name, _last_seen(held, message))
        for key, value in held.items():
            if value is not None:  # null: this device has never reported it
                _add(collector, key, value)
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


def _add(collector: Collector, key: str, value: Any) -> None:
    known = _known(key)
    if known is not None:
        quantity, unit, channel = known
        collector.add(quantity, value, unit, channel=channel)


def _last_seen(held: dict[str, Any], message: Message) -> Stamp:
    seen = held.get("last_seen")
    if isinstance(seen, str):
        stamp = iso_time(seen, message.timezone)
        return stamp if stamp[0] else epoch(seen)
    return NO_TIME if seen is None else epoch(seen)


FAMILY: Final = _Zigbee2MQTT()
