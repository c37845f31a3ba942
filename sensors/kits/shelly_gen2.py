"""Shelly, second generation and later: components as JSON on `<prefix>/status/…`, changes on `<prefix>/events/rpc`.

Energy is in watt-hours. A notification holds only what changed. `temperature:0` is the room on a sensor device, known by
its name or by its humidity, and the device itself on a meter; a component number from 100 on is an attached probe. A
clock that was never set gives small numbers, or `unixtime` null (shelly-api-docs.shelly.cloud/gen2, read 2026-11-24).
"""

import re
from collections.abc import Iterable
from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import NO_TIME, Collector, Stamp, available, epoch, metadata, object_of, text_of
from sensors.reading import Decoded

# The prefix can be set; where it is the kit's own root, nothing is left of it.
_STATUS: Final = re.compile(r"(?:(?P<prefix>.+)/)?status/(?P<component>[a-z0-9_]+(?::\d+)?)\Z")
_EVENTS: Final = re.compile(r"(?:(?P<prefix>.+)/)?events/rpc\Z")
_ANSWER: Final = re.compile(r"(?P<prefix>.+)/rpc\Z")  # to whoever asked
_ONLINE: Final = re.compile(r"(?:(?P<prefix>.+)/)?online\Z")
_SENSOR_MODEL: Final = re.compile(r"shelly(?:plus)?ht(?:g\d)?(?:-|\Z)|shellywalldisplay")
_FIRST_PROBE: Final = 100


class _ShellyGen2:
    name = "shelly_gen2"
    gateway = False
    best_effort = False

    def claims(self, topic: str) -> bool:
        return _match(topic) is not None

    def decode(self, message: Message, context: Context) -> Decoded | None:
        match = _match(message.topic)
        prefix = (match["prefix"] if match else None) or message.kit
        if match is None or prefix is None:
            return None
        if match.re is _ONLINE:
            return available(self.name, prefix, text_of(message.payload))
        if match.re in {_EVENTS, _ANSWER}:
            return self._told(message, context, prefix)
        collector = Collector(self.name, prefix)
        room = _is_sensor(context, (prefix,), match["component"])
        _add_component(collector, match["component"], object_of(message.payload), room=room)
        return collector.decoded()

    def _told(self, message: Message, context: Context, prefix: str) -> Decoded:
        """Read a notification, or the answer to a question for the whole status."""
        held = object_of(message.payload)
        notified = str(held.get("method")) in {"NotifyStatus", "NotifyFullStatus"}
        params = held.get("params") if notified else held.get("result")
        if not isinstance(params, dict):
            return metadata(self.name)
        device = held["src"] if isinstance(held.get("src"), str) and held["src"] else prefix
        collector = Collector(self.name, device, _time_of(params))
        room = _is_sensor(context, {prefix, device}, *params)
        for component, values in params.items():
            if isinstance(values, dict):
                _add_component(collector, component, values, room=room)
        return collector.decoded()


def _match(topic: str) -> re.Match[str] | None:
    matches = (pattern.match(topic) for pattern in (_STATUS, _EVENTS, _ANSWER, _ONLINE))
    return next((match for match in matches if match), None)


def _time_of(params: dict[str, Any]) -> Stamp:
    system = params.get("sys")
    if isinstance(system, dict) and "unixtime" in system and not system["unixtime"]:
        return NO_TIME
    return epoch(params.get("ts")) if params.get("ts") is not None else NO_TIME


def _is_sensor(context: Context, names: Iterable[str], *components: str) -> bool:
    """Say whether a device measures the room: by one of its names, or since it has ever reported humidity."""
    keys = [f"shelly_gen2:sensor:{name}" for name in names]
    if "humidity:0" in components or any(_SENSOR_MODEL.search(name.lower()) for name in names):
        for key in keys:
            if context.recall(key) is None:
                context.remember(key, True)
        return True
    return any(context.recall(key) is True for key in keys)


def _add_component(collector: Collector, component: str, values: dict[str, Any], *, room: bool) -> None:
    kind, _, number = component.partition(":")
    other = None if number == "0" else number

    def add(quantity: str, value: Any, unit: str, channel: str | None) -> None:
        if value is not None:
            collector.add(quantity, value, unit, channel=channel)

    match kind:
        case "em":  # the phases are parts of the total
            add("power", values.get("total_act_power"), "W", other)
        case "emdata":
            add("electricity_import", values.get("total_act"), "Wh", other)
            add("electricity_export", values.get("total_act_ret"), "Wh", other)
        case "em1":
            add("power", values.get("act_power"), "W", number)
        case "em1data":
            add("electricity_import", values.get("total_act_energy"), "Wh", number)
            add("electricity_export", values.get("total_act_ret_energy"), "Wh", number)
        case "switch" | "pm1" | "cover" | "light" | "rgb" | "rgbw" | "cct":
            add("power", values.get("apower"), "W", number)
            for key, quantity in (("aenergy", "electricity_import"), ("ret_aenergy", "electricity_export")):
                energy = values.get(key)
                if isinstance(energy, dict):
                    add(quantity, energy.get("total"), "Wh", number)
        case "temperature" if room or (number.isdigit() and int(number) >= _FIRST_PROBE):
            add("temperature", values.get("tC"), "C", other)
        case "humidity":
            add("humidity", values.get("rh"), "%", other)
        case "devicepower":
            battery, outside = values.get("battery"), values.get("external")
            powered = isinstance(outside, dict) and outside.get("present") is True
            if isinstance(battery, dict) and not powered:
                add("battery", battery.get("percent"), "%", None)


FAMILY: Final = _ShellyGen2()
